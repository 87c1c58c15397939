//! The package: parts by their names, decompressed within bounds.

use std::io::{self, BufReader, Cursor, Read};

use caravan_postal::Finding;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::builder::clip;
use crate::findings::{
    FORMAT_UNKNOWN, ITEM_TOO_LARGE, PACKAGE_BROKEN, PACKAGE_PARTS_TOO_MANY, PACKAGE_TEXT_TOO_LARGE,
    PACKAGE_TOO_LARGE, SHEET_UNKNOWN, XML_DOCTYPE,
};
use crate::limits::Limits;
use crate::read::text_end;
use crate::window::Window;

/// Where every workbook says what it holds.
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// A package in memory.
pub(super) struct Package {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    /// Bytes that may still be decompressed.
    left: u64,
    limits: Limits,
}

/// Why a part is not read any further.
#[derive(Debug)]
pub(super) enum Stop {
    /// What is there is forbidden.
    Fatal(Finding),
    /// The part cannot be read to its end; [`Bounded::fault`] says why.
    Broken,
}

/// What a workbook holds.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// The part of the sheet that is read.
    pub(super) sheet: String,
    /// Its name, and how many other sheets there are.
    pub(super) name: String,
    pub(super) others: usize,
    /// The part with the texts that cells share.
    pub(super) texts: Option<String>,
    pub(super) has_epoch_1904: bool,
}

/// A part as XML.
pub(super) type Part<'p> = Reader<BufReader<Bounded<'p>>>;

/// A decompressed part that ends with an error where no more may be decompressed, or where one tag or text does not
/// end.
pub(super) struct Bounded<'p> {
    part: ZipFile<'p, Cursor<Vec<u8>>>,
    left: &'p mut u64,
    /// Bytes that were read for the tag or text at hand.
    burst: usize,
    limits: &'p Limits,
}

impl Package {
    /// Reads a package whole.
    pub(super) fn open<R: Read>(
        window: &mut Window<R>,
        limits: &Limits,
    ) -> io::Result<Result<Self, Finding>> {
        let mut bytes = Vec::new();
        let limit = limits.package_bytes as u64;
        window.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if let Some(end) = text_end(window, limits) {
            return Ok(Err(end));
        }
        if bytes.len() > limits.package_bytes {
            return Ok(Err(PACKAGE_TOO_LARGE.finding([limit.to_string()])));
        }
        let parts = parts(&bytes);
        if parts > u32::from(limits.package_parts) {
            return Ok(Err(PACKAGE_PARTS_TOO_MANY.finding([limits.package_parts.to_string()])));
        }
        let left = limits.package_text_bytes;
        Ok(match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) if archive.len() <= usize::from(limits.package_parts) => {
                Ok(Self { archive, left, limits: limits.clone() })
            }
            Ok(_) => Err(PACKAGE_PARTS_TOO_MANY.finding([limits.package_parts.to_string()])),
            Err(_) => Err(PACKAGE_BROKEN.finding::<&str>([])),
        })
    }

    /// Opens a part.
    pub(super) fn part(&mut self, name: &str) -> Result<Part<'_>, Finding> {
        let part = self.archive.by_name(name).map_err(|_| PACKAGE_BROKEN.finding::<&str>([]))?;
        let bounded = Bounded { part, left: &mut self.left, burst: 0, limits: &self.limits };
        let mut reader = Reader::from_reader(BufReader::new(bounded));
        reader.config_mut().expand_empty_elements = true;
        Ok(reader)
    }

    /// Finds the sheet of a name, or the first.
    pub(super) fn workbook(&mut self, sheet: Option<&str>) -> Result<Workbook, Finding> {
        if self.archive.index_for_name(WORKBOOK).is_none() {
            return Err(FORMAT_UNKNOWN.finding::<&str>([]));
        }
        let mut workbook = Workbook::default();
        let mut id = None;
        self.elements(WORKBOOK, |element| match element.local_name().into_inner() {
            "workbookPr" => {
                let epoch = attribute(element, "date1904");
                workbook.has_epoch_1904 = matches!(epoch.as_deref(), Some("1" | "true"));
            }
            "sheet" => {
                let name = attribute(element, "name").unwrap_or_default();
                if id.is_none() && sheet.is_none_or(|sheet| name == sheet) {
                    id = attribute(element, "id");
                    workbook.name = name;
                } else {
                    workbook.others += 1;
                }
            }
            _ => {}
        })?;
        let Some(id) = id else {
            let name = sheet.map_or_else(String::new, clip);
            return Err(SHEET_UNKNOWN.finding([name]));
        };
        self.elements(RELATIONS, |element| {
            let Some(target) = attribute(element, "Target") else { return };
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            if attribute(element, "Id").as_ref() == Some(&id) {
                workbook.sheet = target;
            } else if attribute(element, "Type").is_some_and(|kind| kind.ends_with("/sharedStrings")) {
                workbook.texts = Some(target);
            }
        })?;
        Ok(workbook)
    }

    fn elements(&mut self, name: &str, mut each: impl FnMut(&BytesStart<'_>)) -> Result<(), Finding> {
        let mut part = self.part(name)?;
        let mut buffer = Vec::new();
        loop {
            match next(&mut part, &mut buffer) {
                Ok(Event::Start(element)) => each(&element),
                Ok(Event::Eof) => return Ok(()),
                Ok(_) => {}
                Err(stop) => return Err(stop.finding(&part)),
            }
        }
    }
}

impl Stop {
    /// Returns what there is to say about it.
    pub(super) fn finding(self, part: &Part<'_>) -> Finding {
        match self {
            Self::Fatal(finding) => finding,
            Self::Broken => part.get_ref().get_ref().fault(),
        }
    }
}

/// Reads the next event of a part; a document type declaration is refused.
pub(super) fn next<'b>(part: &mut Part<'_>, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Stop> {
    buffer.clear();
    part.get_mut().get_mut().burst = 0;
    match part.read_event_into(buffer) {
        Ok(Event::DocType(_)) => Err(Stop::Fatal(XML_DOCTYPE.finding::<&str>([]))),
        Ok(event) => Ok(event),
        Err(_) => Err(Stop::Broken),
    }
}

/// Returns how many parts the end of a package says it has: the directory of a false one is not even looked at.
fn parts(bytes: &[u8]) -> u32 {
    let tail = &bytes[bytes.len().saturating_sub(22 + 0xFFFF)..];
    let end = memchr::memmem::rfind(tail, b"PK\x05\x06").and_then(|at| tail.get(at + 10..at + 12));
    end.map_or(0, |count| u32::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Returns the attribute of a local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = element.attributes();
    let found =
        all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

impl Bounded<'_> {
    /// Returns why the part cannot be read any further.
    fn fault(&self) -> Finding {
        if *self.left == 0 {
            return PACKAGE_TEXT_TOO_LARGE.finding([self.limits.package_text_bytes.to_string()]);
        }
        if self.burst > self.limits.item_bytes {
            return ITEM_TOO_LARGE.finding([self.limits.item_bytes.to_string()]);
        }
        PACKAGE_BROKEN.finding::<&str>([])
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if *self.left == 0 || self.burst > self.limits.item_bytes {
            return Err(io::Error::other("a bound of the package is reached"));
        }
        let length = usize::try_from(*self.left).map_or(into.len(), |left| left.min(into.len()));
        let count = self.part.read(&mut into[..length])?;
        *self.left -= count as u64;
        self.burst += count;
        Ok(count)
    }
}
