//! The lists of codes: editions of the Harmonized System, names of goods, offices of exchange.
//!
//! A list is one line an entry and `#` before a remark; its days and source are a row of the table `list`.

use caravan_postal::{HsCode, Impc, Language};

/// The subheadings of one edition of the Harmonized System: a bit for each number of six digits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subheadings(Vec<u64>);

/// How many numbers of six digits there are.
const SUBHEADINGS: usize = 1_000_000;

/// What goods are called: the words of a name are looked at when someone searches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Code, language and name.
    pub(crate) rows: Vec<(HsCode, Language, Box<str>)>,
    /// Whether each is a term of its own, which means the goods as a whole.
    pub(crate) are_terms: bool,
}

/// The offices of exchange by the first two letters, each list ascending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offices(Vec<Vec<Impc>>);

pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

impl Subheadings {
    /// Reads one subheading a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut bits = vec![0; SUBHEADINGS.div_ceil(64)];
        for (number, line) in lines(text) {
            let code = HsCode::parse(line).filter(|_| line.len() == 6);
            let code = code.ok_or_else(|| format!("line {number}: `{line}` is not a subheading"))?;
            let (word, bit) = place(code);
            bits[word] |= bit;
        }
        Ok(Self(bits))
    }

    /// Returns whether the edition has the code's first six digits.
    pub(crate) fn contains(&self, code: HsCode) -> bool {
        let (word, bit) = place(code);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// Returns where the bit of a subheading is.
fn place(code: HsCode) -> (usize, u64) {
    let number = code.subheading() as usize;
    (number / 64, 1 << (number % 64))
}

impl Names {
    /// Reads `code;name` a line.
    pub(crate) fn parse(text: &str, language: Language) -> Result<Self, String> {
        let mut rows = Vec::with_capacity(6000);
        for (number, line) in lines(text) {
            let (code, name) = line.split_once(';').unwrap_or((line, ""));
            let code = HsCode::parse(code).filter(|_| !name.is_empty());
            let code = code.ok_or_else(|| format!("line {number}: not a code and a name"))?;
            rows.push((code, language, Box::from(name)));
        }
        Ok(Self { rows, are_terms: false })
    }

    /// Reads `code;Chinese;Russian;English` a line, several terms with `|` between them.
    pub(crate) fn parse_terms(text: &str) -> Result<Self, String> {
        let mut rows = Vec::new();
        for (number, line) in lines(text) {
            let mut cells = line.split(';');
            let fault = || format!("line {number}: not a code and its terms in three languages");
            let code = cells.next().and_then(HsCode::parse).ok_or_else(fault)?;
            for language in [Language::Zh, Language::Ru, Language::En] {
                let terms = cells.next().ok_or_else(fault)?.split('|').map(str::trim);
                rows.extend(
                    terms.filter(|term| !term.is_empty()).map(|term| (code, language, Box::from(term))),
                );
            }
        }
        Ok(Self { rows, are_terms: true })
    }
}

impl Offices {
    /// Reads one office code a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut offices = vec![Vec::new(); 26 * 26];
        for (number, line) in lines(text) {
            let office =
                Impc::parse(line).ok_or_else(|| format!("line {number}: `{line}` is not an office"))?;
            offices[first_two(office)].push(office);
        }
        for offices in &mut offices {
            offices.sort_unstable();
        }
        Ok(Self(offices))
    }

    /// Returns whether the list has the office.
    pub(crate) fn contains(&self, office: Impc) -> bool {
        self.0.get(first_two(office)).is_some_and(|offices| offices.binary_search(&office).is_ok())
    }
}

/// Returns the number that the first two letters of an office make.
fn first_two(office: Impc) -> usize {
    office.as_str().bytes().take(2).fold(0, |number, letter| 26 * number + usize::from(letter - b'A'))
}
