//! Code lists of Chinese customs: those of the messages, and the numbers of currencies and countries.

use std::sync::LazyLock;

use caravan_postal::{Country, Currency};

/// A list of codes that the specification states and the schemas do not.
#[derive(Debug, PartialEq)]
pub struct CodeList {
    /// Its name, which is that of the element.
    pub name: &'static str,
    /// The codes, each with its meaning.
    pub codes: Vec<(&'static str, &'static str)>,
}

static CODE_LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(|| {
    let mut lists: Vec<CodeList> = Vec::new();
    for line in rows(include_str!("layouts/codes.txt")) {
        if let Some(name) = line.strip_prefix("list ") {
            lists.push(CodeList { name, codes: Vec::new() });
        } else {
            let row = line.trim().split_once(' ').expect("a code has a meaning");
            lists.last_mut().expect("codes stand below their list").codes.push(row);
        }
    }
    lists
});

static CURRENCIES: LazyLock<Vec<(&'static str, Currency)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (number, code) = line.split_once(' ')?;
        Some((number, Currency::parse(code)?))
    };
    rows(include_str!("layouts/currency.txt"))
        .map(|line| row(line).expect("a number and its currency"))
        .collect()
});

static COUNTRIES: LazyLock<Vec<(&'static str, Country)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (number, code) = line.split_once(' ')?;
        Some((number, Country::parse(code)?))
    };
    rows(include_str!("layouts/country.txt"))
        .map(|line| row(line).expect("a number and its country"))
        .collect()
});

impl CodeList {
    /// Returns whether the list has a code.
    pub fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|(known, _)| *known == code)
    }

    /// Returns the codes with commas between them.
    pub fn joined(&self) -> String {
        self.codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the lists of codes.
pub(super) fn code_lists() -> &'static [CodeList] {
    &CODE_LISTS
}

/// Returns the currency of a number of customs, or of its code of ISO 4217, which the schemas admit as well.
pub(super) fn currency(code: &str) -> Option<Currency> {
    let known = CURRENCIES.iter().find(|(number, _)| *number == code);
    known.map(|(_, currency)| *currency).or_else(|| Currency::parse(code))
}

/// Returns the number that customs has for a currency.
pub(super) fn currency_number(currency: Currency) -> Option<&'static str> {
    CURRENCIES.iter().find(|(_, known)| *known == currency).map(|(number, _)| *number)
}

/// Returns the country of a number of customs.
pub(super) fn country(code: &str) -> Option<Country> {
    COUNTRIES.iter().find(|(number, _)| *number == code).map(|(_, country)| *country)
}

/// Returns the number that customs has for a country.
pub(super) fn country_number(country: Country) -> Option<&'static str> {
    COUNTRIES.iter().find(|(_, known)| *known == country).map(|(number, _)| *number)
}

/// Returns the lines of a table that are not comments.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use caravan_postal::{Country, Currency};

    use super::{COUNTRIES, CURRENCIES, country, country_number, currency, currency_number};

    #[test]
    fn numbers_and_codes_are_each_others() {
        let numbers: BTreeSet<_> = CURRENCIES.iter().map(|(number, _)| number).collect();
        assert_eq!(numbers.len(), CURRENCIES.len());
        for (number, known) in CURRENCIES.iter() {
            assert_eq!((currency(number), currency_number(*known)), (Some(*known), Some(*number)));
        }
        for (number, known) in COUNTRIES.iter() {
            assert_eq!((country(number), country_number(*known)), (Some(*known), Some(*number)));
        }
        assert_eq!(currency("USD"), Some(Currency::USD));
        assert_eq!((currency("aaa"), country("001"), country("CN")), (None, None, None));
        assert_eq!(country_number(Country::parse("KZ").unwrap()), Some("145"));
    }
}
