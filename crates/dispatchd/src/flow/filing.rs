//! Messages to customs, made of what is due, and receipts, taken as what customs answered.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, anyhow, ensure};
use caravan_declaration::AnswerVerdict;
use caravan_declaration::ceb::{self, Document, Envelope, Message, Values, Wrapper};
use caravan_declaration::{Outcome, findings as reading};
use caravan_postal::Grams;
use caravan_station::{
    Act, CebLink, Container, ContainerId, Filing, FilingAction, FilingForm, FilingId, Item, ItemName,
    Operation, Receptacle, ReceptacleId,
};
use caravan_store::{FileRow, Outbound, Verdict};

use super::Flow;
use crate::customs::{About, Receipt, beijing};
use crate::findings::{CUSTOMS_ANSWER_UNMATCHED, CUSTOMS_ANSWERS_TAKEN, MESSAGE_UNWRITABLE};

/// A line of a message: an item, the receptacle that it lies in, and what it weighs there.
struct Line {
    package: Option<String>,
    item: Item,
    weight: Grams,
}

impl Flow {
    /// Makes a message to customs, signed where the station has a key for its role. One that cannot be written becomes a
    /// finding about it.
    pub(super) async fn customs_message(&mut self, id: FilingId) -> Result<Option<Outbound>> {
        let filing = self.station.state().filings[&id].clone();
        let blocks = match filing.action {
            FilingAction::Delete => {
                let sent = self.sent_before(&filing).await?;
                self.blocks_as_sent(&filing, sent.as_deref())
            }
            FilingAction::Add | FilingAction::Change => {
                let lines = self.lines_of(&filing).await?;
                let container = match filing.container {
                    Some(id) => Some(self.container_of(id).await?),
                    None => None,
                };
                self.blocks_of(&filing, &lines, container.as_ref())
            }
        };
        match blocks.and_then(|blocks| self.written(&filing, blocks)) {
            Ok(written) => Ok(Some(written)),
            Err(error) => {
                let names = [format!("CEB{}", filing.form.as_str()), format!("{error:#}")];
                self.station.could_not_file(id, MESSAGE_UNWRITABLE.finding(names));
                Ok(None)
            }
        }
    }

    fn link(&self) -> Result<&CebLink> {
        self.station.config().ceb().ok_or_else(|| anyhow!("nothing is filed without a link to customs"))
    }

    /// Writes a message to customs of a head and its lines.
    fn written(&self, filing: &Filing, mut blocks: Vec<Values<'static>>) -> Result<Outbound> {
        let link = self.link()?;
        let name = format!("{}-{}-{}", filing.number, filing.part, filing.attempts);
        let message = message_of(filing)?;
        blocks[0].set("guid", link.guid_of(&format!("{name} document")));
        let envelope = Envelope {
            guid: link.guid_of(&name),
            version: "1.0".to_owned(),
            trailer: vec![transfer(link, message)],
            signature: None,
        };
        let document = Document { message, blocks };
        let written = ceb::write(message, &envelope, &[document], |_| envelope.guid.clone())
            .with_context(|| format!("cannot write the message `{name}`"))?;
        let bytes = written.into_iter().next().context("one document is one message")?;
        let file = file_of(filing, filing.attempts);
        let Some(signer) = self.desk.signers.of(filing.form) else {
            return Ok(Outbound { key: format!("{UNSIGNED}{file}"), body: bytes });
        };
        let text = String::from_utf8(bytes).context("a message is UTF-8")?;
        let signed = signer.sign(&text).with_context(|| format!("cannot sign the message `{name}`"))?;
        let mut body = signed.into_bytes();
        if !link.receivers.is_empty() {
            let filed_ms = filing.filed_ms.unwrap_or(filing.opened_ms);
            let wrapper = Wrapper {
                message_id: envelope.guid,
                sender: link.dxp_id.clone(),
                receivers: link.receivers.clone(),
                created: beijing(filed_ms, "%Y-%m-%dT%H:%M:%S"),
                kind: message.name.to_owned(),
                ..Wrapper::default()
            };
            body = ceb::wrap(&wrapper, &body).with_context(|| format!("cannot wrap the message `{name}`"))?;
        }
        Ok(Outbound { key: format!("{SIGNED}{file}"), body })
    }

    /// Returns head and lines of what the station has to tell now.
    fn blocks_of(
        &self,
        filing: &Filing,
        lines: &[Line],
        container: Option<&Container>,
    ) -> Result<Vec<Values<'static>>> {
        let message = message_of(filing)?;
        let mut blocks =
            vec![head(filing, self.link()?, message, container, lines, &self.traffic(container))];
        self.set_number(filing, &mut blocks[0]);
        let (from, to) = bounds(filing, lines.len());
        ensure!(
            u32::try_from(to - from) == Ok(filing.lines),
            "the message `{}` counts {} lines and has {}",
            filing.name(),
            filing.lines,
            to - from
        );
        for (line, number) in lines[from..to].iter().zip(from + 1..) {
            blocks.push(line_of(message, line, number));
        }
        Ok(blocks)
    }

    /// Returns all lines of the document that a filing is a part of, by package and name.
    async fn lines_of(&self, filing: &Filing) -> Result<Vec<Line>> {
        let mut lines = match filing.container {
            None => {
                let kept = self.store.items_reported_in(filing.id).await?;
                let items = self.overlaid(kept, |item| item.arrival == Some(filing.id));
                let line = |item: Item| Line { package: None, weight: item.weight(), item };
                items.into_iter().map(line).collect::<Vec<_>>()
            }
            Some(container) => self.lines_in(container).await?,
        };
        lines.sort_by(|a, b| (&a.package, &a.item.name).cmp(&(&b.package, &b.item.name)));
        Ok(lines)
    }

    /// Returns a line for every listed item of a container. What has left in it and come back since had still left.
    async fn lines_in(&self, container: ContainerId) -> Result<Vec<Line>> {
        let inside = self.receptacles_in(container).await?;
        let ids: Vec<ReceptacleId> = inside.keys().copied().collect();
        let kept = self.store.items_in(&ids).await?;
        let is_inside = |item: &Item| item.receptacle.is_some_and(|at| inside.contains_key(&at));
        let mut lines = Vec::new();
        for item in self.overlaid(kept, is_inside) {
            let package = item.receptacle.and_then(|at| inside.get(&at)).map(Receptacle::name);
            lines.push(Line { package, weight: item.weight(), item });
        }
        for (one, item) in self.came_back(&ids).await? {
            lines.push(Line { package: Some(inside[&one.receptacle].name()), weight: one.weight, item });
        }
        lines.retain(|line| line.item.arrival.is_some());
        Ok(lines)
    }

    /// Returns items as they are kept, overlaid with what the commands since the last commit have changed.
    pub(super) fn overlaid(&self, kept: Vec<Item>, is_meant: impl Fn(&Item) -> bool) -> Vec<Item> {
        let changed = &self.station.changes().items;
        let kept = kept.into_iter().filter(|item| !changed.contains(&item.id));
        let now = changed.iter().filter_map(|id| self.station.state().item(*id));
        kept.chain(now.filter(|item| is_meant(item)).cloned()).collect()
    }

    /// Returns the receptacles in a container: of those that are at hand it counts where they are now.
    async fn receptacles_in(&self, id: ContainerId) -> Result<BTreeMap<ReceptacleId, Receptacle>> {
        let state = self.station.state();
        let mut inside = self.store.receptacles_in(id).await?;
        inside.retain(|receptacle| !state.receptacles.contains_key(&receptacle.id));
        inside.extend(state.receptacles.values().filter(|found| found.container == Some(id)).cloned());
        Ok(inside.into_iter().map(|found| (found.id, found)).collect())
    }

    async fn container_of(&self, id: ContainerId) -> Result<Container> {
        if let Some(here) = self.station.state().containers.get(&id) {
            return Ok(here.clone());
        }
        let kept = self.store.container(id).await?;
        kept.ok_or_else(|| anyhow!("a message is about a container that is kept"))
    }

    /// Returns how a container leaves: 3 by rail, 4 by road (`trafMode`).
    fn traffic(&self, container: Option<&Container>) -> String {
        let route = container.and_then(|container| self.desk.config.route_of(&container.departure));
        let code = match route.map(|route| route.mode) {
            Some(caravan_tariff::Transport::Rail) => "3",
            Some(caravan_tariff::Transport::Air) => "5",
            Some(caravan_tariff::Transport::Road) | None => "4",
        };
        code.to_owned()
    }

    /// Takes receipts: what they are about is looked up, and what is about nothing here is told in the report.
    ///
    /// What an operation is made of is the same when a crash lets the file be read again.
    pub(super) async fn hear_customs(
        &mut self,
        file: &FileRow,
        receipts: Vec<Receipt>,
        mut outcome: Outcome,
    ) -> Result<()> {
        // A message of receipts has no items, and is not to have any.
        let is_meant = [&reading::CEB_NO_DECLARATIONS, &reading::ITEMS_NONE];
        outcome.findings.retain(|finding| !is_meant.contains(&finding.code));
        if !outcome.is_whole {
            self.store.settle(file.id, Verdict::Failed, CEB, &outcome.findings, self.clock.now_ms()).await?;
            return Ok(());
        }
        self.flush().await?;
        let names = receipts.iter().filter_map(|receipt| match &receipt.about {
            About::List(name) => Some(name.clone()),
            About::Filing(_) | About::Message(_) | About::Other(_) => None,
        });
        let listed = self.store.items_listed(&names.collect::<Vec<_>>()).await?;
        let listed: HashMap<String, ItemName> = listed.into_iter().collect();
        let is_message = |receipt: &Receipt| matches!(receipt.about, About::Message(_));
        let messages =
            if receipts.iter().any(is_message) { self.messages_filed().await? } else { HashMap::new() };
        let at_ms = self.clock.now_ms();
        let (mut operations, mut taken) = (Vec::new(), 0_u32);
        for receipt in receipts {
            let (ordinal, message) = (receipt.ordinal, receipt.answer.message.clone());
            let acts = self.acts_of(receipt, &listed, &messages, file.claimed_ms).await?;
            match acts {
                Ok(acts) => {
                    taken += 1;
                    let acts = acts.into_iter().map(|act| Operation { at_ms, act, note: String::new() });
                    operations.extend(acts);
                }
                Err(reference) => {
                    let finding = CUSTOMS_ANSWER_UNMATCHED.finding([message, reference]).of(ordinal);
                    outcome.findings.push(finding);
                }
            }
        }
        outcome.findings.push(CUSTOMS_ANSWERS_TAKEN.finding([taken.to_string()]));
        outcome.findings.sort();
        let done = usize::try_from(file.kept_to).unwrap_or(usize::MAX);
        self.operate(&operations, Some(file.id), done).await?;
        self.store.settle(file.id, Verdict::Done, CEB, &outcome.findings, self.clock.now_ms()).await?;
        Ok(())
    }

    /// Returns every message that was filed, by its GUID, with which time that was.
    async fn messages_filed(&self) -> Result<HashMap<String, (Filing, u32)>> {
        let Some(link) = self.desk.config.ceb() else { return Ok(HashMap::new()) };
        let mut messages = HashMap::new();
        for filing in self.store.filings().await? {
            for attempt in 1..=filing.attempts {
                let guid = link.guid_of(&format!("{}-{}-{attempt}", filing.number, filing.part));
                messages.insert(guid, (filing.clone(), attempt));
            }
        }
        Ok(messages)
    }

    /// Returns what a receipt makes happen, or the reference that leads to nothing.
    async fn acts_of(
        &self,
        receipt: Receipt,
        listed: &HashMap<String, ItemName>,
        messages: &HashMap<String, (Filing, u32)>,
        claimed_ms: i64,
    ) -> Result<std::result::Result<Vec<Act>, String>> {
        let mut answer = receipt.answer;
        if !receipt.is_timed {
            answer.at_ms = claimed_ms;
        }
        let answer = Box::new(answer);
        let filing = match receipt.about {
            About::Other(reference) => return Ok(Err(reference)),
            About::List(name) => {
                let item = listed.get(&name).cloned();
                return Ok(item.map(|item| vec![Act::AnswerList { item, answer }]).ok_or(name));
            }
            About::Filing(name) => {
                let number = name.split_once('/').map_or("", |(number, _)| number);
                // One that was filed in the place of another has its name, and is the later.
                let parts = self.store.filings_numbered(number).await?;
                let found = parts.into_iter().rfind(|filing| filing.name() == name);
                found.map(|filing| (filing, None)).ok_or(name)
            }
            About::Message(guid) => {
                let found = messages.get(&guid).map(|(filing, attempt)| (filing.clone(), Some(*attempt)));
                found.ok_or(guid)
            }
        };
        let (filing, attempt) = match filing {
            Ok(filing) => filing,
            Err(reference) => return Ok(Err(reference)),
        };
        let is_late = filing.is_answered_before(attempt, &answer);
        let mut acts = vec![Act::AnswerFiling { filing: filing.name(), attempt, answer: answer.clone() }];
        if !is_late && filing.form == FilingForm::Arrival && answer.verdict == Some(AnswerVerdict::Rejected) {
            // Whose arrival customs does not take, stays until customs says more about it.
            let items = self.store.items_reported_in(filing.id).await?;
            acts.extend(
                items.into_iter().map(|item| Act::AnswerList { item: item.name, answer: answer.clone() }),
            );
        }
        Ok(Ok(acts))
    }
}

/// A time in the messages: fourteen digits.
pub(super) const DIGITS: &str = "%Y%m%d%H%M%S";

/// The format by name, as reports have it.
const CEB: &str = "ceb";

/// Where messages to customs lie in the outbox: signed ones, and those that somebody else signs.
pub(super) const SIGNED: &str = "customs/";
pub(super) const UNSIGNED: &str = "customs/unsigned/";

/// Returns the name under which the attempt of a filing leaves.
pub(super) fn file_of(filing: &Filing, attempt: u32) -> String {
    let again = if attempt > 1 { format!("-{attempt}") } else { String::new() };
    format!("CEB{}Message-{}-{}{again}.xml", filing.form.as_str(), filing.number, filing.part)
}

fn message_of(filing: &Filing) -> Result<&'static Message> {
    Message::named(&format!("CEB{}Message", filing.form.as_str())).context("the message is known")
}

/// Returns the code of what a message does (`appType`): 1 add, 2 change, 3 delete.
pub(super) fn app_type(action: FilingAction) -> &'static str {
    match action {
        FilingAction::Add => "1",
        FilingAction::Change => "2",
        FilingAction::Delete => "3",
    }
}

/// Returns which lines of a document its part has: all parts but the last have as many.
fn bounds(filing: &Filing, lines: usize) -> (usize, usize) {
    let own = usize::try_from(filing.lines).unwrap_or(usize::MAX);
    let before = usize::try_from(filing.part - 1).unwrap_or(usize::MAX);
    let from =
        if filing.part == filing.parts { lines.saturating_sub(own) } else { before.saturating_mul(own) };
    (from.min(lines), from.saturating_add(own).min(lines))
}

fn head(
    filing: &Filing,
    link: &CebLink,
    message: &'static Message,
    container: Option<&Container>,
    lines: &[Line],
    traffic: &str,
) -> Values<'static> {
    let mut head = Values::new(&message.document.block.parts[0].block);
    let filed_ms = filing.filed_ms.unwrap_or(filing.opened_ms);
    let number = |container: &Container| container.number.clone();
    let mut set = |name: &str, text: Option<String>| {
        // A message that has no such element does not say it.
        text.is_some_and(|text| head.set(name, text))
    };
    set("appType", Some(app_type(filing.action).to_owned()));
    set("appTime", Some(beijing(filed_ms, DIGITS)));
    set("appStatus", Some("2".to_owned()));
    set("customsCode", Some(link.customs_code.clone()));
    set("copNo", Some(filing.number.clone()));
    set("operatorCode", Some(link.operator.code.clone()));
    set("operatorName", Some(link.operator.name.clone()));
    set("agentCode", Some(link.agent.code.clone()));
    set("agentName", Some(link.agent.name.clone()));
    set("logisticsCode", Some(link.logistics.code.clone()));
    set("logisticsName", Some(link.logistics.name.clone()));
    set("loctNo", link.site_code.clone());
    set("msgCount", Some(filing.parts.to_string()));
    set("msgSeqNo", Some(filing.part.to_string()));
    if filing.form == FilingForm::Arrival {
        set("ieFlag", Some("E".to_owned()));
        set("trafMode", Some(link.transport.clone()));
        set("domesticTrafNo", Some(link.inland_vehicle.clone()));
    } else {
        set("trafMode", Some(traffic.to_owned()));
        set("trafName", container.map(number));
        set("voyageNo", filing.voyage.clone());
        set("billNo", container.and_then(|container| container.cn37.clone()));
        set("leaveTime", Some(beijing(filing.opened_ms, DIGITS)));
        let weight: Grams = lines.iter().fold(Grams(0), |sum, line| sum + line.weight);
        set("grossWeight", Some(weight.kg().to_string()));
    }
    head
}

fn line_of(message: &'static Message, line: &Line, number: usize) -> Values<'static> {
    let mut values = Values::new(&message.document.block.parts[1].block);
    values.set("gnum", number.to_string());
    if let Some(package) = &line.package {
        values.set("totalPackageNo", package.clone());
    }
    values.set("logisticsNo", line.item.name.to_string());
    if let Some(list) = line.item.answer.as_ref().and_then(|answer| answer.number.clone()) {
        // Only the list of bag contents has it.
        values.set("invtNo", list);
    }
    values
}

fn transfer(link: &CebLink, message: &'static Message) -> Values<'static> {
    let (_, part) =
        message.trailer_part("BaseTransfer").expect("every message of an enterprise is transferred");
    let mut values = Values::new(&part.block);
    values.set("copCode", link.sender.code.clone());
    values.set("copName", link.sender.name.clone());
    values.set("dxpMode", "DXP");
    values.set("dxpId", link.dxp_id.clone());
    values
}
