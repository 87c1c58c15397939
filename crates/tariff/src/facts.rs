//! What many rules ask about an item, found out once.

use caravan_declaration::{Declaration, Party, PartyKind, Piece};
use caravan_postal::{Country, Currency, Handling, Impc, MailClass, Money, Nature, Ratio};
use chrono::NaiveDate;

use crate::rates::NoRate;
use crate::tables::Traits;
use crate::trace::{Amount, Quotation};
use crate::{Authority, Channel, Flow, Options, Question, Rates, Transport};

/// A question with the answers that many rules need.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and conditions ask them one by one"
)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) declaration: &'a Declaration<'a>,
    pub(crate) flow: Flow,
    pub(crate) filed_on: NaiveDate,
    pub(crate) accepted_on: NaiveDate,
    rated_on: Option<NaiveDate>,
    pub(crate) mode: Transport,
    pub(crate) rates: &'a Rates,
    pub(crate) options: &'a Options,
    /// The country of dispatch.
    pub(crate) origin: Option<Country>,
    /// The country of destination.
    pub(crate) destination: Option<Country>,
    pub(crate) class: Option<MailClass>,
    /// The sum of the pieces' values, when there is one.
    pub(crate) value: Option<Money>,
    /// The same, exact, where it is within the bounds of any amount.
    pub(crate) amount: Option<Amount>,
    /// Every piece has a value within the bounds of any amount, but not all in one currency: each is converted by itself.
    pub(crate) is_mixed: bool,
    /// The scheme under which the seller took the tax, unless its number is none of the scheme.
    pub(crate) prepaid: Option<&'a str>,
    /// A gift from person to person.
    pub(crate) is_gift: bool,
    pub(crate) is_business_sender: bool,
    pub(crate) is_business_addressee: bool,
    /// Nothing but documents inside.
    pub(crate) is_documents: bool,
    pub(crate) is_insured: bool,
    /// The customs procedure, once it is found.
    pub(crate) channel: Channel,
    /// Lithium batteries in equipment are agreed on the way to the destination.
    pub(crate) is_lithium_agreed: bool,
    /// What conditions ask of all these.
    pub(crate) traits: Traits,
}

impl<'a> Facts<'a> {
    /// Finds the facts of a question.
    pub(crate) fn of(question: &Question<'a>) -> Self {
        let declaration = question.declaration;
        let is_business_sender = is_business(&declaration.sender);
        let is_business_addressee = is_business(&declaration.addressee);
        let is_gift =
            declaration.nature == Some(Nature::Gift) && !is_business_sender && !is_business_addressee;
        let origin = declaration.sender.country.or_else(|| declaration.route.origin.map(Impc::country));
        let value = declaration.value();
        let facts = Self {
            declaration,
            flow: question.flow,
            filed_on: question.filed_on,
            accepted_on: question.accepted_on,
            rated_on: question.rated_on,
            mode: question.mode,
            rates: question.rates,
            options: question.options,
            origin,
            destination: declaration.destination(),
            class: declaration.class(),
            value,
            prepaid: declaration.prepaid_tax.map(|tax| tax.scheme),
            is_mixed: value.is_none() && is_mixed(declaration),
            amount: value.filter(|value| (0..=Money::MAX_MINOR).contains(&value.minor)).map(Amount::of),
            is_gift,
            is_business_sender,
            is_business_addressee,
            is_documents: declaration.nature == Some(Nature::Documents),
            is_insured: declaration.handling() == Handling::Insured,
            channel: Channel::default(),
            is_lithium_agreed: question
                .options
                .is_lithium_agreed(declaration.route.destination, declaration.destination()),
            traits: Traits::default(),
        };
        Self { traits: Traits::of(&facts), ..facts }
    }
}

impl Facts<'_> {
    /// Returns the day whose exchange rates count for a rule that is looked up on a day.
    pub(crate) fn rated_on(&self, date: NaiveDate) -> NaiveDate {
        self.rated_on.unwrap_or(date)
    }

    /// Returns the value of the goods in a currency: the sum, or where pieces state several currencies, each piece by
    /// itself. `None` where a value is missing or out of bounds.
    pub(crate) fn worth<'r>(
        &'r self,
        to: Currency,
        authority: &Authority,
        date: NaiveDate,
        mut seen: impl FnMut(&'r Quotation),
    ) -> Option<Result<Amount, (NoRate, Currency)>> {
        let mut converted = |amount: Amount| {
            let converted = self.rates.convert(amount, to, authority, date, |_, _, rate| seen(rate));
            converted.map_err(|reason| (reason, amount.currency))
        };
        if !self.is_mixed {
            return self.amount.map(converted);
        }
        let values = self.declaration.pieces.iter().filter_map(|piece| piece.value);
        Some(values.map(Amount::of).try_fold(Amount { exact: Ratio::ZERO, currency: to }, |sum, value| {
            let exact = sum.exact.checked_add(converted(value)?.exact);
            Ok(Amount { exact: exact.ok_or((NoRate::OutOfReach, to))?, ..sum })
        }))
    }

    /// Returns the value of the goods as it is stated: `80.00 CNY + 10.00 EUR`.
    pub(crate) fn stated(&self) -> String {
        if let Some(value) = self.value {
            return value.to_string();
        }
        let values = self.declaration.pieces.iter().filter_map(|piece| piece.value);
        values.map(|value| value.to_string()).collect::<Vec<_>>().join(" + ")
    }

    /// Returns whether a piece has no commodity code.
    pub(crate) fn lacks_code(&self) -> bool {
        self.declaration.pieces.iter().any(|piece| piece.hs.is_none())
    }

    /// Returns whether the item is one article: what customs can take as indivisible.
    pub(crate) fn is_one_article(&self) -> bool {
        matches!(&self.declaration.pieces[..], [piece] if piece.units == Some(1))
    }
}

fn is_mixed(declaration: &Declaration<'_>) -> bool {
    let Some(first) = declaration.currency() else { return false };
    let is_bounded =
        |piece: &Piece<'_>| piece.value.is_some_and(|value| (0..=Money::MAX_MINOR).contains(&value.minor));
    declaration.pieces.iter().all(is_bounded)
        && declaration.pieces.iter().any(|piece| piece.value.is_some_and(|value| value.currency != first))
}

fn is_business(party: &Party<'_>) -> bool {
    match party.kind {
        Some(kind) => kind == PartyKind::Business,
        None => party.business.is_some(),
    }
}
