//! The messages of China's cross-border e-commerce platform: read, written, judged, mapped.

mod answers;
mod batch;
mod hostile;
mod lists;
pub(crate) mod made;
mod messages;
mod samples;
mod schema;
pub(crate) mod wrappers;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use caravan_declaration::Limits;
use caravan_declaration::ceb::layout::Direction;
use caravan_declaration::ceb::{self, Document, ReadMessage, Values};
use caravan_postal::{Finding, Severity};

/// A message kept beyond its reading.
pub(crate) struct Kept {
    pub(crate) documents: Vec<Document<'static>>,
    /// Findings of the documents, then those of the file.
    pub(crate) findings: Vec<Finding>,
    pub(crate) read: ReadMessage,
}

pub(crate) fn read_all(bytes: &[u8], limits: &Limits) -> Kept {
    let (mut documents, mut findings) = (Vec::new(), Vec::new());
    let read = ceb::read(bytes, limits, |read| {
        assert_eq!(read.ordinal as usize, documents.len() + 1, "documents are counted from 1");
        let blocks = read.document.blocks.into_iter().map(Values::into_owned).collect();
        documents.push(Document { message: read.document.message, blocks });
        findings.extend(read.findings);
        ControlFlow::Continue(())
    });
    let read = read.expect("memory does not fail");
    findings.extend(read.outcome.findings.iter().cloned());
    Kept { documents, findings, read }
}

pub(crate) fn read(bytes: &[u8]) -> Kept {
    read_all(bytes, &Limits::standard())
}

impl Kept {
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.findings.iter().map(|finding| finding.code.name).collect()
    }

    /// The findings that are errors: those that hold anything up.
    pub(crate) fn errors(&self) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.severity() >= Severity::Hold).collect()
    }

    /// Writes the message again.
    pub(crate) fn write(&self) -> Result<Vec<Vec<u8>>, ceb::WriteError> {
        let message = self.read.message.expect("it is known which message it is");
        ceb::write(message, &self.read.envelope, &self.documents, |_| self.read.envelope.guid.clone())
    }
}

/// Returns for each file what `xmllint` says against it; nothing when it is valid.
pub(crate) fn judge(schema: &Path, paths: &[PathBuf]) -> Vec<Option<String>> {
    let mut verdicts = Vec::new();
    for paths in paths.chunks(200) {
        let output =
            Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).args(paths).output();
        let output = output.expect("`xmllint` runs; Debian's package is libxml2-utils");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("failed to compile"), "{said}");
        for path in paths {
            let path = path.to_str().expect("a plain path");
            let is_valid = said.lines().any(|line| line.strip_suffix(" validates") == Some(path));
            let against: Vec<&str> = said.lines().filter(|line| line.starts_with(path)).collect();
            verdicts.push((!is_valid).then(|| against.join("\n")));
        }
    }
    verdicts
}

/// A folder of this test's own, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ceb-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder of the public samples, when the environment names it.
pub(crate) fn samples(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CARAVAN_SAMPLES").map(|folder| PathBuf::from(folder).join("ceb"));
    if folder.is_none() {
        eprintln!("{test} is skipped: CARAVAN_SAMPLES is not set");
    }
    folder
}

/// Copies the official schemas of edition 202205 so that they compile without a network: the schema of signatures has
/// a DOCTYPE, and one includes another under a name that it has not here.
pub(crate) fn official(samples: &Path, folder: &Path) {
    for entry in std::fs::read_dir(samples.join("xsd-202205")).unwrap() {
        let path = entry.unwrap().path();
        let mut text = std::fs::read_to_string(&path).unwrap();
        if let Some(start) = text.find("<!DOCTYPE") {
            let end = start + text[start..].find("]>").unwrap() + 2;
            text.replace_range(start..end, "");
        }
        let text = text.replace("终端节点报文.xsd", "terminal-node.xsd");
        std::fs::write(folder.join(path.file_name().unwrap()), text).unwrap();
    }
}

pub(crate) fn official_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Export => "export-business.xsd",
        Direction::Import => "import-business.xsd",
    }
}

pub(crate) fn own_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Export => "ceb-export-202205.xsd",
        Direction::Import => "ceb-import-202205.xsd",
    }
}
