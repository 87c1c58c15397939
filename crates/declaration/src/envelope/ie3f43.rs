//! What a filing with the Union says beside its items.

use caravan_postal::Country;

use super::file::Section;
use crate::ics2::{Filing, Trader, TraderAddress};
use crate::model::DocumentKind;

/// The papers that have codes.
const PAPERS: [(&str, DocumentKind); 3] = [
    ("licence", DocumentKind::Licence),
    ("certificate", DocumentKind::Certificate),
    ("invoice", DocumentKind::Invoice),
];

/// Reads `[ie3f43]`.
pub(super) fn filing(section: &Section<'_, '_>) -> Option<Filing> {
    let bounded = |text: &str| (text.chars().count() <= 22).then(|| text.to_owned());
    let reference = section.needed("reference", section.parsed("reference", "1 to 22 characters", bounded));
    let issued_at = section.needed("issued_at", section.moment("issued_at"));
    let member_state = section.needed("member_state", country(section, "member_state"));
    let transport_document = section.needed("transport_document", section.text("transport_document"));
    let fiscal_role = section.needed("fiscal_role", section.text("fiscal_role"));
    let has_value_statement = section.flag("value_statement").unwrap_or_default();
    let without_postcode = section.all("without_postcode", "[\"XX\"]", Country::parse).unwrap_or_default();
    let papers = section.inner("documents");
    let documents = PAPERS.iter().filter_map(|(name, kind)| Some((*kind, papers.text(name)?))).collect();
    papers.finish();
    let declarant = trader(&section.inner("declarant"));
    let other = section.inner("representative");
    let representative = other.is_there().then(|| {
        let status = other.needed("status", other.whole("status", 0, 9));
        let found = trader(&other);
        Some((found?, u8::try_from(status?).expect("one digit")))
    });
    section.finish();
    Some(Filing {
        reference: reference?,
        issued_at: issued_at?,
        member_state: member_state?,
        declarant: declarant?,
        representative: match representative {
            None => None,
            Some(found) => Some(found?),
        },
        transport_document: transport_document?,
        fiscal_role: fiscal_role?,
        documents,
        has_value_statement,
        without_postcode,
    })
}

fn trader(section: &Section<'_, '_>) -> Option<Trader> {
    let eori = |text: &str| crate::ics2::is_eori(text).then(|| text.to_owned());
    let telephone = |text: &str| crate::ics2::is_telephone(text).then(|| text.to_owned());
    let name = section.needed("name", section.text("name"));
    let eori = section.needed("eori", section.parsed("eori", "XX123456789", eori));
    let street = section.needed("street", section.text("street"));
    let number = section.needed("number", section.text("number"));
    let city = section.needed("city", section.text("city"));
    let country = section.needed("country", country(section, "country"));
    let postcode = section.text("postcode");
    let telephone = section.parsed("telephone", "+48221234567", telephone);
    let email = section.text("email");
    // R3006: there is a way to reach them.
    section.needed("telephone", telephone.as_ref().or(email.as_ref()));
    section.knows("status");
    section.finish();
    let address =
        TraderAddress { street: street?, number: number?, postcode, city: city?, country: country? };
    Some(Trader { name: name?, eori: eori?, address, telephone, email })
}

fn country(section: &Section<'_, '_>, key: &str) -> Option<Country> {
    section.parsed(key, "XX", Country::parse)
}
