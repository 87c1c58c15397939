//! Sums over what is kept, each one statement.

use crate::backend::read;
use crate::item::unsigned;
use crate::{Store, StoreError, Verdict};

/// How many files met which end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSum {
    /// The verdict.
    pub verdict: Verdict,
    /// How many files.
    pub files: u64,
}

/// How many items of one kind there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSum {
    /// The destination's two letters; empty when not known.
    pub destination: String,
    /// The decision: 0 go, 1 hold, 2 refuse.
    pub decision: i64,
    /// Where they are, by the number of the custody.
    pub custody: i64,
    /// Where their case with customs stands, by the number of the disposition.
    pub customs: i64,
    /// How many.
    pub items: u64,
    /// What they weigh together, in grams: by the scale, else as declared.
    pub weight_g: u64,
}

/// Charges of one kind, added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSum {
    /// The destination's two letters.
    pub destination: String,
    /// The kind of charge: 0 duty, 1 tax, 2 excise, 3 fee.
    pub kind: i64,
    /// The currency.
    pub currency: String,
    /// The sum in minor units.
    pub minor: i64,
    /// How many items.
    pub items: u64,
    /// On how many of them it is not confirmed.
    pub unverified: u64,
}

/// How often a code was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCount {
    /// The code by name.
    pub code: String,
    /// Its severity: 0 remark to 4 fatal.
    pub severity: i64,
    /// How often.
    pub count: u64,
}

impl Store {
    /// Returns the files by verdict.
    pub async fn file_sums(&self) -> Result<Vec<FileSum>, StoreError> {
        let rows = read!(
            &self.backend,
            (i64, i64),
            "SELECT verdict, COUNT(*) FROM file GROUP BY verdict ORDER BY verdict"
        )?;
        let sum = |(number, files)| {
            let verdict = Verdict::from_number(number);
            let verdict = verdict.ok_or_else(|| StoreError::row("file", format!("verdict `{number}`")))?;
            Ok(FileSum { verdict, files: count(files) })
        };
        rows.into_iter().map(sum).collect()
    }

    /// Returns the items by destination, decision, custody and customs.
    pub async fn item_sums(&self) -> Result<Vec<ItemSum>, StoreError> {
        let rows = read!(
            &self.backend,
            (String, i64, i64, i64, i64, i64),
            "SELECT COALESCE(destination, ''), decision, custody, customs, COUNT(*), \
             CAST(SUM(COALESCE(scale_g, declared_g, 0)) AS BIGINT) FROM item \
             GROUP BY COALESCE(destination, ''), decision, custody, customs ORDER BY 1, 2, 3, 4",
        )?;
        let sum = |(destination, decision, custody, customs, items, weight)| {
            let weight_g = unsigned(weight).ok_or_else(|| StoreError::row("item", "weights below zero"))?;
            Ok(ItemSum { destination, decision, custody, customs, items: count(items), weight_g })
        };
        rows.into_iter().map(sum).collect()
    }

    /// Returns the charges of the declarations in force, by destination, kind and currency.
    pub async fn charge_sums(&self) -> Result<Vec<ChargeSum>, StoreError> {
        let rows = read!(
            &self.backend,
            (String, i64, String, i64, i64, i64),
            "SELECT COALESCE(item.destination, ''), charge.kind, charge.currency, CAST(SUM(charge.minor) AS BIGINT), \
             COUNT(DISTINCT item.id), COUNT(DISTINCT CASE WHEN charge.is_unverified <> 0 THEN item.id END) FROM charge \
             JOIN item ON item.id = charge.declaration / 64 AND item.version = charge.declaration % 64 \
             GROUP BY COALESCE(item.destination, ''), charge.kind, charge.currency ORDER BY 1, 2, 3",
        )?;
        let sums =
            rows.into_iter().map(|(destination, kind, currency, minor, items, unverified)| ChargeSum {
                destination,
                kind,
                currency,
                minor,
                items: count(items),
                unverified: count(unverified),
            });
        Ok(sums.collect())
    }

    /// Returns how often each code was found, the most frequent first.
    pub async fn code_counts(&self) -> Result<Vec<CodeCount>, StoreError> {
        let rows = read!(
            &self.backend,
            (String, i64, i64),
            "SELECT code, severity, COUNT(*) FROM finding GROUP BY code, severity ORDER BY 3 DESC, 1, 2",
        )?;
        let counts =
            rows.into_iter().map(|(code, severity, found)| CodeCount { code, severity, count: count(found) });
        Ok(counts.collect())
    }

    /// Returns how many items of a file were kept, and how many of them are held and refused.
    pub async fn items_of_file(&self, file: crate::FileId) -> Result<[u32; 3], StoreError> {
        let rows = read!(
            &self.backend,
            (i64, i64),
            "SELECT decision, COUNT(*) FROM item WHERE id BETWEEN $1 AND $2 GROUP BY decision",
            file.0 << 32,
            (file.0 << 32) | 0xffff_ffff,
        )?;
        let mut counts = [0; 3];
        for (decision, count) in rows {
            if let Some(slot) = usize::try_from(decision).ok().and_then(|index| counts.get_mut(index)) {
                *slot = u32::try_from(count).expect("a file has no more items than ordinals");
            }
        }
        Ok(counts)
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).expect("a count is not below zero")
}
