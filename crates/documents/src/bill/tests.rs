use caravan_postal::{ContainerNumber, Grams, Impc, ReceptacleKind, S9, SizeType};
use chrono::{NaiveDate, NaiveDateTime};

use super::{BilledItem, BilledReceptacle, CarriedReceptacle, DeliveryBill, DispatchBill};
use crate::Office;
use crate::manifest::{Provenance, Seal, SealKind, Unit};

fn office(code: &str, name: &str) -> Office {
    Office { code: Impc::parse(code).unwrap(), name: name.to_owned(), is_synthetic: code == "CNXXXA" }
}

fn at(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 5, 0).unwrap()
}

fn billed(s9: &str, grams: u64, items: &[(&str, u64)]) -> BilledReceptacle {
    let items: Vec<BilledItem> = items
        .iter()
        .map(|(identifier, grams)| BilledItem {
            identifier: (*identifier).to_owned(),
            gross_weight: Grams(*grams),
        })
        .collect();
    BilledReceptacle {
        s9: S9::parse(s9).unwrap(),
        kind: ReceptacleKind::Bag,
        gross_weight: Grams(grams),
        item_count: u32::try_from(items.len()).unwrap(),
        registered_count: 0,
        items,
    }
}

fn bill(receptacles: Vec<BilledReceptacle>) -> DispatchBill {
    DispatchBill {
        number: "1".to_owned(),
        s8: receptacles[0].s9.dispatch,
        origin: office("CNXXXA", "Test office"),
        destination: office("KZALAA", "Almaty PCI-5"),
        closed_at: at(13),
        transport: None,
        is_void: false,
        receptacles,
    }
}

#[test]
fn writes_the_parcel_bill() {
    let mut last = billed("CNXXXAKZALAACCN60001002110153", 15_350, &[("CP123456785CN", 1_250)]);
    last.registered_count = 1;
    let first =
        billed("CNXXXAKZALAACCN60001001000253", 25_250, &[("HF600000007CN", 980), ("local 7\nx", 12_000)]);
    let mut bill = bill(vec![first, last]);
    bill.transport = Some("Horgos - Nur Zholy, road".to_owned());
    let expected = "\
CP 87  Parcel bill

Number                  1
Office of origin        CNXXXA Test office (synthetic code)
Office of destination   KZALAA Almaty PCI-5
Dispatch                CNXXXA KZALAA C CN 6 0001
Mail                    category C, class C, subclass CN
Closed, local time      2026-11-22 13:05
Transport               Horgos - Nur Zholy, road

No.  Kind  Receptacle                     Items  Registered    kg  Remarks
001  BG    CNXXXAKZALAACCN60001001000253      2           0  25.3
002  BG    CNXXXAKZALAACCN60001002110153      1           1  15.4  R F

No.  Item               kg
001  HF600000007CN   0.980
001  local 7 x      12.000
002  CP123456785CN   1.250

Receptacles             2
Items                   3
Registered or insured   1
Gross weight, kg        40.7
";
    assert_eq!(bill.text(), expected);
}

#[test]
fn the_letter_bill_counts_and_does_not_list() {
    let letters =
        bill(vec![billed("CNXXXAKZALAADUN60001001100147", 14_660, &[("LX000000120CN", 1_995)])]).text();
    assert!(letters.starts_with("CN 31  Letter bill\n"), "{letters}");
    assert!(!letters.contains("LX000000120CN"), "{letters}");
    let ems = bill(vec![billed("CNXXXAKZALAADEN60001001100147", 14_660, &[("EA100000003CN", 1_995)])]).text();
    assert!(ems.starts_with("EMS  Dispatch list\n") && ems.contains("EA100000003CN"), "{ems}");
}

#[test]
fn the_total_is_the_sum_of_what_is_printed() {
    let bags = (1..=3).map(|serial| billed(&format!("CNXXXAKZALAACCN6000100{serial}000001"), 50, &[]));
    let text = bill(bags.collect()).text();
    assert_eq!(text.matches("  0.1\n").count(), 3, "{text}");
    assert!(text.ends_with("Gross weight, kg        0.3\n"), "{text}");
}

fn carried(s9: &str, provenance: Provenance, grams: u64) -> CarriedReceptacle {
    CarriedReceptacle { s9: S9::parse(s9).unwrap(), provenance, gross_weight: Grams(grams) }
}

fn delivery_bill() -> DeliveryBill {
    let seal = |number: &str, kind| Seal { number: number.to_owned(), kind };
    DeliveryBill {
        number: "CNA000000017".to_owned(),
        origin: office("CNXXXA", "Test office"),
        destinations: vec![office("KZALAA", "Almaty PCI-5")],
        handover: Some("Nur Zholy".to_owned()),
        handed_over_at: Some(at(18)),
        carrier: "Road carrier".to_owned(),
        route: "Horgos - Nur Zholy".to_owned(),
        conveyance: None,
        departs_at: at(20),
        unit: Unit {
            container_number: Some(ContainerNumber::parse("CSQU3054383").unwrap()),
            vehicle: Some("A12345".to_owned()),
            size_type: SizeType::parse("45G1"),
        },
        seals: vec![
            seal("CN0042", Some(SealKind::HighSecurity)),
            seal("HG7", Some(SealKind::Customs)),
            seal("DE123", None),
        ],
        customs_transfer_number: Some("T1".to_owned()),
        stated: None,
        is_void: false,
        receptacles: vec![
            carried("CNXXXAKZALAADUN60001001110147", Provenance::Own, 14_660),
            carried("CNCKGAKZALAACCN60007003010301", Provenance::Through, 30_100),
            carried("CNCKGAKZALAACCN60007001000250", Provenance::Through, 25_000),
        ],
    }
}

#[test]
fn writes_the_delivery_bill() {
    let expected = "\
CN 37  Delivery bill, surface mail

Number                  CNA000000017
Office of origin        CNXXXA Test office (synthetic code)
Office of destination   KZALAA Almaty PCI-5
Handover point          Nur Zholy
Handed over, local time 2026-11-22 18:05
Carrier                 Road carrier
Route                   Horgos - Nur Zholy
Departure, local time   2026-11-22 20:05
Container               CSQU3054383
Size and type           45G1
Vehicle                 A12345
Seal                    CN0042 (high security)
Seal                    HG7 (customs)
Seal                    DE123
Customs transfer        T1
Priority                priority dispatches by surface are among them (category D)

From    To      Cat.  Subclass  Dispatch  No.    kg  Remarks
CNCKGA  KZALAA  C     CN            0007  001  25.0  through
CNCKGA  KZALAA  C     CN            0007  003  30.1  R through
CNXXXA  KZALAA  D     UN            0001  001  14.7  R F

Category  Class  Receptacles  Registered    kg
C         C                2           1  55.1
D         U                1           1  14.7
Total                      3           2  69.8

Handed over             date ____________  signature ________________________
Taken by the carrier    date ____________  signature ________________________
Received                date ____________  signature ________________________
";
    assert_eq!(delivery_bill().text(), expected);
}

#[test]
fn leaves_out_what_there_is_not() {
    let mut bill = delivery_bill();
    bill.receptacles.remove(0);
    bill.customs_transfer_number = None;
    bill.unit.container_number = None;
    bill.unit.size_type = None;
    let text = bill.text();
    for absent in ["Priority", "Customs transfer", "Container", "Size and type"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
    assert!(text.contains("Vehicle                 A12345\n"), "{text}");
}

#[test]
fn the_order_of_the_receptacles_does_not_matter() {
    let mut turned = delivery_bill();
    turned.receptacles.reverse();
    assert_eq!(turned.text(), delivery_bill().text());
}

#[test]
fn before_the_carrier_signs_the_moment_of_handing_over_is_left_to_be_filled_in() {
    let text = DeliveryBill { handed_over_at: None, ..delivery_bill() }.text();
    assert!(text.contains("Handed over, local time ____________\n"), "{text}");
    let signed = delivery_bill().text();
    assert!(signed.contains("Handed over, local time 2026-11-22 18:05\n"), "{signed}");
}

#[test]
fn what_no_one_office_takes_over_goes_to_those_of_its_rows() {
    let several = |count: usize| {
        let codes = ["DEFRAA", "GBLALA", "PLWAWA", "KZALAA", "KGFRUA", "UZTASA", "RUMOWA"];
        codes.into_iter().take(count).map(|code| office(code, "Office")).collect::<Vec<_>>()
    };
    for (count, says) in [
        (0, "Office of destination\n"),
        (1, "Office of destination   DEFRAA Office\n"),
        (2, "several offices, see rows: DEFRAA, GBLALA\n"),
        (7, "several offices, see rows: DEFRAA, GBLALA, PLWAWA, KZALAA, KGFRUA, UZTASA, ...\n"),
    ] {
        let text = DeliveryBill { destinations: several(count), ..delivery_bill() }.text();
        assert!(text.contains(says), "{says}: {text}");
    }
}
