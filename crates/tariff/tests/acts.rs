//! What a finding says is no use to the one who reads it unless it also says what to do.

use caravan_postal::{Catalogue, Language};
use caravan_tariff::MESSAGES;

#[test]
fn every_finding_says_what_to_do_next() {
    let catalogue = Catalogue::new(&[MESSAGES]);
    let mut silent = Vec::new();
    for code in catalogue.codes() {
        let finding = code.finding(code.arguments.iter().map(|_| "x"));
        for language in Language::ALL {
            if catalogue.act(&finding, language).is_empty() {
                silent.push(format!("{} in {}", code.name, language.as_str()));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
