//! What customs is told of e-commerce items, and what it answers.
//!
//! Arrivals are gathered as they are scanned and reported together (CEB507): when a document is full, or some minutes
//! after its first line. What is in a sealed container with its customs transfer number is tied to its bags (CEB607).
//! What has left is reported in the moment of its departure (CEB509).
//!
//! Of the channels only 9610 is told of here: 9710 and 9810 go this way within limits that are not known well enough.

use caravan_declaration::AnswerVerdict;
use caravan_postal::Finding;
use caravan_tariff::Channel;
use chrono::Datelike;

use super::{Station, Step, Tick};
use crate::change::{Due, Subject};
use crate::customs::{CustomsAnswer, Filing, FilingAction, FilingForm, FilingState, Standing};
use crate::departure::ContainerState;
use crate::gate::GateFault;
use crate::item::{Custody, Disposition, Item, ItemName, Journey};
use crate::operation::{CUSTOMS_CODE_UNKNOWN, CUSTOMS_REJECTED, CUSTOMS_VALUE_UNUSABLE, FILING_UNKNOWN};
use crate::state::State;
use crate::{ContainerId, FilingId, ItemId};

/// How long the number of an item or of a voyage may be in the messages (`logisticsNo`, `voyageNo`), in characters.
const NUMBER_CHARS: usize = 32;

/// The status code that asks for a look at the goods; the others that hold them detain or suspend.
const INSPECTION: &str = "500";

/// The sequence of filings.
const FILINGS: &str = "filing";

impl Station {
    /// Puts an item that is here into the next report of arrivals, once.
    pub(super) fn report_arrival(&mut self, id: ItemId) {
        let Some(lines_max) = self.config.ceb().map(|link| link.lines_max) else { return };
        let item = &self.state.items[&id];
        let is_to_report = is_by_list(item) && item.custody == Custody::Present && item.arrival.is_none();
        if !is_to_report {
            return;
        }
        let name = item.name.to_string();
        if item.name.is_nothing() || name.chars().count() > NUMBER_CHARS {
            let finding = CUSTOMS_VALUE_UNUSABLE.finding(["logisticsNo".to_owned(), name]);
            return self.found(Subject::Item(id), finding);
        }
        let filing = self.gathering.unwrap_or_else(|| {
            let number = self.filing_number(FilingForm::Arrival);
            self.open_filing(FilingForm::Arrival, &number, (1, 1), None)
        });
        self.gathering = Some(filing);
        let found = self.filing_mut(filing);
        found.lines += 1;
        let (number, is_full) = (found.number.clone(), found.lines >= lines_max);
        self.changes.filings.insert(filing);
        self.item_mut(id).arrival = Some(filing);
        self.item_event(id, "arrival", number);
        if is_full {
            self.file(filing);
        }
    }

    /// Returns whether a bagged item would go by another procedure than customs was told.
    pub(super) fn is_filed_otherwise(&self, id: ItemId, channel: Channel) -> bool {
        let item = &self.state.items[&id];
        let is_list = |channel| channel == Channel::Ecommerce9610;
        self.config.ceb().is_some()
            && item.custody == Custody::Bagged
            && is_list(item.channel) != is_list(channel)
    }

    /// Returns when gathered arrivals are to be reported.
    pub(super) fn report_tick(&self) -> Option<Tick> {
        let after_ms = self.config.ceb()?.report_after_ms;
        let gathering = &self.state.filings[&self.gathering?];
        let at_ms = gathering.opened_ms.saturating_add(after_ms);
        Some(Tick { at_ms, step: Step::ReportArrivals(gathering.id) })
    }

    /// Ties the listed items of a container to their bags, once it is sealed and customs has given it a number.
    pub(super) fn list_bags(&mut self, id: ContainerId) {
        let container = &self.state.containers[&id];
        let is_known = container.state == ContainerState::Sealed && container.cn37.is_some();
        let Some(number) = container.transfer_number.clone().filter(|_| is_known) else { return };
        let lines = self.listed_in(id);
        let filed: Vec<FilingId> = self.bag_lists_of(id).map(|filing| filing.id).collect();
        let is_told = self.bag_lists_of(id).all(|filing| filing.voyage.as_ref() == Some(&number));
        if is_told && (lines == 0 || !filed.is_empty()) {
            return;
        }
        if number.chars().count() > NUMBER_CHARS {
            let finding = CUSTOMS_VALUE_UNUSABLE.finding(["voyageNo".to_owned(), number]);
            return self.found(Subject::Container(id), finding);
        }
        match filed.first() {
            Some(_) if lines == 0 => self.take_back_bag_lists(id),
            None => self.file_container(FilingForm::BagContents, id, lines),
            // Customs was told another number, or of what lay in the container before it was opened.
            Some(first) => self.list_bags_anew(*first, &filed, id, lines),
        }
    }

    /// Files the bags of a container in the place of what customs was told of it, under the number that it has.
    fn list_bags_anew(&mut self, first: FilingId, filed: &[FilingId], id: ContainerId, lines: u32) {
        let number = self.state.filings[&first].number.clone();
        let is_told = filed.iter().any(|old| self.state.filings[old].state != FilingState::Rejected);
        let action = if is_told { FilingAction::Change } else { FilingAction::Add };
        let attempts = filed.iter().map(|old| self.state.filings[old].attempts).max().unwrap_or_default();
        for old in filed {
            self.filing_mut(*old).state = FilingState::Replaced;
            self.filing_event(*old, "replaced", String::new());
        }
        for new in self.open_parts(FilingForm::BagContents, &number, id, lines) {
            let filing = self.filing_mut(new);
            (filing.action, filing.attempts) = (action, attempts);
            self.file(new);
        }
    }

    /// Takes back what customs was told of the bags of a container, part by part: nothing on a list is in it any more. What
    /// customs had turned down needs no word.
    pub(super) fn take_back_bag_lists(&mut self, id: ContainerId) {
        let filed: Vec<Filing> = self.bag_lists_of(id).cloned().collect();
        for old in filed {
            self.filing_mut(old.id).state = FilingState::Replaced;
            self.filing_event(old.id, "replaced", String::new());
            if old.state == FilingState::Rejected {
                continue;
            }
            let new = self.open_filing(old.form, &old.number, (old.part, old.parts), Some(id));
            let filing = self.filing_mut(new);
            (filing.action, filing.lines, filing.attempts) = (FilingAction::Delete, old.lines, old.attempts);
            self.file(new);
        }
    }

    /// Lets what customs was told of the bags of a container stand for nothing any more: it was opened.
    pub(super) fn void_bag_lists(&mut self, id: ContainerId) {
        let filed: Vec<FilingId> = self.bag_lists_of(id).map(|filing| filing.id).collect();
        for filing in filed {
            self.filing_mut(filing).voyage = None;
            self.filing_event(filing, "void", String::new());
        }
    }

    /// Tells customs that the listed items of a container have left.
    pub(super) fn report_departure(&mut self, id: ContainerId) {
        let lines = self.listed_in(id);
        if lines > 0 {
            self.file_container(FilingForm::Departure, id, lines);
        }
    }

    /// Returns what keeps a container from leaving for want of a bag list that customs has not turned down.
    pub(super) fn bag_list_fault(&self, id: ContainerId) -> Option<GateFault> {
        let is_rejected = |filing: &Filing| filing.state == FilingState::Rejected;
        if self.listed_in(id) == 0 {
            None
        } else if self.bag_lists_of(id).next().is_none() {
            Some(GateFault::NoBagList)
        } else {
            self.bag_lists_of(id).any(is_rejected).then_some(GateFault::BagListRejected)
        }
    }

    /// Returns how many items on lists lie in a container; none where the station has no link to customs.
    fn listed_in(&self, id: ContainerId) -> u32 {
        let inside = self.state.receptacles.values().filter(|receptacle| receptacle.container == Some(id));
        inside.map(|receptacle| receptacle.listed).sum()
    }

    fn bag_lists_of(&self, id: ContainerId) -> impl Iterator<Item = &Filing> {
        let is_its_own = move |filing: &&Filing| {
            filing.form == FilingForm::BagContents
                && filing.container == Some(id)
                && filing.state != FilingState::Replaced
                && filing.action != FilingAction::Delete
        };
        self.state.filings.values().filter(is_its_own)
    }

    /// Files a document about a container.
    fn file_container(&mut self, form: FilingForm, id: ContainerId, lines: u32) {
        if self.config.ceb().is_none() {
            return;
        }
        let number = self.filing_number(form);
        for filing in self.open_parts(form, &number, id, lines) {
            self.file(filing);
        }
    }

    /// Opens a document about a container, in as many parts as its lines need.
    fn open_parts(&mut self, form: FilingForm, number: &str, id: ContainerId, lines: u32) -> Vec<FilingId> {
        let lines_max = self.config.ceb().map_or(lines, |link| link.lines_max).max(1);
        let parts = lines.div_ceil(lines_max);
        let voyage = self.state.containers[&id].transfer_number.clone();
        let mut opened = Vec::new();
        for part in 1..=parts {
            let filing = self.open_filing(form, number, (part, parts), Some(id));
            let before = (part - 1) * lines_max;
            let found = self.filing_mut(filing);
            found.lines = lines_max.min(lines - before);
            found.voyage.clone_from(&voyage);
            opened.push(filing);
        }
        opened
    }

    /// Files a document: it is due to leave.
    pub(super) fn file(&mut self, id: FilingId) {
        let now_ms = self.now_ms;
        self.gathering = self.gathering.filter(|gathering| *gathering != id);
        self.presenting = self.presenting.filter(|presenting| *presenting != id);
        let filing = self.filing_mut(id);
        let is_presented = filing.form == FilingForm::Presentation;
        filing.state = if is_presented { FilingState::Presented } else { FilingState::Filed };
        filing.filed_ms = Some(now_ms);
        filing.attempts += 1;
        let (form, lines, is_back) = (filing.form, filing.lines, filing.action == FilingAction::Delete);
        let is_signed = is_presented || self.config.ceb().is_some_and(|link| link.signer(form).is_some());
        let signature = if is_signed { "" } else { ", unsigned" };
        let what = if is_back { " taken back" } else { "" };
        self.filing_event(id, "filed", format!("{lines} lines{what}{signature}"));
        self.changes.due.push(Due::CustomsMessage(id));
    }

    /// Files again what customs turned down.
    pub(super) fn file_again(&mut self, name: &str, note: &str) {
        let Some(id) = self.filing_named("file-again", name) else { return };
        let state = self.state.filings[&id].state;
        if state != FilingState::Rejected {
            return self.out_of_turn(Subject::Filing(id), "file-again", name, state.as_str());
        }
        if self.is_void(id) {
            // It is filed anew when the container is sealed.
            return self.out_of_turn(Subject::Filing(id), "file-again", name, "void");
        }
        let filing = self.filing_mut(id);
        if filing.action == FilingAction::Change {
            filing.action = FilingAction::Add;
        }
        self.filing_event(id, "mended", note.to_owned());
        self.file(id);
    }

    /// Returns whether a list of bags says something else than what the container holds: it was opened since.
    fn is_void(&self, id: FilingId) -> bool {
        let filing = &self.state.filings[&id];
        let is_list = filing.form == FilingForm::BagContents && filing.action != FilingAction::Delete;
        let here = filing.container.and_then(|container| self.state.containers.get(&container));
        let Some(container) = here.filter(|_| is_list) else { return false };
        let told: u32 = self.bag_lists_of(container.id).map(|part| part.lines).sum();
        filing.voyage.is_none() || told != self.listed_in(container.id)
    }

    /// Notes that a message could not be written: it waits to be mended, as one that customs turned down.
    pub fn could_not_file(&mut self, id: FilingId, finding: Finding) {
        self.filing_mut(id).state = FilingState::Rejected;
        self.filing_event(id, "unwritten", String::new());
        self.found(Subject::Filing(id), finding);
    }

    /// Takes an answer about the list of an item. One that customs gave before the one that counts is noted and changes
    /// nothing.
    pub(super) fn answer_list(&mut self, name: &ItemName, answer: &CustomsAnswer) {
        let Some(id) = self.known(name, "answer-list") else { return };
        if self.is_to_come(id, answer) {
            return;
        }
        let last = self.state.items[&id].answer.as_deref();
        match answer.standing(last) {
            Standing::Again => return,
            Standing::Late => return self.item_event(id, "customs-answer-late", answer.line()),
            Standing::Counts => {}
        }
        let answered = answer.answered(last);
        self.item_mut(id).answer = Some(Box::new(answered));
        let (journey, customs) = (self.state.items[&id].journey, self.state.items[&id].customs);
        // Lists are closed after their items have left. What is back has a case of its own, which its list does not decide.
        let is_over = journey == Journey::Return;
        let has_left = self.has_left(id) || is_over;
        match disposition(answer) {
            _ if answer.verdict.is_none() => {
                self.item_event(id, "customs-answer", answer.line());
                let names = [answer.message.as_str(), &answer.code];
                self.found(Subject::Item(id), CUSTOMS_CODE_UNKNOWN.finding(names));
            }
            None => {
                if customs == Disposition::NotFiled && !has_left {
                    self.item_mut(id).customs = Disposition::Filed;
                }
                self.item_event(id, "customs-answer", answer.line());
            }
            Some(disposition) if is_over || (disposition == Disposition::Released && has_left) => {
                self.item_event(id, "customs-answer", answer.line());
                self.note_rejected(Subject::Item(id), answer);
            }
            Some(disposition) => {
                self.dispose(name, disposition, &answer.line());
                self.note_rejected(Subject::Item(id), answer);
            }
        }
    }

    /// Takes an answer about a message of the station's. What customs said of it before it was filed last is noted and
    /// changes nothing.
    pub(super) fn answer_filing(&mut self, name: &str, attempt: Option<u32>, answer: &CustomsAnswer) {
        let Some(id) = self.filing_named("answer-filing", name) else { return };
        let filing = &self.state.filings[&id];
        if filing.filed_ms.is_none() {
            let state = filing.state.as_str();
            return self.out_of_turn(Subject::Filing(id), "answer-filing", name, state);
        }
        if filing.is_answered_before(attempt, answer) {
            return self.filing_event(id, "customs-answer-late", answer.line());
        }
        let last = filing.answer.as_ref();
        match answer.standing(last) {
            Standing::Again => return,
            Standing::Late => return self.filing_event(id, "customs-answer-late", answer.line()),
            Standing::Counts => {}
        }
        let answered = answer.answered(last);
        let filing = self.filing_mut(id);
        filing.answer = Some(answered);
        match answer.verdict {
            Some(AnswerVerdict::Rejected) => filing.state = FilingState::Rejected,
            Some(AnswerVerdict::Accepted | AnswerVerdict::Released) => filing.state = FilingState::Accepted,
            Some(_) | None => {}
        }
        self.filing_event(id, "customs-answer", answer.line());
        self.note_rejected(Subject::Filing(id), answer);
        if answer.verdict.is_none() {
            let names = [answer.message.as_str(), &answer.code];
            self.found(Subject::Filing(id), CUSTOMS_CODE_UNKNOWN.finding(names));
        }
    }

    fn note_rejected(&mut self, subject: Subject, answer: &CustomsAnswer) {
        if answer.verdict == Some(AnswerVerdict::Rejected) {
            let names = [answer.message.as_str(), &answer.code, &answer.text];
            self.found(subject, CUSTOMS_REJECTED.finding(names));
        }
    }

    /// Takes the number of a document: the message, the year of two digits, and seven digits of that year's sequence.
    pub(super) fn filing_number(&mut self, form: FilingForm) -> String {
        let year = self.config.day(self.now_ms).year();
        let number = self.take_number(&format!("customs/{}/{year}", form.as_str()));
        format!("{}{:02}{number:07}", form.as_str(), year.rem_euclid(100))
    }

    pub(super) fn open_filing(
        &mut self,
        form: FilingForm,
        number: &str,
        (part, parts): (u32, u32),
        container: Option<ContainerId>,
    ) -> FilingId {
        let id = FilingId(i64::try_from(self.take_number(FILINGS)).expect("filings fit an id"));
        let filing = Filing {
            id,
            form,
            number: number.to_owned(),
            part,
            parts,
            container,
            voyage: None,
            action: FilingAction::Add,
            state: FilingState::Gathering,
            lines: 0,
            opened_ms: self.now_ms,
            filed_ms: None,
            attempts: 0,
            answer: None,
            events: 0,
        };
        self.state.filings.insert(id, filing);
        self.filing_event(id, "opened", String::new());
        id
    }

    /// Returns the filing of a name that something has still to happen to, or notes that there is none. What is done is
    /// the same as forgotten.
    fn filing_named(&mut self, operation: &str, name: &str) -> Option<FilingId> {
        let mut filings = self.state.filings.values();
        let found = filings.find(|filing| filing.is_pending() && filing.name() == name);
        let id = found.map(|filing| filing.id);
        if id.is_none() {
            self.found(Subject::Station, FILING_UNKNOWN.finding([operation, name]));
        }
        id
    }

    pub(super) fn filing_mut(&mut self, id: FilingId) -> &mut Filing {
        self.state.filings.get_mut(&id).expect("a filing that is worked on is at hand")
    }
}

/// Returns the document of a form that takes lines; there is one at most.
pub(super) fn gathering(state: &State, form: FilingForm) -> Option<FilingId> {
    let mut filings = state.filings.values();
    filings
        .find(|filing| filing.form == form && filing.state == FilingState::Gathering)
        .map(|filing| filing.id)
}

/// Returns whether an item goes by a list that the station has to report about.
fn is_by_list(item: &Item) -> bool {
    item.journey == Journey::Export && item.channel == Channel::Ecommerce9610
}

/// Returns what an answer decides about an item; nothing where it only tells how far customs has come.
fn disposition(answer: &CustomsAnswer) -> Option<Disposition> {
    match answer.verdict? {
        AnswerVerdict::Received | AnswerVerdict::Accepted => None,
        AnswerVerdict::Queried => Some(Disposition::DocumentsWanted),
        AnswerVerdict::Held if answer.code == INSPECTION => Some(Disposition::Inspect),
        AnswerVerdict::Released => Some(Disposition::Released),
        AnswerVerdict::Refused => Some(Disposition::ReturnToSender),
        AnswerVerdict::Seized => Some(Disposition::Seized),
        AnswerVerdict::Held | AnswerVerdict::Rejected | AnswerVerdict::Cancelled => Some(Disposition::Held),
    }
}
