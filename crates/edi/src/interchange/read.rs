//! Segments of a file in memory into the messages of its interchanges.

use super::{Envelope, Interchange, Message, MessageType, Role};
use crate::tokenizer::{Limits, Tokenizer};
use crate::{Segment, codes};

pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Interchange<'a> {
    let mut tokenizer = Tokenizer::new(bytes, limits);
    let (mut interchange, is_closed) = next(&mut tokenizer, limits);
    let is_padding = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A);
    if is_closed && !tokenizer.rest().iter().all(is_padding) {
        let left = tokenizer.rest().len().to_string();
        interchange.findings.push(codes::AFTER_END.finding([left]));
        interchange.findings.sort();
    }
    interchange
}

pub(super) fn read_all<'a>(bytes: &'a [u8], limits: &Limits) -> Vec<Interchange<'a>> {
    let mut tokenizer = Tokenizer::new(bytes, limits);
    let mut interchanges = Vec::new();
    loop {
        let (interchange, is_closed) = next(&mut tokenizer, limits);
        // Behind the last interchange there is nothing that would be one.
        let is_one = interchanges.is_empty() || is_closed || !interchange.findings.is_empty();
        interchanges.extend(Some(interchange).filter(|_| is_one));
        if !is_closed {
            return interchanges;
        }
    }
}

/// Reads the next interchange; returns whether it was closed, so that another may follow.
fn next<'a>(tokenizer: &mut Tokenizer<'a>, limits: &Limits) -> (Interchange<'a>, bool) {
    let mut reader = Reader::default();
    while !reader.is_closed && reader.envelope.finding_count() <= limits.findings_max {
        let Some(segment) = tokenizer.next() else { break };
        reader.take(segment);
    }
    reader.envelope.finish();
    let header = reader.envelope.header().cloned();
    let mut findings = reader.envelope.take_findings();
    findings.extend(tokenizer.take_finding());
    if findings.len() > limits.findings_max {
        findings.truncate(limits.findings_max);
        findings.push(codes::FINDINGS_CUT.finding([limits.findings_max.to_string()]));
    }
    findings.sort();
    let interchange = Interchange { header, syntax: tokenizer.syntax(), messages: reader.messages, findings };
    (interchange, reader.is_closed)
}

#[derive(Default)]
struct Reader<'a> {
    envelope: Envelope,
    message: Option<Message<'a>>,
    messages: Vec<Message<'a>>,
    is_closed: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, segment: Segment<'a>) {
        match self.envelope.take(&segment) {
            Role::Begin => {
                self.message = Some(Message {
                    reference: segment.component(1, 1).text().into_owned(),
                    message_type: MessageType::of(&segment),
                    header: segment,
                    segments: Vec::new(),
                });
            }
            Role::Inside => {
                if let Some(message) = &mut self.message {
                    message.segments.push(segment);
                }
            }
            Role::End => self.messages.extend(self.message.take()),
            Role::Envelope => self.is_closed = segment.tag() == "UNZ",
        }
    }
}
