//! Open mail for a third country where customs here must release it: a setting that the stories leave alone.

use std::sync::Arc;

use caravan_postal::{Country, Grams};
use caravan_station::{Act, Config, Custody, Disposition, Item, ItemId, ItemName, Journey, Operation, State};

use crate::life::Life;
use crate::story::item;
use crate::{folder, settings_in};

const MORNING_MS: i64 = 1_794_790_800_000;

/// Lets an item come in open and be scanned, and customs say something; returns where it is then.
fn check(setting: &str, said: Option<Disposition>) -> Custody {
    let settings = settings_in(&folder());
    let config = Config::parse(&settings.replacen("[belt]", &format!("{setting}\n[belt]"), 1), "").unwrap();
    let mut life = Life::new(Arc::new(config), State::default(), MORNING_MS);
    let name = ItemName::Other("T1".to_owned());
    let origin = Country::parse("DE");
    life.admit(Item { journey: Journey::Transit, origin, ..item("T1 go KZALAA-D-CA-N 1000", 1) });
    let mut say = |act| life.apply(&Operation { at_ms: MORNING_MS, act, note: String::new() });
    say(Act::Scan { item: name.clone(), scale: Grams(1000) });
    if let Some(disposition) = said {
        say(Act::Dispose { item: name, disposition });
    }
    life.end().items[&ItemId::of_file(1, 1)].custody
}

#[test]
fn waits_for_customs_only_where_the_station_says_so() {
    let asked = "[transit]\ncustoms_case = true";
    for (setting, said, expected) in [
        ("", None, Custody::Bagged),
        ("[transit]\ncustoms_case = false", None, Custody::Bagged),
        (asked, None, Custody::Present),
        (asked, Some(Disposition::Filed), Custody::Present),
        (asked, Some(Disposition::Released), Custody::Bagged),
    ] {
        assert_eq!(check(setting, said), expected, "{setting} {said:?}");
    }
}
