//! Mandatory data, figures that cannot be, and sums.

use caravan_declaration::{Declaration, Party, Piece};
use caravan_postal::{Field, Grams};

use crate::book::Book;
use crate::codes::{
    CURRENCY_MIXED, DATA_MISSING, GROSS_WEIGHT_ZERO, NET_ABOVE_GROSS, NET_WEIGHT_ZERO, UNITS_ZERO,
    VALUE_NEGATIVE, VALUE_SUM, VALUE_ZERO,
};
use crate::facts::Facts;
use crate::tables::{DataField, Standing, Tables};

/// Holds an item whose mandatory data are not complete.
pub(super) fn check_mandatory(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    for rule in &tables.mandatory {
        let is_due = rule.countries.contains(facts.destination)
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
            && rule.when.misfit(facts).is_none();
        if is_due {
            rule.fields.iter().for_each(|field| check_field(*field, facts.declaration, book));
        }
    }
}

fn check_field(field: DataField, declaration: &Declaration<'_>, book: &mut Book) {
    let is_missing = match field {
        DataField::SenderName => is_nameless(&declaration.sender),
        DataField::SenderAddress => is_blank(declaration.sender.street),
        DataField::SenderCity => is_blank(declaration.sender.city),
        DataField::SenderCountry => declaration.sender.country.is_none(),
        DataField::AddresseeName => is_nameless(&declaration.addressee),
        DataField::AddresseeAddress => is_blank(declaration.addressee.street),
        DataField::AddresseeCity => is_blank(declaration.addressee.city),
        DataField::AddresseeCountry => declaration.addressee.country.is_none(),
        DataField::GrossWeight => declaration.gross_weight.is_none(),
        DataField::Nature => declaration.nature.is_none(),
        DataField::Pieces => declaration.pieces.is_empty(),
        DataField::Description => {
            return check_pieces(field, declaration, book, |piece| is_blank(piece.description));
        }
        DataField::Units => return check_pieces(field, declaration, book, |piece| piece.units.is_none()),
        DataField::NetWeight => {
            return check_pieces(field, declaration, book, |piece| piece.net_weight.is_none());
        }
        DataField::Value => return check_pieces(field, declaration, book, |piece| piece.value.is_none()),
    };
    if is_missing {
        book.find(Field::of(field.as_str()), DATA_MISSING.finding([field.term()]));
    }
}

fn check_pieces(
    field: DataField,
    declaration: &Declaration<'_>,
    book: &mut Book,
    is_missing: impl Fn(&Piece<'_>) -> bool,
) {
    for (index, piece) in declaration.pieces.iter().enumerate() {
        if is_missing(piece) {
            book.find(Field::of_piece(index, field.as_str()), DATA_MISSING.finding([field.term()]));
        }
    }
}

fn is_nameless(party: &Party<'_>) -> bool {
    is_blank(party.name) && is_blank(party.business)
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.chars().all(char::is_whitespace))
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

/// Holds an item whose parts do not add up to the whole.
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
        let finding = CURRENCY_MIXED.finding([currency.as_str(), total.currency.as_str()]);
        book.find(Field::of("total-value"), finding);
    } else if let Some(sum) = facts.value.filter(|sum| *sum != total) {
        book.find(Field::of("total-value"), VALUE_SUM.finding([sum.to_string(), total.to_string()]));
    }
}
