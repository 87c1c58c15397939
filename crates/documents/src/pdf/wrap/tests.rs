use proptest::prelude::*;

use super::super::font::{self, Weight};
use super::{Sizes, fit, micrometres, wrap};

#[test]
fn breaks_where_a_reader_would() {
    for (text, width_um, lines) in [
        ("", 10_000, vec![""]),
        ("one line", 50_000, vec!["one line"]),
        ("Bureau de destination", 20_000, vec!["Bureau de", "destination"]),
        ("first\nsecond", 50_000, vec!["first", "second"]),
        ("中国邮政，乌鲁木齐", 15_000, vec!["中国邮", "政，乌鲁", "木齐"]),
        ("中国邮政，乌鲁木齐", 18_000, vec!["中国邮政，", "乌鲁木齐"]),
        ("CNURCA/KZALAA", 18_000, vec!["CNURCA/", "KZALAA"]),
        ("Donaudampfschiff", 15_000, vec!["Donaud", "ampfsch", "iff"]),
        ("tab\there", 50_000, vec!["tab here"]),
        ("\u{FEFF}soft\u{AD}hyphen\u{200B}", 50_000, vec!["softhyphen"]),
    ] {
        assert_eq!(wrap(text, Weight::Regular, 100, width_um).lines, lines, "{text}");
    }
}

#[test]
fn shrinks_and_then_says_that_it_cut() {
    let text = "Республиканское государственное предприятие";
    let sizes = Sizes::new(90, 60);
    for (height_um, size, lines, is_cut) in
        [(12_000, 90, 3, false), (10_000, 75, 3, false), (5_500, 60, 2, false), (3_000, 60, 1, true)]
    {
        let fitted = fit(text, Weight::Regular, sizes, 34_000, height_um);
        assert_eq!((fitted.size, fitted.lines.len(), fitted.is_cut), (size, lines, is_cut), "{height_um}");
        assert_eq!(fitted.lines.concat().contains('…'), is_cut);
    }
}

#[test]
fn shrinks_before_it_breaks_a_word() {
    let sizes = Sizes::new(55, 40);
    let fitted = fit("Отправлений", Weight::Regular, sizes, 10_500, 9_000);
    assert_eq!((fitted.size, fitted.lines), (40, vec!["Отправлений".to_owned()]));
    let fitted = fit("Отправлений", Weight::Regular, sizes, 6_000, 9_000);
    assert_eq!((fitted.size, fitted.lines.len(), fitted.is_cut), (55, 3, false), "no size would help");
}

proptest! {
    #[test]
    fn no_line_is_wider_than_its_box_and_nothing_is_lost(text in "[\\PC\\n]{0,80}", width_um in 8_000i64..80_000) {
        let lines = wrap(&text, Weight::Regular, 90, width_um).lines;
        for line in &lines {
            let is_one = line.chars().count() <= 1;
            prop_assert!(is_one || micrometres(font::width(line, Weight::Regular), 90) <= width_um, "{line}");
        }
        let squeezed = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
        prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text.replace(char::is_control, " ").replace(font::is_invisible, "")));
    }
}
