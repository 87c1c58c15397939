//! A sender or an addressee as the lines of an address.

use caravan_declaration::Party;

/// Returns what is known of a party, line by line, as an envelope has it.
pub fn lines(party: &Party<'_>) -> String {
    let place = [party.postcode, party.city].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let country = party.country.map_or_else(String::new, |country| country.to_string());
    let lines = [
        party.business.unwrap_or_default(),
        party.name.unwrap_or_default(),
        party.street.unwrap_or_default(),
        &place,
        party.region.unwrap_or_default(),
        &country,
    ];
    lines.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Returns how a party is reached, and its tax or identity number.
pub(super) fn contact(party: &Party<'_>) -> String {
    [party.telephone, party.email, party.identity].into_iter().flatten().collect::<Vec<_>>().join("  ")
}
