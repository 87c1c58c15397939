use caravan_postal::{Country, Grams, S8};

use super::{ALMATY, URUMQI, at, named, office};
use crate::form::{TransitBill, TransitParcel};
use crate::pdf::tests::check;

fn bill(count: u32) -> TransitBill {
    let parcel = |number: u32| TransitParcel {
        identifier: if number == 1 { "CP123456785CN".to_owned() } else { format!("local {number}") },
        received_in: (number != 2).then(|| S8::parse("CNCKGACNURCACCA60412").unwrap()),
        country: Country::parse("KG"),
        receptacle: number / 12 + 1,
        gross_weight: Grams(3_400),
        remark: if number == 3 {
            "повреждена упаковка, см. CN 24".to_owned()
        } else {
            String::new()
        },
    };
    TransitBill {
        number: "1".to_owned(),
        s8: S8::parse("CNURCAKZALAACCA60001").unwrap(),
        origin: office("CNURCA", URUMQI),
        destination: office("KZALAA", ALMATY),
        closed_at: at(13),
        parcels: (1..=count).map(parcel).collect(),
    }
}

#[test]
fn lists_parcels_in_open_transit() {
    for ((name, language), (count, total)) in
        named(["cp88", "cp88-ru", "cp88-en"]).zip([(6, "20.400"), (60, "204.000"), (1, "3.400")])
    {
        let text = check(name, language, &bill(count).draw(language), &[]);
        for word in ["CP 88", "CP 1234 5678 5 CN", "CNCKGA CNURCA C CA 6 0412", "KG", total] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
    }
}
