//! Items from abroad, presented to customs here: a CUSITM with their declarations, and beside it a list with the assessment
//! of each for who stands at the desk.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use caravan_declaration::{cusitm, packed};
use caravan_postal::Money;
use caravan_station::{Filing, FilingForm, FilingId, Item, ItemId};
use caravan_store::{InForce, Outbound};
use caravan_tariff::{Assessment, Question};
use serde::Serialize;

use super::Flow;
use super::papers::outbound;
use super::report::FindingView;
use crate::findings::MESSAGE_UNWRITABLE;
use crate::texts::CATALOGUE;

/// The list beside a document.
#[derive(Debug, Serialize)]
struct List {
    format: &'static str,
    number: String,
    /// How often it was presented.
    attempt: u32,
    office: String,
    presented_at: String,
    items: Vec<ListedItem>,
}

/// One item of a document with what is known of it.
#[derive(Debug, Serialize)]
struct ListedItem {
    identifier: String,
    /// The version of its declaration.
    version: u32,
    origin: Option<String>,
    gross_weight_g: u64,
    /// The procedure that it goes by.
    channel: &'static str,
    decision: &'static str,
    /// What is due in all by our assessment; nothing where nothing is, or it could not be reckoned.
    due: Option<String>,
    /// The row of the regime under which the charges stand.
    regime: Option<String>,
    charges: Vec<ListedCharge>,
    findings: Vec<FindingView>,
}

/// One amount by our assessment.
#[derive(Debug, Serialize)]
struct ListedCharge {
    kind: &'static str,
    amount: String,
    row: String,
    is_unverified: bool,
}

impl Flow {
    /// Returns whether a message to customs presents items.
    pub(super) fn is_presentation(&self, id: FilingId) -> bool {
        self.station.state().filings[&id].form == FilingForm::Presentation
    }

    /// Makes a document of presentation, with the list for the desk. One that cannot be written becomes a finding about it.
    pub(super) async fn presentation(&mut self, id: FilingId) -> Result<Vec<Outbound>> {
        let filing = self.station.state().filings[&id].clone();
        let kept = self.store.items_presented_in(id).await?;
        let is_in = |item: &Item| item.inbound.presented.is_some_and(|one| one.filing == id);
        let mut items = self.overlaid(kept, is_in);
        items.sort_by(|a, b| a.name.cmp(&b.name));
        let versions: Vec<(ItemId, u32)> = items.iter().map(|item| (item.id, item.version)).collect();
        let declared = self.store.assessed(&versions).await?;
        let declared: BTreeMap<ItemId, InForce> = declared.into_iter().map(|one| (one.item, one)).collect();
        match self.presented(&filing, &items, &declared) {
            Ok(papers) => Ok(papers),
            Err(error) => {
                let names = ["CUSITM".to_owned(), format!("{error:#}")];
                self.station.could_not_file(id, MESSAGE_UNWRITABLE.finding(names));
                Ok(Vec::new())
            }
        }
    }

    fn presented(
        &self,
        filing: &Filing,
        items: &[Item],
        declared: &BTreeMap<ItemId, InForce>,
    ) -> Result<Vec<Outbound>> {
        let config = &self.desk.config;
        let mut writer = cusitm::Writer::cusitm(Vec::new())?;
        let mut lines = Vec::with_capacity(items.len());
        for item in items {
            let declared =
                declared.get(&item.id).with_context(|| format!("nothing is declared of `{}`", item.name))?;
            let declaration = packed::decode(&declared.packed).context("cannot unpack a declaration")?;
            writer.item(&declaration).with_context(|| format!("cannot write `{}`", item.name))?;
            let assessment = caravan_tariff::packed::decode(&declared.assessment)
                .context("cannot unpack an assessment")?;
            // What was found is not kept with an answer: it is asked for again, as on the day on which the item was declared.
            let desk = self.desk.filing(config.day(declared.kept_ms));
            let mut question = desk.question(&declaration);
            if let Some((_, accepted_on)) = declared.assessed {
                question = Question { accepted_on, ..question };
            }
            let found = self.desk.engine.assess(&question);
            lines.push(self.line_of_presentation(item, &assessment, &found));
        }
        let body = writer.finish().context("cannot end the message")?;
        let list = List {
            format: "caravan-presentation-1",
            number: filing.number.clone(),
            attempt: filing.attempts,
            office: config.office.code.to_string(),
            presented_at: config.stamp(filing.filed_ms.unwrap_or(filing.opened_ms)),
            items: lines,
        };
        let again = if filing.attempts > 1 { format!("-{}", filing.attempts) } else { String::new() };
        let folder = format!("presentation/{}{again}", filing.number);
        let json = serde_json::to_string_pretty(&list).context("cannot write the list")?;
        Ok(vec![
            Outbound { key: format!("{folder}/cusitm.xml"), body },
            outbound(format!("{folder}/manifest.json"), json + "\n"),
            outbound(format!("{folder}/list.txt"), list.text()),
        ])
    }

    fn line_of_presentation(&self, item: &Item, assessment: &Assessment, found: &Assessment) -> ListedItem {
        let language = self.desk.config.office.language;
        let charges = assessment.charges.iter().map(|charge| ListedCharge {
            kind: charge.kind.as_str(),
            amount: charge.amount.to_string(),
            row: charge.row.to_string(),
            is_unverified: charge.is_unverified,
        });
        let findings = found.findings.iter().map(|finding| FindingView::of(finding, &CATALOGUE, language));
        ListedItem {
            identifier: item.name.to_string(),
            version: item.version,
            origin: item.origin.map(|country| country.to_string()),
            gross_weight_g: item.weight().0,
            channel: item.channel.as_str(),
            decision: item.decision.as_str(),
            due: item.inbound.assessed.as_ref().map(Money::to_string),
            regime: assessment.regime.as_ref().map(ToString::to_string),
            charges: charges.collect(),
            findings: findings.collect(),
        }
    }
}

impl List {
    /// Returns the list as text: one line an item.
    fn text(&self) -> String {
        let mut text = String::from("PRESENTED TO CUSTOMS\n");
        for (heading, value) in [
            ("number", self.number.clone()),
            ("at", self.presented_at.clone()),
            ("from", self.office.clone()),
            ("items", self.items.len().to_string()),
        ] {
            writeln!(text, "{heading:<8}{value}").expect("a text takes any line");
        }
        text.push('\n');
        for (number, item) in (1..).zip(&self.items) {
            let origin = item.origin.as_deref().unwrap_or_default();
            let due = item.due.as_deref().map(|due| format!("due {due}")).unwrap_or_default();
            let (name, kg) = (&item.identifier, caravan_postal::Grams(item.gross_weight_g).kg());
            let codes: Vec<&str> = item.findings.iter().map(FindingView::code).collect();
            let line = format!(
                "{number:>4}  {name:<14}v{:<3}{origin:<4}{kg:>8} kg  {due:<16}{}",
                item.version,
                codes.join(" ")
            );
            writeln!(text, "{}", line.trim_end()).expect("a text takes any line");
        }
        text
    }
}
