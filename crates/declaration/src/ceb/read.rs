//! Reading a file of the family: encoding, wrapper, message, documents one by one.

use std::io::{self, Read};
use std::ops::ControlFlow;

use caravan_postal::{Finding, Place};

use super::document::{Document, Envelope};
use super::layout::Message;
use super::message::{self, Each};
use super::root::{Root, root};
use super::wrapper::{self, Wrapper};
use crate::builder::clip;
use crate::encoding::{Encoding, declared_name};
use crate::findings;
use crate::limits::Limits;
use crate::place::{Mark, Resolver};
use crate::read::{FileReport, Format, Outcome, text_end};
use crate::window::Window;

/// One document as it was read. Its texts live as long as the call that hands it over.
#[derive(Debug)]
pub struct ReadDocument<'a> {
    /// Which document of the message it is, counted from 1.
    pub ordinal: u32,
    /// What it says.
    pub document: Document<'a>,
    /// What is wrong with it, ordered by place and code; fields are named as the format names them.
    pub findings: Vec<Finding>,
    pub(crate) start: Mark,
    pub(crate) resolver: Resolver<'a>,
}

/// What a file of the family has beside its documents, and how its reading ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadMessage {
    /// The message, when it is known which.
    pub message: Option<&'static Message>,
    /// What is around the documents.
    pub envelope: Envelope,
    /// The wrapper of the exchange platform, when the message came in one.
    pub wrapper: Option<Wrapper>,
    /// How the reading ended; `items` counts documents.
    pub outcome: Outcome,
}

/// What one message has beside its documents.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) message: Option<&'static Message>,
    pub(super) envelope: Envelope,
}

/// What a file has beside its documents.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(super) contents: Contents,
    pub(super) wrapper: Option<Wrapper>,
}

/// Reads a file and hands over each document as soon as it is complete; `each` may stop the reading.
///
/// Places in a wrapped message are those of the message inside, and places in a message of another encoding those of
/// its text in UTF-8. What is wrong with the input is in the findings of the documents and of the outcome.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read<R: Read>(
    input: R,
    limits: &Limits,
    mut each: impl FnMut(ReadDocument<'_>) -> ControlFlow<()>,
) -> io::Result<ReadMessage> {
    let mut window = Window::new(input, limits);
    window.fill()?;
    let mut report = FileReport::new(limits);
    let mut counting = |report: &mut FileReport, document: ReadDocument<'_>| {
        report.items += 1;
        let flow = each(document);
        report.is_stopped = flow.is_break();
        flow
    };
    let file = read_window(&mut window, limits, &mut report, &mut counting)?;
    let outcome = report.outcome(Some(Format::Ceb), &window);
    let File { contents: Contents { message, envelope }, wrapper } = file;
    Ok(ReadMessage { message, envelope, wrapper, outcome })
}

/// Returns the text of the message in a file, decoded and taken out of its wrapper: what a signature covers.
///
/// All of it lies in memory then: the bound is that of a file in `limits`. What keeps it from being read is returned as
/// the finding.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn text<R: Read>(input: R, limits: &Limits) -> io::Result<Result<String, Finding>> {
    let mut window = Window::new(input, limits);
    window.fill()?;
    let inner = Limits { file_bytes: u64::MAX, ..limits.clone() };
    let mut report = FileReport::new(limits);
    let mut each = |_: &mut FileReport, _: ReadDocument<'_>| ControlFlow::Continue(());
    let mut input = Input { limits: &inner, report: &mut report, each: &mut each, is_wrapped: false };
    let mut outer: Window<&mut dyn Read> = Window::of_text(&mut window, &inner);
    outer.fill()?;
    let (bytes, fatal) = if root(outer.unread()) == Some(Root::Wrapper) {
        wrapper::content(&mut outer, &mut input)?
    } else {
        whole(&mut outer)?
    };
    let end = text_end(&window, limits).or(fatal);
    let broken = |error: std::string::FromUtf8Error| {
        let byte = error.as_bytes()[error.utf8_error().valid_up_to()];
        findings::ENCODING_BROKEN.finding([format!("0x{byte:02X}")])
    };
    Ok(end.map_or_else(|| String::from_utf8(bytes).map_err(broken), Err))
}

/// Reads the rest of a window, without its byte-order mark.
pub(super) fn whole(window: &mut Window<&mut dyn Read>) -> Ended<Vec<u8>> {
    window.fill()?;
    let mark_length = if window.unread().starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    window.consume_byte_order_mark(mark_length);
    let mut bytes = Vec::new();
    window.read_to_end(&mut bytes)?;
    Ok((bytes, window.fault()))
}

/// Reads a file that begins at the first byte of a window.
pub(crate) fn read_window<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: Each<'_>,
) -> io::Result<File> {
    // The window outside has the bound of the file; those inside see what is left of it.
    let inner = Limits { file_bytes: u64::MAX, ..limits.clone() };
    let mut input = Input { limits: &inner, report, each, is_wrapped: false };
    let (file, fatal) = input.message(Window::of_text(&mut *window, &inner))?;
    if let Some(finding) = fatal {
        report.stop(told(finding, window, limits));
    }
    Ok(file)
}

/// Returns what ended the reading: of a text that ends early because it cannot be decoded or is too large, that, and
/// not that it is cut.
fn told<R: Read>(finding: Finding, window: &Window<R>, limits: &Limits) -> Finding {
    let is_cut = finding.code == &findings::FILE_CUT;
    let end = if is_cut { text_end(window, limits) } else { None };
    match (end, finding.item) {
        (None, _) => finding,
        (Some(end), None) => end,
        (Some(end), Some(item)) => end.of(item),
    }
}

/// What is handed down from the file to the message in it.
pub(super) struct Input<'i> {
    pub(super) limits: &'i Limits,
    pub(super) report: &'i mut FileReport,
    pub(super) each: Each<'i>,
    /// Whether a wrapper was already opened.
    pub(super) is_wrapped: bool,
}

/// What was read, and the finding that ended the reading.
pub(super) type Ended<T> = io::Result<(T, Option<Finding>)>;

impl Input<'_> {
    /// Reads a message that begins at the first byte of a window.
    pub(super) fn message(&mut self, mut window: Window<&mut dyn Read>) -> Ended<File> {
        window.fill()?;
        let mark_length = if window.unread().starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        self.remark((mark_length > 0).then(|| findings::BYTE_ORDER_MARK.finding::<&str>([])));
        if let Some(name) = declared_name(window.unread()) {
            match Encoding::parse(&name) {
                None => {
                    let unread = findings::ENCODING_UNSUPPORTED.finding([clip(&name)]);
                    return Ok((File::default(), Some(unread)));
                }
                Some(Encoding::Utf8) => {}
                Some(_) => self.remark(Some(findings::ENCODING_DECLARED.finding([clip(&name)]))),
            }
        }
        window.consume_byte_order_mark(mark_length);
        let (file, fatal) = self.text(&mut window)?;
        window.encoding_findings().iter().for_each(|finding| self.report.push(finding.clone()));
        Ok((file, fatal.map(|finding| told(finding, &window, self.limits))))
    }

    /// Reads a message of UTF-8, or what wraps one.
    fn text(&mut self, window: &mut Window<&mut dyn Read>) -> Ended<File> {
        if root(window.unread()) == Some(Root::Wrapper) && !self.is_wrapped {
            return wrapper::read(window, self);
        }
        let (contents, fatal) = message::read(window, self.limits, self.report, self.each)?;
        Ok((File { contents, wrapper: None }, fatal))
    }

    fn remark(&mut self, remark: Option<Finding>) {
        if let Some(remark) = remark {
            self.report.push(remark.at(Place::Text { offset: 0, line: 1, column: 1 }));
        }
    }
}
