use caravan_postal::{Grams, S9};

use super::{ALMATY, URUMQI, at, boxed, named, office};
use crate::bill::CarriedReceptacle;
use crate::form::SubstituteBill;
use crate::manifest::Provenance;
use crate::pdf::tests::check;

pub(super) fn bill(count: u32) -> SubstituteBill {
    let (unit, seals) = boxed();
    let receptacle = |serial: u32| CarriedReceptacle {
        s9: S9::parse(&format!("CNURCAKZALAACCN60007{serial:03}000{:03}", 100 + serial)).unwrap(),
        provenance: Provenance::Through,
        gross_weight: Grams(u64::from(100 + serial) * 100),
    };
    SubstituteBill {
        number: "KZA46000003".to_owned(),
        replaces: "CN 37 CNA000000017".to_owned(),
        drawn_up_by: office("KZALAA", ALMATY),
        drawn_up_at: at(9),
        origin: (count < 60).then(|| office("CNURCA", URUMQI)),
        destination: office("KZALAA", ALMATY),
        arrived_at: at(7),
        carrier: "新疆霍尔果斯国际道路运输有限公司".to_owned(),
        route: "Хоргос – Нұр Жолы – Алматы".to_owned(),
        unit,
        seals,
        receptacles: (1..=count).map(receptacle).collect(),
        remark: "袋 004 袋牌破损".to_owned(),
    }
}

#[test]
fn stands_for_a_bill_that_is_missing() {
    for ((name, language), (count, total, pages)) in
        named(["cn46", "cn46-ru", "cn46-en"]).zip([(5, "51.5", 1), (64, "848.0", 3), (20, "221.0", 2)])
    {
        let text = check(name, language, &bill(count).draw(language), &[]);
        for word in ["CN 46", "KZA46000003", "CN 37 CNA000000017", "CSQU3054383", "CN0042", "袋 004", total]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.contains("CNURCA 乌鲁木齐"), count < 60);
        assert!(text.contains(&format!("Page {pages}/{pages}")), "{text}");
    }
}
