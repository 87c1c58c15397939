//! Corrections: what a reopened dispatch says anew, what a partial release leaves of a declaration, and the drafts of
//! the papers that follow.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use caravan_declaration::{Declaration, Piece, packed};
use caravan_documents::form::{Measure, TakenOut};
use caravan_edi::predes;
use caravan_edi::profile::Known;
use caravan_postal::{Finding, Grams, Money};
use caravan_station::operation::{NOTHING_REMAINS, PIECE_UNKNOWN, Redeclaration, Remains, SendersWord};
use caravan_station::{
    Act, DispatchId, Item, ItemId, ItemName, Operation, OwnHold, ReceptacleId, Subject, sort,
};
use caravan_store::{FileId, InForce, Noted, Outbound, Remaining, VERSIONS_EXHAUSTED};
use caravan_tariff::Assessment;

use super::Flow;
use super::papers::outbound;
use crate::forms::{Contents, Note, differing, form, measure};

/// What customs kept of an item.
#[derive(Debug, Clone)]
pub(super) struct Withheld {
    /// The pieces, as text: number, description, units and net weight.
    pieces: Vec<String>,
    /// The same for the act in print.
    taken: Vec<TakenOut>,
    /// What the item weighed with them.
    before: Option<Grams>,
    /// What the supervisor wrote: officer and act.
    note: String,
    at_ms: i64,
    /// The version of the declaration that is left.
    version: u32,
}

impl Flow {
    /// Makes the papers of a dispatch that was closed again, with all that is left of it: also what has gone before.
    pub(super) async fn replaced_papers(&mut self, id: DispatchId) -> Result<Vec<Outbound>> {
        let receptacles = self.whole(id).await?;
        self.papers_of(id, receptacles, predes::Function::Replacement).await
    }

    /// Advises a dispatch again that goes by another departure: nothing else of it has changed, and its bill is sealed in.
    /// A partner whose layout says nothing of the departure has nothing to be told.
    pub(super) async fn replanned(&mut self, id: DispatchId) -> Result<Option<Outbound>> {
        let dispatch = self.station.state().dispatches[&id].clone();
        let Some((recipient, _)) = self.asked(dispatch.series.destination, Known::Predes) else {
            return Ok(None);
        };
        let says = |field: &str| matches!(field, "transport_mode" | "departs_at" | "departs_at_with_century");
        if !self.desk.exchanges.of(&recipient).profile(Known::Predes).fields("dispatch").any(says) {
            return Ok(None);
        }
        let inside = self.contents_of(self.whole(id).await?).await?;
        self.pre_advice(&dispatch, &inside, predes::Function::Replacement)
    }

    /// Tells that nothing of a dispatch comes.
    pub(super) fn cancellation(&mut self, id: DispatchId) -> Result<Vec<Outbound>> {
        let dispatch = self.station.state().dispatches[&id].clone();
        let config = &self.desk.config;
        let at = config.local(dispatch.closed_ms.unwrap_or_default());
        let mut text = String::from("Dispatch cancelled\n\n");
        line(&mut text, "Dispatch", &caravan_documents::printed::s8(dispatch.s8));
        line(&mut text, "From", &self.forms().office(dispatch.series.origin).printed());
        line(&mut text, "To", &self.forms().office(dispatch.series.destination).printed());
        line(&mut text, "Cancelled, local time", &at.format("%Y-%m-%d %H:%M").to_string());
        line(&mut text, "Reason", &self.detail_of(Subject::Dispatch(id), "reopened"));
        line(&mut text, "Number", "void, and not given again");
        let folder = format!("dispatch/{}", dispatch.s8);
        let reason = self.detail_of(Subject::Dispatch(id), "reopened");
        // The bill that was printed at the close lies there as void: there is nothing that it could be of.
        let contents = Contents { dispatch: dispatch.clone(), inside: Vec::new(), insured: BTreeMap::new() };
        let bill = self.forms().bill(&contents);
        let mut papers = vec![
            outbound(format!("{folder}/cancelled.txt"), text),
            outbound(format!("{folder}/bill.txt"), bill.text()),
        ];
        papers.extend(self.all_printed(Subject::Dispatch(id), &folder, |flow, language| {
            let notice = flow.forms().cancellation(&contents.dispatch, reason);
            vec![("cancelled", notice.draw(language)), ("bill", bill.draw(language))]
        }));
        papers.extend(self.pre_advice(&dispatch, &[], predes::Function::Cancellation)?);
        Ok(papers)
    }

    /// Drafts the verification note about another office's receptacle that customs opened: CP 78 for parcels, CN 43 for
    /// the rest.
    pub(super) fn verification(&mut self, id: ReceptacleId) -> Vec<Outbound> {
        let receptacle = self.station.state().receptacles[&id].clone();
        let Some(s9) = receptacle.s9 else { return Vec::new() };
        let series = s9.dispatch.series();
        let name: String = s9.to_string().chars().take(23).collect();
        let subject = Subject::Receptacle(id);
        let act = self.last_event(subject, "customs-opened").map(|event| event.detail.clone());
        let form = form(series.subclass.class());
        let number = self.station.number_form(form, subject);
        let mut text = format!("{form}  Verification note (draft)\n\n");
        line(&mut text, "Number", &number);
        line(&mut text, "From", &self.forms().own_office().printed());
        line(&mut text, "To", &self.forms().office(series.origin).printed());
        line(&mut text, "Dispatch", &caravan_documents::printed::s8(s9.dispatch));
        line(&mut text, "Receptacle", &caravan_documents::printed::s9(s9));
        if let Some(act) = &act {
            line(&mut text, "Opened by customs", act);
            line(&mut text, "When, local time", &self.time_of(subject, "customs-opened"));
        } else {
            line(&mut text, "Received, local time", &self.time_of(subject, "received"));
        }
        let labelled = s9.weight.hectograms().map(|hectograms| Grams(u64::from(hectograms) * 100));
        let labelled = labelled.map_or_else(|| "more than 999.8 kg".to_owned(), weight);
        line(&mut text, "Weight on the label", &labelled);
        let (weighed, sealed) =
            if act.is_some() { ("Weight after it", "New seal") } else { ("Weight found", "Seal") };
        line(&mut text, weighed, &weight(receptacle.gross()));
        line(&mut text, sealed, receptacle.seal.as_deref().unwrap_or_default());
        line(&mut text, "Forwarded", "under its own identifier and label");
        let drawn = |flow: &Self, language| {
            let note = Note {
                number,
                s8: s9.dispatch,
                to: flow.forms().office(series.origin),
                at_ms: flow.station.now_ms(),
                own: None,
                irregularities: differing(&receptacle, s9, act.as_deref()),
                is_forwarded: true,
            };
            flow.forms().verification_note(note).draw(language)
        };
        let printed = self.printed(Subject::Receptacle(id), format!("verification/{name}.pdf"), drawn);
        [outbound(format!("verification/{name}.txt"), text)].into_iter().chain(printed).collect()
    }

    /// Draws up the act of a receptacle or a container that customs opened, with the item that it took out.
    pub(super) async fn opening_act(&mut self, subject: Subject) -> Result<Option<Outbound>> {
        let Some(opening) = self.station.changes().openings.get(&subject).cloned() else { return Ok(None) };
        let item = opening.taken.and_then(|taken| self.station.state().item(taken)).cloned();
        let mut taken = None;
        if let Some((item, measure)) = item.and_then(|item| measure(item.customs).map(|found| (item, found)))
        {
            let kept = self.store.declarations_of(&[(item.id, item.version)]).await?;
            let declared = kept.get(&item.id).map(|bytes| packed::decode(bytes)).transpose();
            let declared = declared.context("cannot unpack a declaration")?;
            let pieces = declared.iter().flat_map(|declaration| &declaration.pieces);
            let described: Vec<&str> = pieces.filter_map(|piece| piece.description).collect();
            taken = Some(TakenOut {
                identifier: item.name.to_string(),
                description: described.join("; "),
                quantity: Some(1),
                weight: Some(item.weight()),
                measure,
            });
        }
        let name = match subject {
            Subject::Container(id) => self.station.state().containers[&id].name(),
            _ => opening.name.chars().take(23).collect(),
        };
        let key = format!("inspection/{}-{}.pdf", path_text(&name), opening.n);
        let drawn = |flow: &Self, language| flow.forms().opening_act(&opening, taken).draw(language);
        Ok(self.printed(subject, key, drawn))
    }

    /// Drafts the act about pieces that customs kept of an item.
    pub(super) fn inspection_act(&mut self, id: ItemId) -> Vec<Outbound> {
        let Some(withheld) = self.withheld.get(&id).cloned() else { return Vec::new() };
        let Some(item) = self.station.state().item(id) else { return Vec::new() };
        let name = item.name.to_string();
        let at = self.desk.config.local(withheld.at_ms);
        let mut text = String::from("Act of customs inspection (draft)\n\n");
        line(&mut text, "Office", &self.forms().own_office().printed());
        line(&mut text, "Item", &name);
        line(&mut text, "When, local time", &at.format("%Y-%m-%d %H:%M").to_string());
        line(&mut text, "Officer and act", &withheld.note);
        line(&mut text, "Decision", "released in part");
        for piece in &withheld.pieces {
            line(&mut text, "Withheld", piece);
        }
        line(&mut text, "Declaration left", &format!("version {}", withheld.version));
        line(&mut text, "Weight", "to be taken again before the item goes on");
        for who in ["Customs", "Post"] {
            line(&mut text, who, "date ____________  signature ________________________");
        }
        let key = format!("inspection/{}-{}", path_text(&name), withheld.version);
        let drawn = |flow: &Self, language| {
            let Withheld { at_ms, note, taken, before, version, .. } = withheld;
            flow.forms().withholding_act(name, at_ms, &note, taken, before, version).draw(language)
        };
        let printed = self.printed(Subject::Item(id), format!("{key}.pdf"), drawn);
        [outbound(format!("{key}.txt"), text)].into_iter().chain(printed).collect()
    }

    /// Applies a partial release: the version that it leaves is assessed, and kept with what the station changes.
    pub(super) async fn release_in_part(
        &mut self,
        name: &ItemName,
        withheld: &[u16],
        at_ms: i64,
        note: &str,
        applied: Option<(FileId, u32)>,
    ) -> Result<()> {
        // It is made from what is kept, and goes into the same transaction as what it changes.
        self.flush().await?;
        let known = self.store.items(std::slice::from_ref(name)).await?.into_iter().next();
        let prepared = match &known {
            Some(item) => self.remaining(item, withheld, at_ms, note).await?,
            None => Err(None),
        };
        let (remains, remaining) = match prepared {
            Ok((item, remaining)) => (
                Remains::Kept(Box::new(Redeclaration { item, word: SendersWord::Withheld })),
                Some(remaining),
            ),
            Err(Some(finding)) => (Remains::Faulty(finding), None),
            Err(None) => (Remains::Untold, None),
        };
        let act = Act::ReleaseInPart { item: name.clone(), withheld: withheld.to_vec(), remains };
        let operation = Operation { at_ms, act, note: note.to_owned() };
        self.admit(std::slice::from_ref(&operation)).await?;
        self.station.apply(&operation);
        self.answer_weighings(at_ms);
        let version = known.and_then(|item| Some(self.station.state().item(item.id)?.version));
        // The station may not have taken it: then no version is kept either.
        let remaining = remaining.filter(|remaining| version == Some(remaining.version));
        self.write(Noted { applied, remaining: remaining.into_iter().collect(), ..Noted::default() }).await
    }

    /// Returns what a partial release leaves of an item's declaration; a finding when that is nothing that could go.
    async fn remaining(
        &mut self,
        item: &Item,
        withheld: &[u16],
        at_ms: i64,
        note: &str,
    ) -> Result<Result<(Item, Remaining), Option<Finding>>> {
        let Some(kept) = self.store.declaration_of(item.id).await? else { return Ok(Err(None)) };
        let whole = packed::decode(&kept.packed).context("cannot unpack a declaration")?;
        let mut left = whole.clone();
        if let Err(finding) = withhold(&mut left, withheld, &item.name) {
            return Ok(Err(Some(finding)));
        }
        let Some(version) = self.store.next_version(item.id).await? else {
            return Ok(Err(Some(VERSIONS_EXHAUSTED.finding([item.name.to_string()]))));
        };
        let desk = std::sync::Arc::clone(&self.desk);
        let filing = desk.filing(desk.config.day(at_ms));
        let question = filing.question(&left);
        let accepted_on = question.accepted_on;
        let mut answer = desk.engine.assess(&question);
        self.hold_as_before(&mut answer, item, &kept, &whole);
        let stream = sort::stream(&left, &desk.config).ok().flatten();
        let mut new = sort::expected(item.id, &left, &answer, stream, desk.config.home());
        new.name = item.name.clone();
        new.own_hold = item.own_hold.filter(|hold| *hold == OwnHold::Identifier);
        new.version = version;
        let (mut packed_left, mut assessment) = (Vec::new(), Vec::new());
        packed::encode(&left, &mut packed_left);
        caravan_tariff::packed::encode(&answer, &mut assessment);
        let remaining = Remaining {
            item: item.id,
            of: kept.version,
            version,
            revision: self.revision,
            accepted_on,
            packed: packed_left,
            assessment,
            charges: std::mem::take(&mut answer.charges),
            findings: std::mem::take(&mut answer.findings),
        };
        let pieces = withheld.iter().filter_map(|number| Some((number, piece(&whole, *number)?)));
        let (pieces, taken) =
            pieces.map(|(number, piece)| (described(*number, piece), taken_out(item, piece))).unzip();
        let (note, before) = (note.to_owned(), item.scale);
        self.withheld.insert(item.id, Withheld { pieces, taken, before, note, at_ms, version });
        Ok(Ok((new, remaining)))
    }

    /// Lets a new answer hold what was held for something else than its contents: what reading found, or an identifier
    /// that seems to be another's.
    fn hold_as_before(&self, answer: &mut Assessment, item: &Item, kept: &InForce, whole: &Declaration<'_>) {
        let filing = self.desk.filing(self.desk.config.day(kept.kept_ms));
        let before = self.desk.engine.assess(&filing.question(whole));
        if item.decision > before.decision {
            answer.decision = answer.decision.max(item.decision);
            answer.physical = answer.physical.or(item.physical);
        }
    }

    /// Returns what the last event of a kind says of a subject, among those that are not written yet.
    fn detail_of(&self, subject: Subject, code: &str) -> String {
        self.last_event(subject, code).map_or_else(String::new, |event| event.detail.clone())
    }

    fn time_of(&self, subject: Subject, code: &str) -> String {
        let local = |event: &caravan_station::Event| self.desk.config.local(event.at_ms);
        let at = self.last_event(subject, code).map(local);
        at.map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M").to_string())
    }

    fn last_event(&self, subject: Subject, code: &str) -> Option<&caravan_station::Event> {
        let mut events = self.station.changes().events.iter().rev();
        events.find(|event| event.subject == subject && event.code == code)
    }
}

/// Takes pieces out of a declaration, and their value and weight out of its sums. What a sum cannot be reckoned without
/// is left out of it.
fn withhold(declaration: &mut Declaration<'_>, withheld: &[u16], name: &ItemName) -> Result<(), Finding> {
    let mut taken = Vec::new();
    for number in withheld {
        let piece = piece(declaration, *number)
            .ok_or_else(|| PIECE_UNKNOWN.finding([name.to_string(), number.to_string()]))?;
        taken.push(*piece);
    }
    if taken.len() >= declaration.pieces.len() {
        return Err(NOTHING_REMAINS.finding([name.to_string()]));
    }
    let total = declaration.total_value;
    declaration.total_value = total.and_then(|total| taken.iter().try_fold(total, less));
    let weight: Option<Grams> = taken.iter().map(|piece| piece.net_weight).sum();
    let gross = declaration.gross_weight.zip(weight).filter(|(gross, weight)| gross > weight);
    declaration.gross_weight = gross.map(|(gross, weight)| gross - weight).or(declaration.gross_weight);
    let mut number = 0;
    declaration.pieces.retain(|_| {
        number += 1;
        !withheld.contains(&number)
    });
    Ok(())
}

/// Returns a sum of values less that of one piece; nothing when the piece has none in the same currency.
fn less(total: Money, piece: &Piece<'_>) -> Option<Money> {
    let value = piece.value.filter(|value| value.currency == total.currency)?;
    let minor = total.minor.checked_sub(value.minor).filter(|minor| *minor >= 0)?;
    Some(Money { minor, ..total })
}

fn piece<'d, 'a>(declaration: &'d Declaration<'a>, number: u16) -> Option<&'d Piece<'a>> {
    declaration.pieces.get(usize::from(number).checked_sub(1)?)
}

fn described(number: u16, piece: &Piece<'_>) -> String {
    let mut text = format!("piece {number}: {}", piece.description.unwrap_or("(no description)"));
    if let Some(units) = piece.units {
        let _ = write!(text, ", {units} units");
    }
    if let Some(grams) = piece.net_weight {
        let _ = write!(text, ", {} kg net", grams.kg());
    }
    text
}

fn taken_out(item: &Item, piece: &Piece<'_>) -> TakenOut {
    TakenOut {
        identifier: item.name.to_string(),
        description: piece.description.unwrap_or_default().to_owned(),
        quantity: piece.units,
        weight: piece.net_weight,
        measure: Measure::Withheld,
    }
}

/// Writes one line of a draft; what a person wrote stays on it.
fn line(text: &mut String, label: &str, value: &str) {
    let value: String = value.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    let _ = writeln!(text, "{}", format!("{label:<24}{value}").trim_end());
}

fn weight(grams: Grams) -> String {
    format!("{} kg", grams.kg())
}

/// Returns a name as a part of a path: letters, digits and hyphens as they are, every other byte by number.
pub(super) fn path_text(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
