//! Sorting: which stream a declared item belongs to.

use caravan_declaration::{Declaration, Identifier};
use caravan_planning::Stream;
use caravan_postal::{Country, Finding, MailClass, MailSubclass, Money};
use caravan_tariff::{Assessment, Channel};

use crate::ItemId;
use crate::advice::Inbound;
use crate::config::Config;
use crate::item::{Item, ItemName, Journey, Lithium};
use crate::operation::NO_PARTNER;

/// Returns the stream of a declared item, or the finding that no partner office takes it; an item for this country has
/// none.
///
/// The office that the declaration names wins when it is a partner; else the addressee's country decides.
pub fn stream(declaration: &Declaration<'_>, config: &Config) -> Result<Option<Stream>, Finding> {
    let way = journey(declaration, config.home());
    let named = declaration.route.destination.and_then(|office| config.partner(office));
    let by_country = || declaration.destination().and_then(|country| config.partner_for(country));
    let Some(partner) = named.or_else(by_country) else {
        let is_for_here = way == Journey::Import;
        return if is_for_here { Ok(None) } else { Err(no_partner(declaration.destination())) };
    };
    Ok(declaration.class().map(|class| on_its_way(partner.stream(class, declaration.handling()), way)))
}

/// Returns the item that a declaration announces, as it stands before anyone has seen it.
pub fn expected(
    id: ItemId,
    declaration: &Declaration<'_>,
    assessment: &Assessment,
    stream: Option<Stream>,
    home: Country,
) -> Item {
    let name = match declaration.identifier {
        Some(Identifier::S10(s10)) => ItemName::S10(s10),
        Some(Identifier::Other(name)) => ItemName::Other(name.to_owned()),
        None => ItemName::Other(String::new()),
    };
    Item {
        decision: assessment.decision,
        own_hold: None,
        physical: assessment.physical,
        stream,
        journey: journey(declaration, home),
        channel: channel(declaration, assessment),
        origin: declaration.origin(),
        destination: declaration.destination(),
        handling: declaration.handling(),
        declared: declaration.gross_weight,
        volume: declaration.volume,
        lithium: lithium(declaration),
        is_dangerous: assessment.is_dangerous,
        inbound: Inbound { assessed: assessed_in(assessment), ..Inbound::default() },
        version: 1,
        events: 1,
        ..Item::unknown(id, name)
    }
}

/// Returns the finding that no partner office takes mail to a country.
pub(crate) fn no_partner(country: Option<Country>) -> Finding {
    NO_PARTNER.finding([country.as_ref().map(Country::as_str).unwrap_or_default()])
}

/// Returns a stream in the subclass of its way, where the list of subclasses is confirmed to have one: parcels à découvert
/// `CA` and returned parcels `CB` (UPU code list 117). A partner's own subclass wins.
pub(crate) fn on_its_way(stream: Stream, way: Journey) -> Stream {
    let is_ordinary = stream.subclass == MailSubclass::ordinary(MailClass::Parcels);
    let own = match way {
        Journey::Transit if is_ordinary => MailSubclass::parse("CA"),
        Journey::Return if is_ordinary => MailSubclass::parse("CB"),
        Journey::Export | Journey::Transit | Journey::Import | Journey::Return => None,
    };
    Stream { subclass: own.unwrap_or(stream.subclass), ..stream }
}

/// Returns what an assessment says is due here: the sum of what is no estimate of another country's charges.
pub fn assessed_in(assessment: &Assessment) -> Option<Money> {
    let mut due = assessment.charges.iter().filter(|charge| !charge.is_estimate).map(|charge| charge.amount);
    let first = due.next()?;
    due.try_fold(first, |sum, one| {
        let minor = sum.minor.checked_add(one.minor).filter(|_| one.currency == sum.currency)?;
        Some(Money { minor, ..sum })
    })
}

/// Returns the procedure that an item goes by: the one that its list names to customs, or else the tariff's.
fn channel(declaration: &Declaration<'_>, assessment: &Assessment) -> Channel {
    let named = declaration.extras.iter().find(|(name, _)| *name == "tradeMode");
    named.and_then(|(_, code)| Channel::parse(code)).unwrap_or(assessment.channel)
}

/// Returns which lithium batteries a declaration states. What is none of the known numbers counts as what needs more
/// permission.
pub fn lithium(declaration: &Declaration<'_>) -> Lithium {
    let batteries = declaration.pieces.iter().filter_map(|piece| piece.battery);
    let kinds = batteries.map(|battery| match battery.un_number {
        3481 | 3091 => Lithium::InEquipment,
        _ => Lithium::Alone,
    });
    kinds.max().unwrap_or(Lithium::No)
}

/// Returns which way a declared item goes, seen from a station in its country.
pub fn journey(declaration: &Declaration<'_>, home: Country) -> Journey {
    // A sender here makes it an export whatever number it bears: nothing leaves without customs because of a number.
    let is_from_home = declaration.origin() == Some(home) || declaration.sender.country == Some(home);
    if declaration.destination() == Some(home) && !is_from_home {
        return Journey::Import;
    }
    if is_from_home || declaration.origin().is_none() { Journey::Export } else { Journey::Transit }
}
