//! Offices of exchange: UPU S34, the international mail processing centre code.

use crate::Country;
use crate::ascii::{ascii_code, exact};

ascii_code! {
    /// An office of exchange: two letters of its country, three of its city, one of the office.
    ///
    /// The code says where the office stands, not whose it is: `DEHAMZ` is Kazakhstan's office in Hamburg.
    Impc, 6
}

impl Impc {
    /// Returns the code for six upper-case letters whose first two are a country.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = exact::<6>(text, u8::is_ascii_uppercase)?;
        Country::parse(&text[..2]).map(|_| Self(bytes))
    }

    /// Returns the country in which the office stands.
    pub fn country(self) -> Country {
        Country::parse(&self.as_str()[..2]).expect("an office code begins with a country")
    }
}
