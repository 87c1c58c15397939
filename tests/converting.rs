//! `convert`: from one format into another, and what is lost on the way.

use std::fs;

use crate::support::{fixture, run};

#[test]
fn what_is_converted_and_back_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let three = fixture("three-items/declarations/three.xml").to_string_lossy().into_owned();
    run(["convert", &three, "--to", "xml", "-o", &path("first.xml")]).ok();
    let csv = run(["convert", &three, "--to", "csv"]).ok();
    assert!(csv.starts_with("identifier,"), "{csv}");
    fs::write(path("three.csv"), csv).unwrap();
    run(["convert", &path("three.csv"), "--to", "xml", "--output", &path("second.xml")]).ok();
    let (first, second) = (fs::read(path("first.xml")).unwrap(), fs::read(path("second.xml")).unwrap());
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    run(["check", &path("second.xml")]).ok();
}

#[test]
fn what_cannot_be_carried_over_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.xml");
    let text = "<declarations xmlns=\"urn:caravan:declaration:1\">
<item><identifier>RR473124829CN</identifier><content-piece><description>tea</description></content-piece></item>
<item><content-piece><description>cup</description></content-piece></item>
<item><identifier>RR";
    fs::write(&path, text).unwrap();
    run(["convert", path.to_str().unwrap(), "--to", "csv", "-o", "/dev/null"]).check(
        folder.path(),
        "exit 1
--- stdout
--- stderr
DIR/list.xml: item 2: not written: cannot write `identifier`: the content piece has no value at all
DIR/list.xml: not read to its end; `caravan check` tells why",
    );
}

#[test]
fn a_format_that_is_not_there_is_a_wrong_call() {
    let ran = run(["convert", "a.xml", "--to", "docx"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("one of xml, csv"), "{ran:#?}");
}

#[test]
fn nothing_is_written_over_an_input_or_for_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let text = fs::read(fixture("three-items/declarations/three.xml")).unwrap();
    fs::write(path("three.xml"), &text).unwrap();
    fs::hard_link(path("three.xml"), path("second-name.xml")).unwrap();
    for output in ["three.xml", "second-name.xml"] {
        let ran = run(["convert", &path("three.xml"), "--to", "csv", "-o", &path(output)]);
        assert!(ran.code == Some(70) && ran.stderr.contains("would be written over"), "{ran:#?}");
    }
    let ran = run(["convert", &path("missing.xml"), "--to", "csv", "-o", &path("three.xml")]);
    assert_eq!(ran.code, Some(66), "{ran:#?}");
    assert_eq!(fs::read(path("three.xml")).unwrap(), text);
}
