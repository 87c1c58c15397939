//! Sorting: which stream a declared item belongs to.

use caravan_declaration::{Declaration, Identifier};
use caravan_planning::Stream;
use caravan_postal::{Country, Finding};
use caravan_tariff::Assessment;

use crate::ItemId;
use crate::config::Config;
use crate::item::{Custody, Disposition, Item, ItemName, Journey};
use crate::operation::NO_PARTNER;

/// Returns the stream of a declared item, or the finding that no partner office takes it.
///
/// The office that the declaration names wins when it is a partner; else the addressee's country decides.
pub fn stream(declaration: &Declaration<'_>, config: &Config) -> Result<Option<Stream>, Finding> {
    let named = declaration.route.destination.and_then(|office| config.partner(office));
    let by_country = || declaration.destination().and_then(|country| config.partner_for(country));
    let Some(partner) = named.or_else(by_country) else {
        let country = declaration.destination().map_or_else(String::new, |country| country.to_string());
        return Err(NO_PARTNER.finding([country]));
    };
    Ok(declaration.class().map(|class| partner.stream(class, declaration.handling())))
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
        id,
        name,
        decision: assessment.decision,
        physical: assessment.physical,
        stream,
        journey: journey(declaration, home),
        origin: declaration.origin(),
        destination: declaration.destination(),
        handling: declaration.handling(),
        declared: declaration.gross_weight,
        scale: None,
        volume: declaration.volume,
        custody: Custody::Expected,
        customs: Disposition::NotFiled,
        receptacle: None,
        is_recalled: false,
        version: 1,
        events: 1,
    }
}

/// Returns which way a declared item goes, seen from a station in its country.
pub fn journey(declaration: &Declaration<'_>, home: Country) -> Journey {
    if declaration.destination() == Some(home) {
        return Journey::Import;
    }
    let is_from_home = declaration.origin().is_none_or(|origin| origin == home);
    if is_from_home { Journey::Export } else { Journey::Transit }
}
