use std::collections::BTreeMap;

use caravan_planning::{Capacity, Inside, LoadPlan, LoadingRules, Piece, ReceptacleKey, Stowage, arrange};
use caravan_postal::{Grams, Language, S9, Volume};

use super::{URUMQI, boxed, named, office};
use crate::form::LoadingList;
use crate::pdf::tests::{check, keep};

const FORTY: Inside = Inside { length_mm: 12_032, width_mm: 2352, height_mm: 2690 };
const TWENTY: Inside = Inside { length_mm: 5898, width_mm: 2352, height_mm: 2393 };
const LIMITS: Capacity = Capacity { weight: Grams(21_000_000), volume: Volume(68_600_000), count: None };

fn pieces(count: u64, stops: u64) -> Vec<Piece> {
    let piece = |key: u64| Piece {
        receptacle: ReceptacleKey(key),
        weight: Grams(9_000 + key * 37 % 11_000),
        volume: Volume(110_000 + key * 53 % 60_000),
        stop: u16::try_from(key * stops / count).unwrap(),
    };
    (0..count).map(piece).collect()
}

fn with_list<T>(plan: &LoadPlan, rules: &LoadingRules, take: impl FnOnce(LoadingList<'_>) -> T) -> T {
    let (unit, seals) = boxed();
    let s9 = |key: u64| S9::parse(&format!("CNURCAKZALAACCN60001{:03}000146", key + 1)).unwrap();
    let identifiers: BTreeMap<ReceptacleKey, S9> =
        (0..900).step_by(2).map(|key| (ReceptacleKey(key), s9(key))).collect();
    let stops = ["KZALAA Алматы".to_owned(), "KGFRUA Бишкек".to_owned(), "UZTASA Тошкент".to_owned()];
    take(LoadingList {
        number: "CNA000000017".to_owned(),
        office: office("CNURCA", URUMQI),
        departure: "Хоргос – Нұр Жолы, 2026-11-22 20:05".to_owned(),
        unit: &unit,
        seals: &seals,
        plan,
        limits: LIMITS,
        rules: rules.balance("ctu-code").unwrap(),
        stops: &stops,
        identifiers: &identifiers,
    })
}

fn plan(inside: Inside, pieces: &[Piece], rules: &LoadingRules) -> LoadPlan {
    let rules = rules.balance("ctu-code").unwrap().clone();
    let stowage =
        Stowage { inside, limits: LIMITS, usable_permille: 900, rules, axles: None, lying: Vec::new() };
    arrange(&stowage, pieces)
}

#[test]
fn shows_what_lies_where() {
    let rules = LoadingRules::load(&[]).unwrap();
    for ((name, language), (inside, count, stops)) in named(["loading", "loading-ru", "loading-en"]).zip([
        (FORTY, 456, 3),
        (TWENTY, 120, 2),
        (FORTY, 60, 1),
    ]) {
        let plan = plan(inside, &pieces(count, stops), &rules);
        let drawn = with_list(&plan, &rules, |list| list.draw(language));
        let text = check(name, language, &drawn, &[]);
        let kilograms = plan.placed.iter().map(|one| one.piece.weight.hectograms()).sum::<u64>();
        let total = format!("{}.{}", kilograms / 10, kilograms % 10);
        for word in [
            "CNURCA KZALAA C CN 6 0001 001 0 0 0146",
            "#1 ",
            "KZALAA Алматы",
            "CSQU3054383",
            "100 mm",
            &total,
        ] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        let is_listed = |stop: &str| text.contains(stop);
        assert_eq!([is_listed("Бишкек"), is_listed("Тошкент")], [stops > 1, stops > 2], "{text}");
    }
}

#[test]
fn says_that_the_load_lies_wrong() {
    let rules = LoadingRules::load(&[]).unwrap();
    let mut uneven = pieces(200, 2);
    // Nearly full, and one half weighs next to nothing: no way to lay it is right.
    for piece in &mut uneven {
        piece.weight = if piece.stop == 1 { Grams(200_000) } else { Grams(1_000) };
    }
    let plan = plan(TWENTY, &uneven, &rules);
    assert!(!plan.balance.is_within(), "the case is one of a load out of balance");
    let drawn = with_list(&plan, &rules, |list| list.draw(Language::Zh));
    let text = check("loading-uneven", Language::Zh, &drawn, &[]);
    assert!(text.contains("不合格 / превышено"), "{text}");
}

#[test]
fn an_empty_box_has_a_picture() {
    let rules = LoadingRules::load(&[]).unwrap();
    let plan = plan(FORTY, &[], &rules);
    let drawn = with_list(&plan, &rules, |list| list.draw(Language::Ru));
    check("loading-empty", Language::Ru, &drawn, &[]);
}

#[test]
fn the_svg_shows_every_block_inside_the_picture() {
    let rules = LoadingRules::load(&[]).unwrap();
    let plan = plan(FORTY, &pieces(456, 3), &rules);
    let svg = with_list(&plan, &rules, |list| list.svg(Language::Zh));
    assert_eq!(svg, with_list(&plan, &rules, |list| list.svg(Language::Zh)), "the same plan, the same bytes");
    let at_the_wall = plan.placed.iter().filter(|one| one.y_mm == 0).count();
    keep("loading.svg", svg.as_bytes());
    // Two insides and two bounds besides the blocks.
    assert_eq!(svg.matches("<rect ").count(), plan.placed.len() + at_the_wall + 4);
    let numbers = |line: &str, name: &str| -> i64 {
        let (_, after) = line.split_once(&format!(" {name}=\"")).unwrap();
        after.split_once('"').unwrap().0.parse().unwrap()
    };
    let (_, bounds) = svg.split_once("viewBox=\"0 0 ").unwrap();
    let bounds: Vec<i64> =
        bounds.split_once('"').unwrap().0.split(' ').map(|edge| edge.parse().unwrap()).collect();
    for line in svg.lines().filter(|line| line.starts_with("<rect ")) {
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| numbers(line, name));
        assert!(x >= 0 && y >= 0 && x + width <= bounds[0] && y + height <= bounds[1], "{line}");
    }
    for word in ["俯视图", "Вид сверху", ">6<", "<circle "] {
        assert!(svg.contains(word), "{word}: {svg}");
    }
}
