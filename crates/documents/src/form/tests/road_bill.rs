use caravan_postal::{Currency, Grams, Money, ReceptacleKind};

use super::{URUMQI, at, boxed, named};
use crate::form::{RoadBill, RoadLine};
use crate::pdf::tests::check;

pub(super) fn bill(count: u32) -> RoadBill {
    let (unit, seals) = boxed();
    let line = |number: u32| RoadLine {
        identifier: match number {
            1 => "CNURCAKZALAACCN60001012110253".to_owned(),
            2 => "CP123456785CN".to_owned(),
            _ => format!("乌鲁木齐 {number:05}"),
        },
        kind: match number {
            2 => Some(ReceptacleKind::OutsidePiece),
            4 => None,
            _ => Some(ReceptacleKind::Bag),
        },
        from: "乌鲁木齐".to_owned(),
        to: "霍尔果斯".to_owned(),
        item_count: (number != 2).then_some(14),
        gross_weight: Grams(14_660),
        duty_paid: (number == 4).then_some(Money { minor: 19_752, currency: Currency::CNY }),
        remark: if number == 3 { "F R".to_owned() } else { String::new() },
    };
    RoadBill {
        number: "LD65000020261122017".to_owned(),
        from: URUMQI.to_owned(),
        to: "霍尔果斯国际邮件交换站".to_owned(),
        handed_over_at: at(6),
        departs_at: (count != 1).then(|| at(7)),
        carrier: "新疆邮政运输有限公司".to_owned(),
        driver: "买买提·艾力".to_owned(),
        unit,
        seals,
        customs_transfer_number: Some("9400-2026-000017".to_owned()),
        lines: (1..=count).map(line).collect(),
        is_synthetic: count == 1,
    }
}

#[test]
fn takes_mail_to_the_border() {
    for ((name, language), (count, total)) in named(["road-bill", "road-bill-ru", "road-bill-en"]).zip([
        (8, "117.560"),
        (90, "1322.960"),
        (1, "14.700"),
    ]) {
        let text = check(name, language, &bill(count).draw(language), &[]);
        for word in
            ["LD65000020261122017", "买买提", "9400-2026-000017", "012 1 1 0253", "CSQU3054383", total]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}
