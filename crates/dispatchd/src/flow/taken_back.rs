//! What customs was told and is told to forget: a message of the same lines that deletes it (`appType` 3).

use std::ops::ControlFlow;

use anyhow::{Context, Result};
use caravan_declaration::ceb::{self, ReadDocument, Values};
use caravan_station::{Filing, FilingAction};

use super::Flow;
use super::filing::{DIGITS, SIGNED, UNSIGNED, app_type, file_of};
use crate::customs::beijing;

/// How long the number of the electronic port is (`preNo`).
const PRE_NO_CHARS: usize = 18;

impl Flow {
    /// Returns head and lines of what was told last under the name of a filing, to be taken back: what they were about is
    /// gone. An error where nothing is kept of it.
    pub(super) fn blocks_as_sent(
        &self,
        filing: &Filing,
        sent: Option<&[u8]>,
    ) -> Result<Vec<Values<'static>>> {
        let sent = sent.context("no message of its number is kept")?;
        let mut blocks: Vec<Values<'static>> = Vec::new();
        let mut copy = |read: ReadDocument<'_>| {
            for block in &read.document.blocks {
                let mut values = Values::new(block.block);
                for value in &block.values {
                    values.set(value.element.name, value.text.clone().into_owned());
                }
                blocks.push(values);
            }
            ControlFlow::Continue(())
        };
        ceb::read(sent, &self.desk.limits, &mut copy)
            .with_context(|| format!("cannot read what was sent of `{}`", filing.name()))?;
        let head = blocks.first_mut().context("no message of its number is kept")?;
        head.set("appType", app_type(filing.action));
        head.set("appTime", beijing(filing.filed_ms.unwrap_or(filing.opened_ms), DIGITS));
        self.set_number(filing, head);
        Ok(blocks)
    }

    /// Names what is changed or taken back by the number that the electronic port gave it.
    pub(super) fn set_number(&self, filing: &Filing, head: &mut Values<'static>) {
        if filing.action == FilingAction::Add {
            return;
        }
        let is_same = |one: &&Filing| one.number == filing.number && one.part == filing.part;
        let told = self.station.state().filings.values().filter(is_same);
        let mut numbers = told.filter_map(|one| one.answer.as_ref()?.number.clone());
        if let Some(number) = numbers.rfind(|number| number.len() == PRE_NO_CHARS) {
            head.set("preNo", number);
        }
    }

    /// Returns the last message that left under the name of a filing.
    pub(super) async fn sent_before(&self, filing: &Filing) -> Result<Option<Vec<u8>>> {
        for attempt in (1..filing.attempts).rev() {
            for folder in [SIGNED, UNSIGNED] {
                let key = format!("{folder}{}", file_of(filing, attempt));
                if let Some(made) = self.papers.iter().rev().find(|paper| paper.key == key) {
                    return Ok(Some(made.body.clone()));
                }
                if let Some(kept) = self.store.outbound(&key).await? {
                    return Ok(Some(kept));
                }
            }
        }
        Ok(None)
    }
}
