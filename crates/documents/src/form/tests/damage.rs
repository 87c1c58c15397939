use caravan_postal::{Currency, Grams, Money, S9};

use super::{ALMATY, at, named, office};
use crate::form::{DamageReport, DamagedContent};
use crate::pdf::tests::check;

pub(super) fn report(count: usize) -> DamageReport {
    let names = ["棉质T恤衫，男式", "Чайник фарфоровый, расписной", "Koszulka męska Łódź"];
    let content = |index: usize| DamagedContent {
        description: names[index % 3].to_owned(),
        declared: (index != 1).then_some(2),
        missing: (index != 2).then_some(1),
        damaged: (index == 1).then_some(1),
        remark: if index == 1 { "разбит носик" } else { "" }.to_owned(),
    };
    DamageReport {
        number: "24/17".to_owned(),
        office: office("KZALAA", ALMATY),
        found_at: (count != 3).then(|| at(9)),
        drawn_up_at: at(10),
        identifier: "CP123456785CN".to_owned(),
        receptacle: S9::parse("CNURCAKZALAACCN60001012110253"),
        receptacle_state: "мешок цел, пломба CN0042 не нарушена".to_owned(),
        sender: "王小明\n新疆维吾尔自治区乌鲁木齐市天山区人民路128号\n830000 乌鲁木齐\nCN".to_owned(),
        addressee: "Ғалымжан Өтегенұлы Қожахметов\nАбай даңғылы 150/230, 12-пәтер\n050000 Алматы\nKZ"
            .to_owned(),
        weight_stated: Some(Grams(1_250)),
        weight_found: Some(Grams(980)),
        insured_value: Some(Money { minor: 120_000, currency: Currency::EUR }),
        outer_packing: "Коробка смята с одного угла, скотч вскрыт и заклеен вновь".to_owned(),
        inner_packing: "气泡膜破损".to_owned(),
        contents: (0..count).map(content).collect(),
        cause: "Вскрыто в пути, предположительно до опечатывания мешка".to_owned(),
        done: "Переупаковано, взвешено, направлено адресату".to_owned(),
    }
}

#[test]
fn reports_damage() {
    for ((name, language), count) in named(["cn24", "cn24-ru", "cn24-en"]).zip([2, 3, 40]) {
        let text = check(name, language, &report(count).draw(language), &["CP123456785CN"]);
        for word in
            ["CN 24", "24/17", "CP 1234 5678 5 CN", "0.980", "1.250", "1200.00 EUR", "Қожахметов", "разбит"]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}

#[test]
fn an_item_without_identifier_has_no_bar_code() {
    let report = DamageReport { identifier: String::new(), receptacle: None, ..report(0) };
    check("cn24-open", caravan_postal::Language::Zh, &report.draw(caravan_postal::Language::Zh), &[]);
}
