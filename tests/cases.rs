//! What customs answers about items by message (CUSRSP), through the inbox of a daemon.

use std::fs;

use std::process::Command;

use crate::replay::{ask, copy};
use crate::support::{Station, fixture, project, run, wait_for};

/// What the codes mean; they are made up.
const DECISIONS: &str = "[customs]\nlink = \"declared-elsewhere\"\n\n\
    [[customs.decision]]\ncode = \"RL\"\nmeans = \"released\"\n\n\
    [[customs.decision]]\ncode = \"DU\"\nmeans = \"duty-due\"\n\n\
    [[customs.decision]]\ncode = \"HO\"\nmeans = \"held\"\n\n";

/// Returns a station of the inbound scenario, without a timetable, for which codes of customs mean something.
fn station() -> Station {
    let text = fs::read_to_string(fixture("chongqing-inbound").join("station.toml")).unwrap();
    let (settings, _) = text.split_once("[[route]]").unwrap();
    let station = Station::with(|_| format!("{settings}\n{DECISIONS}"));
    fs::copy(fixture("chongqing-inbound").join("rates.toml"), station.path("rates.toml")).unwrap();
    station
}

/// Returns an answer about an item: what stands in its response.
fn answer(item: &str, response: &str) -> String {
    format!("<CDSView><MailObject><Id>{item}</Id></MailObject><Response>{response}</Response></CDSView>")
}

/// Returns a file of answers.
fn answers(all: &[String]) -> String {
    format!("<CUSRSP xmlns=\"urn:caravan:cusrsp:1\">{}</CUSRSP>", all.concat())
}

const DUE: &str = "<DecisionCd>DU</DecisionCd><DecisionReasonNm>another article</DecisionReasonNm>\
    <ClearanceDt>2026-11-19T14:00:00</ClearanceDt><TotalFee>370.350</TotalFee><TotalFeeCurrencyCd>CNY</TotalFeeCurrencyCd>";

#[test]
fn answers_move_the_cases_of_items_and_none_is_lost() {
    let station = station();
    let parcels = fs::read(fixture("chongqing-inbound").join("declarations/parcels.edi")).unwrap();
    station.drop_file("1-parcels.edi", parcels);
    let table = "at,operation,subject,value,departure,seal,note\n2026-11-19T09:04,scan,CP700000035DE,905,,,\n\
                 2026-11-19T09:05,scan,CP700000013DE,1205,,,\n";
    station.drop_file("2-operations.csv", table);
    let at = "<ClearanceDt>2026-11-19T11:00:00+08:00</ClearanceDt>";
    let first = [
        answer("CP700000035DE", &format!("<DecisionCd>HO</DecisionCd>{at}")),
        answer("CP700000035DE", DUE),
        answer(
            "CP700000013DE",
            &format!("<DecisionCd>Q7</DecisionCd><DecisionReasonCd>3</DecisionReasonCd>{at}"),
        ),
        // Declared by nobody: the answer waits with the item.
        answer("RR473124829DE", &format!("<DecisionCd>HO</DecisionCd>{at}")),
        // Not an item of the posts, and not known here.
        answer("LOCAL-1", &format!("<DecisionCd>HO</DecisionCd>{at}")),
    ];
    station.drop_file("3-answers.xml", answers(&first));
    // The same once more, and one that customs gave before.
    let again =
        [answer("CP700000035DE", DUE), answer("CP700000035DE", &format!("<DecisionCd>RL</DecisionCd>{at}"))];
    station.drop_file("4-again.xml", answers(&again));
    // The same data as JSON.
    let json = r#"[{"MailObject": {"Id": "CP700000027DE"},
        "Response": {"DecisionCd": "RL", "ClearanceDt": "2026-11-19T11:00:00"}}]"#;
    station.drop_file("5-answers.json", json);
    let daemon = station.open();
    let is_done = || (station.ask("SELECT COUNT(*) FROM file WHERE is_moved = 1") == "5").then_some(());
    wait_for("the end of all files", is_done);
    assert_eq!(daemon.terminate().code(), Some(0), "{}", station.log());
    assert_eq!(station.files("failed"), Vec::<String>::new());
    station.assert_sound();
    // 8 duty due, 0 not filed, 4 released, 3 held.
    let customs = "SELECT customs, COALESCE(duty, '') FROM item WHERE custody IN (0, 1) AND customs IN (3, 4, 8) ORDER BY customs";
    let found = station.ask(customs);
    assert_eq!(found.lines().count(), 3, "{found}");
    assert!(found.contains("37035") && found.starts_with("3|"), "{found}");
    let events =
        station.ask("SELECT code, detail FROM history WHERE detail LIKE '%CUSRSP%' ORDER BY at_ms, detail");
    let expected = [
        "EME|duty-due 370.35 CNY CUSRSP DU another article",
        "EME|held CUSRSP HO",
        "customs-answer-late|CUSRSP RL",
        "customs-answer|CUSRSP Q7/3",
        "customs|held CUSRSP HO",
        "customs|released CUSRSP RL",
    ];
    let mut events: Vec<&str> = events.lines().collect();
    events.sort_unstable();
    assert_eq!(events, expected);
    let report = station.report("done", "3-answers.xml");
    assert_eq!(report["content"], "cusrsp");
    let mut codes: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["customs-answer-unmatched", "customs-answers-taken", "s10-length"]);
    let listed = run(["work", "--station", station.root().to_str().unwrap()]).ok();
    for waits in ["customs-decision-unknown", "Q7/3", "customs-answer-early", "RR473124829DE"] {
        assert!(listed.contains(waits), "{waits}\n{listed}");
    }
}

#[test]
fn a_file_of_answers_that_breaks_off_changes_nothing() {
    let station = station();
    let parcels = fs::read(fixture("chongqing-inbound").join("declarations/parcels.edi")).unwrap();
    station.drop_file("1-parcels.edi", parcels);
    let whole = answers(&[answer("CP700000035DE", DUE), answer("CP700000013DE", DUE)]);
    station.drop_file("2-answers.xml", &whole[..whole.len() - 40]);
    let daemon = station.open();
    let is_done = || (station.ask("SELECT COUNT(*) FROM file WHERE is_moved = 1") == "2").then_some(());
    wait_for("the end of all files", is_done);
    assert_eq!(daemon.terminate().code(), Some(0), "{}", station.log());
    assert_eq!(station.ask("SELECT COUNT(*) FROM item WHERE customs <> 0"), "0");
    assert_eq!(station.report("failed", "2-answers.xml")["verdict"], "failed");
}

#[test]
fn what_is_presented_passes_its_schema_and_reads_back_as_it_was_declared() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = fixture("chongqing-inbound");
    let station = folder.path().join("station");
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap(), "--check"]).ok();
    let mut presented = Vec::new();
    for number in ["M43260000001", "M43260000002", "M43260000003"] {
        let at = station.join("outbox/presentation").join(number);
        let message = at.join("cusitm.xml");
        let schema = project().join("schemas/cusitm-1.xsd");
        let lint = Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema"])
            .arg(schema)
            .arg(&message)
            .output();
        assert!(lint.expect("`xmllint` runs").status.success(), "{}", message.display());
        let checked = run(["check", "--json", message.to_str().unwrap()]);
        let checked: serde_json::Value =
            serde_json::from_str(checked.stdout.lines().next().unwrap()).unwrap();
        let list = fs::read_to_string(at.join("manifest.json")).unwrap();
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        let items = list["items"].as_array().unwrap();
        assert_eq!(
            (&checked["format"], checked["items"].as_u64()),
            (&"cusitm".into(), Some(items.len() as u64))
        );
        presented.extend(items.iter().map(|item| item["identifier"].as_str().unwrap().to_owned()));
    }
    assert_eq!(presented.len(), 10, "{presented:?}");
    // Nothing that the station itself holds or refuses is presented by itself.
    assert!(!presented.iter().any(|item| ["CP700000044DE", "CP700000075DE"].contains(&item.as_str())));
    assert!(!station.join("outbox/presentation/M43260000004").exists());
}

#[test]
fn a_later_version_is_presented_again() {
    let folder = tempfile::tempdir().unwrap();
    let captured =
        fs::read_to_string(fixture("chongqing-inbound").join("declarations/captured.xml")).unwrap();
    let first = "2026-11-19T14:00,answers-2.xml\n";
    let again = format!("{first}2026-11-19T17:00,captured-2.xml\n");
    let scenario = folder.path().join("with");
    copy(&fixture("chongqing-inbound"), &scenario);
    // The label read once more: another weight, which the post may correct.
    fs::write(scenario.join("declarations/captured-2.xml"), captured.replace("0.950", "0.960")).unwrap();
    let arrivals = fs::read_to_string(scenario.join("arrivals.csv")).unwrap();
    fs::write(scenario.join("arrivals.csv"), arrivals.replace(first, &again)).unwrap();
    let station = folder.path().join("station");
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let told = "SELECT code, detail FROM history WHERE kind = 1 AND detail LIKE '%M4326%3' OR detail LIKE '%M4326%4'";
    assert_eq!(ask(&station, told), "EDB|filed M43260000003\npresented-again|M43260000004");
    let message = fs::read_to_string(station.join("outbox/presentation/M43260000004/cusitm.xml")).unwrap();
    assert!(message.contains("0.96") && message.contains("CP700000101DE"), "{message}");
}
