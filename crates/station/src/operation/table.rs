//! The table form of operations: CSV with named columns `at`, `operation`, `subject`, and as the operation needs them
//! `value`, `departure`, `seal` and `note`, and of another office's container `origin`, `destination`, `equipment` and
//! `tare`. Times are civil times of the station, or carry their own offset.

mod columns;
mod coming;
mod lines;

use std::io::Read;
use std::str::FromStr;

use caravan_postal::{Currency, Finding, Grams, Money, Place, S8, S9};
use chrono::{Datelike, NaiveDate};

use super::time::{YEARS, moment};
use super::{Act, OPERATION_COLUMN_MISSING, OPERATION_UNREADABLE, Operation, ReceptacleName, Remains};
use crate::config::Config;
use crate::gate::GateFault;
use crate::item::{Disposition, ItemName};
use columns::Columns;
use lines::Lines;

/// Returns whether a text begins as a table of operations does.
pub fn is_table(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    text.starts_with(b"at,operation,")
}

/// A table of operations, read line by line: what cannot be read is a finding with its place.
pub struct Table<'c, R> {
    records: csv::StringRecordsIntoIter<Lines<R>>,
    headings: csv::StringRecord,
    columns: Columns,
    row: u32,
    config: &'c Config,
}

impl<'c, R: Read> Table<'c, R> {
    /// Reads the heading; a column that is missing is a finding, and then there is no table.
    pub fn open(input: R, config: &'c Config) -> Result<Self, Vec<Finding>> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Lines::new(input));
        let headings = reader.headers().cloned().unwrap_or_default();
        let columns = Columns::of(&headings);
        let needed = [("at", columns.at), ("operation", columns.operation), ("subject", columns.subject)];
        let missing = needed.iter().filter(|(_, found)| found.is_none());
        let findings: Vec<Finding> =
            missing.map(|(name, _)| OPERATION_COLUMN_MISSING.finding([*name])).collect();
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self { records: reader.into_records(), headings, columns, row: 1, config })
    }

    /// Returns the place of a column in the row that was read last: the line of the text that it begins on.
    pub fn place(&self, column: &str) -> Place {
        let column = self.headings.iter().position(|heading| heading == column).map_or(0, |index| index + 1);
        Place::Cell { row: self.row, column: u16::try_from(column).unwrap_or(u16::MAX) }
    }
}

impl<R: Read> Iterator for Table<'_, R> {
    type Item = Result<Operation, Finding>;

    fn next(&mut self) -> Option<Self::Item> {
        // The record begins behind the blank lines that may follow the one before it.
        let behind = self.records.reader().position().byte();
        let record = self.records.next()?;
        self.row = self.records.reader_mut().get_mut().line_from(behind).unwrap_or(self.row);
        let read = record.map_err(|error| (self.columns.broken(&error), String::new())).and_then(|record| {
            let line = Line { record: &record, columns: &self.columns };
            line.read(self.config)
        });
        Some(read.map_err(|(name, found)| {
            OPERATION_UNREADABLE.finding([name.to_owned(), found]).at(self.place(name))
        }))
    }
}

/// Reads a whole table of operations, each with the row that findings about it name; a line that cannot be read is a
/// finding and left out.
pub fn read_table(text: &[u8], config: &Config) -> (Vec<(u32, Operation)>, Vec<Finding>) {
    let (mut operations, mut findings) = (Vec::new(), Vec::new());
    match Table::open(text, config) {
        Ok(mut table) => {
            while let Some(line) = table.next() {
                match line {
                    Ok(operation) => operations.push((table.row, operation)),
                    Err(finding) => findings.push(finding),
                }
            }
        }
        Err(missing) => findings = missing,
    }
    (operations, findings)
}

struct Line<'a> {
    record: &'a csv::StringRecord,
    columns: &'a Columns,
}

/// A column's name and what was found in it.
type Unreadable = (&'static str, String);

impl<'a> Line<'a> {
    fn read(&self, config: &Config) -> Result<Operation, Unreadable> {
        let at = self.cell(self.columns.at);
        let at_ms = moment(at, config).ok_or_else(|| ("at", at.to_owned()))?;
        Ok(Operation { at_ms, act: self.act()?, note: self.cell(self.columns.note).to_owned() })
    }

    fn act(&self) -> Result<Act, Unreadable> {
        let name = self.cell(self.columns.operation);
        let item = || Ok(ItemName::parse(self.subject()?));
        let container = || self.container();
        Ok(match name {
            "scan" => Act::Scan { item: item()?, scale: self.grams()? },
            "take-out" => Act::TakeOut { item: item()? },
            "hand-back" => Act::HandBack { item: item()? },
            "weigh-receptacle" => Act::WeighReceptacle { tag: self.tag()?, scale: self.grams()? },
            "settle-receptacle" => Act::SettleReceptacle { tag: self.tag()? },
            "announce" => {
                let departure = self.needed("departure")?.to_owned();
                Act::Announce { container: container()?, departure, as_what: self.announced_as()? }
            }
            "seal" => Act::Seal { container: container()?, seal: self.printable("seal")? },
            "transfer-number" => {
                Act::TransferNumber { container: container()?, number: self.printable("value")? }
            }
            "sign" => Act::Sign { container: container()? },
            "customs-opening" => {
                self.needed("note")?;
                let (scale, seal) = (self.grams()?, self.printable("seal")?);
                Act::CustomsOpening { receptacle: self.receptacle()?, scale, seal }
            }
            "open-container" => {
                self.needed("note")?;
                Act::OpenContainer { container: container()? }
            }
            "released-in-part" if !self.cell(self.columns.value).is_empty() => {
                self.needed("note")?;
                Act::ReleaseInPart { item: item()?, withheld: self.pieces()?, remains: Remains::Untold }
            }
            "cut" => Act::Cut {
                container: container()?,
                departure: Some(self.cell(self.columns.departure).to_owned()).filter(|key| !key.is_empty()),
            },
            "withdraw" => Act::Withdraw { container: container()? },
            "recall" => {
                self.needed("note")?;
                Act::Recall { item: item()? }
            }
            "confirm" => Act::Confirm { item: item()?, reference: self.printable("value")? },
            "open-receptacle" => Act::OpenReceptacle { s9: self.s9()? },
            "close-arrival" => {
                let subject = self.subject()?;
                let dispatch = S8::parse(subject).ok_or_else(|| ("subject", subject.to_owned()))?;
                Act::CloseArrival { dispatch }
            }
            "duty-due" => Act::DutyDue { item: item()?, amount: self.money()? },
            "paid" => Act::Pay { item: item()?, receipt: self.printable("value")? },
            "forward" => Act::Forward { item: item()?, run: self.run()? },
            "refused" => Act::Refuse { item: item()? },
            "settle-dispatch" => Act::SettleDispatch { dispatch: self.s8()? },
            "resolve-dispatch" => Act::ResolveDispatch { dispatch: self.s8()? },
            "resolve-operation" => Act::ResolveOperation { name: self.subject()?.to_owned() },
            "resolve-consignment" => Act::ResolveConsignment { consignment: self.container()? },
            "resolve-item" => Act::ResolveItem { item: item()? },
            "file-again" => Act::FileAgain { filing: self.subject()?.to_owned() },
            // That nothing is filed is where a case begins: nobody decides it.
            _ => match Disposition::parse(name) {
                Some(Disposition::NotFiled) => return Err(("operation", name.to_owned())),
                Some(disposition) => Act::Dispose { item: item()?, disposition },
                None => match self.coming(name)? {
                    Some(act) => act,
                    None => self.dispatching(name)?,
                },
            },
        })
    }

    /// Reads what is said of borders and decided about ways and loading.
    fn dispatching(&self, name: &str) -> Result<Act, Unreadable> {
        Ok(match name {
            "close-border" => {
                let (from, until) = self.days()?;
                Act::CloseBorder { border: self.subject()?.to_owned(), from, until }
            }
            "allow" => {
                self.needed("note")?;
                let fault = GateFault::parse(self.needed("value")?).filter(|fault| fault.is_allowable());
                let fault = fault.ok_or_else(|| ("value", self.cell(self.columns.value).to_owned()))?;
                Act::Allow { container: self.container()?, fault }
            }
            "open-border" => Act::OpenBorder { border: self.subject()?.to_owned() },
            "lock" => match (self.receptacle(), self.cell(self.columns.value)) {
                (Ok(receptacle), into) if is_container(into) => {
                    Act::Lock { receptacle, container: into.to_owned() }
                }
                (Ok(_), into) => return Err(("value", into.to_owned())),
                (Err(_), _) => Act::LockContainer { container: self.container()? },
            },
            "unlock" => match self.receptacle() {
                Ok(receptacle) => Act::Unlock { receptacle },
                Err(_) => Act::UnlockContainer { container: self.container()? },
            },
            "merge" => Act::Merge { from: self.receptacle()?, into: self.other_receptacle()? },
            "conveyance" => {
                Act::Conveyance { departure: self.subject()?.to_owned(), number: self.conveyance()? }
            }
            "vehicle" => {
                let vehicle = self.needed("value")?;
                if !is_container(vehicle) {
                    return Err(("value", vehicle.to_owned()));
                }
                Act::Vehicle { container: self.container()?, vehicle: vehicle.to_owned() }
            }
            "reroute" => {
                Act::Reroute { container: self.container()?, departure: self.needed("departure")?.to_owned() }
            }
            _ => return Err(("operation", name.to_owned())),
        })
    }

    /// Reads a container's number or a plate.
    fn container(&self) -> Result<String, Unreadable> {
        let text = self.subject()?;
        if is_container(text) { Ok(text.to_owned()) } else { Err(("subject", text.to_owned())) }
    }

    fn cell(&self, column: Option<usize>) -> &'a str {
        column.and_then(|column| self.record.get(column)).unwrap_or_default().trim()
    }

    fn subject(&self) -> Result<&'a str, Unreadable> {
        self.needed("subject")
    }

    fn needed(&self, name: &'static str) -> Result<&'a str, Unreadable> {
        let column = match name {
            "subject" => self.columns.subject,
            "value" => self.columns.value,
            "departure" => self.columns.departure,
            "note" => self.columns.note,
            _ => self.columns.seal,
        };
        let text = self.cell(column);
        if text.is_empty() { Err((name, String::new())) } else { Ok(text) }
    }

    /// Returns a number that documents print: on one line, with single blanks, and no longer than their column.
    fn printable(&self, name: &'static str) -> Result<String, Unreadable> {
        let text = self.needed(name)?;
        let is_printable = text.chars().count() <= 35 && !text.chars().any(char::is_control);
        let joined = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        if is_printable { Ok(joined()) } else { Err((name, text.to_owned())) }
    }

    fn s8(&self) -> Result<S8, Unreadable> {
        let subject = self.subject()?;
        S8::parse(subject).ok_or_else(|| ("subject", subject.to_owned()))
    }

    fn grams(&self) -> Result<Grams, Unreadable> {
        let text = self.needed("value")?;
        // What is on a scale weighs something.
        let grams = digits(text).filter(|grams| (1..=Grams::MAX.0).contains(grams));
        grams.map(Grams).ok_or_else(|| ("value", text.to_owned()))
    }

    fn s9(&self) -> Result<S9, Unreadable> {
        let text = self.subject()?;
        S9::parse(text).ok_or_else(|| ("subject", text.to_owned()))
    }

    /// Reads an amount before its currency: `26.00 CNY`.
    fn money(&self) -> Result<Money, Unreadable> {
        let text = self.needed("value")?;
        let amount = text.split_once(' ').and_then(|(amount, currency)| {
            let money = Money::parse(amount, Currency::parse(currency)?).ok()?;
            (money.minor >= 0).then_some(money)
        });
        amount.ok_or_else(|| ("value", text.to_owned()))
    }

    /// Reads the name of an inland run, which also names its list.
    fn run(&self) -> Result<String, Unreadable> {
        let text = self.needed("value")?;
        if is_container(text) { Ok(text.to_owned()) } else { Err(("value", text.to_owned())) }
    }

    /// Reads the number of a train or run, as messages can write it (UN/EDIFACT data element 8028, an..17).
    fn conveyance(&self) -> Result<String, Unreadable> {
        let text = self.needed("value")?;
        let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-/".contains(&byte);
        let is_writable = text.len() <= 17 && text.bytes().all(is_plain);
        if is_writable { Ok(text.to_owned()) } else { Err(("value", text.to_owned())) }
    }

    /// Reads a last day, or a first and a last one: `2026-09-25`, `2026-09-12/2026-09-25`. A day that nobody can tell yet
    /// is left out: `2026-09-12/`, or nothing at all.
    fn days(&self) -> Result<(Option<NaiveDate>, Option<NaiveDate>), Unreadable> {
        let text = self.cell(self.columns.value);
        let day = |day: &str| {
            if day.is_empty() {
                return Ok(None);
            }
            let day = day.parse::<NaiveDate>().ok().filter(|day| YEARS.contains(&day.year()));
            day.map(Some).ok_or_else(|| ("value", text.to_owned()))
        };
        match text.split_once('/') {
            Some((from, until)) => Ok((day(from)?, day(until)?)),
            None => Ok((None, day(text)?)),
        }
    }

    fn tag(&self) -> Result<i64, Unreadable> {
        let text = self.subject()?;
        tag(text).ok_or_else(|| ("subject", text.to_owned()))
    }

    /// Returns the receptacle of a tag or of a label.
    fn receptacle(&self) -> Result<ReceptacleName, Unreadable> {
        let subject = self.subject()?;
        receptacle(subject).ok_or_else(|| ("subject", subject.to_owned()))
    }

    /// Returns the receptacle of a tag or of a label in the column of values.
    fn other_receptacle(&self) -> Result<ReceptacleName, Unreadable> {
        let text = self.needed("value")?;
        receptacle(text).ok_or_else(|| ("value", text.to_owned()))
    }

    /// Returns the numbers of pieces: in digits, with spaces between them, each once and none of them 0.
    fn pieces(&self) -> Result<Vec<u16>, Unreadable> {
        let text = self.needed("value")?;
        let numbers = text.split_whitespace().map(|word| digits(word).filter(|number| *number > 0));
        let mut pieces = numbers.collect::<Option<Vec<u16>>>().ok_or_else(|| ("value", text.to_owned()))?;
        pieces.sort_unstable();
        pieces.dedup();
        Ok(pieces)
    }

    fn note_count(&self) -> Result<u32, Unreadable> {
        let text = self.cell(self.columns.note);
        digits(text).ok_or_else(|| ("note", text.to_owned()))
    }
}

/// Reads the number on a tag.
fn tag(text: &str) -> Option<i64> {
    text.strip_prefix('B').and_then(digits)
}

/// Reads what names a receptacle: its label, or its tag.
fn receptacle(text: &str) -> Option<ReceptacleName> {
    S9::parse(text).map(ReceptacleName::S9).or_else(|| tag(text).map(ReceptacleName::Tag))
}

/// Reads a number written in digits alone, without a sign.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Returns whether a text can be a container's number, a truck's plate or the name of an inland run: letters of any
/// script, digits and hyphens, and nothing that would mean something in the name of a file.
fn is_container(text: &str) -> bool {
    (1..=20).contains(&text.chars().count())
        && text.chars().all(|character| character.is_alphanumeric() || character == '-')
}
