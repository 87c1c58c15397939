//! Events as they were read.

use caravan_postal::{Country, Currency, Finding, Impc, MailClass, Money, S8, S10};

use super::{Event, EventKind, Lists, Location, Report};
use crate::profile::{Entry, Profile};
use crate::{Message, codes};

/// Reads a message by a layout of EMSEVT, whatever its version says; what does not fit, also a reason that must be there
/// or is not in its list, is among the findings.
pub fn read(profile: &Profile, lists: &Lists, message: &Message<'_>, findings: &mut Vec<Finding>) -> Report {
    let entries = profile.read(message, findings);
    let mut report = Report::default();
    for entry in &entries {
        if entry.section == "report" {
            report.prepared_at = entry.time("prepared_at", findings);
        } else if let Some(event) = event(entry, findings) {
            event.check(lists, findings);
            report.events.push(event);
        }
    }
    findings.sort();
    report
}

fn event(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Event> {
    let item = entry.parsed(
        "item",
        |text| S10::parse(text).ok(),
        findings,
        |found| codes::ITEM_UNREADABLE.finding([found]),
    );
    let kind =
        entry.parsed("event", EventKind::parse, findings, |found| codes::EVENT_UNKNOWN.finding([found]));
    let event = Event {
        item: item?,
        kind: kind?,
        at: entry.time("time", findings),
        captured_at: entry.time("captured_at", findings),
        location: Location::read(entry, ["place", "place_agency", "place_name"]),
        next_office: entry.code("next_office", Impc::parse, findings),
        posted_in: Location::read(entry, ["posted_in", "posted_in_agency", "posted_in_name"]),
        origin: entry.code("origin_country", Country::parse, findings),
        destination: entry.code("destination_country", Country::parse, findings),
        class: entry.code("class", MailClass::parse, findings),
        dispatch: entry
            .parsed("dispatch", S8::parse, findings, |found| codes::DISPATCH_UNREADABLE.finding([found])),
        receptacle: entry.s9("s9", findings),
        condition: entry.text("condition"),
        reason: entry.text("reason"),
        measure: entry.text("measure"),
        delivered_to: entry.text("delivered_to"),
        signatory: entry.text("signatory"),
        delivery_postcode: entry.text("delivery_postcode"),
        duty: duty(entry, findings),
        place: entry.place,
    };
    Some(event)
}

fn duty(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Money> {
    let currency = entry.code("duty_currency", Currency::parse, findings)?;
    let amount = entry.value("duty")?;
    let money = Money::parse(&amount.number(), currency);
    if money.is_err() {
        findings.push(codes::AMOUNT_UNREADABLE.finding([amount.text()]).at(amount.place()));
    }
    money.ok()
}

impl Event {
    /// Says what an event must have and has not, and which of its codes are in no list.
    fn check(&self, lists: &Lists, findings: &mut Vec<Finding>) {
        let kind = self.kind.as_str();
        if self.at.is_none() {
            findings.push(codes::EVENT_TIME_MISSING.finding([kind]).at(self.place));
        }
        if let Some(list) = self.kind.reasons().filter(|_| self.reason.is_none()) {
            let list = format!("@{list}");
            findings.push(codes::REASON_MISSING.finding([kind, &list]).at(self.place));
        }
        for (list, code) in [
            (self.kind.reasons(), &self.reason),
            (Some("non-delivery-measure"), &self.measure),
            (Some("condition"), &self.condition),
        ] {
            let (Some(name), Some(code)) = (list, code) else { continue };
            if lists.get(name).is_some_and(|list| !list.allows(code)) {
                let list = format!("@{name}");
                findings.push(codes::REASON_UNKNOWN.finding([kind, &list, code]).at(self.place));
            }
        }
    }
}
