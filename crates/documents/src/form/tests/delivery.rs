use caravan_postal::{ContainerNumber, Grams, Language, S9, SizeType};

use super::{at, office};
use crate::bill::{CarriedReceptacle, DeliveryBill};
use crate::manifest::{Provenance, Seal, SealKind, Stated, Unit};
use crate::pdf::tests::check;

fn carried(s9: &str, provenance: Provenance) -> CarriedReceptacle {
    let s9 = S9::parse(s9).unwrap();
    let hectograms: u64 = s9.to_string()[25..].parse().unwrap();
    CarriedReceptacle { s9, provenance, gross_weight: Grams(hectograms * 100) }
}

pub(super) fn bill(count: u32) -> DeliveryBill {
    let seal = |number: &str, kind| Seal { number: number.to_owned(), kind: Some(kind) };
    let mut receptacles: Vec<CarriedReceptacle> = (1..=count)
        .map(|serial| {
            carried(&format!("CNCKGAKZALAACCN60007{serial:03}000{:03}", 100 + serial), Provenance::Through)
        })
        .collect();
    receptacles.push(carried("CNXXXAKZALAADUN60001001110147", Provenance::Own));
    receptacles.push(carried("CNXXXAKZALAACEN60002001000031", Provenance::Own));
    receptacles.push(carried("CNXXXAKZALAACTT60001001100012", Provenance::Own));
    DeliveryBill {
        number: "CNA000000017".to_owned(),
        origin: office("CNXXXA", "霍尔果斯国际邮件互换局"),
        destinations: vec![office("KZALAA", "Алматы, халықаралық пошта алмасу орны №5")],
        handover: None,
        handed_over_at: Some(at(18)),
        carrier: "新疆霍尔果斯国际道路运输有限公司".to_owned(),
        route: "Хоргос – Нұр Жолы – Алматы".to_owned(),
        conveyance: Some("X8015".to_owned()),
        departs_at: at(20),
        unit: Unit {
            container_number: Some(ContainerNumber::parse("CSQU3054383").unwrap()),
            vehicle: Some("新A12345".to_owned()),
            size_type: SizeType::parse("45G1"),
        },
        seals: vec![seal("CN0042", SealKind::HighSecurity), seal("HG7", SealKind::Customs)],
        customs_transfer_number: Some("T1".to_owned()),
        receptacles,
        stated: None,
        is_void: false,
    }
}

#[test]
fn prints_the_delivery_bill() {
    for (name, language, count, total, pages) in [
        ("cn37", Language::Zh, 3, "49.6", 1),
        ("cn37-ru", Language::Ru, 64, "867.0", 3),
        ("cn37-en", Language::En, 20, "240.0", 2),
    ] {
        let drawn = bill(count).draw(language);
        let text = check(name, language, &drawn, &["CNA000000017"]);
        for word in
            ["CN 37", "CSQU3054383", "45G1", "新A12345", "CN0042", "T1", "2026-11-22 20:05", "R F", total]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert!(text.contains(&format!("Page {pages}/{pages}")), "{text}");
    }
}

#[test]
fn a_bill_that_has_no_number_yet_has_no_bar_code() {
    let mut bill = bill(1);
    (bill.number, bill.customs_transfer_number) = (String::new(), None);
    (bill.unit.container_number, bill.unit.size_type) = (None, None);
    bill.seals.clear();
    let text = check("cn37-open", Language::Zh, &bill.draw(Language::Zh), &[]);
    assert!(!text.contains("CSQU3054383"), "{text}");
}

#[test]
fn a_sealed_container_goes_by_what_its_papers_state() {
    let stated = Some(Stated { receptacle_count: 452, gross_weight_g: 6_400_000 });
    let sealed = DeliveryBill { receptacles: Vec::new(), stated, ..bill(0) };
    let text = check("cn37-sealed", Language::Zh, &sealed.draw(Language::Zh), &["CNA000000017"]);
    for word in ["452", "6400.0", "已施封集"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}
