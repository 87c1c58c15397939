//! The days on which what waits for a destination has to be assessed again.

use std::collections::BTreeSet;

use caravan_postal::Country;
use caravan_tariff::Engine;
use chrono::NaiveDate;

#[test]
fn a_country_has_the_borders_of_its_own_rows_and_of_those_for_all() {
    let engine = Engine::builtin();
    let of = |code: &str| -> BTreeSet<NaiveDate> {
        engine.borders(Country::parse(code).expect("a country")).collect()
    };
    let (kazakhstan, germany, unknown) = (of("KZ"), of("DE"), of("FJ"));
    for (day, of_kazakhstan, of_germany) in [
        // The end of EUR 1,000 in the Eurasian Union.
        ("2024-04-01", true, false),
        // The fee of the German post, in a file that has charges and no regime.
        ("2026-08-26", false, true),
        // The sets of data of the Union, in a file that has neither.
        ("2026-11-01", false, true),
        // Ten digits are asked for by the United States, in a file that is of no country.
        ("2026-07-24", true, true),
    ] {
        let date: NaiveDate = day.parse().expect("a day");
        let found = (kazakhstan.contains(&date), germany.contains(&date));
        assert_eq!(found, (of_kazakhstan, of_germany), "{day}");
    }
    assert!(!unknown.is_empty() && unknown.is_subset(&kazakhstan) && unknown.is_subset(&germany));
}
