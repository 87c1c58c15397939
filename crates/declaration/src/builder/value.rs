//! Single values: what a text must be to become a field, and what is said when it is not.

use std::borrow::Cow;

use caravan_postal::{
    Country, Currency, Finding, Grams, Handling, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money,
    Nature, NumberError, S10, S10Error, lookalike,
};
use chrono::NaiveDate;

use super::{Builder, Raw};
use crate::findings;
use crate::format::{Content, Element, Type};
use crate::model::{DocumentKind, Form, Identifier, PartyKind};
use crate::suggestion::suggestion;

/// Characters of an input that a finding quotes at most.
const QUOTED_MAX: usize = 40;

/// A currency with as many decimals as any has: amounts without a readable currency are tried with it.
const MOST_DECIMALS: &str = "KWD";

impl<'a> Builder<'a> {
    /// Reads a text of one line.
    pub(super) fn text(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<&'a str> {
        let text = self.trimmed(element, raw)?;
        if is_plain(text) {
            return self.limited(element, raw, text);
        }
        if !self.is_clean(element, raw, text) {
            return None;
        }
        if !text.contains(is_break) {
            return self.limited(element, raw, text);
        }
        self.report(element, raw.mark, findings::TEXT_JOINED.finding::<&str>([]));
        let joined = text.split(is_break).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let joined = self.arena().alloc_str(&joined);
        self.limited(element, raw, joined)
    }

    /// Reads a text of several lines, which are joined by single line feeds.
    pub(super) fn lines(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<&'a str> {
        let text = self.trimmed(element, raw)?;
        if is_plain(text) {
            return self.limited(element, raw, text);
        }
        if !self.is_clean(element, raw, text) {
            return None;
        }
        // XML 1.0 (fifth edition) 2.11: a carriage return, with or without a line feed, is a line feed.
        let mut lines = Cow::Borrowed(text);
        if text.contains('\r') {
            lines = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        if lines.contains('\t') {
            self.report(element, raw.mark, findings::TEXT_JOINED.finding::<&str>([]));
            lines = Cow::Owned(lines.replace('\t', " "));
        }
        let text = match lines {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.arena().alloc_str(&text),
        };
        self.limited(element, raw, text)
    }

    /// Reads a word of upper-case letters and digits.
    pub(super) fn word(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<&'a str> {
        let text = self.trimmed(element, raw)?;
        let longest = length_limit(element);
        let is_word = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !is_word || text.len() > longest {
            let expected = format!("[A-Z0-9]{{1,{longest}}}");
            self.report(element, raw.mark, findings::CODE_UNKNOWN.finding([clip(text), expected]));
            self.suggest(element, raw, text);
            return None;
        }
        Some(text)
    }

    /// Reads the item's identifier; what is none stays as the sender wrote it.
    pub(super) fn identifier(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Identifier<'a>> {
        let text = self.text(element, raw)?;
        let fault = match S10::parse(text) {
            Ok(s10) => return Some(Identifier::S10(s10)),
            Err(fault) => fault,
        };
        if text.contains(' ') {
            let joined: String = text.split(' ').collect();
            if let Ok(s10) = S10::parse(&joined) {
                self.report(element, raw.mark, findings::S10_SPACED.finding([clip(text)]));
                return Some(Identifier::S10(s10));
            }
        }
        self.report(element, raw.mark, s10_finding(text, fault));
        if let Some(meant) = lookalike::s10(text) {
            self.report(element, raw.mark, findings::VALUE_SUGGESTED.finding([meant.to_string()]));
        }
        Some(Identifier::Other(text))
    }

    /// Reads a weight in kilograms.
    pub(super) fn kilograms(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Grams> {
        let text = self.trimmed(element, raw)?;
        match Grams::parse_kg(text) {
            Ok(grams) => Some(grams),
            Err(fault) => self.report_number(element, raw, text, fault),
        }
    }

    /// Reads an amount with its currency.
    pub(super) fn money(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Money> {
        let currency = self.currency(element, raw);
        let text = self.trimmed(element, raw)?;
        let tried = currency.or_else(|| Currency::parse(MOST_DECIMALS))?;
        match Money::parse(text, tried) {
            Ok(_) if text.starts_with('-') => self.report_number(element, raw, text, NumberError::Negative),
            Ok(money) => currency.map(|_| money),
            Err(fault) => self.report_number(element, raw, text, fault),
        }
    }

    fn currency(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Currency> {
        let text = raw.attribute.map_or("", trim);
        let currency = Currency::parse(text);
        if currency.is_none() {
            let finding = match text {
                "" => findings::CURRENCY_MISSING.finding::<&str>([]),
                _ => findings::CURRENCY_UNKNOWN.finding([clip(text)]),
            };
            self.report(element, raw.mark, finding);
            self.suggest(element, raw, text);
        }
        currency
    }

    /// Reads a whole number up to the largest of its element.
    pub(super) fn whole(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<u64> {
        let text = self.trimmed(element, raw)?;
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let fault = match text.parse::<u64>() {
            Ok(number) if is_number && number <= whole_limit(element) => return Some(number),
            _ if is_number => NumberError::TooLarge,
            _ => NumberError::NotANumber,
        };
        self.report_number(element, raw, text, fault)
    }

    /// Reads a whole number of a smaller type, whose largest is that of its element.
    pub(super) fn whole_as<N: TryFrom<u64>>(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<N> {
        N::try_from(self.whole(element, raw)?).ok()
    }

    /// Reads a day.
    pub(super) fn date(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<NaiveDate> {
        let text = self.trimmed(element, raw)?;
        let date = parse_date(text);
        if date.is_none() {
            self.report(element, raw.mark, findings::DATE_SHAPE.finding([clip(text)]));
            self.suggest(element, raw, text);
        }
        date
    }

    /// Reads a country.
    pub(super) fn country(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Country> {
        let text = self.trimmed(element, raw)?;
        let country = Country::parse(text);
        if country.is_none() {
            self.report(element, raw.mark, findings::COUNTRY_UNKNOWN.finding([clip(text)]));
            self.suggest(element, raw, text);
        }
        country
    }

    /// Reads an office of exchange.
    pub(super) fn office(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<Impc> {
        let text = self.trimmed(element, raw)?;
        let office = Impc::parse(text);
        if office.is_none() {
            self.report(element, raw.mark, findings::OFFICE_SHAPE.finding([clip(text)]));
            self.suggest(element, raw, text);
        }
        office
    }

    /// Reads a mail subclass.
    pub(super) fn subclass(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<MailSubclass> {
        let text = self.trimmed(element, raw)?;
        let subclass = MailSubclass::parse(text);
        if subclass.is_none() {
            self.report(
                element,
                raw.mark,
                findings::CODE_UNKNOWN.finding([clip(text), "[UCET][A-Z0-9]".to_owned()]),
            );
            self.suggest(element, raw, text);
        }
        subclass
    }

    /// Reads a commodity code.
    pub(super) fn hs(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<HsCode> {
        let text = self.trimmed(element, raw)?;
        let code = HsCode::parse(text);
        if code.is_none() {
            self.report(element, raw.mark, findings::HS_SHAPE.finding([clip(text)]));
            self.suggest(element, raw, text);
        } else if text.len() > 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.report(element, raw.mark, findings::HS_PUNCTUATED.finding([clip(text)]));
        }
        code
    }

    /// Reads a yes or no.
    pub(super) fn flag(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<bool> {
        match self.trimmed(element, raw)? {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            text => {
                let finding = findings::CODE_UNKNOWN.finding([clip(text), "true, false".to_owned()]);
                self.report(element, raw.mark, finding);
                self.suggest(element, raw, text);
                None
            }
        }
    }

    /// Reads a code of the closed list of its element.
    pub(super) fn code<T>(
        &mut self,
        element: &'static Element,
        raw: Raw<'a>,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.trimmed(element, raw)?;
        let code = parse(text);
        if code.is_none() {
            let expected = match element.content {
                Content::Value(Type::Code(codes)) => {
                    codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ")
                }
                Content::Value(_) | Content::Group(_) => String::new(),
            };
            self.report(element, raw.mark, findings::CODE_UNKNOWN.finding([clip(text), expected]));
            self.suggest(element, raw, text);
        }
        code
    }

    #[inline]
    fn trimmed(&mut self, element: &'static Element, raw: Raw<'a>) -> Option<&'a str> {
        let text = trim(raw.text);
        if text.is_empty() {
            self.report(element, raw.mark, findings::ELEMENT_EMPTY.finding([element.name]));
            return None;
        }
        Some(text)
    }

    #[inline]
    fn limited(&mut self, element: &'static Element, raw: Raw<'a>, text: &'a str) -> Option<&'a str> {
        let limit = length_limit(element);
        if text.len() > limit {
            let length = text.chars().count();
            if length > limit {
                let finding = findings::TEXT_TOO_LONG.finding([length.to_string(), limit.to_string()]);
                self.report(element, raw.mark, finding);
                return None;
            }
        }
        Some(text)
    }

    fn is_clean(&mut self, element: &'static Element, raw: Raw<'a>, text: &str) -> bool {
        let Some(control) = text.chars().find(|character| is_control(*character)) else { return true };
        let finding = findings::TEXT_CONTROL.finding([format!("U+{:04X}", u32::from(control))]);
        self.report(element, raw.mark, finding);
        false
    }

    fn report_number<T>(
        &mut self,
        element: &'static Element,
        raw: Raw<'a>,
        text: &str,
        fault: NumberError,
    ) -> Option<T> {
        let code = match fault {
            NumberError::NotANumber => &findings::NUMBER_SHAPE,
            NumberError::TooManyDecimals => &findings::NUMBER_DECIMALS,
            NumberError::Negative => &findings::NUMBER_NEGATIVE,
            NumberError::TooLarge => &findings::NUMBER_TOO_LARGE,
        };
        self.report(element, raw.mark, code.finding([clip(text)]));
        self.suggest(element, raw, text);
        None
    }

    /// Says what a value that was left out was probably meant to be, when its characters only look like others.
    fn suggest(&mut self, element: &'static Element, raw: Raw<'a>, text: &str) {
        if let Some(meant) = suggestion(element, text) {
            self.report(element, raw.mark, findings::VALUE_SUGGESTED.finding([clip(&meant)]));
        }
    }
}

/// Returns whether nothing but XML's white space is there.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'))
}

/// Returns the text, or its beginning with an ellipsis, for a finding; what cannot be shown becomes `U+FFFD`.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String =
        text.chars().take(QUOTED_MAX).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(QUOTED_MAX).is_some() {
        clipped.push('\u{2026}');
    }
    clipped
}

/// Returns whether a character may not be in a text: the controls but tab and line breaks, and what XML 1.0 leaves out.
pub(crate) fn is_control(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Reads a day of the calendar written as four, two and two digits.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0u32, |value, digit| {
            digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0'))
        })
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok().filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
}

/// Returns the largest length of a text in characters.
pub(crate) fn length_limit(element: &Element) -> usize {
    match element.content {
        Content::Value(Type::Text(limit) | Type::Lines(limit) | Type::Named(limit) | Type::Word(limit)) => {
            limit.into()
        }
        Content::Value(Type::Identifier) => 35,
        // Enough to quote a fault: a value of another type is short or wrong.
        Content::Value(_) | Content::Group(_) => 140,
    }
}

fn whole_limit(element: &Element) -> u64 {
    match element.content {
        Content::Value(Type::Whole(limit)) => limit,
        Content::Value(_) | Content::Group(_) => u64::MAX,
    }
}

fn s10_finding(text: &str, fault: S10Error) -> Finding {
    match fault {
        S10Error::Length(length) => findings::S10_LENGTH.finding([length.to_string()]),
        S10Error::Shape => findings::S10_SHAPE.finding([clip(text)]),
        S10Error::Reserved => findings::S10_RESERVED.finding([clip(text)]),
        S10Error::CheckDigit { expected, found } => {
            findings::S10_CHECK_DIGIT.finding([found.to_string(), expected.to_string()])
        }
        S10Error::Country => findings::S10_COUNTRY.finding([clip(text)]),
    }
}

#[inline]
fn trim(text: &str) -> &str {
    // Most values have a letter or a digit at both ends.
    let is_there = |byte: Option<&u8>| byte.is_some_and(|byte| *byte > b' ');
    if is_there(text.as_bytes().first()) && is_there(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches([' ', '\n', '\t', '\r'])
}

/// Returns whether no byte of the text needs a second look: it has neither controls nor line breaks, nor the first
/// byte of a control beyond ASCII.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last_chunk() else { return !bytes.iter().copied().any(is_suspect) };
    let (words, _) = bytes.as_chunks();
    !words.iter().any(|word| has_suspect(*word)) && !has_suspect(*last)
}

fn is_suspect(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7F | 0xC2 | 0xEF)
}

/// Returns whether one of eight bytes is suspect, with the usual arithmetic on all of them at once: taking a number from
/// each byte borrows into the top bit of the first that is smaller.
fn has_suspect(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    let word = u64::from_ne_bytes(word);
    let is_below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & TOPS;
    let is_equal = |byte: u64| is_below(word ^ (ONES * byte), 1);
    is_below(word, 0x20) | is_equal(0x7F) | is_equal(0xC2) | is_equal(0xEF) != 0
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t')
}

pub(super) fn form(text: &str) -> Option<Form> {
    match text {
        "CN22" => Some(Form::Cn22),
        "CN23" => Some(Form::Cn23),
        _ => None,
    }
}

pub(super) fn party_kind(text: &str) -> Option<PartyKind> {
    match text {
        "person" => Some(PartyKind::Person),
        "business" => Some(PartyKind::Business),
        _ => None,
    }
}

pub(super) fn document_kind(text: &str) -> Option<DocumentKind> {
    match text {
        "licence" => Some(DocumentKind::Licence),
        "certificate" => Some(DocumentKind::Certificate),
        "invoice" => Some(DocumentKind::Invoice),
        _ => None,
    }
}

pub(super) fn un_number(text: &str) -> Option<u16> {
    match text {
        "3480" => Some(3480),
        "3481" => Some(3481),
        "3090" => Some(3090),
        "3091" => Some(3091),
        _ => None,
    }
}

pub(super) fn class(text: &str) -> Option<MailClass> {
    MailClass::parse(text)
}

pub(super) fn category(text: &str) -> Option<MailCategory> {
    MailCategory::parse(text)
}

pub(super) fn handling(text: &str) -> Option<Handling> {
    Handling::parse(text)
}

pub(super) fn nature(text: &str) -> Option<Nature> {
    Nature::parse(text)
}
