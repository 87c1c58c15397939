use caravan_postal::{Grams, Language, S9};
use chrono::NaiveDate;

use super::office;
use crate::label::ReceptacleLabel;
use crate::pdf::tests::check;

fn label(s9: &str, grams: u64, destination: &str) -> ReceptacleLabel {
    let s9 = S9::parse(s9).unwrap();
    let series = s9.dispatch.series();
    ReceptacleLabel {
        s9,
        origin: office(&series.origin.to_string(), "Urumqi 乌鲁木齐"),
        destination: office(&series.destination.to_string(), destination),
        dispatched_on: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        gross_weight: Grams(grams),
        item_count: Some(14),
        transport: Some("Хоргос – Нұр Жолы, truck A12345".to_owned()),
    }
}

#[test]
fn prints_the_label_of_each_form() {
    for (name, language, s9, grams, destination, form) in [
        ("label-cn34", Language::Zh, "CNURCAKZALAADUN60001001110147", 14_660, "Almaty PCI-5", "CN 34"),
        ("label-cn35", Language::En, "CNURCAKZALAAAUN60001002000147", 14_660, "Алматы", "CN 35"),
        ("label-cn36", Language::Ru, "CNURCAPLWAWABUN60001003000020", 2_000, "Warszawa – Okęcie", "CN 36"),
        ("label-cp83", Language::Ru, "CNURCAKZALAACCN60001012110253", 25_340, "Алматы, Қазақстан", "CP 83"),
        ("label-cp84", Language::Zh, "CNURCATRISTAACN61234999000253", 25_340, "İstanbul", "CP 84"),
        ("label-cp85", Language::En, "CNXXXAKZALAABCN60001012010253", 25_340, "Almaty PCI-5", "CP 85"),
        ("label-ems", Language::Zh, "CNURCATJDYUACEN60001012990253", 25_340, "Душанбе, Тоҷикистон", "EMS"),
    ] {
        let drawn = label(s9, grams, destination).draw(language).unwrap();
        let text = check(name, language, &drawn, &[s9]);
        for word in destination.split(' ').chain([form, "Нұр", "乌鲁木"]) {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}
