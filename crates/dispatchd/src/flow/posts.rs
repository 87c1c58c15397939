//! The door for interchanges between posts: whatever they hold, they are told by their first message, and each counts once
//! and in its order.
//!
//! A file of messages is one step: what the station changes, the interchanges and the verdict are written together, so that
//! after a crash it is either all to be done or all done. Declarations (ITMATT) are kept like those of any file, and their
//! interchanges are entered with the verdict on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Result;
use caravan_declaration::Outcome;
use caravan_edi::control::{Control, Verdict as Passage, check_messages};
use caravan_edi::profile::Known;
use caravan_edi::{Address, Content, Header, Interchange, Limits, codes};
use caravan_postal::{Finding, Severity};
use caravan_station::{Act, Heard, Said};
use caravan_store::{FileRow, HeardFile, InterchangeRow, Noted, Pair, Verdict};

use super::{Flow, advised};
use crate::findings::SENDER_UNKNOWN;

/// How far into a file its first message begins at the latest: behind UNA and UNB.
const HEAD_BYTES: u64 = 1024;

/// Returns whether a file begins as an interchange of messages other than declarations.
pub(super) fn is_messages(bytes: &[u8]) -> bool {
    Content::sniff(bytes).is_some_and(|known| known != Known::Itmatt)
}

/// Returns the same of a file that is too large to lie in memory.
pub(super) fn is_messages_file(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(is_messages(&head))
}

/// What is said by one message.
enum Told {
    /// A dispatch is advised, or its advice withdrawn, by an EDI address.
    Advised(Act, String),
    /// Something is said of what was sent.
    Heard(Heard),
}

/// What became of the interchanges of a file.
#[derive(Default)]
struct Passed {
    controls: BTreeMap<Pair, Control>,
    interchanges: Vec<InterchangeRow>,
    findings: Vec<Finding>,
    /// Whether something of it counts, or was known already.
    is_taken: bool,
}

/// Which items of a file of declarations count.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// The interchanges to be entered.
    pub(super) interchanges: Vec<InterchangeRow>,
    /// The ordinals from which on items count, or do not.
    turns: Vec<(u32, bool)>,
}

impl Counting {
    /// Returns whether an item counts.
    pub(super) fn counts(&self, ordinal: u32) -> bool {
        self.turns.iter().rev().find(|(from, _)| *from <= ordinal).is_none_or(|(_, counts)| *counts)
    }
}

impl Flow {
    /// Lets the station take what the messages of a file say.
    pub(super) async fn take_messages(&mut self, file: &FileRow, content: &[u8]) -> Result<()> {
        // What is spoken of is read from the store, which has to have all of it.
        self.flush().await?;
        let mut passed = Passed::default();
        let mut kinds = BTreeSet::new();
        for told in self.read_messages(content, &mut passed, &mut kinds).await? {
            match told {
                Told::Heard(heard) => self.hear(heard, file.claimed_ms).await?,
                Told::Advised(act, sender) => self.advise(act, &sender, file.claimed_ms).await?,
            }
        }
        passed.findings.sort();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let heard = HeardFile {
            file: file.id,
            interchanges: passed.interchanges,
            verdict: if passed.is_taken { Verdict::Done } else { Verdict::Failed },
            format: kinds.join(" "),
            findings: passed.findings,
        };
        self.write(Noted { heard: Some(heard), ..Noted::default() }).await
    }

    /// Reads the interchanges of a file. When one of them is broken, nothing of the file counts.
    async fn read_messages(
        &self,
        content: &[u8],
        passed: &mut Passed,
        kinds: &mut BTreeSet<&'static str>,
    ) -> Result<Vec<Told>> {
        let mut all = Vec::new();
        let interchanges = Interchange::read_all(content, &Limits::USUAL);
        passed.findings = interchanges.iter().flat_map(|one| one.findings.iter().cloned()).collect();
        if passed.findings.iter().any(|finding| finding.severity() == Severity::Fatal) {
            return Ok(all);
        }
        for interchange in &interchanges {
            let Some(header) = &interchange.header else { continue };
            if !self.is_for_us(header, passed) {
                continue;
            }
            let Some(passage) = self.pass(header, passed).await? else { continue };
            passed.findings.extend(check_messages(interchange));
            let layouts = self.desk.exchanges.of(&header.sender.id);
            for message in &interchange.messages {
                let foreign = || {
                    let kind = message.message_type.to_string();
                    codes::MESSAGE_FOREIGN.finding([kind]).at(message.header.place())
                };
                let told = match Content::read(layouts, message, &mut passed.findings) {
                    Some(Content::Predes(advice)) => {
                        kinds.insert("predes");
                        advised::act(advice).map(|act| Told::Advised(act, header.sender.id.clone()))
                    }
                    Some(content) => {
                        let said = Said::of(content);
                        match &said {
                            Some(said) => _ = kinds.insert(said.name()),
                            None => passed.findings.push(foreign()),
                        }
                        said.map(|said| Told::Heard(Heard { sender: header.sender.id.clone(), said }))
                    }
                    None => None,
                };
                all.extend(told.filter(|_| passage == Passage::Take));
            }
        }
        Ok(all)
    }

    /// Returns whether an interchange is for this office and of someone who is listened to, and notes it where it is not.
    fn is_for_us(&self, header: &Header, passed: &mut Passed) -> bool {
        let config = &self.desk.config;
        let (sender, reference) = (header.sender.id.as_str(), header.reference.as_str());
        if header.recipient.id != config.office.edi_address {
            passed.findings.push(codes::CONTROL_FOREIGN.finding([sender, &*header.recipient.id]));
            return false;
        }
        let is_partner = config.partners.iter().any(|one| one.edi_address.as_deref() == Some(sender));
        let is_carrier = config.routes.iter().any(|one| one.carrier_edi_address.as_deref() == Some(sender));
        if !is_partner && !is_carrier {
            passed.findings.push(SENDER_UNKNOWN.finding([sender, reference]));
        }
        is_partner || is_carrier
    }

    /// Decides whether an interchange counts, and notes it; `None` when nothing of it is looked at.
    async fn pass(&self, header: &Header, passed: &mut Passed) -> Result<Option<Passage>> {
        let reference = header.reference.as_str();
        let pair = Pair { sender: parts(&header.sender), recipient: parts(&header.recipient) };
        let before = self.store.passed(&pair, reference).await?;
        let known = passed.controls.entry(pair.clone()).or_insert_with(|| {
            let control = Control::new(header.sender.clone(), header.recipient.clone());
            Control { last: before.last, ..control }
        });
        known.seen.extend(before.is_seen.then(|| reference.to_owned()));
        let (passage, findings) = known.check(header);
        passed.findings.extend(findings);
        passed.is_taken = true;
        if matches!(passage, Passage::Duplicate | Passage::Foreign) {
            return Ok(None);
        }
        let is_test = passage == Passage::Test;
        if !is_test {
            known.record(header);
        }
        let is_back = !is_test && known.last.as_deref() != Some(reference);
        passed.interchanges.push(InterchangeRow { pair, reference: reference.to_owned(), is_test, is_back });
        Ok(Some(passage))
    }

    /// Decides which items of a file of declarations count, and adds what is odd about its interchanges to what is found of
    /// it. One that is addressed to another comes from a system of the post's own, and is a file like any other.
    pub(super) async fn count_declarations(&self, outcome: &mut Outcome) -> Result<Counting> {
        let mut passed = Passed::default();
        let mut turns = Vec::new();
        if !outcome.is_whole {
            return Ok(Counting::default());
        }
        for (header, first) in &outcome.interchanges {
            let is_ours = header.recipient.id == self.desk.config.office.edi_address;
            let counts = !is_ours || self.pass(header, &mut passed).await? == Some(Passage::Take);
            turns.push((*first, counts));
        }
        outcome.findings.extend(passed.findings);
        outcome.findings.sort();
        Ok(Counting { interchanges: passed.interchanges, turns })
    }
}

fn parts(address: &Address) -> (String, String) {
    (address.id.clone(), address.qualifier.clone())
}
