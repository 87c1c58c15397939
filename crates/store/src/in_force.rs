//! Declarations in force, with the assessment that holds.

use caravan_postal::Country;
use caravan_station::ItemId;
use chrono::NaiveDate;

use crate::backend::{Backend, read};
use crate::keep::VERSIONS;
use crate::revision::RevisionId;
use crate::{Store, StoreError, item};

/// The declaration of an item that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The item.
    pub item: ItemId,
    /// The version of its declaration.
    pub version: u32,
    /// When it was kept.
    pub kept_ms: i64,
    /// The packed declaration.
    pub packed: Vec<u8>,
    /// The packed assessment that holds.
    pub assessment: Vec<u8>,
    /// What it was assessed with, and the day on which the destination's customs was expected to accept it; nothing of
    /// what was kept before these were written down.
    pub assessed: Option<(RevisionId, NaiveDate)>,
}

type InForceRow = (i64, i64, i64, Vec<u8>, Vec<u8>, Option<i64>, Option<i64>);

/// Selects declarations in force with the assessment that holds.
macro_rules! in_force {
    ($rest:expr) => {
        concat!(
            "SELECT item.id, item.version, declaration.kept_ms, declaration.packed, \
             COALESCE(reassessment.assessment, declaration.assessment), \
             COALESCE(reassessment.revision, declaration.revision), \
             COALESCE(reassessment.accepted_on, declaration.accepted_on) \
             FROM item CROSS JOIN declaration \
             LEFT JOIN reassessment ON reassessment.declaration = declaration.id ",
            $rest
        )
    };
}

/// Selects those of items that have not left: outside of every receptacle, or in one that is here. What has left is most of
/// all items, and is not walked: a cross join keeps SQLite to the few receptacles first.
macro_rules! waiting_in_force {
    ($destinations:literal) => {
        in_force!(concat!(
            "WHERE item.id IN (SELECT id FROM ( \
             SELECT id, destination FROM item WHERE receptacle IS NULL AND (custody < 3 OR custody IN (8, 11)) AND id > $1 \
             AND version > 0 UNION ALL SELECT inside.id, inside.destination FROM receptacle \
             CROSS JOIN item AS inside WHERE inside.receptacle = receptacle.id AND receptacle.state NOT IN (4, 7) \
             AND receptacle.state < 20 AND (inside.custody < 3 OR inside.custody IN (8, 11)) AND inside.id > $1 \
             AND inside.version > 0) AS waiting WHERE destination IN (",
            $destinations,
            ") ORDER BY id LIMIT $2) AND declaration.id = item.id * 64 + item.version ORDER BY item.id"
        ))
    };
}

impl Store {
    /// Returns the declarations in force of the items behind one, by item, a few thousand at a time; empty when there
    /// are no more.
    pub async fn declarations_behind(&self, id: ItemId) -> Result<Vec<InForce>, StoreError> {
        let found = read!(
            &self.backend,
            InForceRow,
            in_force!(
                "WHERE item.id > $1 AND declaration.id = item.id * 64 + item.version ORDER BY item.id LIMIT $2"
            ),
            id.0,
            item::PAGE,
        )?;
        found.into_iter().map(in_force).collect()
    }

    /// Returns the same of items to these destinations that have not left: not handed back, not taken, and in no
    /// receptacle that has gone.
    pub async fn waiting_declarations_behind(
        &self,
        id: ItemId,
        destinations: &[Country],
    ) -> Result<Vec<InForce>, StoreError> {
        let destinations = item::json_texts(destinations.iter().map(Country::as_str));
        let found = match &self.backend {
            backend @ Backend::Sqlite { .. } => read!(
                backend,
                InForceRow,
                waiting_in_force!("SELECT value FROM json_each($3)"),
                id.0,
                item::PAGE,
                &destinations,
            ),
            backend @ Backend::Postgres(_) => read!(
                backend,
                InForceRow,
                waiting_in_force!("SELECT value FROM json_array_elements_text($3::json)"),
                id.0,
                item::PAGE,
                &destinations,
            ),
        };
        found?.into_iter().map(in_force).collect()
    }

    /// Returns versions of declarations with the assessments that hold, by item; what was never declared has none. The
    /// version in force is that of the item's row.
    pub async fn assessed(&self, versions: &[(ItemId, u32)]) -> Result<Vec<InForce>, StoreError> {
        let ids = versions.iter().map(|(item, version)| item.0 * VERSIONS + i64::from(*version));
        let ids = item::json_numbers(ids);
        let found = match &self.backend {
            backend @ Backend::Sqlite { .. } => read!(
                backend,
                InForceRow,
                in_force!(
                    "WHERE declaration.id IN (SELECT value FROM json_each($1)) AND item.id = declaration.id / 64 \
                     ORDER BY item.id"
                ),
                &ids,
            ),
            backend @ Backend::Postgres(_) => read!(
                backend,
                InForceRow,
                in_force!(
                    "WHERE declaration.id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) \
                     AND item.id = declaration.id / 64 ORDER BY item.id"
                ),
                &ids,
            ),
        };
        found?.into_iter().map(in_force).collect()
    }

    /// Returns the declaration in force of one item.
    pub async fn declaration_of(&self, id: ItemId) -> Result<Option<InForce>, StoreError> {
        let found = read!(
            &self.backend,
            InForceRow,
            in_force!("WHERE item.id = $1 AND declaration.id = item.id * 64 + item.version"),
            id.0,
        )?;
        found.into_iter().next().map(in_force).transpose()
    }
}

fn in_force(row: InForceRow) -> Result<InForce, StoreError> {
    let (item, version, kept_ms, packed, assessment, revision, accepted_on) = row;
    let wrong = |what: &str| StoreError::row("declaration", format!("{what} of item `{item}`"));
    let day = |number: i64| {
        let day = i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        day.ok_or_else(|| wrong("accepted_on"))
    };
    Ok(InForce {
        item: ItemId(item),
        version: item::small(version).ok_or_else(|| wrong("version"))?,
        kept_ms,
        packed,
        assessment,
        assessed: match (revision, accepted_on) {
            (Some(revision), Some(accepted_on)) => Some((RevisionId(revision), day(accepted_on)?)),
            _ => None,
        },
    })
}
