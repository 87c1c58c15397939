//! What customs answers about items by message (CUSRSP), through the inbox of a daemon.

use std::fs;

use crate::support::{Station, fixture, run, wait_for};

/// What the codes mean; they are made up.
const DECISIONS: &str = "[customs]\nlink = \"declared-elsewhere\"\n\n\
    [[customs.decision]]\ncode = \"RL\"\nmeans = \"released\"\n\n\
    [[customs.decision]]\ncode = \"DU\"\nmeans = \"duty-due\"\n\n\
    [[customs.decision]]\ncode = \"HO\"\nmeans = \"held\"\n\n";

/// Returns a station of the inbound scenario, without a timetable, for which codes of customs mean something.
fn station() -> Station {
    let text = fs::read_to_string(fixture("chongqing-inbound").join("station.toml")).unwrap();
    let (settings, _) = text.split_once("[[route]]").unwrap();
    let settings = match settings.split_once("[customs]") {
        Some((before, _)) => before,
        None => settings,
    };
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
    assert_eq!(report["format"], "cusrsp");
    let mut codes: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["customs-answer-unmatched", "customs-answers-taken"]);
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
