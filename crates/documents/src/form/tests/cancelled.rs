use caravan_postal::S8;

use super::{ALMATY, URUMQI, at, named, office};
use crate::form::Cancellation;
use crate::pdf::tests::check;

#[test]
fn tells_that_nothing_comes() {
    for (name, language) in named(["cancelled", "cancelled-ru", "cancelled-en"]) {
        let notice = Cancellation {
            s8: S8::parse("CNURCAKZALAACCA60001").unwrap(),
            origin: office("CNURCA", URUMQI),
            destination: office("KZALAA", ALMATY),
            cancelled_at: at(13),
            reason: "Li: act 2026-0103".to_owned(),
        };
        let text = check(name, language, &notice.draw(language), &[]);
        for word in ["CNURCA KZALAA C CA 6 0001", "2026-11-22 13:05", "2026-0103", "nul, ne sera pas"] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}

/// A void form says so on each page, and nothing on it is scanned.
#[test]
fn what_is_void_says_so_and_is_not_scanned() {
    for ((name, language), word) in named(["void", "void-ru", "void-en"]).zip([
        "ANNULÉ / 作废",
        "ANNULÉ / НЕДЕЙСТВИТЕЛЬНО",
        "ANNULÉ / VOID",
    ]) {
        let text = check(name, language, &super::delivery::bill(64).draw(language).void(), &[]);
        assert_eq!(text.matches(word).count(), text.matches('\u{c}').count(), "{name}: {text}");
    }
}
