//! What many rules ask about an item, found out once.

use caravan_declaration::{Declaration, Party, PartyKind};
use caravan_postal::{Country, Handling, Impc, MailClass, Money, Nature};
use chrono::NaiveDate;

use crate::tables::Traits;
use crate::trace::Amount;
use crate::{Channel, Flow, Options, Question, Rates, Transport};

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

    /// Returns whether a piece has no commodity code.
    pub(crate) fn lacks_code(&self) -> bool {
        self.declaration.pieces.iter().any(|piece| piece.hs.is_none())
    }

    /// Returns whether the item is one article: what customs can take as indivisible.
    pub(crate) fn is_one_article(&self) -> bool {
        matches!(&self.declaration.pieces[..], [piece] if piece.units == Some(1))
    }
}

fn is_business(party: &Party<'_>) -> bool {
    match party.kind {
        Some(kind) => kind == PartyKind::Business,
        None => party.business.is_some(),
    }
}
