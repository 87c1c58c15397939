//! Laws for every message of the tables: what is written reads back, passes the schema, and breaks where it should.

use caravan_declaration::Limits;
use caravan_declaration::ceb::{self, Document, Message};
use proptest::prelude::*;

use super::made::{Extent, GUID, document, envelope};
use super::{folder, judge, official, official_name, own_name, read, read_all, samples};
use crate::formats::project;

fn made(message: &'static Message, extent: Extent) -> Vec<u8> {
    let envelope = envelope(message, extent);
    let documents = vec![document(message, extent)];
    let mut messages = ceb::write(message, &envelope, &documents, |_| GUID.to_owned()).unwrap();
    assert_eq!(messages.len(), 1);
    messages.remove(0)
}

#[test]
fn what_is_written_reads_back() {
    for message in Message::all() {
        for extent in [Extent::Full, Extent::Bare] {
            let bytes = made(message, extent);
            let kept = read(&bytes);
            assert_eq!(kept.read.message, Some(message));
            let allowed = ["ceb-signature-kept", "ceb-required-empty", "element-empty"];
            let codes: Vec<_> = kept.codes().into_iter().filter(|code| !allowed.contains(code)).collect();
            assert_eq!(codes, Vec::<&str>::new(), "{} {extent:?}", message.name);
            assert_eq!(kept.documents, [document(message, extent)], "{}", message.name);
            assert_eq!(kept.read.envelope, envelope(message, extent), "{}", message.name);
            assert_eq!(kept.write().unwrap(), [bytes], "{}", message.name);
        }
    }
}

#[test]
fn what_is_written_passes_our_schema() {
    let folder = folder("own");
    let official_schemas =
        samples("the judgement of the official schemas").inspect(|path| official(path, &folder));
    for message in Message::all() {
        let paths: Vec<_> = [Extent::Full, Extent::Bare]
            .into_iter()
            .map(|extent| {
                let path = folder.join(format!("{}-{extent:?}.xml", message.name));
                std::fs::write(&path, made(message, extent)).unwrap();
                path
            })
            .collect();
        let mut schemas = vec![project().join("schemas").join(own_name(message.direction))];
        schemas.extend(official_schemas.as_ref().map(|_| folder.join(official_name(message.direction))));
        for schema in schemas {
            let against: Vec<_> = judge(&schema, &paths).into_iter().flatten().collect();
            assert!(against.is_empty(), "{}: {against:?}", schema.display());
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// What our schema rejects has a finding: the reader is lenient, but not silent.
#[test]
fn no_invalid_message_is_read_without_a_finding() {
    let folder = folder("mutated");
    for (name, extent) in
        [("CEB603Message", Extent::Bare), ("CEB622Message", Extent::Full), ("CEB507Message", Extent::Full)]
    {
        let message = Message::named(name).unwrap();
        let text = String::from_utf8(made(message, extent)).unwrap();
        let mutants = mutants(&text);
        let paths: Vec<_> = mutants
            .iter()
            .enumerate()
            .map(|(number, mutant)| {
                let path = folder.join(format!("{number}.xml"));
                std::fs::write(&path, mutant).unwrap();
                path
            })
            .collect();
        let verdicts = judge(&project().join("schemas").join(own_name(message.direction)), &paths);
        let quiet = ["ceb-signature-kept", "ceb-required-empty"];
        let mut rejected = 0;
        for (mutant, verdict) in mutants.iter().zip(verdicts) {
            let Some(said) = verdict else { continue };
            rejected += 1;
            let codes = read(mutant.as_bytes()).codes();
            let changed = text.lines().zip(mutant.lines()).find(|(before, after)| before != after);
            assert!(codes.iter().any(|code| !quiet.contains(code)), "{said}\n{changed:?}");
        }
        assert!(rejected * 2 > mutants.len(), "{rejected} of {} are invalid", mutants.len());
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// Changes of one line: left out, doubled, renamed, and its value replaced by what it must not be.
fn mutants(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut mutants = Vec::new();
    for (number, line) in lines.iter().enumerate().skip(1) {
        let mut change = |line: String| {
            let mut changed: Vec<&str> = lines.clone();
            changed[number] = &line;
            mutants.push(changed.join("\n"));
        };
        change(String::new());
        change(format!("{line}{line}"));
        change(format!("{line}stray"));
        change(line.replace("ceb:", "ceb:x"));
        change(line.replacen('>', " a=\"1\">", 1));
        let Some((open, rest)) = line.split_once('>') else { continue };
        let Some((_, close)) = rest.rsplit_once('<') else { continue };
        for value in ["", "?", "1,5", "1.0000001", &"9".repeat(30), &"x".repeat(1200), "<b/>"] {
            change(format!("{open}>{value}<{close}"));
        }
    }
    mutants
}

/// Every fixture that our schema rejects has a finding.
#[test]
fn fixtures_agree_with_the_schema() {
    let mut judged = 0;
    for entry in std::fs::read_dir(project().join("fixtures/declaration/ceb")).unwrap() {
        let path = entry.unwrap().path().join("input.xml");
        let kept = read(&std::fs::read(&path).unwrap());
        let (Some(message), None) = (kept.read.message, &kept.read.wrapper) else { continue };
        let schema = project().join("schemas").join(own_name(message.direction));
        let against = judge(&schema, std::slice::from_ref(&path));
        assert!(against == [None] || !kept.findings.is_empty(), "{}: {against:?}", path.display());
        judged += 1;
    }
    assert!(judged > 20, "{judged} fixtures are messages");
}

#[test]
fn a_message_has_at_most_a_hundred_documents() {
    let message = Message::named("CEB604Message").unwrap();
    let documents = vec![document(message, Extent::Bare); 201];
    let mut numbers = Vec::new();
    let messages = ceb::write(message, &envelope(message, Extent::Bare), &documents, |number| {
        numbers.push(number);
        format!("{number:036}")
    })
    .unwrap();
    assert_eq!(numbers, [0, 1, 2]);
    let counts: Vec<_> = messages.iter().map(|bytes| read(bytes).documents.len()).collect();
    assert_eq!(counts, [100, 100, 1]);
    // A message with one document each.
    let single = Message::named("CEB711Message").unwrap();
    let unsigned = ceb::Envelope { signature: None, ..envelope(single, Extent::Bare) };
    let deliveries = vec![document(single, Extent::Bare); 3];
    let messages = ceb::write(single, &unsigned, &deliveries, |number| format!("{number:036}")).unwrap();
    assert_eq!(messages.len(), 3);
    // One signature is not good for several messages.
    let signed = envelope(single, Extent::Bare);
    let error = ceb::write(single, &signed, &deliveries, |_| GUID.to_owned()).unwrap_err();
    assert_eq!(error, ceb::WriteError::Signature);
}

#[test]
fn a_message_with_more_documents_is_read_with_a_warning() {
    let message = Message::named("CEB604Message").unwrap();
    let text = String::from_utf8(made(message, Extent::Full)).unwrap();
    let (from, to) = (text.find("  <ceb:Inv").unwrap(), text.find("</ceb:CEB604").unwrap());
    let many = format!("{}{}{}", &text[..from], text[from..to].repeat(101), &text[to..]);
    let kept = read(many.as_bytes());
    assert_eq!((kept.documents.len(), kept.codes()), (101, vec!["ceb-block-surplus"]));
    let limits = Limits { items: 100, ..Limits::standard() };
    let kept = read_all(many.as_bytes(), &limits);
    assert_eq!((kept.documents.len(), kept.codes()), (100, vec!["items-too-many"]));
}

#[test]
fn long_documents_are_split_with_numbers() {
    let message = Message::named("CEB607Message").unwrap();
    let mut bill = document(message, Extent::Full);
    let line = bill.blocks[1].clone();
    bill.blocks.extend((4..=250).map(|number: u32| {
        let mut line = line.clone();
        line.set("gnum", number.to_string());
        line
    }));
    let parts = ceb::split(bill.clone(), 100);
    let shape: Vec<_> = parts
        .iter()
        .map(|part| (part.text("msgCount").unwrap(), part.text("msgSeqNo").unwrap(), part.lines().len()))
        .collect();
    assert_eq!(shape, [("3", "1", 100), ("3", "2", 100), ("3", "3", 50)]);
    let lines: Vec<_> = parts.iter().flat_map(Document::lines).cloned().collect();
    assert_eq!(lines, bill.lines());
    for part in &parts {
        let unsigned = ceb::Envelope { signature: None, ..envelope(message, Extent::Full) };
        let written =
            ceb::write(message, &unsigned, std::slice::from_ref(part), |_| GUID.to_owned()).unwrap();
        assert_eq!(read(&written[0]).documents, std::slice::from_ref(part));
    }
    assert_eq!(ceb::split(bill.clone(), 250), [bill]);
    let order = document(Message::named("CEB303Message").unwrap(), Extent::Full);
    assert_eq!(ceb::split(order.clone(), 1), [order]);
}

#[test]
fn the_writer_refuses_what_the_schema_does() {
    let message = Message::named("CEB603Message").unwrap();
    let envelope = envelope(message, Extent::Bare);
    let refusal = |change: &dyn Fn(&mut Document<'static>)| {
        let mut list = document(message, Extent::Full);
        change(&mut list);
        match ceb::write(message, &envelope, &[document(message, Extent::Bare), list], |_| GUID.to_owned()) {
            Ok(_) => "written".to_owned(),
            Err(ceb::WriteError::Refused { document, finding }) => {
                format!("{document} {} {}", finding.code.name, finding.field)
            }
            Err(error) => error.to_string(),
        }
    };
    let set = |name: &'static str, text: &'static str| {
        refusal(&move |list: &mut Document<'static>| assert!(list.blocks[0].set(name, text)))
    };
    assert_eq!(set("note", "a"), "written");
    assert_eq!(set("preNo", ""), "written");
    assert_eq!(set("preNo", "B2018"), "2 text-too-short preNo");
    assert_eq!(set("guid", "x"), "2 text-too-short guid");
    assert_eq!(set("grossWeight", "1,5"), "2 number-shape grossWeight");
    assert_eq!(set("grossWeight", "1.123456"), "2 number-decimals grossWeight");
    assert_eq!(set("fFlag", "1"), "2 ceb-edition fFlag");
    assert_eq!(set("logisticsNo", "123456789012345678901234567890123"), "2 ceb-edition logisticsNo");
    assert_eq!(set("note", " a"), "2 text-trimmed note");
    assert_eq!(set("note", "a\u{1}"), "2 text-control note");
    let line = refusal(&|list: &mut Document<'static>| {
        list.blocks[2].set("gcode", "1");
    });
    assert_eq!(line, "2 text-too-short content[2].gcode");
    assert_eq!(refusal(&|list| list.blocks.truncate(1)), "2 ceb-block-missing ");
    assert_eq!(refusal(&|list| list.blocks.reverse()), "2 ceb-block-missing ");
    assert_eq!(refusal(&|list| list.blocks[0].values.clear()), "2 ceb-value-missing guid");
    let surplus = refusal(&|list: &mut Document<'static>| {
        let line = list.blocks[1].clone();
        list.blocks.extend(vec![line; 100]);
    });
    assert_eq!(surplus, "2 ceb-block-surplus ");
    let other = Message::named("CEB604Message").unwrap();
    let error = ceb::write(other, &envelope, &[document(message, Extent::Bare)], |_| GUID.to_owned());
    assert!(matches!(error, Err(ceb::WriteError::Stranger { document: 1, found: "CEB603Message" })));
    assert!(ceb::write(message, &envelope, &[], |_| GUID.to_owned()).is_err());
    assert!(ceb::write(message, &envelope, &[document(message, Extent::Bare)], |_| "x".to_owned()).is_err());
}

proptest! {
    /// Any text in any element is either refused, or reads back as it was.
    #[test]
    fn any_text_reads_back(text in "\\PC{0,40}|[ \n\t\r&<>\"']{0,6}|[0-9.+-]{1,24}", at in 0usize..47) {
        let message = Message::named("CEB603Message").unwrap();
        let mut list = document(message, Extent::Full);
        let name = list.blocks[0].values[at].element.name;
        list.blocks[0].set(name, text);
        let envelope = envelope(message, Extent::Bare);
        if let Ok(written) = ceb::write(message, &envelope, std::slice::from_ref(&list), |_| GUID.to_owned()) {
            let back = read(&written[0]);
            let (said, found) = (list.text(name).unwrap_or_default(), back.documents[0].text(name));
            let number = |text: &str| text.trim_matches([' ', '\n', '\t', '\r']).to_owned();
            let is_same = found.unwrap_or_default() == number(said);
            let is_guid = name == "guid" && found == Some(&*said.to_ascii_uppercase());
            prop_assert!(is_same || is_guid, "{name}: {said:?} {found:?}");
        }
    }
}
