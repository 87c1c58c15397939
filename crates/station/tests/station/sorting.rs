//! Sorting: which way a declared item goes, and into which stream.

use caravan_declaration::{Battery, Declaration, Identifier, Party, Piece, Route};
use caravan_postal::{Country, MailClass, S10};
use caravan_station::{Lithium, sort};

use crate::config;

/// The one door: sorts an item of an identifier, the sender's country and the addressee's, `-` for what is not said.
fn check(identifier: &str, sender: &str, addressee: &str, expected: &str) {
    let config = config();
    let party = |country: &str| Party { country: Country::parse(country), ..Party::default() };
    let declaration = Declaration {
        identifier: S10::parse(identifier).ok().map(Identifier::S10),
        route: Route { class: MailClass::parse("C"), ..Route::default() },
        sender: party(sender),
        addressee: party(addressee),
        ..Declaration::default()
    };
    let way = sort::journey(&declaration, config.home()).as_str();
    let stream = match sort::stream(&declaration, &config) {
        Ok(stream) => stream.map_or_else(|| "-".to_owned(), |stream| stream.to_string()),
        Err(finding) => format!("{} {}", finding.code.name, finding.arguments.join(" ")),
    };
    assert_eq!(format!("{way}: {stream}"), expected, "{identifier} from {sender} to {addressee}");
}

#[test]
fn tells_which_way_an_item_goes() {
    let (ours, german) = ("CP600000015CN", "CP700000013DE");
    for (identifier, sender, addressee, expected) in [
        (ours, "CN", "KZ", "export: KZALAA-D-CN-N"),
        (ours, "-", "KZ", "export: KZALAA-D-CN-N"),
        ("-", "-", "KZ", "export: KZALAA-D-CN-N"),
        ("-", "-", "-", "export: no-partner "),
        (german, "DE", "CN", "import: -"),
        (german, "-", "CN", "import: -"),
        ("-", "DE", "CN", "import: -"),
        ("-", "-", "CN", "import: -"),
        // An own subclass for parcels à découvert.
        (german, "DE", "KZ", "transit: KZALAA-D-CA-N"),
        (german, "DE", "FR", "transit: no-partner FR"),
        // A sender here makes it an export, whatever number it bears.
        (german, "CN", "KZ", "export: KZALAA-D-CN-N"),
        // What stays in the country is nobody's mail here.
        (ours, "CN", "CN", "export: no-partner CN"),
        (german, "CN", "CN", "export: no-partner CN"),
    ] {
        check(identifier, sender, addressee, expected);
    }
}

#[test]
fn counts_a_battery_of_an_unknown_number_as_the_greater_class() {
    for (un_numbers, expected) in [
        (&[][..], Lithium::No),
        (&[3481], Lithium::InEquipment),
        (&[3091], Lithium::InEquipment),
        (&[3480], Lithium::Alone),
        (&[3090], Lithium::Alone),
        (&[3551], Lithium::Alone),
        (&[0], Lithium::Alone),
        (&[3481, 9999], Lithium::Alone),
    ] {
        let battery = |un_number| Battery { un_number, energy_mwh: 0, count: 1, is_installed: false };
        let piece = |un_number: &u16| Piece { battery: Some(battery(*un_number)), ..Piece::default() };
        let pieces = un_numbers.iter().map(piece).collect();
        let declaration = Declaration { pieces, ..Declaration::default() };
        assert_eq!(sort::lithium(&declaration), expected, "{un_numbers:?}");
    }
}
