//! Countries as ISO 3166-1 alpha-2 codes.

use crate::ascii::{ascii_code, exact};

ascii_code! {
    /// A country or territory of ISO 3166-1, or `XK`, which the posts use for Kosovo.
    Country, 2
}

impl Country {
    /// Returns the country for an upper-case code that ISO 3166-1 (or the postal practice for `XK`) knows.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = exact::<2>(text, u8::is_ascii_uppercase)?;
        CODES.as_bytes().chunks_exact(3).any(|code| code[..2] == bytes).then_some(Self(bytes))
    }

    /// Returns a number below 676 that orders as the code does: the base of packed keys.
    pub fn ordinal(self) -> u16 {
        u16::from(self.0[0] - b'A') * 26 + u16::from(self.0[1] - b'A')
    }

    pub(crate) fn from_ordinal(ordinal: u16) -> Option<Self> {
        let letter = |n: u16| u8::try_from(n).ok().map(|n| b'A' + n);
        let bytes = [letter(ordinal / 26)?, letter(ordinal % 26)?];
        Self::parse(std::str::from_utf8(&bytes).ok()?)
    }
}

/// ISO 3166-1 alpha-2 as of 2026, and XK.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn knows_the_list_and_nothing_beside_it() {
        for known in ["CN", "KZ", "XK", "ZW", "AD"] {
            let country = Country::parse(known).unwrap();
            assert_eq!(Country::from_ordinal(country.ordinal()), Some(country));
        }
        for unknown in ["", "C", "cn", "ZZ", "EU", "CHN", " C", "N "] {
            assert_eq!(Country::parse(unknown), None, "{unknown:?}");
        }
        assert_eq!(super::CODES.len() / 3, 250, "249 codes of ISO 3166-1 and XK");
    }
}
