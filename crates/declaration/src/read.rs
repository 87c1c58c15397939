//! Reading a file of any format: recognise it from its bytes, hand over its items one by one, say how it ended.

use std::io::{self, Read};
use std::ops::ControlFlow;

use caravan_edi::Header;
use caravan_postal::{Field, Finding, Place, Severity};

use crate::encoding::Encoding;
use crate::findings::{FILE_EMPTY, FILE_FINDINGS_MORE, FILE_TOO_LARGE, FORMAT_OTHER, ITEMS_NONE};
use crate::layout::{self, Known, Record};
use crate::limits::Limits;
use crate::model::Declaration;
use crate::options::Options;
use crate::place::{Lines, Mark, Resolver, Spot, find};
use crate::recognise::{Recognised, recognise};
use crate::window::Window;
use crate::{ceb, csv, cusitm, itmatt, json, xlsx, xml};

/// A format that a file can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Our XML, namespace `urn:caravan:declaration:1`.
    Xml,
    /// CSV with our column names, or with those of a mapping.
    Csv,
    /// A message of China's cross-border e-commerce platform.
    Ceb,
    /// ITMATT in EDIFACT, profile `itmatt-1.5`.
    Itmatt,
    /// The XML form of ITMATT.
    ItmattXml,
    /// CUSITM, declarations of a post to its customs (UPU M43).
    Cusitm,
    /// CUSRSP, the answers of customs (UPU M44), which [`crate::cusitm::read_answers`] reads.
    Cusrsp,
    /// The data of the UPU customs web service as JSON: declarations, answers, or both.
    CustomsData,
    /// ITMREF, security referrals, which [`crate::ics2::read_referrals`] reads.
    Itmref,
    /// REFRSP, the answers to them, which [`crate::ics2::read_referral_answers`] reads.
    Refrsp,
    /// Our JSON: an array of items, or one item a line.
    Json,
    /// A workbook of Office Open XML with the columns of CSV.
    Xlsx,
}

impl Format {
    /// Returns the stable name: `xml`, `itmatt`, `customs-data`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::Ceb => "ceb",
            Self::Itmatt => "itmatt",
            Self::ItmattXml => "itmatt-xml",
            Self::Cusitm => "cusitm",
            Self::Cusrsp => "cusrsp",
            Self::CustomsData => "customs-data",
            Self::Itmref => "itmref",
            Self::Refrsp => "refrsp",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }

    /// Returns the format that the first bytes of a file tell; nothing when they tell none that is read here.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        recognise(bytes, &Options::default()).format().ok()
    }
}

/// One item as it was read. Its texts live as long as the call that hands it over.
#[derive(Debug)]
pub struct ReadItem<'a> {
    /// Which item of the file it is, counted from 1.
    pub ordinal: u32,
    /// What the sender declared.
    pub declaration: Declaration<'a>,
    /// What is wrong with it, ordered by place and code.
    pub findings: Vec<Finding>,
    pub(crate) spots: &'a [Spot],
    pub(crate) start: Mark,
    pub(crate) resolver: Resolver<'a>,
}

/// How the reading of a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The format, when it was recognised.
    pub format: Option<Format>,
    /// The encoding, as far as the file was read; UTF-8 when there was nothing but ASCII. Nothing for a package, and for
    /// EDIFACT, which says its character set in a way of its own.
    pub encoding: Option<Encoding>,
    /// The name of the sheet that was read of a workbook, cut to 40 characters: the one that every cell is in.
    pub sheet: Option<String>,
    /// The interchanges of EDIFACT whose header could be read, each with the ordinal of the first item behind it.
    pub interchanges: Vec<(Header, u32)>,
    /// How many items were handed over.
    pub items: u32,
    /// How many bytes were read: the whole file when `is_whole`.
    pub bytes: u64,
    /// What is wrong with the file itself, and with an item that could not be read to its end.
    pub findings: Vec<Finding>,
    /// Whether the file was read to its end: no fatal finding, and the caller did not stop.
    pub is_whole: bool,
}

/// Reads a file and hands over each item as soon as it is complete; `each` may stop the reading.
///
/// What is wrong with the input is in the findings of the items and of the outcome.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read<R: Read>(
    input: R,
    limits: &Limits,
    each: impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<Outcome> {
    read_with(input, limits, &Options::default(), each)
}

/// Reads a file as [`read`] does, with what is known of who sent it.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read_with<R: Read>(
    input: R,
    limits: &Limits,
    options: &Options<'_>,
    mut each: impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<Outcome> {
    let mut window = Window::new(input, limits);
    window.prefer(options.encoding);
    window.fill()?;
    let mut report = FileReport::new(limits);
    let format = match recognise(window.unread(), options) {
        Recognised::Xml { mark_length } => {
            window.consume_byte_order_mark(mark_length);
            xml::read(&xml::DIALECT, &mut window, limits, &mut report, &mut each)?;
            Some(Format::Xml)
        }
        Recognised::Csv(dialect, mapping) => {
            window.consume_byte_order_mark(dialect.mark_length);
            csv::read(&mut window, dialect, mapping, limits, &mut report, &mut each)?;
            Some(Format::Csv)
        }
        Recognised::Ceb => {
            ceb::read_items(&mut window, limits, &mut report, &mut each)?;
            Some(Format::Ceb)
        }
        Recognised::Itmatt { mark_length } => {
            window.consume_byte_order_mark(mark_length);
            itmatt::read(&mut window, limits, &mut report, &mut each)?;
            Some(Format::Itmatt)
        }
        Recognised::ItmattXml { mark_length } => {
            window.consume_byte_order_mark(mark_length);
            xml::read(&itmatt::DIALECT, &mut window, limits, &mut report, &mut each)?;
            Some(Format::ItmattXml)
        }
        Recognised::Message { known, format, mark_length } => {
            window.consume_byte_order_mark(mark_length);
            if matches!(known, Known::Cusitm | Known::CustomsData) {
                let mut each = |record: Record<'_>| cusitm::hand_over(record, known, &mut each);
                read_message(&mut window, known, limits, &mut report, &mut each)?;
            } else {
                report.stop(FORMAT_OTHER.finding([format.as_str()]));
            }
            Some(format)
        }
        Recognised::Json { mark_length } => {
            window.consume_byte_order_mark(mark_length);
            json::read(&mut window, limits, &mut report, &mut each)?;
            Some(Format::Json)
        }
        Recognised::Package => {
            let is_ours = xlsx::read(&mut window, limits, options, &mut report, &mut each)?;
            is_ours.then_some(Format::Xlsx)
        }
        Recognised::Empty => {
            report.stop(FILE_EMPTY.finding::<&str>([]));
            None
        }
        Recognised::Unreadable(finding) => {
            report.stop(finding);
            None
        }
    };
    if (format.is_none() || report.is_open())
        && let Some(fault) = text_end(&window, limits)
    {
        report.stop(fault);
    }
    Ok(report.outcome(format, &window))
}

/// Reads the records of a file when its layout is one of `wanted`; any other file is a fatal finding. What `each` does
/// not take is passed by.
pub(crate) fn read_records<R: Read>(
    input: R,
    limits: &Limits,
    wanted: &[Known],
    each: &mut dyn FnMut(Record<'_>, Known) -> Option<ControlFlow<()>>,
) -> io::Result<Outcome> {
    let mut window = Window::new(input, limits);
    window.fill()?;
    let mut report = FileReport::new(limits);
    let options = Options::default();
    let recognised = recognise(window.unread(), &options);
    let format = recognised.format();
    match (recognised, &format) {
        (Recognised::Message { known, mark_length, .. }, _) if wanted.contains(&known) => {
            window.consume_byte_order_mark(mark_length);
            read_message(&mut window, known, limits, &mut report, &mut |record| each(record, known))?;
        }
        (_, Ok(format)) => report.stop(FORMAT_OTHER.finding([format.as_str()])),
        (_, Err(finding)) => report.stop(finding.clone()),
    }
    let format = format.ok();
    if (format.is_none() || report.is_open())
        && let Some(fault) = text_end(&window, limits)
    {
        report.stop(fault);
    }
    Ok(report.outcome(format, &window))
}

/// Reads a message by its layout.
fn read_message<R: Read>(
    window: &mut Window<R>,
    known: Known,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
) -> io::Result<()> {
    match known {
        Known::CustomsData => layout::read_json(window, known.layout(), limits, report, each),
        _ => xml::read_message(window, known.layout(), limits, report, each),
    }
}

/// What is written down about the file while its items go by.
#[derive(Debug)]
pub(crate) struct FileReport {
    limit: usize,
    findings: Vec<Finding>,
    surplus: u32,
    fatal: Option<Finding>,
    /// Whether a fatal finding was written down after which reading goes on.
    is_spoiled: bool,
    /// The sheet that is read of a workbook.
    pub(crate) sheet: Option<String>,
    /// The interchanges so far, each with the ordinal of the first item behind its header.
    pub(crate) interchanges: Vec<(Header, u32)>,
    /// Items handed over.
    pub(crate) items: u32,
    /// Whether the caller asked to stop.
    pub(crate) is_stopped: bool,
}

impl FileReport {
    pub(crate) fn new(limits: &Limits) -> Self {
        let limit = usize::try_from(limits.findings_per_file).unwrap_or(usize::MAX);
        Self {
            limit,
            findings: Vec::new(),
            surplus: 0,
            fatal: None,
            is_spoiled: false,
            sheet: None,
            interchanges: Vec::new(),
            items: 0,
            is_stopped: false,
        }
    }

    /// Writes down a finding after which reading goes on.
    pub(crate) fn push(&mut self, finding: Finding) {
        if self.findings.len() < self.limit {
            self.findings.push(finding);
        } else {
            self.surplus = self.surplus.saturating_add(1);
        }
    }

    /// Writes down a finding after which reading goes on, though nothing of the file counts when it is fatal.
    pub(crate) fn note(&mut self, finding: Finding) {
        self.is_spoiled |= finding.severity() == Severity::Fatal;
        self.push(finding);
    }

    /// Writes down the finding that ends the reading.
    pub(crate) fn stop(&mut self, finding: Finding) {
        self.fatal = Some(finding);
    }

    /// Hands an item to the caller.
    pub(crate) fn hand_over(
        &mut self,
        item: ReadItem<'_>,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let flow = each(item);
        self.count(flow)
    }

    /// Counts an item that was handed to the caller, who answered with `flow`.
    pub(crate) fn count(&mut self, flow: ControlFlow<()>) -> ControlFlow<()> {
        self.items += 1;
        self.is_stopped = flow.is_break();
        flow
    }

    /// Counts a record when it was handed to the caller.
    pub(crate) fn count_some(&mut self, flow: Option<ControlFlow<()>>) -> ControlFlow<()> {
        flow.map_or(ControlFlow::Continue(()), |flow| self.count(flow))
    }

    /// Returns whether nothing ended the reading but the end of the text.
    fn is_open(&self) -> bool {
        self.fatal.is_none() && !self.is_stopped
    }

    pub(crate) fn outcome<R: Read>(mut self, format: Option<Format>, window: &Window<R>) -> Outcome {
        let is_whole = self.is_open() && !self.is_spoiled;
        if is_whole && self.items == 0 {
            self.push(ITEMS_NONE.finding::<&str>([]));
        }
        let mut findings = self.findings;
        findings.extend_from_slice(window.encoding_findings());
        findings.sort();
        if self.surplus > 0 {
            findings.push(FILE_FINDINGS_MORE.finding([self.surplus.to_string()]));
        }
        findings.extend(self.fatal);
        let (encoding, bytes) = (window.encoding(), window.read_bytes());
        let (sheet, interchanges, items) = (self.sheet, self.interchanges, self.items);
        Outcome { format, encoding, sheet, interchanges, items, bytes, findings, is_whole }
    }
}

/// Returns why the text ends before the file does: it is larger than it may be, or cannot be decoded any further. The
/// place is the end of what is in memory.
pub(crate) fn text_end<R: Read>(window: &Window<R>, limits: &Limits) -> Option<Finding> {
    if window.is_over() {
        return Some(FILE_TOO_LARGE.finding([limits.file_bytes.to_string()]));
    }
    let fault = window.fault()?;
    let (memory, anchor) = window.memory();
    let end = Mark(anchor.offset + memory.len() as u64);
    Some(fault.at(Lines::new(memory, anchor).place(end)))
}

impl ReadItem<'_> {
    /// Returns where a field stands in the input; for one that is not there, where its group stands, or the item.
    pub fn place_of(&self, field: Field) -> Place {
        self.resolver.place(find(self.spots, self.start, field))
    }

    /// Returns where the item begins.
    pub fn place(&self) -> Place {
        self.resolver.place(self.start)
    }
}
