//! The invariants of the data, each one statement that should find nothing.

use crate::backend::{Backend, read};
use crate::{Store, StoreError};

/// A row that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Which invariant, by name.
    pub invariant: &'static str,
    /// What breaks it.
    pub subject: String,
}

/// Name and statement; each statement gives one text column, one row a violation.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "an item is in a receptacle exactly when its custody says so",
        "SELECT CAST(id AS TEXT) FROM item WHERE (custody = 2) <> (receptacle IS NOT NULL)",
    ),
    (
        "the receptacle of an item is there",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN receptacle ON receptacle.id = item.receptacle \
         WHERE item.receptacle IS NOT NULL AND receptacle.id IS NULL",
    ),
    (
        "a receptacle counts its items, their weight and the registered among them",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN (SELECT receptacle, COUNT(*) AS items, \
         SUM(weight) AS content, SUM(registered) AS registered FROM (SELECT receptacle, \
         COALESCE(scale_g, declared_g, 0) AS weight, CASE WHEN handling = 0 THEN 0 ELSE 1 END AS registered FROM item \
         WHERE receptacle IS NOT NULL UNION ALL SELECT receptacle, weight_g, is_registered FROM came_back) one \
         GROUP BY receptacle) inside ON inside.receptacle = receptacle.id \
         WHERE receptacle.stream IS NOT NULL AND (COALESCE(inside.items, 0) <> receptacle.items \
         OR COALESCE(inside.content, 0) <> receptacle.content_g \
         OR COALESCE(inside.registered, 0) <> receptacle.registered)",
    ),
    (
        "a receptacle counts the items in it that may not leave",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN (SELECT receptacle, COUNT(*) AS items FROM item \
         WHERE receptacle IS NOT NULL AND (decision <> 0 OR confirmed IS NOT NULL \
         OR ((recalled <> 0 OR customs NOT IN (0, 4, 7)) AND NOT (customs = 5 AND journey = 3 AND destination = origin))) \
         GROUP BY receptacle) inside \
         ON inside.receptacle = receptacle.id \
         WHERE receptacle.stream IS NOT NULL AND COALESCE(inside.items, 0) <> receptacle.stopped",
    ),
    (
        "the sender's word is waited for about a version that is later than the last that the sender stands for",
        "SELECT CAST(id AS TEXT) FROM item WHERE confirmed IS NOT NULL AND (confirmed < 1 OR confirmed >= version)",
    ),
    (
        "a receptacle counts the items in it that hold lithium batteries",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN (SELECT receptacle, \
         SUM(CASE WHEN lithium = 1 THEN 1 ELSE 0 END) AS installed, SUM(CASE WHEN lithium = 2 THEN 1 ELSE 0 END) AS alone \
         FROM (SELECT receptacle, lithium FROM item WHERE receptacle IS NOT NULL \
         UNION ALL SELECT receptacle, lithium FROM came_back) one GROUP BY receptacle) inside ON inside.receptacle = receptacle.id \
         WHERE receptacle.stream IS NOT NULL AND (COALESCE(inside.installed, 0) <> receptacle.lithium_in_equipment \
         OR COALESCE(inside.alone, 0) <> receptacle.lithium_alone)",
    ),
    (
        "a receptacle counts the items in it that are dangerous goods",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN (SELECT receptacle, SUM(dangerous) AS items \
         FROM (SELECT receptacle, dangerous FROM item WHERE receptacle IS NOT NULL \
         UNION ALL SELECT receptacle, is_dangerous FROM came_back) one GROUP BY receptacle) inside \
         ON inside.receptacle = receptacle.id \
         WHERE receptacle.stream IS NOT NULL AND COALESCE(inside.items, 0) <> receptacle.dangerous",
    ),
    (
        "a receptacle is locked to a container that is there, and leaves in no other",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN container ON container.id = receptacle.locked_to \
         WHERE receptacle.locked_to IS NOT NULL \
         AND (container.id IS NULL OR COALESCE(receptacle.container, container.id) <> container.id)",
    ),
    (
        "a border is closed with both of its days or open",
        "SELECT name FROM border WHERE (closed_from IS NULL) <> (closed_until IS NULL) OR closed_from > closed_until",
    ),
    (
        "nothing that may not leave has left",
        "SELECT CAST(item.id AS TEXT) FROM item JOIN receptacle ON receptacle.id = item.receptacle \
         WHERE receptacle.state IN (4, 21, 22) AND (item.decision <> 0 OR item.confirmed IS NOT NULL OR NOT ((item.recalled = 0 \
         AND (item.customs = 4 OR (item.customs = 0 AND item.journey = 1))) \
         OR (item.customs = 5 AND item.journey = 3 AND item.destination = item.origin)))",
    ),
    (
        "items of one receptacle belong to its stream",
        "SELECT CAST(item.id AS TEXT) FROM item JOIN receptacle ON receptacle.id = item.receptacle \
         WHERE COALESCE(item.stream, '') <> receptacle.stream",
    ),
    (
        "the receptacles of a dispatch are numbered without a gap",
        "SELECT dispatch.s8 FROM dispatch LEFT JOIN receptacle ON receptacle.dispatch = dispatch.id \
         GROUP BY dispatch.id, dispatch.s8, dispatch.receptacles HAVING COUNT(receptacle.id) <> dispatch.receptacles \
         OR COUNT(DISTINCT substr(receptacle.s9, 21, 3)) <> dispatch.receptacles",
    ),
    (
        "a closed dispatch has one highest receptacle, and it bears the highest number that is not void",
        "SELECT dispatch.s8 FROM dispatch \
         LEFT JOIN receptacle ON receptacle.dispatch = dispatch.id AND receptacle.state <> 7 \
         WHERE dispatch.state IN (1, 21) GROUP BY dispatch.id, dispatch.s8 \
         HAVING COUNT(receptacle.id) = 0 OR SUM(CASE WHEN substr(receptacle.s9, 24, 1) = '1' THEN 1 ELSE 0 END) > 1 \
         OR (SUM(CASE WHEN substr(receptacle.s9, 24, 1) = '1' THEN 1 ELSE 0 END) = 1 AND MAX(substr(receptacle.s9, 21, 3)) <> \
         MAX(CASE WHEN substr(receptacle.s9, 24, 1) = '1' THEN substr(receptacle.s9, 21, 3) ELSE '' END)) \
         OR (SUM(CASE WHEN substr(receptacle.s9, 24, 1) = '1' THEN 1 ELSE 0 END) = 0 AND NOT EXISTS (SELECT 1 FROM receptacle void \
         WHERE void.dispatch = dispatch.id AND void.state = 7 AND substr(void.s9, 24, 1) = '1'))",
    ),
    (
        "a cancelled dispatch has nothing left, and one that is reopened waits for a label",
        "SELECT dispatch.s8 FROM dispatch LEFT JOIN receptacle ON receptacle.dispatch = dispatch.id \
         WHERE dispatch.state IN (5, 25) GROUP BY dispatch.id, dispatch.s8, dispatch.state \
         HAVING (dispatch.state = 25 AND SUM(CASE WHEN receptacle.state = 7 THEN 0 ELSE 1 END) <> 0) \
         OR (dispatch.state = 5 AND SUM(CASE WHEN receptacle.state IN (2, 6) THEN 1 ELSE 0 END) = 0)",
    ),
    (
        "a dispatch knows the highest of its numbers that has left",
        "SELECT dispatch.s8 FROM dispatch LEFT JOIN receptacle ON receptacle.dispatch = dispatch.id \
         AND receptacle.state IN (4, 21, 22) AND receptacle.stream IS NOT NULL \
         WHERE dispatch.state NOT IN (3, 20) GROUP BY dispatch.id, dispatch.s8, dispatch.gone \
         HAVING dispatch.gone <> COALESCE(MAX(CAST(substr(receptacle.s9, 21, 3) AS BIGINT)), 0)",
    ),
    (
        "the dispatches of a series and year are numbered without a gap, up to the sequence",
        "SELECT sequence.name FROM sequence LEFT JOIN dispatch \
         ON sequence.name = 's8/' || dispatch.series || '/' || CAST(dispatch.year AS TEXT) AND dispatch.state NOT IN (3, 20) \
         WHERE sequence.name LIKE 's8/%' GROUP BY sequence.name, sequence.value \
         HAVING COUNT(dispatch.id) <> sequence.value \
         OR CAST(MAX(substr(dispatch.s8, 17, 4)) AS INTEGER) <> sequence.value",
    ),
    (
        "a dispatch takes its number from the sequence of its series and year",
        "SELECT dispatch.s8 FROM dispatch LEFT JOIN sequence \
         ON sequence.name = 's8/' || dispatch.series || '/' || CAST(dispatch.year AS TEXT) \
         WHERE dispatch.state NOT IN (3, 20) AND (sequence.name IS NULL OR substr(dispatch.s8, 1, 15) <> dispatch.series)",
    ),
    (
        "rows are numbered without a gap, up to the sequence",
        "SELECT used.name FROM (SELECT 'receptacle' AS name, COUNT(*) AS used, MAX(id) AS last FROM receptacle \
         UNION ALL SELECT 'dispatch', COUNT(*), MAX(id) FROM dispatch \
         UNION ALL SELECT 'container', COUNT(*), MAX(id) FROM container \
         UNION ALL SELECT 'filing', COUNT(*), MAX(id) FROM filing \
         UNION ALL SELECT 'departure', COUNT(*), MAX(id) FROM departure \
         UNION ALL SELECT 'border', COUNT(*), MAX(id) FROM border \
         UNION ALL SELECT 'item', COUNT(*), MAX(id) FROM item WHERE id < 4294967296) used \
         LEFT JOIN sequence ON sequence.name = used.name \
         WHERE used.used <> COALESCE(sequence.value, 0) OR COALESCE(used.last, 0) <> COALESCE(sequence.value, 0)",
    ),
    (
        "the delivery bills of a year are numbered without a gap, up to the sequence",
        "SELECT COALESCE(given.year, used.year) FROM (SELECT substr(name, length(name) - 1, 2) AS year, \
         CAST(SUM(value) AS BIGINT) AS bills FROM sequence WHERE name LIKE 'cn37/%' GROUP BY 1) given \
         FULL JOIN (SELECT substr(cn37, 4, 2) AS year, COUNT(*) AS bills FROM container \
         WHERE cn37 IS NOT NULL GROUP BY 1) used ON used.year = given.year \
         WHERE COALESCE(given.bills, 0) <> COALESCE(used.bills, 0)",
    ),
    (
        "verification notes and reports of damage are numbered without a gap in each year",
        "SELECT COALESCE(given.form, used.form) FROM (SELECT substr(name, 6, 5) AS form, \
         substr(name, length(name) - 3, 4) AS year, CAST(SUM(value) AS BIGINT) AS forms \
         FROM sequence WHERE name LIKE 'form/%' GROUP BY 1, 2) given \
         FULL JOIN (SELECT substr(name, 9, 5) AS form, CAST(value / 1000000 AS TEXT) AS year, \
         COUNT(DISTINCT value) AS forms FROM sequence WHERE name LIKE 'form-of/%' GROUP BY 1, 2) used \
         ON used.form = given.form AND used.year = given.year \
         WHERE COALESCE(given.forms, 0) <> COALESCE(used.forms, 0)",
    ),
    (
        "only receptacles of closed dispatches are loaded, and only in containers",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN dispatch ON dispatch.id = receptacle.dispatch \
         WHERE receptacle.state IN (3, 4) AND (receptacle.container IS NULL \
         OR (receptacle.stream IS NOT NULL AND COALESCE(dispatch.state, 0) NOT IN (1, 5, 21)))",
    ),
    (
        "a container counts the receptacles in it that may not leave",
        "SELECT container.number FROM container LEFT JOIN receptacle ON receptacle.container = container.id \
         AND (receptacle.stopped > 0 OR receptacle.customs NOT IN (0, 4, 7)) \
         WHERE container.state <> 4 GROUP BY container.id, container.number, container.stopped \
         HAVING COUNT(receptacle.id) <> container.stopped",
    ),
    (
        "nothing that customs holds as a whole has left",
        "SELECT CAST(id AS TEXT) FROM receptacle WHERE state IN (4, 21, 22) AND customs NOT IN (0, 4, 7) \
         UNION ALL SELECT number FROM container WHERE state = 3 AND customs NOT IN (0, 4, 7)",
    ),
    (
        "a container of this station counts what is loaded in it",
        "SELECT container.number FROM container LEFT JOIN receptacle ON receptacle.container = container.id \
         WHERE container.is_through = 0 GROUP BY container.id, container.number, container.receptacles, \
         container.gross_g, container.volume_cm3, container.state \
         HAVING COUNT(receptacle.id) <> container.receptacles \
         OR COALESCE(SUM(receptacle.scale_g), 0) <> container.gross_g \
         OR COALESCE(SUM(receptacle.volume_cm3), 0) <> container.volume_cm3 \
         OR SUM(CASE WHEN (receptacle.state IN (4, 21, 22)) <> (container.state = 3) THEN 1 ELSE 0 END) > 0",
    ),
    (
        "no more is listed in another office's container than its papers state",
        "SELECT container.number FROM container JOIN receptacle ON receptacle.container = container.id \
         WHERE container.is_through <> 0 GROUP BY container.id, container.number, container.receptacles \
         HAVING COUNT(receptacle.id) > container.receptacles",
    ),
    (
        "what has left has its seal, its CN 37, its customs transfer number and its signature",
        "SELECT number FROM container WHERE state = 3 AND (seals = '[]' OR cn37 IS NULL OR transfer_number IS NULL \
         OR signed_ms IS NULL OR stopped <> 0 OR receptacles = 0)",
    ),
    (
        "of what has a seal it is known since when",
        "SELECT number FROM container WHERE (seals <> '[]') <> (sealed_ms IS NOT NULL)",
    ),
    (
        "what is advised belongs to a dispatch that is not answered",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN dispatch ON dispatch.id = receptacle.dispatch \
         WHERE receptacle.state = 8 AND COALESCE(dispatch.state, 0) <> 3",
    ),
    (
        "what was forwarded is from abroad, released, and on a run",
        "SELECT CAST(id AS TEXT) FROM item WHERE custody = 5 AND (journey <> 2 OR customs <> 4 OR run IS NULL)",
    ),
    (
        "of which item an office was not told, and in which dispatch, is known",
        "SELECT CAST(untold.item AS TEXT) FROM untold LEFT JOIN item ON item.id = untold.item \
         LEFT JOIN dispatch ON dispatch.id = untold.dispatch WHERE item.id IS NULL OR dispatch.id IS NULL",
    ),
    (
        "what came back had left",
        "SELECT CAST(came_back.item AS TEXT) FROM came_back LEFT JOIN item ON item.id = came_back.item \
         LEFT JOIN receptacle ON receptacle.id = came_back.receptacle \
         WHERE item.id IS NULL OR receptacle.id IS NULL OR receptacle.state NOT IN (4, 21, 22)",
    ),
    (
        "every subject has its events without a gap",
        "SELECT CAST(kind AS TEXT) || '/' || CAST(subject AS TEXT) FROM history GROUP BY kind, subject \
         HAVING COUNT(*) <> MAX(n) OR MIN(n) <> 1",
    ),
    (
        "an item counts its events",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN (SELECT subject, COUNT(*) AS events FROM history \
         WHERE kind = 1 GROUP BY subject) told ON told.subject = item.id \
         WHERE COALESCE(told.events, 0) <> item.events",
    ),
    (
        "receptacles, dispatches, containers, departures, filings and borders count their events",
        "SELECT CAST(counted.kind AS TEXT) || '/' || CAST(counted.id AS TEXT) FROM ( \
         SELECT 2 AS kind, id, events FROM receptacle UNION ALL SELECT 3, id, events FROM dispatch \
         UNION ALL SELECT 4, id, events FROM container UNION ALL SELECT 5, id, events FROM departure \
         UNION ALL SELECT 7, id, events FROM filing UNION ALL SELECT 10, id, events FROM border) counted \
         LEFT JOIN (SELECT kind, subject, COUNT(*) AS events FROM history WHERE kind > 1 GROUP BY kind, subject) told \
         ON told.kind = counted.kind AND told.subject = counted.id \
         WHERE COALESCE(told.events, 0) <> counted.events",
    ),
    (
        "every event is about something that is there",
        "SELECT DISTINCT CAST(event.kind AS TEXT) || '/' || CAST(event.subject AS TEXT) FROM event WHERE NOT ( \
         (kind = 1 AND EXISTS (SELECT 1 FROM item WHERE id = subject)) \
         OR (kind = 2 AND EXISTS (SELECT 1 FROM receptacle WHERE id = subject)) \
         OR (kind = 3 AND EXISTS (SELECT 1 FROM dispatch WHERE id = subject)) \
         OR (kind = 4 AND EXISTS (SELECT 1 FROM container WHERE id = subject)) \
         OR (kind = 5 AND EXISTS (SELECT 1 FROM departure WHERE id = subject)) \
         OR (kind = 7 AND EXISTS (SELECT 1 FROM filing WHERE id = subject)) \
         OR (kind = 10 AND EXISTS (SELECT 1 FROM border WHERE id = subject)))",
    ),
    (
        "what is answered for has left, and a dispatch is acknowledged when all of it is answered for",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle WHERE state = 21 AND container IS NULL \
         UNION ALL SELECT dispatch.s8 FROM dispatch JOIN receptacle ON receptacle.dispatch = dispatch.id \
         WHERE dispatch.state = 21 AND receptacle.state NOT IN (7, 21, 22)",
    ),
    (
        "every interchange came in a file that was read",
        "SELECT interchange.reference FROM interchange LEFT JOIN file ON file.id = interchange.file \
         WHERE COALESCE(file.verdict, 0) <> 1",
    ),
    (
        "what leaves has its bytes",
        "SELECT outbound.key FROM outbound LEFT JOIN outbound_body ON outbound_body.id = outbound.body \
         WHERE outbound_body.id IS NULL",
    ),
    (
        "every declared item has the declaration version in force",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN declaration \
         ON declaration.id = item.id * 64 + item.version WHERE item.version > 0 AND declaration.id IS NULL",
    ),
    (
        "every declaration has its item and its file",
        "SELECT CAST(declaration.id AS TEXT) FROM declaration LEFT JOIN item ON item.id = declaration.id / 64 \
         LEFT JOIN file ON file.id = declaration.file \
         WHERE item.id IS NULL OR file.id IS NULL OR declaration.ordinal > file.kept_to",
    ),
    (
        "a version that the station has not taken note of is there and not older than the one in force",
        "SELECT CAST(redeclaration.declaration AS TEXT) FROM redeclaration \
         LEFT JOIN declaration ON declaration.id = redeclaration.declaration \
         LEFT JOIN item ON item.id = redeclaration.declaration / 64 \
         WHERE declaration.id IS NULL OR item.id IS NULL OR item.version > redeclaration.declaration % 64",
    ),
    (
        "every answer was made with something that is kept",
        "SELECT CAST(declaration.id AS TEXT) FROM declaration LEFT JOIN revision ON revision.id = declaration.revision \
         WHERE declaration.revision IS NOT NULL AND (revision.id IS NULL OR declaration.accepted_on IS NULL)",
    ),
    (
        "every answer that was looked at again has its declaration and what it was made with",
        "SELECT CAST(reassessment.declaration AS TEXT) FROM reassessment \
         LEFT JOIN declaration ON declaration.id = reassessment.declaration \
         LEFT JOIN revision ON revision.id = reassessment.revision \
         WHERE declaration.id IS NULL OR revision.id IS NULL",
    ),
    (
        "every charge belongs to a declaration",
        "SELECT CAST(charge.declaration AS TEXT) FROM charge LEFT JOIN declaration \
         ON declaration.id = charge.declaration WHERE declaration.id IS NULL",
    ),
    (
        "every name leads to an item that bears it",
        "SELECT CAST(item_key.key AS TEXT) FROM item_key LEFT JOIN item ON item.id = item_key.item \
         WHERE item.id IS NULL OR COALESCE(item.key, -1) <> item_key.key \
         UNION ALL SELECT item_name.name FROM item_name LEFT JOIN item ON item.id = item_name.item \
         WHERE item.id IS NULL OR COALESCE(item.name, '') <> item_name.name",
    ),
    (
        "every item that has a name is found by it, or a later item is",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN item_key ON item_key.key = item.key \
         LEFT JOIN item_name ON item_name.name = item.name \
         WHERE (item.key IS NOT NULL AND item_key.key IS NULL) \
         OR (item.name <> '' AND item_name.name IS NULL)",
    ),
    (
        "nothing of a file that failed is kept",
        "SELECT DISTINCT file.name FROM file JOIN declaration ON declaration.file = file.id WHERE file.verdict = 2",
    ),
    (
        "a file lies in its last folder only with its verdict",
        "SELECT name FROM file WHERE is_moved = 1 AND verdict = 0",
    ),
    (
        "a report of arrivals counts the items that it reports",
        "SELECT filing.number FROM filing LEFT JOIN item ON item.arrival = filing.id WHERE filing.form = 507 \
         GROUP BY filing.id, filing.number, filing.lines HAVING COUNT(item.id) <> filing.lines",
    ),
    (
        "the arrival of an item is reported in a report of arrivals",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN filing ON filing.id = item.arrival \
         WHERE item.arrival IS NOT NULL AND COALESCE(filing.form, 0) <> 507",
    ),
    (
        "an item was presented in a document of presentation, with a version that it has",
        "SELECT CAST(item.id AS TEXT) FROM item LEFT JOIN filing ON filing.id = item.presented \
         WHERE (item.presented IS NOT NULL AND COALESCE(filing.form, 0) <> 43) \
         OR (item.presented IS NULL) <> (item.presented_version IS NULL) OR item.presented_version > item.version",
    ),
    (
        "a receptacle counts the items in it that are on a list",
        "SELECT CAST(receptacle.id AS TEXT) FROM receptacle LEFT JOIN (SELECT receptacle, COUNT(*) AS items FROM ( \
         SELECT receptacle FROM item WHERE receptacle IS NOT NULL AND arrival IS NOT NULL UNION ALL \
         SELECT came_back.receptacle FROM came_back JOIN item ON item.id = came_back.item \
         WHERE item.arrival IS NOT NULL) listed GROUP BY receptacle) inside \
         ON inside.receptacle = receptacle.id WHERE COALESCE(inside.items, 0) <> receptacle.listed",
    ),
    (
        "customs was told of the bags and of the departure of every listed item that has left",
        "SELECT container.number FROM container JOIN receptacle ON receptacle.container = container.id \
         WHERE container.state = 3 GROUP BY container.id, container.number \
         HAVING SUM(receptacle.listed) > 0 AND 2 <> (SELECT COUNT(DISTINCT filing.form) FROM filing \
         WHERE filing.container = container.id AND filing.filed_ms IS NOT NULL)",
    ),
    (
        "a document to customs has all its parts, and its number from the sequence of its year",
        "SELECT filing.number FROM filing GROUP BY filing.number, filing.form HAVING COUNT(DISTINCT filing.part) <> MAX(filing.parts) \
         OR NOT EXISTS (SELECT 1 FROM sequence WHERE sequence.name = 'customs/' || CASE filing.form WHEN 43 THEN 'M43' ELSE CAST(filing.form AS TEXT) END \
         || '/20' || substr(filing.number, 4, 2) AND sequence.value >= CAST(substr(filing.number, 6) AS BIGINT))",
    ),
    (
        "every list to customs has its item",
        "SELECT customs_list.name FROM customs_list LEFT JOIN item ON item.id = customs_list.item \
         WHERE item.id IS NULL",
    ),
];

impl Store {
    /// Returns every row that breaks an invariant, by invariant; empty when all is well.
    pub async fn check(&self) -> Result<Vec<Violation>, StoreError> {
        let mut violations = Vec::new();
        for (invariant, sql) in INVARIANTS {
            let rows = read!(&self.backend, (String,), *sql)?;
            violations.extend(rows.into_iter().map(|(subject,)| Violation { invariant, subject }));
        }
        if let Backend::Sqlite { .. } = &self.backend {
            let rows = read!(&self.backend, (String,), "PRAGMA integrity_check")?;
            let broken = rows.into_iter().filter(|(line,)| line != "ok");
            violations.extend(
                broken.map(|(subject,)| Violation { invariant: "the database file is sound", subject }),
            );
        }
        Ok(violations)
    }

    /// Returns the names of the invariants, in the order in which they are checked.
    pub fn invariants() -> impl Iterator<Item = &'static str> {
        INVARIANTS.iter().map(|(name, _)| *name)
    }
}
