//! Mandatory data, figures that cannot be, and sums.

use caravan_declaration::{Declaration, Party, Piece};
use caravan_postal::{Field, Grams};

use crate::book::Book;
use crate::codes::{
    CURRENCY_MIXED, DATA_MISSING, DATA_WANTED, DESCRIPTION_LONG, GROSS_WEIGHT_ZERO, NET_ABOVE_GROSS,
    NET_WEIGHT_ZERO, PIECES_MANY, TOTAL_CURRENCY, UNITS_ZERO, VALUE_NEGATIVE, VALUE_SUM, VALUE_ZERO,
};
use crate::facts::Facts;
use crate::tables::{DataField, Mandatory, Standing, Tables};

/// Holds an item whose mandatory data are not complete, and warns of what may be asked for.
pub(super) fn check_mandatory(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    let missing = Missing::of(facts.declaration);
    for rule in tables.mandatory.of_country(facts.destination) {
        if rule.when.misfit(facts).is_some() {
            continue;
        }
        let standing = rule.row.standing(facts.accepted_on, facts.options);
        if let Some(standing) = standing.filter(|standing| standing.acts()) {
            for field in rule.fields.iter().filter(|field| missing.holds(**field)) {
                tell(*field, rule, standing, facts.declaration, book);
            }
            check_counts(rule, facts.declaration, book);
        }
    }
}

/// Fields that the item lacks, or one of its pieces, as bits: found once, and nearly always none.
struct Missing(u32);

const _: () = assert!(DataField::ALL.len() <= u32::BITS as usize, "every field has its bit");

impl Missing {
    fn of(declaration: &Declaration<'_>) -> Self {
        let (sender, addressee) = (&declaration.sender, &declaration.addressee);
        let mut missing = Self(0);
        for (field, is_missing) in [
            (DataField::SenderName, is_nameless(sender)),
            (DataField::SenderAddress, is_blank(sender.street)),
            (DataField::SenderCity, is_blank(sender.city)),
            (DataField::SenderCountry, sender.country.is_none()),
            (DataField::SenderPostcode, is_blank(sender.postcode)),
            (DataField::SenderTelephone, is_blank(sender.telephone)),
            (DataField::AddresseeName, is_nameless(addressee)),
            (DataField::AddresseeAddress, is_blank(addressee.street)),
            (DataField::AddresseeCity, is_blank(addressee.city)),
            (DataField::AddresseeCountry, addressee.country.is_none()),
            (DataField::AddresseePostcode, is_blank(addressee.postcode)),
            (DataField::AddresseeTelephone, is_blank(addressee.telephone)),
            (DataField::GrossWeight, declaration.gross_weight.is_none()),
            (DataField::Nature, declaration.nature.is_none()),
            (DataField::Pieces, declaration.pieces.is_empty()),
        ] {
            missing.note(field, is_missing);
        }
        for piece in &declaration.pieces {
            for (field, is_missing) in of_piece(piece) {
                missing.note(field, is_missing);
            }
        }
        missing
    }

    fn note(&mut self, field: DataField, is_missing: bool) {
        self.0 |= u32::from(is_missing) << field as u32;
    }

    fn holds(&self, field: DataField) -> bool {
        self.0 >> field as u32 & 1 == 1
    }
}

/// Returns whether each field of a piece is missing.
fn of_piece(piece: &Piece<'_>) -> [(DataField, bool); 5] {
    [
        (DataField::Description, is_blank(piece.description)),
        (DataField::Units, piece.units.is_none()),
        (DataField::NetWeight, piece.net_weight.is_none()),
        (DataField::Value, piece.value.is_none()),
        (DataField::GoodsOrigin, piece.origin.is_none()),
    ]
}

/// Tells that a field is missing: of the item, or of each piece that lacks it.
fn tell(
    field: DataField,
    rule: &Mandatory,
    standing: Standing,
    declaration: &Declaration<'_>,
    book: &mut Book,
) {
    let finding = || match standing {
        Standing::Sure => DATA_MISSING.finding([field.term()]),
        _ => DATA_WANTED.finding([field.term(), rule.row.id.as_str()]),
    };
    if !field.is_of_pieces() {
        return book.find(Field::of(field.as_str()), finding());
    }
    for (index, piece) in declaration.pieces.iter().enumerate() {
        if of_piece(piece).contains(&(field, true)) {
            book.find(Field::of_piece(index, field.as_str()), finding());
        }
    }
}

/// Warns of more pieces and longer descriptions than the row says.
fn check_counts(rule: &Mandatory, declaration: &Declaration<'_>, book: &mut Book) {
    let row = rule.row.id.as_str();
    let count = declaration.pieces.len();
    if let Some(limit) = rule.pieces_max.filter(|limit| count > usize::from(*limit)) {
        let arguments = [count.to_string(), limit.to_string(), row.to_owned()];
        book.find(Field::of("piece"), PIECES_MANY.finding(arguments));
    }
    let Some(limit) = rule.description_max else { return };
    for (index, piece) in declaration.pieces.iter().enumerate() {
        if piece.description.is_some_and(|text| text.chars().nth(usize::from(limit)).is_some()) {
            let arguments = [limit.to_string(), row.to_owned()];
            book.find(Field::of_piece(index, "description"), DESCRIPTION_LONG.finding(arguments));
        }
    }
}

fn is_nameless(party: &Party<'_>) -> bool {
    is_blank(party.name) && is_blank(party.business)
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| !begins_dark(text) && text.chars().all(char::is_whitespace))
}

/// Returns whether the first byte alone tells that a text is not blank: no white space of Unicode begins with one of these.
fn begins_dark(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'!'..=b'~' | 0xC3..=0xE0 | 0xE4..))
}

/// Holds figures that cannot be: no units, no weight, a value below zero.
pub(super) fn check_figures(facts: &Facts<'_>, book: &mut Book) {
    if facts.declaration.gross_weight == Some(Grams(0)) {
        book.find(Field::of("gross-weight"), GROSS_WEIGHT_ZERO.finding([""; 0]));
    }
    for (index, piece) in facts.declaration.pieces.iter().enumerate() {
        if piece.units == Some(0) {
            book.find(Field::of_piece(index, "units"), UNITS_ZERO.finding([""; 0]));
        }
        if piece.net_weight == Some(Grams(0)) && !facts.is_documents {
            book.find(Field::of_piece(index, "net-weight"), NET_WEIGHT_ZERO.finding([""; 0]));
        }
        match piece.value.map(|value| value.minor) {
            Some(..0) => book.find(Field::of_piece(index, "value"), VALUE_NEGATIVE.finding([""; 0])),
            Some(0) if !facts.is_documents => {
                book.find(Field::of_piece(index, "value"), VALUE_ZERO.finding([""; 0]));
            }
            _ => {}
        }
    }
}

/// Holds an item whose parts do not add up to the whole. A total cannot be held against values in several currencies.
pub(super) fn check_sums(facts: &Facts<'_>, book: &mut Book) {
    let declaration = facts.declaration;
    if let Some(gross) = declaration.gross_weight {
        let net = declaration
            .pieces
            .iter()
            .filter_map(|piece| piece.net_weight)
            .fold(0u64, |sum, net| sum.saturating_add(net.0));
        if net > gross.0 {
            let arguments = [format!("{} kg", Grams(net).kg()), format!("{} kg", gross.kg())];
            book.find(Field::of("gross-weight"), NET_ABOVE_GROSS.finding(arguments));
        }
    }
    let mut first = None;
    for (index, value) in
        declaration.pieces.iter().enumerate().filter_map(|(at, piece)| Some((at, piece.value?)))
    {
        let currency = *first.get_or_insert(value.currency);
        if currency != value.currency {
            let finding = CURRENCY_MIXED.finding([currency.as_str(), value.currency.as_str()]);
            return book.find(Field::of_piece(index, "value"), finding);
        }
    }
    let Some(total) = declaration.total_value else { return };
    if let Some(currency) = first.filter(|currency| *currency != total.currency) {
        let finding = TOTAL_CURRENCY.finding([currency.as_str(), total.currency.as_str()]);
        book.find(Field::of("total-value"), finding);
    } else if let Some(sum) = facts.value.filter(|sum| *sum != total) {
        book.find(Field::of("total-value"), VALUE_SUM.finding([sum.to_string(), total.to_string()]));
    }
}

#[cfg(test)]
mod tests {
    use super::begins_dark;

    #[test]
    fn no_white_space_begins_dark() {
        assert!((char::MIN..=char::MAX).filter(|letter| letter.is_whitespace()).count() > 20);
        for letter in (char::MIN..=char::MAX).filter(|letter| begins_dark(&letter.to_string())) {
            assert!(!letter.is_whitespace(), "{letter:?}");
        }
        assert!(["A", "7", "улица", "深圳", "Ö"].into_iter().all(begins_dark));
    }
}
