//! Answers of customs about the cases of items, handed to the station with the items that they are about.

use std::collections::BTreeSet;

use anyhow::Result;
use caravan_declaration::{Format, Outcome};
use caravan_station::{Act, ItemName, Operation};
use caravan_store::{FileRow, Verdict};

use super::Flow;
use crate::cases::CaseReceipt;
use crate::findings::{CUSTOMS_ANSWER_UNMATCHED, CUSTOMS_ANSWERS_TAKEN};

impl Flow {
    /// Takes the answers of a file. One that names no item, or by a name that is none of the posts' something that is not
    /// known here, is told in the report.
    ///
    /// What an operation is made of is the same when a crash lets the file be read again.
    pub(super) async fn hear_cases(
        &mut self,
        file: &FileRow,
        receipts: Vec<CaseReceipt>,
        mut outcome: Outcome,
    ) -> Result<()> {
        let format = outcome.format.map_or("", Format::as_str);
        let at_ms = self.clock.now_ms();
        if !outcome.is_whole {
            self.store.settle(file.id, Verdict::Failed, format, &outcome.findings, at_ms).await?;
            return Ok(());
        }
        self.flush().await?;
        let names: BTreeSet<ItemName> = receipts.iter().filter_map(|one| one.item.clone()).collect();
        let names: Vec<ItemName> = names.into_iter().collect();
        let known = self.store.items(&names).await?.into_iter().map(|item| item.name);
        let known: BTreeSet<ItemName> = known.collect();
        let mut operations = Vec::new();
        for CaseReceipt { ordinal, item, mut answer, is_timed } in receipts {
            if !is_timed {
                answer.at_ms = file.claimed_ms;
            }
            let item = item.filter(|name| matches!(name, ItemName::S10(_)) || known.contains(name));
            let Some(item) = item else {
                let names = [format.to_owned(), format!("#{ordinal}")];
                outcome.findings.push(CUSTOMS_ANSWER_UNMATCHED.finding(names).of(ordinal));
                continue;
            };
            let act = Act::AnswerCase { item, answer: Box::new(answer) };
            operations.push(Operation { at_ms, act, note: String::new() });
        }
        outcome.findings.push(CUSTOMS_ANSWERS_TAKEN.finding([operations.len().to_string()]));
        outcome.findings.sort();
        let done = usize::try_from(file.kept_to).unwrap_or(usize::MAX);
        self.operate(&operations, Some(file.id), done).await?;
        self.store.settle(file.id, Verdict::Done, format, &outcome.findings, self.clock.now_ms()).await?;
        Ok(())
    }
}
