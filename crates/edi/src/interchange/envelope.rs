//! The envelopes of a file segment by segment: every count and reference checked, no message kept.

use caravan_postal::{Finding, Place, Severity};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{Address, Header, SyntaxVersion};
use crate::{Charset, Component, Segment, codes};

/// Which envelopes are open. What is wrong with them waits in it until it is taken.
#[derive(Debug, Default)]
pub struct Envelope {
    header: Option<Header>,
    /// The interchange reference as UNB wrote it, also when the rest of the header could not be read.
    reference: String,
    group: Option<Group>,
    group_count: usize,
    message: Option<OpenMessage>,
    /// The reference of the open message; the string is used again for every one.
    message_reference: String,
    message_count: usize,
    findings: Vec<Finding>,
    is_open: bool,
}

/// What a segment is to the envelopes around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It opens or closes an interchange or a group, or stands where none can.
    Envelope,
    /// It opens a message.
    Begin,
    /// It is one of the open message.
    Inside,
    /// It closes the open message.
    End,
}

/// An open functional group.
#[derive(Debug)]
struct Group {
    reference: String,
    messages_before: usize,
}

#[derive(Debug)]
struct OpenMessage {
    /// Segments so far, UNH included.
    segments: usize,
}

impl Envelope {
    /// Takes the next segment of the file.
    pub fn take(&mut self, segment: &Segment<'_>) -> Role {
        let tag = segment.tag();
        if !segment.has_tag() {
            self.fault(codes::TAG.finding([segment.shown_tag()]).at(segment.place()));
        }
        let is_first = !std::mem::replace(&mut self.is_open, true);
        if is_first && tag != "UNB" {
            self.fault(codes::HEADER_MISSING.finding([segment.shown_tag()]).at(segment.place()));
        }
        match tag {
            "UNB" if is_first => self.open_interchange(segment),
            "UNG" => self.open_group(segment),
            "UNH" => return self.open_message(segment),
            "UNT" => return self.close_message(segment),
            "UNE" => self.close_group(segment),
            "UNZ" => self.close_interchange(segment),
            _ => match &mut self.message {
                Some(message) if tag != "UNB" => {
                    message.segments += 1;
                    return Role::Inside;
                }
                _ => self.fault(codes::SEGMENT_STRAY.finding([segment.shown_tag()]).at(segment.place())),
            },
        }
        Role::Envelope
    }

    /// Counts segments of the open message that were read without showing them here.
    pub fn pass(&mut self, count: usize) {
        if let Some(message) = &mut self.message {
            message.segments += count;
        }
    }

    /// Says that the file has ended.
    pub fn finish(&mut self) {
        if self.is_open {
            let open = if self.message.is_some() { "UNT" } else { "UNZ" };
            self.fault(codes::TRAILER_MISSING.finding([open]));
        }
    }

    /// Returns the header of the interchange, when it could be read whole.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Returns how many findings wait.
    pub fn finding_count(&self) -> usize {
        self.findings.len()
    }

    /// Returns the findings since this was last asked.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    fn open_interchange(&mut self, segment: &Segment<'_>) {
        self.reference = segment.component(5, 1).text().into_owned();
        (self.group, self.group_count, self.message_count) = (None, 0, 0);
        let charset = segment.component(1, 1);
        if Charset::parse(&charset.text()).is_none() {
            self.fault(codes::CHARSET.finding([charset.text()]).at(charset.place()));
        }
        let mut required = |component: Component<'_>, name: &str| {
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
            charset: Charset::parse(&charset.text()).unwrap_or(Charset::UNKNOWN),
            version: version.unwrap_or(SyntaxVersion::Three),
            sender,
            recipient,
            prepared_at,
            reference,
            is_test: segment.component(11, 1).text() == "1",
        });
    }

    fn open_group(&mut self, segment: &Segment<'_>) {
        if self.message.is_some() || self.group.is_some() {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return;
        }
        let reference = segment.component(5, 1).text().into_owned();
        self.group = Some(Group { reference, messages_before: self.message_count });
        self.group_count += 1;
    }

    fn open_message(&mut self, segment: &Segment<'_>) -> Role {
        self.tell_open_message(segment);
        self.message_reference.clear();
        self.message_reference.push_str(&segment.component(1, 1).text());
        self.message = Some(OpenMessage { segments: 1 });
        Role::Begin
    }

    fn close_message(&mut self, segment: &Segment<'_>) -> Role {
        let Some(message) = self.message.take() else {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return Role::Envelope;
        };
        self.compare_count(segment, message.segments + 1);
        let reference = std::mem::take(&mut self.message_reference);
        self.compare_reference(segment, &reference);
        self.message_reference = reference;
        self.message_count += 1;
        Role::End
    }

    /// Says that the open message, if there is one, has no end.
    fn tell_open_message(&mut self, segment: &Segment<'_>) {
        if self.message.take().is_some() {
            let open = codes::MESSAGE_OPEN.finding([self.message_reference.as_str()]);
            self.fault(open.at(segment.place()));
        }
    }

    fn close_group(&mut self, segment: &Segment<'_>) {
        let Some(group) = self.group.take().filter(|_| self.message.is_none()) else {
            self.fault(codes::SEGMENT_STRAY.finding([segment.tag()]).at(segment.place()));
            return;
        };
        self.compare_count(segment, self.message_count - group.messages_before);
        self.compare_reference(segment, &group.reference);
    }

    fn close_interchange(&mut self, segment: &Segment<'_>) {
        self.tell_open_message(segment);
        if self.group.take().is_some() {
            self.fault(codes::TRAILER_MISSING.finding(["UNE"]).at(segment.place()));
        }
        // ISO 9735: UNZ counts the functional groups where there are any, otherwise the messages.
        let count = if self.group_count > 0 { self.group_count } else { self.message_count };
        self.compare_count(segment, count);
        let reference = std::mem::take(&mut self.reference);
        self.compare_reference(segment, &reference);
        self.is_open = false;
    }

    /// Compares the count that a trailer states with what was there.
    fn compare_count(&mut self, trailer: &Segment<'_>, counted: usize) {
        let stated = trailer.component(1, 1);
        if stated.text().parse() != Ok(counted) {
            let arguments = [trailer.tag().to_owned(), stated.text().into_owned(), counted.to_string()];
            self.fault(codes::COUNT.finding(arguments).at(stated.place()));
        }
    }

    /// Compares the reference that a trailer repeats with that of its header.
    fn compare_reference(&mut self, trailer: &Segment<'_>, reference: &str) {
        let stated = trailer.component(2, 1);
        if stated.text() != reference {
            let arguments = [trailer.tag().to_owned(), stated.text().into_owned(), reference.to_owned()];
            self.fault(codes::REFERENCE.finding(arguments).at(stated.place()));
        }
    }

    fn fault(&mut self, finding: Finding) {
        debug_assert!(finding.place != Place::default() || finding.code.severity > Severity::Hold);
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
