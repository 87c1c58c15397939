//! Segments into messages, with every count and reference checked.

use caravan_postal::{Finding, Place};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{Address, Header, Interchange, Message, MessageType, SyntaxVersion};
use crate::tokenizer::{Limits, Tokenizer};
use crate::{Charset, Component, Segment, codes};

pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Interchange<'a> {
    let mut tokenizer = Tokenizer::new(bytes, limits);
    let mut reader = Reader::default();
    while !reader.is_closed && reader.findings.len() <= limits.findings_max {
        let Some(segment) = tokenizer.next() else { break };
        reader.take(segment);
    }
    if reader.has_begun && !reader.is_closed {
        let open = if reader.message.is_some() { "UNT" } else { "UNZ" };
        reader.fault(codes::TRAILER_MISSING.finding([open]));
    }
    let is_padding = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A);
    if reader.is_closed && !tokenizer.rest().iter().all(is_padding) {
        let left = tokenizer.rest().len().to_string();
        reader.fault(codes::AFTER_END.finding([left]));
    }
    let (syntax, mut findings) = (tokenizer.syntax(), tokenizer.into_findings());
    findings.append(&mut reader.findings);
    if findings.len() > limits.findings_max {
        findings.truncate(limits.findings_max);
        findings.push(codes::FINDINGS_CUT.finding([limits.findings_max.to_string()]));
    }
    findings.sort();
    Interchange { header: reader.header, syntax, messages: reader.messages, findings }
}

/// The state of reading: which envelopes are open.
#[derive(Default)]
struct Reader<'a> {
    header: Option<Header>,
    /// The interchange reference as UNB wrote it, also when the rest of the header could not be read.
    reference: String,
    group: Option<Group>,
    group_count: usize,
    message: Option<Message<'a>>,
    messages: Vec<Message<'a>>,
    findings: Vec<Finding>,
    has_begun: bool,
    is_closed: bool,
}

/// An open functional group.
struct Group {
    reference: String,
    messages_before: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, segment: Segment<'a>) {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        if is_first && segment.tag() != "UNB" {
            self.fault(codes::HEADER_MISSING.finding([segment.tag()]).at(segment.place()));
        }
        match segment.tag() {
            "UNB" if is_first => self.open_interchange(&segment),
            "UNG" => self.open_group(&segment),
            "UNH" => self.open_message(segment),
            "UNT" => self.close_message(&segment),
            "UNE" => self.close_group(&segment),
            "UNZ" => self.close_interchange(&segment),
            tag => match &mut self.message {
                Some(message) if tag != "UNB" => message.segments.push(segment),
                _ => self.fault(codes::SEGMENT_STRAY.finding([tag]).at(segment.place())),
            },
        }
    }

    fn open_interchange(&mut self, segment: &Segment<'a>) {
        self.reference = segment.component(5, 1).text().into_owned();
        let mut required = |component: Component<'a>, name: &str| {
            if component.is_empty() {
                self.findings.push(codes::HEADER_FIELD.finding([name]).at(component.place()));
            }
            component.text().into_owned()
        };
        let mut address = |element: u16, name: &str| Address {
            id: required(segment.component(element, 1), name),
            qualifier: segment.component(element, 2).text().into_owned(),
        };
        let (sender, recipient) = (address(2, "sender"), address(3, "recipient"));
        let reference = required(segment.component(5, 1), "reference");
        let written = [segment.component(4, 1).text(), segment.component(4, 2).text()];
        let prepared_at = prepared_at(&written[0], &written[1]);
        if prepared_at.is_none() {
            let place = segment.component(4, 1).place();
            self.findings.push(codes::HEADER_TIME.finding([written.join(":")]).at(place));
        }
        let version = SyntaxVersion::parse(&segment.component(1, 2).text());
        if version.is_none() {
            let found = segment.component(1, 2);
            self.findings.push(codes::SYNTAX_VERSION.finding([found.text()]).at(found.place()));
        }
        self.header = prepared_at.map(|prepared_at| Header {
            charset: Charset::parse(&segment.component(1, 1).text()).unwrap_or(Charset::A),
            version: version.unwrap_or(SyntaxVersion::Three),
            sender,
            recipient,
            prepared_at,
            reference,
            is_test: segment.component(11, 1).text() == "1",
        });
    }

    fn open_group(&mut self, segment: &Segment<'a>) {
        if self.message.is_some() || self.group.is_some() {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return;
        }
        let reference = segment.component(5, 1).text().into_owned();
        self.group = Some(Group { reference, messages_before: self.messages.len() });
        self.group_count += 1;
    }

    fn open_message(&mut self, segment: Segment<'a>) {
        if let Some(open) = self.message.take() {
            self.fault(codes::MESSAGE_OPEN.finding([open.reference]).at(segment.place()));
        }
        let part = |component| segment.component(2, component).text().into_owned();
        self.message = Some(Message {
            reference: segment.component(1, 1).text().into_owned(),
            message_type: MessageType { kind: part(1), version: part(2), release: part(3), agency: part(4) },
            header: segment,
            segments: Vec::new(),
        });
    }

    fn close_message(&mut self, segment: &Segment<'a>) {
        let Some(message) = self.message.take() else {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return;
        };
        self.compare_count(segment, message.segments.len() + 2);
        self.compare_reference(segment, &message.reference);
        self.messages.push(message);
    }

    fn close_group(&mut self, segment: &Segment<'a>) {
        let Some(group) = self.group.take().filter(|_| self.message.is_none()) else {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return;
        };
        self.compare_count(segment, self.messages.len() - group.messages_before);
        self.compare_reference(segment, &group.reference);
    }

    fn close_interchange(&mut self, segment: &Segment<'a>) {
        if let Some(open) = self.message.take() {
            self.fault(codes::MESSAGE_OPEN.finding([open.reference]).at(segment.place()));
        }
        if self.group.take().is_some() {
            self.fault(codes::TRAILER_MISSING.finding(["UNE"]).at(segment.place()));
        }
        // ISO 9735: UNZ counts the functional groups where there are any, otherwise the messages.
        let count = if self.group_count > 0 { self.group_count } else { self.messages.len() };
        self.compare_count(segment, count);
        let reference = std::mem::take(&mut self.reference);
        self.compare_reference(segment, &reference);
        self.is_closed = true;
    }

    /// Compares the count that a trailer states with what was there.
    fn compare_count(&mut self, trailer: &Segment<'a>, counted: usize) {
        let stated = trailer.component(1, 1);
        if stated.text().parse() != Ok(counted) {
            let arguments = [trailer.tag().to_owned(), stated.text().into_owned(), counted.to_string()];
            self.fault(codes::COUNT.finding(arguments).at(stated.place()));
        }
    }

    /// Compares the reference that a trailer repeats with that of its header.
    fn compare_reference(&mut self, trailer: &Segment<'a>, reference: &str) {
        let stated = trailer.component(2, 1);
        if stated.text() != reference {
            let arguments = [trailer.tag().to_owned(), stated.text().into_owned(), reference.to_owned()];
            self.fault(codes::REFERENCE.finding(arguments).at(stated.place()));
        }
    }

    fn fault(&mut self, finding: Finding) {
        debug_assert!(
            finding.place != Place::default() || finding.code.severity > caravan_postal::Severity::Hold
        );
        self.findings.push(finding);
    }
}

/// Reads date and time of UNB; both lengths of the year are met under every version.
fn prepared_at(date: &str, time: &str) -> Option<NaiveDateTime> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(date) || !is_digits(time) || time.len() != 4 {
        return None;
    }
    let format = match date.len() {
        6 => "%y%m%d",
        8 => "%Y%m%d",
        _ => return None,
    };
    let date = NaiveDate::parse_from_str(date, format).ok()?;
    Some(date.and_time(NaiveTime::parse_from_str(time, "%H%M").ok()?))
}
