//! Ways to break data.

/// Ways to break data: the invariant that finds it, what the violation names (nothing where that depends on the life of
/// the station), and the change. Words in braces are filled in by [`Numbers`](super::Numbers).
pub(super) const BREAKS: &[(&str, &str, &str)] = &[
    (
        "an item is in a receptacle exactly when its custody says so",
        "{expected}",
        "UPDATE item SET custody = 2 WHERE id = {expected}",
    ),
    (
        "the receptacle of an item is there",
        "{bagged}",
        "UPDATE item SET receptacle = 999 WHERE id = {bagged}",
    ),
    (
        "a receptacle counts its items, their weight and the registered among them",
        "{departed}",
        "UPDATE receptacle SET items = items + 1 WHERE id = {departed}",
    ),
    (
        "a receptacle counts its items, their weight and the registered among them",
        "{departed}",
        "UPDATE receptacle SET content_g = content_g + 1 WHERE id = {departed}",
    ),
    (
        "a receptacle counts its items, their weight and the registered among them",
        "{departed}",
        "UPDATE receptacle SET registered = registered + 1 WHERE id = {departed}",
    ),
    (
        "a receptacle counts the items in it that may not leave",
        "{open}",
        "UPDATE receptacle SET stopped = stopped + 1 WHERE id = {open}",
    ),
    (
        "the sender's word is waited for about a version that is later than the last that the sender stands for",
        "{expected}",
        "UPDATE item SET confirmed = version, receptacle = NULL WHERE id = {expected}",
    ),
    (
        "a receptacle counts the items in it that hold lithium batteries",
        "{open}",
        "UPDATE receptacle SET lithium_alone = lithium_alone + 1 WHERE id = {open}",
    ),
    (
        "a receptacle counts the items in it that hold lithium batteries",
        "{departed}",
        "UPDATE receptacle SET lithium_in_equipment = lithium_in_equipment + 1 WHERE id = {departed}",
    ),
    (
        "a receptacle counts the items in it that are dangerous goods",
        "{open}",
        "UPDATE receptacle SET dangerous = dangerous + 1 WHERE id = {open}",
    ),
    (
        "a receptacle counts the items in it that are dangerous goods",
        "{departed}",
        "UPDATE item SET dangerous = 1 - dangerous WHERE id = (SELECT MIN(id) FROM item WHERE receptacle = {departed})",
    ),
    (
        "an item was presented in a document of presentation, with a version that it has",
        "{expected}",
        "UPDATE item SET presented = 999, presented_version = 1 WHERE id = {expected}",
    ),
    (
        "a receptacle is locked to a container that is there, and leaves in no other",
        "{departed}",
        "UPDATE receptacle SET locked_to = 999 WHERE id = {departed}",
    ),
    (
        "a border is closed with both of its days or open",
        "irkeshtam",
        "INSERT INTO border VALUES (99, 'irkeshtam', '2026-11-17', NULL, 'snow', 0)",
    ),
    (
        "a border is closed with both of its days or open",
        "irkeshtam",
        "INSERT INTO border VALUES (99, 'irkeshtam', '2026-11-17', '2026-11-16', 'snow', 0)",
    ),
    (
        "nothing that may not leave has left",
        "{departed_item}",
        "UPDATE item SET customs = 0 WHERE id = {departed_item}",
    ),
    (
        "nothing that may not leave has left",
        "{departed_item}",
        "UPDATE item SET decision = 1 WHERE id = {departed_item}",
    ),
    (
        "nothing that may not leave has left",
        "{departed_item}",
        "UPDATE item SET recalled = 1 WHERE id = {departed_item}",
    ),
    (
        "items of one receptacle belong to its stream",
        "{bagged}",
        "UPDATE item SET stream = 'KZALAA-D-CN-R' WHERE id = {bagged}",
    ),
    (
        "the receptacles of a dispatch are numbered without a gap",
        "",
        "UPDATE receptacle SET dispatch = NULL WHERE id = {departed}",
    ),
    (
        "a closed dispatch has one highest receptacle, and it bears the highest number that is not void",
        "",
        "UPDATE receptacle SET s9 = substr(s9, 1, 23) || '0' || substr(s9, 25) WHERE stream IS NOT NULL",
    ),
    (
        "a closed dispatch has one highest receptacle, and it bears the highest number that is not void",
        "",
        "UPDATE receptacle SET state = 7 WHERE dispatch = 1",
    ),
    (
        "a cancelled dispatch has nothing left, and one that is reopened waits for a label",
        "",
        "UPDATE dispatch SET state = 25 WHERE id = 1",
    ),
    (
        "a cancelled dispatch has nothing left, and one that is reopened waits for a label",
        "",
        "UPDATE dispatch SET state = 5 WHERE id = 1",
    ),
    (
        "a dispatch knows the highest of its numbers that has left",
        "",
        "UPDATE dispatch SET gone = gone + 1 WHERE id = 1",
    ),
    (
        "the dispatches of a series and year are numbered without a gap, up to the sequence",
        "s8/CNURCAKZALAADCN/2026",
        "UPDATE sequence SET value = value + 1 WHERE name = 's8/CNURCAKZALAADCN/2026'",
    ),
    (
        "a dispatch takes its number from the sequence of its series and year",
        "",
        "DELETE FROM sequence WHERE name = 's8/CNURCAKZALAADCN/2026'",
    ),
    (
        "rows are numbered without a gap, up to the sequence",
        "container",
        "UPDATE sequence SET value = value + 1 WHERE name = 'container'",
    ),
    ("rows are numbered without a gap, up to the sequence", "item", "DELETE FROM item WHERE id < 1000"),
    (
        "the delivery bills of a year are numbered without a gap, up to the sequence",
        "26",
        "UPDATE container SET cn37 = NULL WHERE id = {container}",
    ),
    (
        "verification notes and reports of damage are numbered without a gap in each year",
        "CN 43",
        "INSERT INTO sequence (name, value) VALUES ('form/CN 43/CNURCA/2026', 1)",
    ),
    (
        "verification notes and reports of damage are numbered without a gap in each year",
        "CN 24",
        "INSERT INTO sequence (name, value) VALUES ('form-of/CN 24/1/7', 2026000001)",
    ),
    (
        "only receptacles of closed dispatches are loaded, and only in containers",
        "{departed}",
        "UPDATE receptacle SET container = NULL WHERE id = {departed}",
    ),
    (
        "only receptacles of closed dispatches are loaded, and only in containers",
        "",
        "UPDATE dispatch SET state = 2 WHERE id = 1",
    ),
    (
        "a container counts the receptacles in it that may not leave",
        "{truck}",
        "UPDATE container SET stopped = stopped + 1 WHERE id = {container}",
    ),
    (
        "nothing that customs holds as a whole has left",
        "{departed}",
        "UPDATE receptacle SET customs = 3 WHERE id = {departed}",
    ),
    (
        "nothing that customs holds as a whole has left",
        "{truck}",
        "UPDATE container SET customs = 6 WHERE id = {container}",
    ),
    (
        "a container of this station counts what is loaded in it",
        "{truck}",
        "UPDATE container SET gross_g = gross_g - 1 WHERE id = {container}",
    ),
    (
        "a container of this station counts what is loaded in it",
        "{truck}",
        "UPDATE container SET volume_cm3 = volume_cm3 + 1 WHERE id = {container}",
    ),
    (
        "a container of this station counts what is loaded in it",
        "{truck}",
        "UPDATE receptacle SET state = 3 WHERE id = {departed}",
    ),
    (
        "no more is listed in another office's container than its papers state",
        "{truck}",
        "UPDATE container SET is_through = 1, receptacles = 0 WHERE id = {container}",
    ),
    (
        "what has left has its seal, its CN 37, its customs transfer number and its signature",
        "{truck}",
        "UPDATE container SET signed_ms = NULL WHERE id = {container}",
    ),
    (
        "what has left has its seal, its CN 37, its customs transfer number and its signature",
        "{truck}",
        "UPDATE container SET seals = '[]' WHERE id = {container}",
    ),
    (
        "of what has a seal it is known since when",
        "{truck}",
        "UPDATE container SET sealed_ms = NULL WHERE id = {container}",
    ),
    (
        "what is advised belongs to a dispatch that is not answered",
        "{open}",
        "UPDATE receptacle SET state = 8 WHERE id = {open}",
    ),
    (
        "what was forwarded is from abroad, released, and on a run",
        "{expected}",
        "UPDATE item SET custody = 5 WHERE id = {expected}",
    ),
    (
        "of which item an office was not told, and in which dispatch, is known",
        "{bagged}",
        "INSERT INTO untold VALUES (999, {bagged})",
    ),
    ("what came back had left", "{bagged}", "INSERT INTO came_back VALUES ({bagged}, {open}, 1, 0, 0, 0)"),
    (
        "every subject has its events without a gap",
        "1/{bagged}",
        "UPDATE event SET n = n + 1 WHERE kind = 1 AND subject = {bagged} AND n = (SELECT MAX(n) FROM event WHERE kind = 1 AND subject = {bagged})",
    ),
    ("an item counts its events", "{bagged}", "UPDATE item SET events = events + 1 WHERE id = {bagged}"),
    (
        "receptacles, dispatches, containers, departures, filings and borders count their events",
        "3/1",
        "UPDATE dispatch SET events = events - 1 WHERE id = 1",
    ),
    (
        "every event is about something that is there",
        "5/999",
        "INSERT INTO event (kind, subject, n, events) VALUES (5, 999, 1, '[[0, \"planned\", \"\"]]')",
    ),
    (
        "what is answered for has left, and a dispatch is acknowledged when all of it is answered for",
        "{open}",
        "UPDATE receptacle SET state = 21 WHERE id = {open}",
    ),
    (
        "what is answered for has left, and a dispatch is acknowledged when all of it is answered for",
        "",
        "UPDATE dispatch SET state = 21",
    ),
    (
        "every interchange came in a file that was read",
        "7",
        "INSERT INTO interchange VALUES (1, 'KZ001', 'UP', 'CN001', 'UP', '7', 0, 9, 0, 0)",
    ),
    (
        "what leaves has its bytes",
        "label/R1",
        "INSERT INTO outbound (key, queued_ms, is_delivered, body) VALUES ('label/R1', 0, 0, 999)",
    ),
    (
        "every declared item has the declaration version in force",
        "{expected}",
        "UPDATE item SET version = 2 WHERE id = {expected}",
    ),
    (
        "every declaration has its item and its file",
        "{declaration_1}",
        "UPDATE declaration SET ordinal = 15 WHERE id = {declaration_1}",
    ),
    (
        "every declaration has its item and its file",
        "{declaration_1}",
        "UPDATE declaration SET file = 99 WHERE id = {declaration_1}",
    ),
    (
        "a version that the station has not taken note of is there and not older than the one in force",
        "{declaration_2}",
        "INSERT INTO redeclaration (declaration, is_reused) VALUES ({declaration_2}, 0)",
    ),
    (
        "every answer was made with something that is kept",
        "{declaration_1}",
        "UPDATE declaration SET revision = 99 WHERE id = {declaration_1}",
    ),
    (
        "every answer that was looked at again has its declaration and what it was made with",
        "{declaration_3}",
        "INSERT INTO reassessment VALUES ({declaration_3}, 1, 1, 1, 'a')",
    ),
    (
        "every charge belongs to a declaration",
        "{declaration_3}",
        "INSERT INTO charge VALUES ({declaration_3}, 1, 0, 'EUR', 1, 0)",
    ),
    (
        "every name leads to an item that bears it",
        "nobody",
        "INSERT INTO item_name (name, item, since_ms, fingerprint) VALUES ('nobody', 5, 0, 0)",
    ),
    (
        "every name leads to an item that bears it",
        "",
        "UPDATE item_key SET item = {bagged} WHERE item = {expected}",
    ),
    (
        "every item that has a name is found by it, or a later item is",
        "{expected}",
        "DELETE FROM item_key WHERE item = {expected}",
    ),
    (
        "nothing of a file that failed is kept",
        "list-9.xml",
        "UPDATE file SET verdict = 2 WHERE name = 'list-9.xml'",
    ),
    (
        "a file lies in its last folder only with its verdict",
        "list-9.xml",
        "UPDATE file SET is_moved = 1 WHERE name = 'list-9.xml'",
    ),
    (
        "a report of arrivals counts the items that it reports",
        "507260000001",
        "INSERT INTO filing VALUES (1, 507, '507260000001', 1, 1, NULL, NULL, 0, 1, 1, 0, 0, 1, NULL, 0)",
    ),
    (
        "the arrival of an item is reported in a report of arrivals",
        "{expected}",
        "UPDATE item SET arrival = 9 WHERE id = {expected}",
    ),
    (
        "a receptacle counts the items in it that are on a list",
        "{open}",
        "UPDATE receptacle SET listed = 1 WHERE id = {open}",
    ),
    (
        "customs was told of the bags and of the departure of every listed item that has left",
        "{truck}",
        "UPDATE receptacle SET listed = 1 WHERE id = {departed}",
    ),
    (
        "a document to customs has all its parts, and its number from the sequence of its year",
        "607260000001",
        "INSERT INTO filing VALUES (1, 607, '607260000001', 1, 1, {container}, NULL, 0, 1, 1, 0, 0, 1, NULL, 0)",
    ),
    (
        "every list to customs has its item",
        "6501000003/L1",
        "INSERT INTO customs_list VALUES ('6501000003/L1', 9)",
    ),
];
