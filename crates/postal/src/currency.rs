//! Currencies as ISO 4217 codes, with the number of decimals of their minor unit.

use crate::ascii::{ascii_code, exact};

ascii_code! {
    /// A currency of ISO 4217, or `XDR`, the special drawing right in which the UPU states its limits.
    Currency, 3
}

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The renminbi yuan.
    pub const CNY: Self = Self(*b"CNY");
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// The special drawing right of the IMF.
    pub const XDR: Self = Self(*b"XDR");

    /// Returns the currency for an upper-case code that ISO 4217 knows.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = exact::<3>(text, u8::is_ascii_uppercase)?;
        exponent(bytes).map(|_| Self(bytes))
    }

    /// Returns a number below 17,576 that orders as the code does.
    #[inline]
    pub fn ordinal(self) -> u16 {
        self.0.iter().fold(0, |number, letter| number * 26 + u16::from(letter - b'A'))
    }

    /// Returns how many decimals the minor unit has: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar.
    pub fn exponent(self) -> u32 {
        exponent(self.0).expect("a currency that exists is in the list")
    }
}

fn exponent(code: [u8; 3]) -> Option<u32> {
    let within = |list: &str| list.as_bytes().chunks_exact(4).any(|entry| entry[..3] == code);
    if within(TWO) {
        Some(2)
    } else if within(ZERO) {
        Some(0)
    } else if within(THREE) {
        Some(3)
    } else {
        None
    }
}

/// ISO 4217 with two decimals. XDR has none in the standard; the posts write it with two.
const TWO: &str = "CNY EUR USD KZT KGS RUB UZS GBP PLN AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB \
BRL BSD BTN BWP BYN BZD CAD CDF CHF COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GTQ GYD HKD \
HNL HTG HUF IDR ILS INR IRR JMD KES KHR KPW KYD LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR QAR RON RSD SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC \
SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH UYU VES WST XCD XCG XDR YER ZAR ZMW ZWG ";
const ZERO: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ";
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND ";

#[cfg(test)]
mod tests {
    use super::Currency;

    #[test]
    fn knows_the_decimals_of_each_currency() {
        for (code, decimals) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("KZT", 2), ("XDR", 2)] {
            assert_eq!(Currency::parse(code).unwrap().exponent(), decimals, "{code}");
        }
        for unknown in ["", "eur", "EU", "EURO", "XXX", "RMB", "UR "] {
            assert_eq!(Currency::parse(unknown), None, "{unknown:?}");
        }
    }
}
