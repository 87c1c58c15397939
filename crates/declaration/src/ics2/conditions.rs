//! The conditions and rules of ICS2 that a declaration has to meet before it can be filed as IE3F43.
//!
//! Numbers and wording are those of the rules and conditions document of the trader interface, edition 2.01 of May
//! 2022. They are rules of the message, not of the trade: whether an item is admissible is asked elsewhere. What a
//! station demands of every item, as names, addresses and weights, is not asked here again.

use caravan_postal::{Code, Country, Field, Finding};

use crate::findings;
use crate::model::{Declaration, Party, PartyKind};

/// What a filing knows beside the declaration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// Whether the additional information has the code 10900, under which value and postage have to be told.
    pub has_value_statement: bool,
    /// Countries whose addresses may lack a postcode: those marked `C` in code list CL733.
    pub without_postcode: &'a [Country],
}

/// One condition or rule.
#[derive(Debug)]
pub struct Condition {
    /// Its number: `C3025`.
    pub number: &'static str,
    /// What it demands.
    pub says: &'static str,
    /// What is found when it is not met; the number is the argument.
    pub code: &'static Code,
    check: fn(&Declaration<'_>, &Circumstances<'_>, &mut Vec<Field>),
}

/// The conditions, in the order of their numbers.
pub static CONDITIONS: &[Condition] = &[
    Condition {
        number: "C3025",
        says: "the commodity code is there, unless sender and addressee are both natural persons",
        code: &findings::ICS2_COMMODITY_MISSING,
        check: commodity_code,
    },
    Condition {
        number: "C3034",
        says: "the postcode is there, except in countries that have none",
        code: &findings::ICS2_POSTCODE_MISSING,
        check: postcode,
    },
    Condition {
        number: "C3037",
        says: "under 10900 the kind of goods is told, unless a fiscal reference is given",
        code: &findings::ICS2_GOODS_TYPE_MISSING,
        check: goods_type,
    },
    Condition {
        number: "C3038",
        says: "under 10900 the value of each line and the postage are told",
        code: &findings::ICS2_VALUE_MISSING,
        check: value,
    },
    Condition {
        number: "CL729",
        says: "each party is said to be a natural person or not",
        code: &findings::ICS2_PERSON_MISSING,
        check: person,
    },
    Condition {
        number: "R3002",
        says: "an address has street and number, or a post-office box",
        code: &findings::ICS2_NUMBER_MISSING,
        check: street_number,
    },
    Condition {
        number: "R3006",
        says: "a telephone number is a plus sign and 7 to 15 digits, single spaces between them allowed",
        code: &findings::ICS2_TELEPHONE,
        check: telephone,
    },
    Condition {
        number: "R3019",
        says: "a commodity code has 6 to 8 digits",
        code: &findings::ICS2_COMMODITY_LONG,
        check: commodity_length,
    },
];

/// The name of the extra that holds the kind of goods.
pub(super) const TYPE_OF_GOODS: &str = "typeOfGoods";

impl Condition {
    /// Returns the fields of a declaration that do not meet the condition.
    pub fn unmet(&self, declaration: &Declaration<'_>, circumstances: &Circumstances<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        (self.check)(declaration, circumstances, &mut fields);
        fields
    }
}

/// Checks a declaration against every condition; the number of the condition is the argument of its finding.
pub fn conditions(declaration: &Declaration<'_>, circumstances: &Circumstances<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for condition in CONDITIONS {
        let unmet = condition.unmet(declaration, circumstances);
        findings.extend(unmet.into_iter().map(|field| condition.code.finding([condition.number]).on(field)));
    }
    findings
}

/// The parties with the names of the fields that are asked about.
fn parties<'d, 'a>(
    declaration: &'d Declaration<'a>,
    sender: &'static str,
    addressee: &'static str,
) -> [(&'d Party<'a>, Field); 2] {
    [(&declaration.sender, Field::of(sender)), (&declaration.addressee, Field::of(addressee))]
}

fn commodity_code(declaration: &Declaration<'_>, _: &Circumstances<'_>, found: &mut Vec<Field>) {
    let is_person = |party: &Party<'_>| party.kind == Some(PartyKind::Person);
    if is_person(&declaration.sender) && is_person(&declaration.addressee) {
        return;
    }
    let pieces = declaration.pieces.iter().enumerate();
    found.extend(pieces.filter(|(_, piece)| piece.hs.is_none()).map(|(at, _)| Field::of_piece(at, "hs")));
}

fn commodity_length(declaration: &Declaration<'_>, _: &Circumstances<'_>, found: &mut Vec<Field>) {
    let is_long = |at: &usize| declaration.pieces[*at].hs.is_some_and(|hs| hs.parts().1 > 8);
    found.extend((0..declaration.pieces.len()).filter(is_long).map(|at| Field::of_piece(at, "hs")));
}

fn postcode(declaration: &Declaration<'_>, circumstances: &Circumstances<'_>, found: &mut Vec<Field>) {
    for (party, field) in parties(declaration, "sender-postcode", "addressee-postcode") {
        let is_free = party.country.is_some_and(|country| circumstances.without_postcode.contains(&country));
        if party.postcode.is_none() && !is_free {
            found.push(field);
        }
    }
}

fn goods_type(declaration: &Declaration<'_>, circumstances: &Circumstances<'_>, found: &mut Vec<Field>) {
    let has_type = declaration.extras.iter().any(|(name, _)| *name == TYPE_OF_GOODS);
    if circumstances.has_value_statement && declaration.prepaid_tax.is_none() && !has_type {
        found.push(Field::of("extra"));
    }
}

fn value(declaration: &Declaration<'_>, circumstances: &Circumstances<'_>, found: &mut Vec<Field>) {
    if !circumstances.has_value_statement {
        return;
    }
    if declaration.postage.is_none() {
        found.push(Field::of("postage"));
    }
    let pieces = declaration.pieces.iter().enumerate();
    found.extend(
        pieces.filter(|(_, piece)| piece.value.is_none()).map(|(at, _)| Field::of_piece(at, "value")),
    );
}

fn person(declaration: &Declaration<'_>, _: &Circumstances<'_>, found: &mut Vec<Field>) {
    let parties = parties(declaration, "sender-kind", "addressee-kind");
    found.extend(parties.into_iter().filter(|(party, _)| party.kind.is_none()).map(|(_, field)| field));
}

fn street_number(declaration: &Declaration<'_>, _: &Circumstances<'_>, found: &mut Vec<Field>) {
    for (party, field) in parties(declaration, "sender-street", "addressee-street") {
        // The model has one text for both; a box has a number too. That there is any text is asked elsewhere.
        if party.street.is_some_and(|street| !has_number(street)) {
            found.push(field);
        }
    }
}

/// Returns whether a text has a digit or another numeral. Nearly every number of a house is in digits, which bytes tell.
fn has_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || text.chars().any(char::is_numeric)
}

fn telephone(declaration: &Declaration<'_>, _: &Circumstances<'_>, found: &mut Vec<Field>) {
    for (party, field) in parties(declaration, "sender-telephone", "addressee-telephone") {
        if party.telephone.is_some_and(|number| !is_telephone(number)) {
            found.push(field);
        }
    }
}

/// Returns whether R3006 takes a number: `^\+(?:[0-9] ?){6,14}[0-9]$`.
pub(crate) fn is_telephone(number: &str) -> bool {
    let Some(digits) = number.strip_prefix('+') else { return false };
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let is_shaped = digits.bytes().all(|byte| byte == b' ' || byte.is_ascii_digit());
    let is_spaced = digits.starts_with(' ') || digits.ends_with(' ') || digits.contains("  ");
    is_shaped && !is_spaced && (7..=15).contains(&count)
}

/// Returns whether R3005 takes an EORI number: the country that gave it, and 1 to 15 more characters.
pub(crate) fn is_eori(number: &str) -> bool {
    let Some((country, rest)) = number.split_at_checked(2) else { return false };
    Country::parse(country).is_some()
        && (1..=15).contains(&rest.len())
        && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{CONDITIONS, has_number, is_eori, is_telephone};

    #[test]
    fn knows_numbers_of_houses_in_digits_and_other_numerals() {
        for numbered in ["улица Абая 12", "7", "深南大道１２号", "ul. Ⅳ", "شارع ٣"] {
            assert!(has_number(numbered), "{numbered}");
        }
        for bare in ["", " ", "улица Абая", "深南大道", "Main Street", "十二号"] {
            assert!(!has_number(bare), "{bare}");
        }
    }

    #[test]
    fn knows_telephone_numbers_from_their_nearest_wrong_neighbours() {
        for good in ["+1234567", "+86 579 8512 3456", "+123456789012345", "+1 2 3 4 5 6 7"] {
            assert!(is_telephone(good), "{good}");
        }
        for bad in [
            "",
            "+",
            "+123456",
            "+1234567890123456",
            "8613800138000",
            "+ 1234567",
            "+1234567 ",
            "+12  34567",
            "+12-34567",
        ] {
            assert!(!is_telephone(bad), "{bad}");
        }
    }

    #[test]
    fn knows_eori_numbers_from_their_nearest_wrong_neighbours() {
        for good in ["PL123456789", "DE1", "FR12345678901234X"] {
            assert!(is_eori(good), "{good}");
        }
        for bad in ["", "PL", "QQ123", "pl123", "PL 123", "PL1234567890123456", "汉1"] {
            assert!(!is_eori(bad), "{bad}");
        }
    }

    #[test]
    fn each_condition_has_a_number_and_a_code_of_its_own() {
        let numbers: Vec<&str> = CONDITIONS.iter().map(|condition| condition.number).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        for (at, condition) in CONDITIONS.iter().enumerate() {
            assert_eq!(condition.code.arguments, ["rule"]);
            assert!(CONDITIONS[..at].iter().all(|other| !std::ptr::eq(other.code, condition.code)));
        }
    }
}
