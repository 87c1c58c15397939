//! What follows from a declaration without being one of its fields, and what is usual where nobody says otherwise.

use caravan_postal::Grams;

use super::number::{canonical, kilograms, quotient, sum};
use crate::ceb::codes::{country_number, currency_number};
use crate::ceb::document::Values;
use crate::ceb::layout::{Direction, Element, Message};
use crate::model::Declaration;

/// Characters of the contents of a waybill (`goodsInfo`).
const GOODS_MAX: usize = 200;

/// Returns what an element of the head is when the item as a whole tells it.
pub(super) fn of_item(declaration: &Declaration<'_>, name: &str) -> Option<String> {
    match name {
        "netWeight" => {
            let weights = declaration.pieces.iter().map(|piece| piece.net_weight);
            let total = weights.sum::<Option<Grams>>().filter(|_| !declaration.pieces.is_empty());
            total.map(kilograms)
        }
        "goodsInfo" => goods(declaration),
        _ => None,
    }
}

/// Returns the descriptions of the pieces, as many whole ones as there is room for; all of the first in any case.
fn goods(declaration: &Declaration<'_>) -> Option<String> {
    let mut descriptions = declaration.pieces.iter().filter_map(|piece| piece.description);
    let mut goods = descriptions.next()?.to_owned();
    for description in descriptions {
        if goods.chars().count() + 2 + description.chars().count() > GOODS_MAX {
            break;
        }
        goods.extend(["; ", description]);
    }
    Some(goods)
}

/// Returns what an element of a line is when the item as a whole tells it: lines of an export list name the last
/// destination.
pub(super) fn of_piece(declaration: &Declaration<'_>, message: &Message, name: &str) -> Option<&'static str> {
    let is_destination = message.name == "CEB603Message" && name == "country";
    declaration.addressee.country.filter(|_| is_destination).and_then(country_number)
}

/// Fills what follows from several elements of a head.
pub(super) fn complete_head(declaration: &Declaration<'_>, head: &mut Values<'_>) {
    let has = |name: &str| head.block.elements.iter().any(|element| element.name == name);
    let value = declaration.total_value.or_else(|| declaration.value());
    if let Some(value) = value.filter(|_| has("goodsValue")) {
        head.set("goodsValue", canonical(&value.decimal()));
        // A currency without a number is left out, whatever the envelope says of another.
        match currency_number(value.currency) {
            Some(number) => head.set("currency", number),
            None => head.remove("currency"),
        };
    }
    // The one who receives is the one who buys, unless another is named.
    for (name, of) in [("consignee", "buyerName"), ("consigneeTelephone", "buyerTelephone")] {
        let text = head.text(of).map(str::to_owned);
        if let Some(text) = text.filter(|_| head.text(name).is_none()) {
            head.set(name, text);
        }
    }
    // What was paid is the goods with freight and tax less the discount.
    if head.text("acturalPaid").is_none() {
        let part = |name: &str| head.text(name);
        let paid = (|| sum(&[part("goodsValue")?, part("freight")?, part("taxTotal")?], part("discount")?))();
        if let Some(paid) = paid {
            head.set("acturalPaid", paid);
        }
    }
}

/// Fills the price of one unit, rounded half up to the five decimals that it may have.
pub(super) fn complete_line(line: &mut Values<'_>) {
    if line.text("price").is_some() {
        return;
    }
    let price =
        line.text("totalPrice").zip(line.text("qty")).and_then(|(total, count)| quotient(total, count));
    if let Some(price) = price {
        line.set("price", price);
    }
}

/// Returns the value that an element has where nobody says another: the only one that it may have, and what the message
/// itself tells.
pub(in crate::ceb) fn usual(message: &Message, element: &Element) -> Option<&'static str> {
    match element.name {
        "ieFlag" => Some(match message.direction {
            Direction::Export => "E",
            Direction::Import => "I",
        }),
        // A postal item is one package, whatever is in it; the numbers of parts are set anew where it is split.
        "packNo" | "msgCount" | "msgSeqNo" => Some("1"),
        _ => element.fixed,
    }
}
