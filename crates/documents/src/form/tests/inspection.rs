use caravan_postal::{Grams, Language};

use super::{URUMQI, at, named, office};
use crate::form::{InspectionAct, Measure, TakenOut};
use crate::pdf::tests::check;

const MEASURES: [Measure; 6] = [
    Measure::Withheld,
    Measure::Held,
    Measure::Seized,
    Measure::Returned,
    Measure::Goods,
    Measure::Abandoned,
];

pub(super) fn act(subject: &str, count: u32) -> InspectionAct {
    let taken = |number: u32| TakenOut {
        identifier: if number == 1 { "CP123456785CN" } else { "" }.to_owned(),
        description: "锂电池充电宝 20000 mAh，无标识".to_owned(),
        quantity: (number != 3).then_some(2),
        weight: (number != 2).then_some(Grams(420)),
        measure: MEASURES[number as usize % MEASURES.len()],
    };
    InspectionAct {
        number: "霍关查 2026-1122-017".to_owned(),
        office: office("CNURCA", URUMQI),
        authority: "霍尔果斯海关驻邮局办事处".to_owned(),
        officer: "李卫国 (9401017)".to_owned(),
        place: "霍尔果斯国际邮件互换局查验区".to_owned(),
        began_at: at(9),
        ended_at: (count != 1).then(|| at(10)),
        subject: subject.to_owned(),
        found_in: "CSQU3054383".to_owned(),
        reason: "X光机图像可疑".to_owned(),
        seals_before: vec!["CN0042".to_owned()],
        seals_after: vec!["HG7".to_owned(), "HG8".to_owned()],
        weight_before: Some(Grams(25_340)),
        weight_after: Some(Grams(24_500)),
        result: "内有未申报的带电产品，取出后其余邮件重新封装。Обнаружены незаявленные аккумуляторы, остальное вложено обратно.".to_owned(),
        left_version: (count == 2).then_some(3),
        taken: Some((1..=count).map(taken).collect()),
        present: "Серік Ахметов, пошта өкілі".to_owned(),
    }
}

#[test]
fn writes_down_what_customs_opened() {
    for ((name, language), (subject, printed, count)) in
        named(["inspection", "inspection-ru", "inspection-en"]).zip([
            ("CNURCAKZALAACCN60001012110253", "CNURCA KZALAA C CN 6 0001 012 1 1 0253", 2),
            ("CP123456785CN", "CP 1234 5678 5 CN", 40),
            ("CNCKGAKZALAACCN60007001000101", "CNCKGA KZALAA C CN 6 0007 001 0 0 0101", 1),
        ])
    {
        let text = check(name, language, &act(subject, count).draw(language), &[subject]);
        for word in ["霍关查 2026-1122-017", "李卫国", "CN0042", "HG7", "25.340", "24.500", printed, "0.420"]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert!(!text.contains("Acte"), "{name} is no form of the UPU: {text}");
    }
}

#[test]
fn says_that_nothing_was_taken() {
    let drawn = act("CP123456785CN", 0).draw(Language::Zh);
    let text = check("inspection-nothing", Language::Zh, &drawn, &["CP123456785CN"]);
    assert!(text.contains("未取出任何物品 / ничего не изъято"), "{text}");
}

#[test]
fn what_nobody_told_is_left_to_be_filled_in() {
    let open = InspectionAct { taken: None, ..act("CSQU3054383", 0) };
    let text = check("inspection-open", Language::Zh, &open.draw(Language::Zh), &["CSQU3054383"]);
    assert!(!text.contains("未取出"), "{text}");
}

#[test]
fn a_mark_in_another_script_is_written() {
    let drawn = act("乌鲁木齐 00017", 0).draw(Language::Ru);
    let text = check("inspection-mark", Language::Ru, &drawn, &[]);
    assert!(text.contains("乌鲁木齐 00017"), "{text}");
}
