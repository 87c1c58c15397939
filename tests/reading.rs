//! The commands that only read: `check`, `assess`, `plan` and `db check`.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::mail::{Item, declarations};
use crate::support::{caravan, fixture, run};

const DAY: [&str; 2] = ["--on", "2025-03-03"];

#[test]
fn check_names_every_fault_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.xml");
    let text = declarations(&[Item::parcel(1, "KZ", 950), Item::parcel(2, "KZ", 950)]);
    let text = text.replacen("<form>CN23</form>", "<form>CN24</form>", 1);
    fs::write(&path, &text[..text.rfind("</item>").unwrap()]).unwrap();
    let path = path.to_str().unwrap();
    let cut_line = text[..text.rfind("</item>").unwrap()].lines().count();
    let english = run(["check", path]);
    english.check(
        folder.path(),
        &format!(
            "exit 1
--- stdout
DIR/cut.xml: 5:5: hold[code-unknown] item 1 form: `CN24` is not one of CN22, CN23. Choose one of them.
DIR/cut.xml: {cut_line}:3: fatal[file-cut] item 2: The file ends in the middle. Send the whole file again.
DIR/cut.xml: xml in UTF-8, 1 items, 2 findings, not read to its end
--- stderr"
        ),
    );
    for (language, word) in [("ru", "Файл"), ("zh", "文件")] {
        let ran = run(["check", path, "--language", language]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.stdout.contains(word) && ran.stdout.contains("fatal[file-cut]"), "{ran:#?}");
    }
    let ran = run(["check", path, "--json"]);
    let checked: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &checked["is_whole"]), (Some(1), &Value::Bool(false)));
    let codes: Vec<_> =
        checked["findings"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["code-unknown", "file-cut"]);
}

#[test]
fn check_reads_every_format_and_says_which() {
    for (case, expected) in [
        ("cusrsp/complete/input.xml", "cusrsp in UTF-8"),
        ("cusitm/complete/input.xml", "cusitm in UTF-8"),
        ("customs-data/complete/input.json", "customs-data in UTF-8"),
        ("itmref/complete/input.xml", "itmref in UTF-8"),
        ("refrsp/complete/input.xml", "refrsp in UTF-8"),
        ("ceb/gb2312/input.xml", "ceb in GB18030"),
        // It says its character set in a way of its own.
        ("itmatt/values/input.edi", "itmatt"),
    ] {
        let path = fixture(&format!("declaration/{case}"));
        let ran = run(["check", path.to_str().unwrap()]);
        assert!(ran.stdout.contains(&format!("{case}: {expected}, ")), "{ran:#?}");
    }
}

#[test]
fn check_reads_what_a_pipe_gives() {
    let mut check = caravan();
    let mut child =
        check.args(["check", "/dev/stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let text = declarations(&[Item::parcel(1, "KZ", 950), Item::parcel(2, "KZ", 950)]);
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(output, "/dev/stdin: xml in UTF-8, 2 items, 0 findings\n");
}

#[test]
fn check_takes_what_is_known_of_the_sender() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    // One hanzi alone could also be two Cyrillic letters.
    fs::write(path("list.csv"), b"identifier,sender-name\nRR473124829CN,\xC0\xEE\n").unwrap();
    let ran = run(["check", &path("list.csv")]);
    assert!(ran.code == Some(1) && ran.stdout.contains("fatal[encoding-ambiguous]"), "{ran:#?}");
    let ran = run(["check", &path("list.csv"), "--encoding", "gbk"]);
    assert!(ran.stdout.contains("list.csv: csv in GB18030, 1 items"), "{ran:#?}");
    fs::write(path("faulty.toml"), "[columns]\n\"A\" = \"no-such-field\"\n").unwrap();
    let ran = run(["check", &path("list.csv"), "--mapping", &path("faulty.toml")]);
    assert!(ran.code == Some(78) && ran.stderr.contains("faulty.toml: 2:"), "{ran:#?}");
    let ran = run(["check", &path("list.csv"), "--mapping", &path("no-such.toml")]);
    assert!(ran.code == Some(66) && ran.stderr.contains("no-such.toml"), "{ran:#?}");
    assert_eq!(run(["check", &path("list.csv"), "--encoding", "klingon"]).code, Some(2));
}

#[test]
fn check_names_the_sheet_of_a_cell() {
    let path = fixture("declaration/xlsx-sheet-place/input.xlsx");
    let path = path.to_str().unwrap();
    let check = |more: &[&str]| run([&["check", path], more].concat());
    let ran = check(&["--sheet", "July"]);
    assert_eq!(ran.code, Some(1));
    let place = "input.xlsx: sheet July, row 3, column 2: hold[number-shape] item 2 gross-weight: ";
    assert!(ran.stdout.contains(place), "{ran:#?}");
    assert!(check(&[]).stdout.contains("input.xlsx: sheet June, row 2, column 2: hold"), "the first sheet");
    let checked: Value = serde_json::from_str(&check(&["--sheet", "July", "--json"]).stdout).unwrap();
    assert_eq!(checked["sheet"], "July");
    let cells = checked["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "number-shape");
    let places: Vec<_> = cells.map(|one| one["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["sheet July, row 3, column 2"]);
    let log: Value = serde_json::from_str(&check(&["--sheet", "July", "--sarif"]).stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let cell = results.iter().find(|result| result["ruleId"] == "number-shape").unwrap();
    let name = &cell["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
    assert_eq!(name, "item 2/sheet July, row 3, column 2/gross-weight");
}

#[test]
fn check_tells_editors_in_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a list №1.xml");
    let text = declarations(&[Item::parcel(1, "KZ", 950)]).replace("<form>CN23</form>", "<form>CN24</form>");
    fs::write(&path, text).unwrap();
    let table = folder.path().join("table.csv");
    fs::write(&table, "identifier,gross-weight\nRR473124829CN,heavy\n").unwrap();
    let ran = run(["check", path.to_str().unwrap(), table.to_str().unwrap(), "--sarif"]);
    assert_eq!(ran.code, Some(1));
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules: Vec<_> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    assert_eq!(rules, ["code-unknown", "column-missing", "number-shape"]);
    let results = run["results"].as_array().unwrap();
    let physical = |result: &Value| result["locations"][0]["physicalLocation"].clone();
    assert_eq!((&results[0]["ruleId"], &results[0]["level"]), (&rules[0].clone(), &Value::from("error")));
    assert!(results[0]["message"]["text"].as_str().unwrap().starts_with("`CN24` is not one of"));
    let uri = physical(&results[0])["artifactLocation"]["uri"].as_str().unwrap().to_owned();
    assert!(uri.ends_with("/a%20list%20%E2%84%961.xml"), "{uri}");
    let region = &physical(&results[0])["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&Value::from(5), &Value::from(5)));
    let cell = results.iter().find(|result| result["ruleId"] == "number-shape").unwrap();
    assert_eq!(physical(cell)["region"], Value::Null, "a cell is no line and column");
    let name = &cell["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
    assert_eq!(name, "item 1/row 2, column 2/gross-weight");
}

#[test]
fn check_tells_files_that_are_right_from_wrong_calls() {
    let three = fixture("three-items/declarations/three.xml");
    let three = three.to_str().unwrap();
    let folder = fixture("three-items/declarations");
    run(["check", three, three]).check(
        &folder,
        "exit 0
--- stdout
DIR/three.xml: xml in UTF-8, 3 items, 0 findings
DIR/three.xml: xml in UTF-8, 3 items, 0 findings
--- stderr",
    );
    run(["check", "nowhere.xml"]).check(
        &folder,
        "exit 66
--- stdout
--- stderr
error: cannot read `nowhere.xml`: No such file or directory (os error 2)",
    );
    for wrong in [&["check"][..], &["check", three, "--language", "de"], &["check", three, "--colour"]] {
        let ran = run(wrong);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(ran.stderr.starts_with("error: "), "{wrong:?} {ran:#?}");
    }
}

#[test]
fn assess_ends_with_1_when_something_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("three.xml");
    let held = Item::parcel(2, "KZ", 500).with_power_bank();
    fs::write(&path, declarations(&[Item::parcel(1, "KZ", 950), held.clone(), Item::letter(3)])).unwrap();
    let path = path.to_str().unwrap();
    let all = ["assess", path];
    let words = [
        ("en", "Decision: go", "Decision: hold"),
        ("ru", "Решение: пропустить", "Решение: задержать"),
        ("zh", "处理结果: 放行", "处理结果: 扣留"),
    ];
    for (language, go, hold) in words {
        let ran = run(all.iter().chain(&DAY).chain(&["--language", language]));
        assert_eq!(ran.code, Some(1), "{ran:#?}");
        let decisions = |word: &str| ran.stdout.lines().filter(|line| line.trim().starts_with(word)).count();
        assert_eq!((decisions(go), decisions(hold)), (2, 1), "{language}: {}", ran.stdout);
        assert!(ran.stdout.contains("article-conditional"), "{language}");
    }
    let ran = run(all.iter().chain(&DAY).chain(&["--json"]));
    let judged: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let decisions: Vec<_> = judged.iter().map(|one| one["decision"].as_str().unwrap()).collect();
    assert_eq!((ran.code, decisions), (Some(1), vec!["go", "hold", "go"]));
    assert_eq!(judged[1]["findings"][0]["code"], "article-conditional");
    let good = Item::parcel(1, "KZ", 950).identifier;
    for (item, code, lines) in [(good.as_str(), 0, 1), (&held.identifier, 1, 1), ("CP999999990CN", 66, 0)] {
        let ran = run(all.iter().chain(&DAY).chain(&["--json", "--item", item]));
        assert_eq!((ran.code, ran.stdout.lines().count()), (Some(code), lines), "{item} {ran:#?}");
    }
}

#[test]
fn assess_writes_a_page_for_customers() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let held = Item::parcel(2, "KZ", 500).with_power_bank();
    let faulty = declarations(&[Item::parcel(1, "KZ", 950), held]).replacen("<form>CN23<", "<form>CN24<", 1);
    fs::write(path("two.xml"), faulty).unwrap();
    let arguments = [path("two.xml"), "--page".to_owned(), path("page.html")];
    let ran = run(["assess"].iter().chain(&DAY).map(|word| (*word).to_owned()).chain(arguments));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:#?}");
    let page = fs::read_to_string(path("page.html")).unwrap();
    assert_eq!(page.matches("class=\"answer hold\"").count(), 2, "{page}");
    // What was read wrongly, and what may not be inside: each with what to do.
    for reason in ["CN24", "lithium"] {
        assert!(page.contains(reason), "{reason} in {page}");
    }
    let ran = run(["assess", &path("two.xml"), DAY[0], DAY[1], "--page", &path("no/where.html")]);
    assert!(ran.code == Some(66) && ran.stderr.contains("cannot write"), "{ran:#?}");
}

#[test]
fn assess_tells_what_a_rule_is() {
    let row = run(["assess", "--explain", "eu-item-duty-3"]).ok();
    for word in ["table: charge", "regimes/union", "2026-07-01..", "2026/382", "amount = \"3 EUR\""] {
        assert!(row.contains(word), "{word} in {row}");
    }
    let code = run(["assess", "--explain", "personal-limit", "--language", "zh"]).ok();
    assert!(code.starts_with("personal-limit\n  扣留\n") && code.contains("<limit>"), "{code}");
    let json: Value =
        serde_json::from_str(&run(["assess", "--explain", "eu-item-key", "--json"]).ok()).unwrap();
    assert_eq!((&json["table"], &json["fields"]["default"]), (&"reading".into(), &"with-origin".into()));
    let ran = run(["assess", "--explain", "EU_ITEM_DUTY-3"]);
    assert!(ran.stderr.contains("hint: there is `eu-item-duty-3`\n"), "{ran:#?}");
    let ran = run(["assess", "--explain", "no-such-rule"]);
    assert!(ran.code == Some(66) && ran.stderr.contains("there is no rule `no-such-rule`"), "{ran:#?}");
}

#[test]
fn assess_decides_as_the_station_does() {
    let folder = tempfile::tempdir().unwrap();
    // A fault of reading, and a country that no partner office is configured for, hold an item as much as the tariff.
    let faulty =
        declarations(&[Item::parcel(1, "KZ", 950)]).replace("<form>CN23</form>", "<form>CN24</form>");
    let unserved = declarations(&[Item::parcel(1, "MN", 950)]);
    for (name, text, code) in [("faulty", faulty, "code-unknown"), ("unserved", unserved, "no-partner")] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let ran = run(["assess", path.to_str().unwrap(), DAY[0], DAY[1], "--json"]);
        let judged: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &judged["decision"]), (Some(1), &Value::from("hold")), "{name}");
        let found =
            [&judged["read"], &judged["findings"]].into_iter().flat_map(|list| list.as_array().unwrap());
        assert!(found.into_iter().any(|one| one["code"] == code), "{name} {judged:#}");
    }
}

#[test]
fn assess_tells_in_its_json_what_is_wrong_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.xml");
    let text = declarations(&[Item::parcel(1, "KZ", 950), Item::parcel(2, "KZ", 950)]);
    fs::write(&path, &text[..text.len() - 40]).unwrap();
    let ran = run(["assess", path.to_str().unwrap(), DAY[0], DAY[1], "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:#?}");
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (whole, items) = lines.split_last().unwrap();
    assert!(items.iter().all(|item| item["decision"].is_string()), "{ran:#?}");
    assert_eq!((&whole["file"], &whole["is_whole"]), (&path.to_str().unwrap().into(), &false.into()));
    assert_eq!(whole["findings"][0]["severity"], "fatal", "{whole:#}");
}

#[test]
fn assess_refuses_wrong_calls() {
    let three = fixture("three-items/declarations/three.xml");
    let three = three.to_str().unwrap();
    for (arguments, code) in [
        (vec!["assess", three], 2),
        (vec!["assess", three, "--on", "2025-02-30"], 2),
        (vec!["assess", "nowhere.xml", "--on", "2025-03-03"], 66),
        (vec!["assess", three, "--on", "2025-03-03", "--station", "nowhere"], 66),
        (vec!["assess", three, "--on", "2025-03-03", "--mode", "ship"], 2),
        (vec!["replay", "nowhere"], 66),
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{arguments:?} {ran:#?}");
        assert!(ran.stderr.starts_with("error: "), "{arguments:?} {ran:#?}");
    }
    let scenario = fixture("three-items");
    run([
        "assess",
        three,
        "--on",
        "2026-11-16",
        "--item",
        "CP123456785CN",
        "--station",
        scenario.to_str().unwrap(),
    ])
    .ok();
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.xml");
    let items: Vec<Item> = (1..=200).map(|serial| Item::parcel(serial, "KZ", 950)).collect();
    fs::write(&path, declarations(&items).replace("<form>CN23</form>", "<form>CN24</form>")).unwrap();
    for command in ["check", "assess"] {
        let mut caravan = caravan();
        caravan.arg(command).arg(&path);
        if command == "assess" {
            caravan.args(DAY);
        }
        let mut child = caravan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""), "{command}");
    }
}

#[test]
fn a_replayed_station_can_be_planned_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    let root = station.to_str().unwrap();
    run(["replay", fixture("three-items").to_str().unwrap(), "--station", root]).ok();
    let checked = run(["db", "check", "--station", root]).ok();
    assert!(checked.ends_with(" 0 violations\n") && !checked.starts_with('0'), "{checked}");
    let at = ["--at", "2026-11-16T20:00"];
    let text = run(["plan", "--station", root].iter().chain(&at)).ok();
    let ran = run(["plan", "--station", root, "--json", "--departures", "3"].iter().chain(&at)).ok();
    let shown: Value = serde_json::from_str(&ran).unwrap();
    let lines = shown["departures"].as_array().unwrap();
    assert_eq!(lines.len(), 3);
    for line in lines {
        assert!(text.contains(line["departure"].as_str().unwrap()), "{text}");
        assert!(line["vehicles_needed"].as_u64() <= line["vehicles_used"].as_u64(), "{line}");
        let until = &line["cut_offs"];
        let steps = ["item", "last_bag", "dispatch_close", "sealed", "customs", "gate_in"];
        let steps = steps.map(|step| until[step].as_str().unwrap());
        let leaves = line["departure"].as_str().unwrap().split_once('/').unwrap().1;
        assert!(steps.is_sorted() && steps[0] < steps[5] && steps[5] < leaves, "{line}");
        assert!(text.contains(&format!("sealed {}", steps[3][5..].replace('T', " "))), "{text}");
        assert!(line["receptacles_bound"].as_u64() <= line["receptacles"].as_u64(), "{line}");
    }
    let wrong = run(["plan", "--station", root, "--at", "tomorrow"]);
    assert!(wrong.code.is_some_and(|code| code > 1) && wrong.stdout.is_empty(), "{wrong:#?}");
}

#[test]
fn db_check_finds_what_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    let root = station.to_str().unwrap();
    run(["replay", fixture("three-items").to_str().unwrap(), "--station", root]).ok();
    let broken = [
        "UPDATE item SET receptacle = NULL WHERE custody = 2",
        "DELETE FROM event WHERE n = 1",
        "UPDATE sequence SET value = value + 1 WHERE name LIKE 's8/%'",
        "UPDATE receptacle SET content_g = content_g + 1 WHERE stream IS NOT NULL",
    ];
    for (number, sql) in broken.iter().enumerate() {
        // Each has a name of its own, so that none meets the log of another.
        let copy = folder.path().join(format!("{number}.db"));
        fs::copy(station.join("station.db"), &copy).unwrap();
        crate::support::change(&copy, sql);
        let ran = run(["db", "check", "--station", root, "--database", copy.to_str().unwrap()]);
        assert_eq!(ran.code, Some(1), "{sql} {ran:#?}");
        assert!(
            ran.stdout.lines().count() >= 2 && !ran.stdout.ends_with(" 0 violations\n"),
            "{sql} {ran:#?}"
        );
    }
}
