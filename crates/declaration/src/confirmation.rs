//! What of a declaration only its sender may change, and what a post corrects by itself.
//!
//! Value, contents, quantity, addressee, origin and commodity code are what the sender answers for; weight, format and
//! transliteration are the post's to correct.

use caravan_postal::Money;

use crate::model::{Declaration, Party, Piece};

/// The extra field in which a version of a declaration carries the reference of its sender's confirmation.
pub const CONFIRMATION: &str = "sender-confirmation";

/// What only the sender may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protected {
    /// The value of a piece, or of all.
    Value,
    /// What the item holds: the pieces and their descriptions.
    Contents,
    /// How many units of a piece.
    Quantity,
    /// To whom and where it goes.
    Addressee,
    /// The country that the item or a piece comes from.
    Origin,
    /// The commodity code of a piece.
    Code,
}

impl Protected {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Value, Self::Contents, Self::Quantity, Self::Addressee, Self::Origin, Self::Code];

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Contents => "contents",
            Self::Quantity => "quantity",
            Self::Addressee => "addressee",
            Self::Origin => "origin",
            Self::Code => "commodity-code",
        }
    }

    /// Returns what a stable name stands for.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Returns what a version of a declaration changes of another that only the sender may change. What one says and the other
/// does not is changed too.
pub fn protected_changes(before: &Declaration<'_>, after: &Declaration<'_>) -> Vec<Protected> {
    let is_changed = |what: &Protected| match what {
        Protected::Value => total(before) != total(after) || differ(before, after, |piece| piece.value),
        Protected::Contents => {
            before.pieces.len() != after.pieces.len()
                || differ(before, after, |piece| {
                    piece.description.map(|text| folded(text, char::is_alphanumeric))
                })
        }
        Protected::Quantity => differ(before, after, |piece| piece.units),
        Protected::Addressee => !is_same_addressee(before, after),
        Protected::Origin => before.origin() != after.origin() || differ(before, after, |piece| piece.origin),
        Protected::Code => differ(before, after, |piece| piece.hs),
    };
    Protected::ALL.into_iter().filter(is_changed).collect()
}

/// Returns whether two versions of a declaration go to the same addressee: case, spaces and punctuation make no difference,
/// and neither does transliteration.
///
/// What is written in Latin letters without marks in one version and otherwise in the other is taken for a transliteration,
/// if its digits are the same: no table says how each post transliterates.
pub fn is_same_addressee(before: &Declaration<'_>, after: &Declaration<'_>) -> bool {
    let (one, other) = (&before.addressee, &after.addressee);
    let texts: [fn(&Party<'_>) -> String; 5] = [
        |party| [party.name, party.business].map(Option::unwrap_or_default).join(" "),
        |party| party.street.unwrap_or_default().to_owned(),
        |party| party.city.unwrap_or_default().to_owned(),
        |party| party.region.unwrap_or_default().to_owned(),
        |party| party.postcode.unwrap_or_default().to_owned(),
    ];
    before.destination() == after.destination()
        && texts.iter().all(|text| is_same_text(&text(one), &text(other)))
}

fn is_same_text(one: &str, other: &str) -> bool {
    let letters = [one, other].map(|text| folded(text, char::is_alphanumeric));
    if letters[0] == letters[1] {
        return true;
    }
    let is_said = letters.iter().all(|text| !text.is_empty());
    let digits = [one, other].map(|text| folded(text, |character| character.is_ascii_digit()));
    is_said && digits[0] == digits[1] && one.is_ascii() != other.is_ascii()
}

/// Returns the characters of a text that count, in small letters.
fn folded(text: &str, counts: impl Fn(char) -> bool) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|character| counts(*character)).collect()
}

/// Returns the total value: as stated, or else the sum of the pieces.
fn total(declaration: &Declaration<'_>) -> Option<Money> {
    declaration.total_value.or_else(|| declaration.value())
}

/// Returns whether a piece says something else than the one in its place.
fn differ<'a, T: PartialEq>(
    before: &'a Declaration<'a>,
    after: &'a Declaration<'a>,
    of: impl Fn(&Piece<'a>) -> Option<T>,
) -> bool {
    before.pieces.iter().zip(&after.pieces).any(|(one, other)| of(one) != of(other))
}

#[cfg(test)]
mod tests {
    use caravan_postal::{Country, Currency, Grams, HsCode, Money};

    use super::{Protected, protected_changes};
    use crate::model::{Declaration, Party, Piece};

    fn declaration() -> Declaration<'static> {
        let euros = Currency::parse("EUR").unwrap();
        Declaration {
            gross_weight: Some(Grams(500)),
            addressee: Party {
                name: Some("Иванов Пётр"),
                street: Some("ул. Абая 12"),
                city: Some("Almaty"),
                country: Country::parse("KZ"),
                ..Party::default()
            },
            pieces: vec![Piece {
                description: Some("cotton T-shirts"),
                units: Some(2),
                net_weight: Some(Grams(400)),
                value: Some(Money { minor: 2000, currency: euros }),
                hs: HsCode::parse("610910"),
                origin: Country::parse("CN"),
                battery: None,
            }],
            ..Declaration::default()
        }
    }

    /// The one door: changes a declaration, and returns by name what of it only the sender may change.
    fn check(change: impl FnOnce(&mut Declaration<'static>), expected: &[&str]) {
        let mut after = declaration();
        change(&mut after);
        let found = protected_changes(&declaration(), &after);
        assert_eq!(found.iter().map(|one| one.as_str()).collect::<Vec<_>>(), expected, "{after:?}");
        assert_eq!(protected_changes(&after, &declaration()), found, "either way");
        assert!(found.iter().all(|one| Protected::parse(one.as_str()) == Some(*one)));
    }

    #[test]
    fn weight_format_and_transliteration_are_the_posts() {
        check(|_| {}, &[]);
        check(|one| one.gross_weight = Some(Grams(520)), &[]);
        check(|one| one.pieces[0].net_weight = None, &[]);
        check(|one| one.total_value = one.value(), &[]);
        check(|one| one.addressee.name = Some("IVANOV, Pyotr"), &[]);
        check(|one| one.addressee.street = Some("Abay street 12"), &[]);
        check(|one| one.addressee.city = Some("Алматы"), &[]);
        check(|one| one.addressee.name = Some(" иванов  пётр"), &[]);
        check(|one| one.pieces[0].description = Some("Cotton T-Shirts"), &[]);
        check(|one| one.addressee.telephone = Some("+7 700 000 00 00"), &[]);
    }

    #[test]
    fn the_rest_is_the_senders() {
        check(|one| one.pieces[0].value = None, &["value"]);
        check(|one| one.total_value = Some(Money { minor: 2001, ..one.value().unwrap() }), &["value"]);
        check(|one| one.pieces[0].description = Some("cotton shirts"), &["contents"]);
        check(|one| one.pieces[0].description = Some("хлопковые футболки"), &["contents"]);
        check(|one| one.pieces.push(Piece::default()), &["value", "contents"]);
        check(|one| one.pieces[0].units = Some(3), &["quantity"]);
        check(|one| one.addressee.name = Some("Петров Пётр"), &["addressee"]);
        check(|one| one.addressee.street = Some("Abay street 13"), &["addressee"]);
        check(|one| one.addressee.street = None, &["addressee"]);
        check(|one| one.addressee.city = Some("Astana"), &["addressee"]);
        check(|one| one.addressee.country = Country::parse("KG"), &["addressee"]);
        check(|one| one.pieces[0].origin = Country::parse("VN"), &["origin"]);
        check(|one| one.sender.country = Country::parse("VN"), &["origin"]);
        check(|one| one.pieces[0].hs = HsCode::parse("610990"), &["commodity-code"]);
        check(|one| one.pieces[0].hs = None, &["commodity-code"]);
    }
}
