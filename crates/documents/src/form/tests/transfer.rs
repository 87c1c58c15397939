use caravan_postal::{Grams, Language, MailClass};

use super::{URUMQI, at, boxed, named, office};
use crate::form::{TransferLine, TransferSheet};
use crate::pdf::tests::check;

fn sheet(count: u32) -> TransferSheet {
    let (unit, seals) = boxed();
    let line = |number: u32| TransferLine {
        bill: format!("CN 37 CNA{number:09}"),
        class: (number != 2).then_some(MailClass::Parcels),
        destination: "KZALAA Алматы".to_owned(),
        receptacle_count: 459,
        gross_weight: Grams(6_728_800),
        remark: String::new(),
    };
    TransferSheet {
        number: "9400-2026-000017".to_owned(),
        office: office("CNURCA", URUMQI),
        departure_customs: "乌鲁木齐邮局海关".to_owned(),
        exit_customs: "霍尔果斯海关".to_owned(),
        receiver: "霍尔果斯国际邮件交换站".to_owned(),
        printed_at: at(6),
        valid_until: at(6).date().succ_opt(),
        road_bill: "LD65000020261122017".to_owned(),
        carrier: "新疆邮政运输有限公司".to_owned(),
        driver: "买买提·艾力".to_owned(),
        unit,
        seals,
        lines: (1..=count).map(line).collect(),
    }
}

#[test]
fn goes_under_seal_to_the_exit() {
    for ((name, language), (count, total)) in named(["transfer", "transfer-ru", "transfer-en"]).zip([
        (1, "6728.8"),
        (50, "336440.0"),
        (3, "20186.4"),
    ]) {
        let text = check(name, language, &sheet(count).draw(language), &["9400-2026-000017"]);
        for word in
            ["CN 37 CNA000000001", "459", "2026-11-23", "LD65000020261122017", "CSQU3054383", "HG7", total]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}

#[test]
fn a_transfer_without_a_number_has_no_bar_code() {
    let open = TransferSheet { number: String::new(), valid_until: None, ..sheet(1) };
    check("transfer-open", Language::Zh, &open.draw(Language::Zh), &[]);
}
