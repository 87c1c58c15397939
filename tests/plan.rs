//! `caravan plan --instance`: any packing problem, packed and proven; and what `caravan plan` tells of a station.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::replay::told_otherwise;
use crate::support::{Ran, fixture, run};

/// A file with a packing problem, in a folder of its own.
struct File(TempDir);

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("instance.json"), text).unwrap();
        Self(folder)
    }

    fn plan(&self, arguments: &[&str]) -> Ran {
        let path = self.0.path().join("instance.json");
        let mut ran = run(["plan", "--instance", path.to_str().unwrap()].iter().chain(arguments));
        // The time is no part of the plan.
        ran.stderr = ran
            .stderr
            .lines()
            .filter(|line| !line.starts_with("time: "))
            .map(|l| l.to_owned() + "\n")
            .collect();
        ran
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}

fn numbers(value: &Value) -> (u64, u64, u64) {
    let number = |member: &str| value[member].as_u64().unwrap();
    (number("bins"), number("lower_bound"), number("gap"))
}

#[test]
fn packs_what_the_classic_files_hold() {
    for (text, bins) in [
        (r#"{"capacities": [10], "items": [5, 4, 4, 3, 2, 2]}"#, 2),
        (r#"{"capacity": 10, "items": [[5], [4], [4], {"size": 3}, {"sizes": [2], "quantity": 2}]}"#, 2),
        (r#"{"capacity": "10", "items": ["5", 4.0, 4, 3, 2, 2]}"#, 2),
        (r#"{"capacities": [10, 10], "items": [[9, 1], [1, 9], [9, 1], [1, 9]]}"#, 2),
        (r#"{"capacities": {"w": 10, "count": 2}, "items": [{"w": 1}, {"w": 1}, {"w": 1}]}"#, 2),
        (r#"{"capacities": [10], "items": []}"#, 0),
        ("\u{feff}{\"capacities\": [10], \"items\": [{\"size\": 1, \"quantity\": 0}]}", 0),
    ] {
        let plan: Value = serde_json::from_str(&File::new(text).plan(&["--json"]).ok()).unwrap();
        assert_eq!(numbers(&plan), (bins, bins, 0), "{text}");
    }
}

#[test]
fn prints_bins_bound_and_gap() {
    let file = File::new(
        r#"{"capacities": {"weight": 30000, "volume": 150000}, "items": [
            {"id": "a", "weight": 16000, "volume": 3000, "quantity": 2, "group": "KZ"},
            {"id": "b", "weight": 14000, "volume": 3000, "group": "KZ"},
            {"id": "c", "weight": 1, "volume": 150001, "group": "UZ"},
            {"weight": 1, "volume": 1, "group": "UZ"}]}"#,
    );
    file.plan(&["--steps", "0"]).check(
        file.folder(),
        "exit 1
--- stdout
bins         3
lower bound  3
gap          0 (0.00 %)
items        5
steps        28
group        KZ: 2 bins, at least 2
group        UZ: 1 bins, at least 1
too big      c
--- stderr",
    );
    let ran = file.plan(&["--json"]);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let expected: Value = serde_json::from_str(
        r#"[{"group": "KZ", "lower_bound": 2, "bins": [
                {"items": ["a", "b"], "content": {"weight": 30000, "volume": 6000}},
                {"items": ["a"], "content": {"weight": 16000, "volume": 3000}}]},
            {"group": "UZ", "lower_bound": 1, "bins": [{"items": [3], "content": {"weight": 1, "volume": 1}}]}]"#,
    )
    .unwrap();
    assert_eq!((&plan["groups"], &plan["too_big"]), (&expected, &serde_json::json!(["c"])), "{plan:#}");
}

/// Groups never share a bin, whichever way they are written.
#[test]
fn reads_groups_in_every_form() {
    let items = r#""items": [{"id": "a", "size": 2}, {"id": "b", "size": 2}, {"id": "c", "size": 2}]"#;
    for groups in [
        format!(r#"{items}, "groups": ["x", "y", "x"]"#),
        format!(
            r#"{items}, "groups": [{{"group": "x", "items": ["a", "c"]}}, {{"group": "y", "items": [1]}}]"#
        ),
        format!(r#"{items}, "groups": {{"x": [0, 2], "y": ["b"]}}"#),
        format!(r#"{items}, "groups": [["a", "c"], ["b"]]"#),
        r#""groups": [{"name": "x", "items": [2, 2]}, {"name": "y", "items": [{"size": 2}]}]"#.to_owned(),
        r#""groups": {"x": [[2], [2]], "y": [2]}"#.to_owned(),
    ] {
        let file = File::new(&format!(r#"{{"capacity": 10, {groups}}}"#));
        let plan: Value = serde_json::from_str(&file.plan(&["--json"]).ok()).unwrap();
        let counts: Vec<usize> = plan["groups"].as_array().unwrap().iter().map(items_of).collect();
        assert_eq!((numbers(&plan), counts), ((2, 2, 0), vec![2, 1]), "{groups}");
    }
}

fn items_of(group: &Value) -> usize {
    group["bins"].as_array().unwrap().iter().map(|bin| bin["items"].as_array().unwrap().len()).sum()
}

/// A member that the form does not know changes nothing, and is never passed over in silence.
#[test]
fn tells_what_it_does_not_read() {
    for (text, remarks) in [
        (r#"{"capacity": 10, "items": [1, 1]}"#, &[][..]),
        (
            r#"{"name": "a", "capacity": 10, "comment": {"by": 1}, "items": [1, 1]}"#,
            &["comment: not read", "name: not read"],
        ),
        (
            r#"{"capacity": 10, "items": [{"size": 1, "quantty": 7}, {"size": 1, "quantty": 7}]}"#,
            &["items[0].quantty: not read: the form has no such member here, and so named in 1 more places"],
        ),
        (r#"{"capacity": 10, "items": [{"sizes": [1], "size": 9}, 1]}"#, &["items[0].size: not read"]),
        (
            r#"{"capacities": {"w": 10}, "items": [{"size": {"w": 1, "v": 9}}, {"w": 1, "v": 9}]}"#,
            &["items[0].size.v: not read: the form has no such member here, and so named in 1 more places"],
        ),
        (
            r#"{"capacity": 10, "groups": [{"id": "x", "items": [1, 1], "colour": "red"}]}"#,
            &["groups[0].colour: not read"],
        ),
    ] {
        let ran = File::new(text).plan(&["--json"]);
        let told: Vec<&str> = ran.stderr.lines().filter_map(|line| line.strip_prefix("remark: ")).collect();
        assert_eq!(told.len(), remarks.len(), "{text}: {told:?}");
        assert!(told.iter().zip(remarks).all(|(told, remark)| told.starts_with(remark)), "{text}: {told:?}");
        let plan: Value = serde_json::from_str(&ran.ok()).unwrap();
        assert_eq!(numbers(&plan), (1, 1, 0), "{text}");
    }
}

#[test]
fn refuses_a_faulty_file_with_its_place() {
    for (text, place) in [
        ("", "line 1, column 0: "),
        ("{\"capacity\": 10,\n \"items\": [1 2]}", "line 2, column 14: "),
        (r#"{"capacity": 1, "capacity": 2, "items": []}"#, "line 1, column 26: `capacity` stands twice"),
        ("[1, 2]", "file: the file is a list, not an object"),
        (r#"{"items": [1]}"#, "file: there are no `capacities`"),
        (r#"{"capacity": 10}"#, "file: there are no `items`"),
        (r#"{"capacity": 10, "capacities": [10], "items": []}"#, "capacity: there are `capacities` too"),
        (r#"{"capacities": [], "items": []}"#, "capacities: there are 0 dimensions"),
        (
            r#"{"capacities": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], "items": []}"#,
            "capacities: there are 17 dimensions",
        ),
        (r#"{"capacity": -1, "items": []}"#, "capacity: `-1` is no whole number"),
        (r#"{"capacity": 10, "items": [1, 1.5]}"#, "items[1]: `1.5` is no whole number"),
        (
            r#"{"capacity": 10, "items": [18446744073709551616]}"#,
            "items[0]: `18446744073709552000` is no whole",
        ),
        (r#"{"capacity": 10, "items": {"a": 1}}"#, "items: an object is no list"),
        (r#"{"capacity": 10, "items": [null]}"#, "items[0]: `null` is no whole number"),
        (r#"{"capacity": 10, "items": [{"weight": 1}]}"#, "items[0]: the capacities have no names"),
        (r#"{"capacities": [1, 2], "items": [[1, 2], [1]]}"#, "items[1]: 1 amounts, and 2 capacities"),
        (r#"{"capacities": [1, 2], "items": [1]}"#, "items[0]: 1 is one amount, and there are 2 capacities"),
        (r#"{"capacities": {"weight": 1}, "items": [{"wieght": 1}]}"#, "items[0]: there is no `weight`"),
        (
            r#"{"capacity": 1, "items": [{"size": 1, "quantity": "x"}]}"#,
            "items[0].quantity: `x` is no whole number",
        ),
        (r#"{"capacity": 1, "items": [{"size": 1, "quantity": 5000001}]}"#, "items: there are 5000001 items"),
        (r#"{"capacity": 1, "items": [{"size": 1, "id": []}]}"#, "items[0].id: a list is no name"),
        (
            r#"{"capacity": 1, "items": [{"size": 1, "id": "a"}, {"size": 1, "id": "a"}]}"#,
            "item 1: `a` is the id of item 0 too",
        ),
        (r#"{"capacity": 1, "items": [1, 1], "groups": ["x"]}"#, "groups: 1 groups, and 2 items"),
        (r#"{"capacity": 1, "items": [1], "groups": 7}"#, "groups: 7 holds no groups"),
        (r#"{"capacity": 1, "items": [1], "groups": {"x": [1]}}"#, "groups.x[0]: there is no item `1`"),
        (
            r#"{"capacity": 1, "items": [1], "groups": {"x": [0], "y": [0]}}"#,
            "groups.y[0]: item 0 is in group `x`",
        ),
        (
            r#"{"capacity": 1, "items": [1, 1], "groups": {"x": [0, 1, 0]}}"#,
            "groups.x[2]: item 0 is in group `x`",
        ),
    ] {
        let ran = File::new(text).plan(&[]);
        let says = ran.stderr.lines().nth(1).unwrap_or_default();
        assert!(says.starts_with(place), "{text}\n{ran:#?}");
        assert!(ran.stderr.contains("\nhint: "), "{ran:#?}");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(65), ""), "{text}\n{ran:#?}");
    }
}

#[test]
fn tells_many_faults_and_counts_the_rest() {
    let file = File::new(&format!(r#"{{"capacity": 10, "items": [{}]}}"#, vec!["true"; 25].join(",")));
    let ran = file.plan(&[]);
    assert_eq!(ran.stderr.matches("`true` is no whole number").count(), 20, "{ran:#?}");
    assert!(ran.stderr.ends_with("and 5 more faults\n"), "{ran:#?}");
}

#[test]
fn gives_the_same_plan_for_the_same_file() {
    // Sizes that take a search: three fill a bin without waste.
    let sizes: Vec<u64> = (0..20u64).flat_map(|n| [380 + n * 5, 250 + n * 3, 370 - n * 8]).collect();
    let file = File::new(&format!(r#"{{"capacity": 1000, "items": {sizes:?}}}"#));
    let first = file.plan(&["--json"]).ok();
    assert_eq!(first, file.plan(&["--json"]).ok());
    let plan: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(numbers(&plan), (20, 20, 0));
    for bin in plan["groups"][0]["bins"].as_array().unwrap() {
        let items = bin["items"].as_array().unwrap();
        let sum: u64 = items.iter().map(|item| sizes[usize::try_from(item.as_u64().unwrap()).unwrap()]).sum();
        assert_eq!((sum, bin["content"][0].as_u64()), (1000, Some(1000)));
    }
    let frugal: Value = serde_json::from_str(&file.plan(&["--json", "--steps", "0"]).ok()).unwrap();
    assert!(numbers(&frugal).0 >= 20 && frugal["steps"].as_u64() < plan["steps"].as_u64(), "{frugal:#}");
}

#[test]
fn says_which_arguments_do_not_go_together() {
    let none = run(["plan"]);
    assert_eq!(none.code, Some(2), "{none:?}");
    assert_eq!(run(["plan", "--instance", "a.json", "--station", "b"]).code, Some(2));
    assert_eq!(run(["plan", "--station", "b", "--steps", "5"]).code, Some(2));
    let missing = run(["plan", "--instance", "/nowhere/a.json"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(66), ""), "{missing:?}");
    assert!(missing.stderr.contains("cannot read `/nowhere/a.json`"), "{missing:?}");
}

#[test]
fn the_plan_tells_closed_borders_and_what_limits_a_box() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    let root = station.to_str().unwrap();
    run(["replay", fixture("kashgar-pass").to_str().unwrap(), "--station", root]).ok();
    let plan = ["plan", "--station", root, "--departures", "4", "--at", "2026-11-24T12:00"];
    let text = run(plan).ok();
    let shown: Value = serde_json::from_str(&run(plan.iter().chain(&["--json"])).ok()).unwrap();
    let lines = shown["departures"].as_array().unwrap();
    let closed: Vec<&Value> = lines.iter().filter(|line| line["way"]["closed_border"].is_string()).collect();
    assert_eq!(closed.len(), 1, "{lines:#?}");
    let (way, load) = (&closed[0]["way"], &closed[0]["loads"][0]);
    assert_eq!(closed[0]["departure"], "islamabad-road/2026-11-27T09:00");
    assert_eq!((&way["closed_border"], &way["wait_days"]), (&"khunjerab-sost".into(), &2.into()));
    assert_eq!(way["detours"][0]["departure"], "islamabad-road/2026-11-28T09:00");
    assert_eq!((&load["equipment"], &load["limited_by"]), (&"van-body".into(), &"plate".into()));
    for told in [
        "closed: khunjerab-sost (khunjerab-year-round), 2 days of waiting",
        "mail for PKISBA goes by",
        "van-body",
    ] {
        assert!(text.contains(told), "{text}");
    }
    // Who reads it in another language reads the same, and no word of the first.
    for (language, told) in [
        ("ru", ["закрыто: khunjerab-sost (khunjerab-year-round), дней ожидания: 2", "почта для PKISBA"]),
        ("zh", ["关闭：khunjerab-sost（khunjerab-year-round）, 等待 2 天", "发往 PKISBA 的邮件"]),
    ] {
        let text = run(plan.iter().chain(&["--language", language])).ok();
        assert!(told.iter().all(|told| text.contains(told)), "{text}");
        for english in
            ["receptacles", "vehicles", "at the least", "arrives", " road", "stays", "held back", "until"]
        {
            assert!(!text.contains(english), "`{english}` in {text}");
        }
    }
    let unknown = run(plan.iter().chain(&["--language", "kk"]));
    assert!(unknown.code == Some(2) && unknown.stderr.contains("one of en, ru and zh"), "{unknown:#?}");
}

#[test]
fn the_plan_tells_what_no_departure_takes() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = "2026-11-16T15:41,seal,XJF20002,,,HS123402,\n";
    let cut = format!("{sealed}2026-11-16T15:42,cut,XJF20002,,,,no driver\n");
    let station = told_otherwise(folder.path(), "almaty-trucks", &[("operations.csv", sealed, &cut)]);
    let plan = ["plan", "--station", station.to_str().unwrap(), "--at", "2026-11-16T19:00"];
    for (language, expected) in [
        (
            "en",
            "No departure is planned.\nWithout a departure\n  stays    XJF20002                       \
             [left-no-departure] No departure of almaty-road is planned.\n",
        ),
        (
            "ru",
            "Рейсов не запланировано.\nБез рейса\n  остаётся XJF20002                       \
             [left-no-departure] По маршруту almaty-road рейс не запланирован.\n",
        ),
        (
            "zh",
            "没有已计划的班次。\n无班次可走\n  留存       XJF20002                       \
             [left-no-departure] 线路 almaty-road 没有已计划的班次。\n",
        ),
    ] {
        assert_eq!(run(plan.iter().chain(&["--language", language])).ok(), expected);
    }
    let none = run(plan.iter().chain(&["--departures", "0"]));
    assert_eq!(none.code, Some(2), "{none:#?}");
}
