//! Dispatches that partners advise: the pre-advice PREDES becomes an operation of the station.

use anyhow::Result;
use caravan_edi::predes::{self, Advice as Advised, Function};
use caravan_edi::profile::Known;
use caravan_edi::{Interchange, Limits};
use caravan_postal::{Finding, ReceptacleKind, Severity};
use caravan_station::{Act, Advice, AdvisedReceptacle, Operation};
use caravan_store::{FileRow, Verdict};

use super::Flow;

/// The name of the format in reports.
const FORMAT: &str = "predes";
/// How far into an interchange its first message begins at the latest: behind UNA and UNB.
const HEAD_BYTES: usize = 1024;

/// Returns whether bytes begin as an interchange whose first message is a pre-advice.
pub(super) fn is_advice(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let kind = Known::Predes.profile().message_type.kind.as_bytes();
    Interchange::is_recognised(head) && head.windows(kind.len()).any(|window| window == kind)
}

/// Reads the pre-advices of a file, with everything that is found on the way. Of a file that breaks off nothing counts.
fn read(bytes: &[u8]) -> (Vec<Advised>, Vec<Finding>) {
    let interchange = Interchange::read(bytes, &Limits::USUAL);
    let mut findings = interchange.findings;
    let mut advices = Vec::new();
    for message in &interchange.messages {
        if Known::of(&message.message_type) == Some(Known::Predes) {
            advices.push(predes::read(Known::Predes.profile(), message, &mut findings));
        } else {
            let foreign = [message.message_type.to_string()];
            let finding = caravan_edi::codes::MESSAGE_FOREIGN.finding(foreign);
            findings.push(finding.at(message.header.place()));
        }
    }
    findings.sort();
    (advices, findings)
}

/// Returns what a pre-advice tells the station; nothing when nobody can tell of which dispatch it is. A cancellation
/// withdraws all its receptacles.
fn act(advised: Advised) -> Option<Act> {
    let dispatch = advised.s8?;
    let is_cancelled = advised.function == Some(Function::Cancellation);
    let receptacle = |one: predes::AdvisedReceptacle| AdvisedReceptacle {
        s9: one.s9,
        kind: one.kind.unwrap_or(ReceptacleKind::Bag),
        seal: one.seal,
        advice: Advice {
            gross: one.gross_weight,
            count: one.item_count,
            items: one.items.iter().map(|item| item.s10).collect(),
        },
    };
    let receptacles = advised.receptacles.into_iter().map(receptacle);
    Some(Act::Advise { dispatch, receptacles: if is_cancelled { Vec::new() } else { receptacles.collect() } })
}

impl Flow {
    /// Lets the station take note of the pre-advices of a file.
    pub(super) async fn take_advices(&mut self, file: &FileRow, content: &[u8]) -> Result<()> {
        let (advices, findings) = read(content);
        let is_failed = findings.iter().any(|finding| finding.severity() == Severity::Fatal);
        if !is_failed {
            let at_ms = self.clock.now_ms();
            let acts = advices.into_iter().filter_map(act);
            let operations: Vec<Operation> =
                acts.map(|act| Operation { at_ms, act, note: String::new() }).collect();
            let done = usize::try_from(file.kept_to).unwrap_or(usize::MAX);
            self.operate(&operations, Some(file.id), done).await?;
        }
        let verdict = if is_failed { Verdict::Failed } else { Verdict::Done };
        self.store.settle(file.id, verdict, FORMAT, &findings, self.clock.now_ms()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{act, is_advice, read};
    use caravan_station::Act;

    const ADVICE: &str = include_str!("../../../../fixtures/chongqing-inbound/declarations/predes.edi");

    /// The one door: reads a file, and returns each dispatch with its receptacles and listed items, and what was found.
    fn check(text: &str, expected: &[(&str, usize, usize)], codes: &[&str]) {
        assert!(is_advice(text.as_bytes()), "{text}");
        let (advices, findings) = read(text.as_bytes());
        let told: Vec<_> = advices.into_iter().filter_map(act).collect();
        let told = told.iter().map(|act| match act {
            Act::Advise { dispatch, receptacles } => {
                let items = receptacles.iter().map(|receptacle| receptacle.advice.items.len()).sum();
                (dispatch.to_string(), receptacles.len(), items)
            }
            other => panic!("{other:?}"),
        });
        let expected = expected
            .iter()
            .map(|(dispatch, receptacles, items)| ((*dispatch).to_owned(), *receptacles, *items));
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        assert_eq!(findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn reads_advices_cancellations_and_what_is_neither() {
        let (parcels, letters, transit) =
            ("DEFRAACNCKGACCN60042", "DEFRAACNCKGACUN60117", "DEFRAACNCKGACCA60003");
        check(ADVICE, &[(parcels, 4, 10), (letters, 1, 2), (transit, 1, 1)], &[]);
        let cancelled = ADVICE.replace(&format!("{letters}+9'"), &format!("{letters}+1'"));
        check(&cancelled, &[(parcels, 4, 10), (letters, 0, 0), (transit, 1, 1)], &[]);
        let other = ADVICE.replace("UNH+3+PREDES", "UNH+3+CONTRL");
        check(&other, &[(parcels, 4, 10), (letters, 1, 2)], &["edi-message-foreign"]);
        let unnamed = ADVICE.replace(&format!("BGM++{letters}"), "BGM++X");
        check(&unnamed, &[(parcels, 4, 10), (transit, 1, 1)], &["edi-dispatch-unreadable"]);
    }

    #[test]
    fn takes_nothing_else_for_an_advice() {
        let itmatt = include_str!("../../../../fixtures/chongqing-inbound/declarations/parcels.edi");
        for text in ["", "PREDES", "at,operation,subject\n", itmatt] {
            assert!(!is_advice(text.as_bytes()), "{text}");
        }
    }
}
