//! What waits for a person: findings that stop something, as long as what they are about still stands, and the drafts of
//! verification notes.

use std::collections::HashMap;

use caravan_postal::{S9, S10};
use caravan_station::operation::DECISION_TOO_LATE;

use crate::backend::read;
use crate::codes::{ITEM_RECALLED, VERIFICATION_DRAFTED};
use crate::{Store, StoreError, event};

/// One thing that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Since when.
    pub at_ms: i64,
    /// The number of the subject's kind, that of [`caravan_station::Subject::row`].
    pub kind: i64,
    /// What the subject is called outside; empty for the station itself.
    pub name: String,
    /// What is found, by code and arguments.
    pub code: String,
    /// The arguments.
    pub arguments: Vec<String>,
}

/// What is found of an item, as long as the item is here or missing, and held, or customs has decided nothing since it
/// answered what nobody could read; what a partner tells of it and what customs decides too late, until it is resolved; of
/// a receptacle, as long as it waits here
/// or, once it has left, until its dispatch is resolved; of a container, as long as it is here or until its consignment is
/// resolved; of a departure, as long as it arrives on the day that was told (which its way begins with) and something of
/// it is not answered for; of a message to customs, as long as it is turned down; of the station or of a
/// table of operations, until what it names is resolved. The last column is the row whose resolution ends it.
const FOUND: &str = "\
    SELECT finding.id, finding.at_ms, finding.kind, item.id, finding.code, finding.arguments, item.key, item.name, CAST(NULL AS BIGINT) \
    FROM finding JOIN item ON item.id = finding.subject \
    LEFT JOIN receptacle ON receptacle.id = item.receptacle \
    WHERE finding.kind = 1 AND finding.severity >= 2 AND item.custody NOT IN (3, 4, 5, 6) \
    AND (item.decision <> 0 OR item.customs NOT IN (0, 4, 7) OR item.confirmed IS NOT NULL \
    OR (finding.code = 'customs-decision-unknown' AND item.customs <> 4)) \
    AND (receptacle.id IS NULL OR (receptacle.state NOT IN (4, 7) AND receptacle.state < 20)) \
    AND finding.code NOT LIKE 'match-%' AND finding.code NOT LIKE 'edi-event-%' AND finding.code <> 'decision-too-late' \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, item.id, finding.code, finding.arguments, item.key, item.name, item.id \
    FROM finding JOIN item ON item.id = finding.subject \
    WHERE finding.kind = 1 AND finding.severity >= 2 \
    AND (finding.code LIKE 'match-%' OR finding.code LIKE 'edi-event-%' OR finding.code = 'decision-too-late') \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, receptacle.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), receptacle.s9, \
    receptacle.dispatch \
    FROM finding JOIN receptacle ON receptacle.id = finding.subject \
    WHERE finding.kind = 2 AND finding.severity >= 2 \
    AND (receptacle.state IN (2, 5) OR finding.code LIKE 'match-%' OR finding.code = 'decision-too-late') \
    AND NOT (finding.code IN ('match-missing', 'match-early', 'match-not-loaded') AND receptacle.state = 21) \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, dispatch.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), dispatch.s8, dispatch.id \
    FROM finding JOIN dispatch ON dispatch.id = finding.subject \
    WHERE finding.kind = 3 AND finding.severity >= 2 AND (dispatch.state < 20 OR finding.code LIKE 'match-%') \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, container.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), container.number, \
    container.id \
    FROM finding JOIN container ON container.id = finding.subject \
    WHERE finding.kind = 4 AND finding.severity >= 2 AND container.state <> 4 \
    AND (container.state <> 3 OR finding.code LIKE 'match-%' OR finding.code IN ('answer-incomplete', 'message-unwritable')) \
    AND (finding.code <> 'customs-value-unusable' OR length(container.transfer_number) > 32) \
    AND (finding.code <> 'answer-incomplete' OR EXISTS \
    (SELECT 1 FROM receptacle WHERE receptacle.container = container.id AND receptacle.state = 4 AND receptacle.stream IS NULL)) \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, departure.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), departure.key, \
    CAST(NULL AS BIGINT) \
    FROM finding JOIN departure ON departure.id = finding.subject \
    WHERE finding.kind = 5 AND (finding.code = 'mail-stuck' AND departure.way LIKE '{\"arrives\":null%' \
    OR finding.code = 'mail-delayed' AND finding.arguments LIKE '%' || substr(departure.way, 13, 10) || '%') \
    AND EXISTS (SELECT 1 FROM container JOIN receptacle ON receptacle.container = container.id \
    WHERE container.departure = departure.key AND receptacle.state = 4) \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, filing.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), \
    filing.number || '/' || CAST(filing.part AS TEXT), CAST(NULL AS BIGINT) \
    FROM finding JOIN filing ON filing.id = finding.subject \
    WHERE finding.kind = 7 AND finding.severity >= 2 AND filing.state = 2 AND finding.at_ms >= COALESCE(filing.filed_ms, 0) \
    UNION ALL \
    SELECT finding.id, finding.at_ms, finding.kind, file.id, finding.code, finding.arguments, CAST(NULL AS BIGINT), file.name, \
    CAST(NULL AS BIGINT) \
    FROM finding JOIN file ON file.id = finding.file WHERE finding.code = 'operation-unreadable' \
    UNION ALL \
    SELECT id, at_ms, kind, subject, code, arguments, CAST(NULL AS BIGINT), CAST('' AS TEXT), CAST(NULL AS BIGINT) \
    FROM finding WHERE kind = 6 AND severity >= 2 \
    ORDER BY 2, 1";

type Row = (i64, i64, i64, i64, String, String, Option<i64>, Option<String>, Option<i64>);

impl Store {
    /// Returns what waits for a person, oldest first.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let resolved = self.resolved().await?;
        let named = self.resolved_by_name().await?;
        let is_open = |of: Option<(i64, i64)>, at_ms: i64| {
            of.and_then(|of| resolved.get(&of)).is_none_or(|resolved_ms| at_ms > *resolved_ms)
        };
        let mut waiting = self.recalled().await?;
        for (_, at_ms, kind, row, code, arguments, key, name, end) in read!(&self.backend, Row, FOUND)? {
            // What is found of a receptacle ends with its dispatch.
            if !is_open(end.map(|end| (if kind == 2 { 3 } else { kind }, end)), at_ms) {
                continue;
            }
            let arguments: Vec<String> = serde_json::from_str(&arguments)
                .map_err(|_| StoreError::row("finding", format!("arguments of `{code}`")))?;
            let is_named = |name: &String| named.get(name).is_some_and(|resolved_ms| at_ms <= *resolved_ms);
            let name = match (kind, key.and_then(S10::from_key), name) {
                (_, Some(s10), _) => s10.to_string(),
                (2, None, None) => format!("B{row:06}"),
                (_, None, name) => name.unwrap_or_default(),
            };
            // A file, an item and what nothing here is known of are resolved by their names.
            let is_over = match kind {
                0 => is_named(&name),
                1 => end.is_some() && is_named(&name),
                6 => arguments.iter().any(is_named),
                _ => code == DECISION_TOO_LATE.name && is_named(&name),
            };
            if is_over {
                continue;
            }
            let one = Waiting { at_ms, kind, name, code, arguments };
            // What several versions of a declaration are found guilty of waits once.
            let is_known = |known: &Waiting| Waiting { at_ms: known.at_ms, ..one.clone() } == *known;
            if !waiting.iter().rev().take(RECENT).any(is_known) {
                waiting.push(one);
            }
        }
        let drafts = read!(
            &self.backend,
            (i64, String, i64, String),
            // Since the last difference, whenever the draft was written.
            "SELECT COALESCE((SELECT MAX(at_ms) FROM finding WHERE code LIKE 'match-%' AND ((kind = 3 AND subject = dispatch.id) \
             OR (kind = 2 AND subject IN (SELECT receptacle.id FROM receptacle WHERE receptacle.dispatch = dispatch.id)))), outbound.queued_ms), \
             outbound.key, dispatch.id, dispatch.s8 FROM outbound \
             JOIN dispatch ON outbound.key = 'verification/' || dispatch.s8 || '.txt' ORDER BY outbound.key",
        )?;
        let drafts =
            drafts.into_iter().filter(|(at_ms, _, dispatch, _)| is_open(Some((3, *dispatch)), *at_ms));
        waiting.extend(drafts.map(|(at_ms, key, _, s8)| Waiting {
            at_ms,
            kind: 3,
            name: s8,
            code: VERIFICATION_DRAFTED.name.to_owned(),
            arguments: vec![key],
        }));
        waiting.extend(self.drafted_beyond(&named).await?);
        waiting.sort_by_key(|one| one.at_ms);
        Ok(waiting)
    }

    /// Returns the drafts about other offices' receptacles that pass through: each is resolved by the name of its dispatch.
    async fn drafted_beyond(&self, resolved: &HashMap<String, i64>) -> Result<Vec<Waiting>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, String, String),
            "SELECT outbound.queued_ms, outbound.key, receptacle.s9 FROM receptacle \
             JOIN outbound ON outbound.key = 'verification/' || substr(receptacle.s9, 1, 23) || '.txt' \
             WHERE receptacle.dispatch IS NULL AND receptacle.stream IS NULL ORDER BY outbound.key",
        )?;
        let open = found.into_iter().filter(|(at_ms, _, s9)| {
            let resolved = S9::parse(s9).and_then(|s9| resolved.get(&s9.dispatch.to_string()));
            resolved.is_none_or(|resolved_ms| at_ms > resolved_ms)
        });
        let waiting = open.map(|(at_ms, key, s9)| Waiting {
            at_ms,
            kind: 2,
            name: s9,
            code: VERIFICATION_DRAFTED.name.to_owned(),
            arguments: vec![key],
        });
        Ok(waiting.collect())
    }

    /// Returns what a person has said to be settled: dispatches and containers by kind and row, each with the last such
    /// moment.
    async fn resolved(&self) -> Result<HashMap<(i64, i64), i64>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, i64, String),
            "SELECT kind, subject, events FROM event WHERE kind IN (3, 4) AND events LIKE '%\"resolved\"%' \
             ORDER BY kind, subject, n",
        )?;
        let mut resolved = HashMap::new();
        for (kind, subject, text) in found {
            let told = event::told(kind, subject, &text)?;
            let moments = told.into_iter().filter(|(_, code, _)| code == "resolved");
            resolved.extend(moments.map(|(at_ms, _, _)| ((kind, subject), at_ms)));
        }
        Ok(resolved)
    }

    /// Returns the names that a person has said to be settled, each with the last such moment.
    async fn resolved_by_name(&self) -> Result<HashMap<String, i64>, StoreError> {
        let found = read!(&self.backend, (String, i64), "SELECT name, at_ms FROM resolution")?;
        Ok(found.into_iter().collect())
    }

    /// Returns the items that are here and that their senders want back.
    async fn recalled(&self) -> Result<Vec<Waiting>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, Option<i64>, Option<String>, String),
            "SELECT item.id, item.key, item.name, event.events FROM item \
             CROSS JOIN event WHERE event.kind = 1 AND event.subject = item.id AND item.recalled = 1 AND item.custody IN (1, 2, 8, 9) AND NOT (item.journey = 3 AND item.customs = 5) \
             AND event.events LIKE '%\"recalled\"%' ORDER BY item.id, event.n",
        )?;
        let mut recalled = Vec::new();
        for (item, key, name, text) in found {
            let told = event::told(1, item, &text)?.into_iter().filter(|(_, code, _)| code == "recalled");
            let name = key.and_then(S10::from_key).map_or(name.unwrap_or_default(), |s10| s10.to_string());
            recalled.extend(told.map(|(at_ms, _, note)| Waiting {
                at_ms,
                kind: 1,
                name: name.clone(),
                code: ITEM_RECALLED.name.to_owned(),
                arguments: vec![note],
            }));
        }
        Ok(recalled)
    }
}

/// How far back the same finding is looked for.
const RECENT: usize = 200;
