//! The official sample messages of the edition of 2018: read without an error, written again, judged by the official
//! schemas of 202205. The sibling that never skips is `messages`, on messages made from the layouts.

use std::ops::ControlFlow;

use caravan_declaration::ceb::{Facts, WriteError, from_declaration};
use caravan_declaration::{Limits, read as read_items};

use super::{folder, judge, official, official_name, read, samples};

/// Samples that cannot be written in edition 202205: the message, the element, and why.
const OUTDATED: &[(&str, &str, &str)] = &[(
    "CEB792Message",
    "gseqno",
    "the edition of 2018 has no number of the line of a result, which 202205 asks for",
)];

#[test]
fn every_official_sample_is_read_and_written() {
    let Some(samples) = samples("the reading of the official samples") else { return };
    let folder = folder("samples");
    official(&samples, &folder);
    let mut names: Vec<_> =
        std::fs::read_dir(samples.join("samples-2018")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 35);
    let mut outdated = 0;
    for path in &names {
        let bytes = std::fs::read(path).unwrap();
        let kept = read(&bytes);
        assert!(
            kept.errors().is_empty() && kept.read.outcome.is_whole,
            "{}: {:?}",
            path.display(),
            kept.errors()
        );
        assert!(!kept.documents.is_empty(), "{}", path.display());
        let message = kept.read.message.expect("a sample is of a known message");
        if let Some((_, element, why)) = OUTDATED.iter().find(|(name, ..)| *name == message.name) {
            let Err(WriteError::Refused { finding, .. }) = kept.write() else {
                panic!("{}: {why}", message.name)
            };
            assert_eq!((finding.code.name, finding.field.name), ("ceb-value-missing", *element), "{why}");
            outdated += 1;
            continue;
        }
        let written = kept.write().unwrap();
        assert_eq!(written.len(), 1);
        let again = read(&written[0]);
        assert!(again.documents == kept.documents && again.read.envelope == kept.read.envelope);
        let path = folder.join("written.xml");
        std::fs::write(&path, &written[0]).unwrap();
        let against = judge(&folder.join(official_name(message.direction)), &[path]);
        assert_eq!(against, [None], "{}", message.name);
    }
    assert_eq!(outdated, OUTDATED.len());
    std::fs::remove_dir_all(folder).unwrap();
}

/// The lists among the samples, through the model and back.
#[test]
fn every_official_list_is_a_declaration() {
    let Some(samples) = samples("the official lists as declarations") else { return };
    for name in ["2018-113-export-CEB603Message.xml", "2018-113-import-CEB621Message.xml"] {
        let bytes = std::fs::read(samples.join("samples-2018").join(name)).unwrap();
        let kept = read(&bytes);
        let message = kept.read.message.unwrap();
        let outcome = read_items(&bytes[..], &Limits::standard(), |item| {
            let facts = Facts::default();
            let back = from_declaration(&item.declaration, message, &facts, 1, "").unwrap();
            assert_eq!(back.document, kept.documents[item.ordinal as usize - 1], "{name}");
            ControlFlow::Continue(())
        });
        let outcome = outcome.unwrap();
        assert_eq!((outcome.items as usize, outcome.is_whole), (kept.documents.len(), true));
    }
}
