//! The messages of the exchange platform that carry another message in Base64: `DxpMsg`, and `DxpMsgSv` around it.
//!
//! The message inside is decoded and read as a stream: memory does not grow with it.

use std::io::Read;

use caravan_postal::{Finding, Place};

use super::DXP_NAMESPACE;
use super::read::{Ended, File, Input, whole};
use crate::findings;
use crate::place::{Lines, Mark};
use crate::window::{Fill, Window};
use crate::xml::events::{Events, Stop};

mod data;
mod fields;
mod walk;
mod write;

pub use write::wrap;

use data::DataReader;
use walk::{Reached, Walk};

/// What a wrapper says of the message in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wrapper {
    /// The sender's number of the message, `CopMsgId`.
    pub message_id: String,
    /// Who sends it, `SenderId`.
    pub sender: String,
    /// Who receives it, one to five `ReceiverId`.
    pub receivers: Vec<String>,
    /// When it was made, `CreatTime`: a date and time of XML Schema, as it is written.
    pub created: String,
    /// The name of the message inside, `MsgType`.
    pub kind: String,
    /// The name of the file, `FileName`.
    pub file_name: Option<String>,
    /// The number of the card, `IcCard`.
    pub card: Option<String>,
    /// At most five keys of business with their names, `Key`.
    pub keys: Vec<(String, String)>,
    /// The character set when the content is text, `IsText`.
    pub text_encoding: Option<String>,
    /// The receiver's number of the conversion, `RecMapId`.
    pub conversion: Option<String>,
    /// What the server adds, for `DxpMsgSv`.
    pub server: Option<Server>,
    /// Signatures as they stand in the wrapper, not checked; they are not written.
    pub signatures: Vec<Vec<u8>>,
}

/// What a server of the platform adds to a wrapper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Server {
    /// The number of the message on the platform: node, time, serial; `MsgId`.
    pub message_id: String,
    /// Which part of a message to several receivers it is, `SubMsgId`.
    pub part: Option<String>,
    /// When it was processed, `SendTime`: a date and time of XML Schema, as it is written.
    pub sent: String,
    /// The node that it goes to, `EndNode`.
    pub end_node: String,
    /// The node that it came in at, `StaNode`.
    pub start_node: String,
}

/// Reads a wrapper and the message in it.
pub(super) fn read(window: &mut Window<&mut dyn Read>, input: &mut Input<'_>) -> Ended<File> {
    let mut walk = Walk::new(input.limits);
    if let Some(finding) = advance(window, &mut walk, input, Reached::Data)? {
        return Ok((File { wrapper: Some(walk.wrapper), ..File::default() }, Some(finding)));
    }
    let mut data = DataReader::new(window);
    let mut inside =
        Input { limits: input.limits, report: input.report, each: &mut *input.each, is_wrapped: true };
    let (file, fatal) = inside.message(Window::new(&mut data, input.limits))?;
    let is_broken = data.is_broken();
    let mut file = File { wrapper: Some(walk.wrapper.clone()), ..file };
    if is_broken {
        let finding = findings::DXP_DATA_BROKEN.finding::<&str>([]);
        return Ok((file, Some(finding.at(place(window, Mark(window.offset()))))));
    }
    if fatal.is_some() || input.report.is_stopped {
        return Ok((file, fatal));
    }
    let fatal = advance(window, &mut walk, input, Reached::End)?;
    file.wrapper = Some(walk.wrapper);
    Ok((file, fatal))
}

/// Reads the message in a wrapper as a text in UTF-8; what stands behind it is not looked at.
pub(super) fn content(window: &mut Window<&mut dyn Read>, input: &mut Input<'_>) -> Ended<Vec<u8>> {
    let mut walk = Walk::new(input.limits);
    if let Some(finding) = advance(window, &mut walk, input, Reached::Data)? {
        return Ok((Vec::new(), Some(finding)));
    }
    let mut data = DataReader::new(window);
    let (bytes, fault) = whole(&mut Window::new(&mut data, input.limits))?;
    let broken = data.is_broken().then(|| findings::DXP_DATA_BROKEN.finding::<&str>([]));
    Ok((bytes, fault.or(broken)))
}

/// Reads the wrapper up to the data, or behind them to its end. Its parts are small: each is seen whole.
fn advance(
    window: &mut Window<&mut dyn Read>,
    walk: &mut Walk<'_>,
    input: &mut Input<'_>,
    goal: Reached,
) -> std::io::Result<Option<Finding>> {
    loop {
        let mut attempt = walk.clone();
        let mut events = Events::new(window.unread(), window.offset(), window.is_whole());
        let reached = attempt.run(&mut events, window.unread());
        let taken = events.position();
        match reached {
            Ok(reached) => {
                for (mark, finding) in std::mem::take(&mut attempt.findings) {
                    input.report.push(finding.at(place(window, mark)));
                }
                window.consume(taken);
                *walk = attempt;
                let is_wrong = reached != goal;
                return Ok(is_wrong.then(|| findings::DXP_DATA_BROKEN.finding::<&str>([])));
            }
            Err(Stop::Fatal(mark, finding)) => return Ok(Some(finding.at(place(window, mark)))),
            Err(Stop::More) => {
                let start = place(window, Mark(window.offset()));
                if window.fill()? == Fill::Full {
                    let limit = input.limits.item_bytes.to_string();
                    return Ok(Some(findings::ITEM_TOO_LARGE.finding([limit]).at(start)));
                }
            }
        }
    }
}

fn place(window: &Window<&mut dyn Read>, mark: Mark) -> Place {
    let (memory, anchor) = window.memory();
    Lines::new(memory, anchor).place(mark)
}
