use caravan_postal::{Grams, Impc, MailCategory, MailClass, S9};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::{LabelError, LabelForm, ReceptacleLabel, code_128, escaped};
use crate::Office;

fn office(code: &str, name: &str) -> Office {
    Office { code: Impc::parse(code).unwrap(), name: name.to_owned(), is_synthetic: false }
}

fn label(s9: &str, grams: u64) -> ReceptacleLabel {
    ReceptacleLabel {
        s9: S9::parse(s9).unwrap(),
        origin: office("CNURCA", "Urumqi"),
        destination: office("KZALAA", "Almaty PCI-5"),
        dispatched_on: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        gross_weight: Grams(grams),
        item_count: None,
        transport: None,
    }
}

#[test]
fn prints_the_sample() {
    let mut sample = label("CNURCAKZALAACCN60001012110253", 25_340);
    sample.item_count = Some(14);
    sample.transport = Some("Horgos - Nur Zholy ^ truck_7~".to_owned());
    let expected = "^XA
^CI28
^PW800
^LL1184
^LH0,0
^FO616,40^A0R,64^FH^FDCP 83^FS
^FO624,320^A0R,48^FH^FDSURFACE^FS
^FO584,980^A0R,96^FH^FDF R^FS
^FO560,40^A0R,36^FH^FDFrom CNURCA Urumqi^FS
^FO496,40^A0R,48^FH^FDTo KZALAA Almaty PCI-5^FS
^FO420,40^A0R,48^FH^FDDispatch 0001   Receptacle 012^FS
^FO424,820^A0R,40^FH^FDClass C, CN^FS
^FO330,40^A0R,64^FH^FD25.3 kg^FS
^FO344,400^A0R,40^FH^FD2026-11-22^FS
^FO344,700^A0R,40^FH^FDItems 14^FS
^FO280,40^A0R,36^FH^FDHorgos - Nur Zholy _5E truck_5F7_7E^FS
^FO100,40^BY3^BCR,160,N,N,N,N^FD>:CNURCAKZALAACCN>560001012110253^FS
^FO48,40^A0R,36^FH^FDCNURCA KZALAA C CN 6 0001 012 1 1 0253^FS
^XZ
";
    assert_eq!(sample.zpl().unwrap(), expected);
}

#[test]
fn leaves_out_what_is_not_known() {
    let zpl = label("CNURCAKZALAADUN60001001000253", 25_300).zpl().unwrap();
    assert!(zpl.contains("^FDCN 34^FS") && zpl.contains("^FDPRIORITY BY SURFACE^FS"), "{zpl}");
    assert_eq!(zpl.lines().filter(|line| line.contains("^FD")).count(), 10, "{zpl}");
    assert!(!zpl.contains("^FD^FS"), "{zpl}");
}

#[test]
fn knows_its_form() {
    for (class, category, form) in [
        (MailClass::Letters, MailCategory::C, "CN 34"),
        (MailClass::Letters, MailCategory::D, "CN 34"),
        (MailClass::Letters, MailCategory::A, "CN 35"),
        (MailClass::Letters, MailCategory::B, "CN 36"),
        (MailClass::Parcels, MailCategory::C, "CP 83"),
        (MailClass::Parcels, MailCategory::A, "CP 84"),
        (MailClass::Parcels, MailCategory::B, "CP 85"),
        (MailClass::Ems, MailCategory::A, "EMS"),
        (MailClass::Empty, MailCategory::C, "CN 34"),
    ] {
        assert_eq!(LabelForm::of(class, category).as_str(), form, "{class} {category}");
    }
}

#[test]
fn flags_what_the_identifier_says() {
    for (s9, flags) in [
        ("CNURCAKZALAACCN60001001000253", ""),
        ("CNURCAKZALAACCN60001001100253", "F"),
        ("CNURCAKZALAACCN60001001010253", "R"),
        ("CNURCAKZALAACCN60001001110253", "F R"),
        ("CNURCAKZALAACCN60001001990253", ""),
    ] {
        assert_eq!(label(s9, 25_300).flags(), flags, "{s9}");
    }
}

#[test]
fn refuses_to_contradict_itself() {
    let s9 = "CNURCAKZALAACCN60001001000253";
    for (grams, is_right) in [(25_249, false), (25_250, true), (25_349, true), (25_350, false)] {
        let printed = label(s9, grams).zpl();
        assert_eq!(printed.is_ok(), is_right, "{grams}");
        assert!(is_right || matches!(printed, Err(LabelError::Weight { .. })));
    }
    let mut wrong = label(s9, 25_300);
    wrong.destination = office("KZALAB", "Almaty PCI-3");
    assert_eq!(wrong.zpl(), Err(LabelError::Office { s9: wrong.s9, office: "KZALAB".to_owned() }));
    let mut synthetic = label(s9, 25_300);
    synthetic.destination.is_synthetic = true;
    assert!(synthetic.zpl().unwrap().contains("^FDTo KZALAA Almaty PCI-5 (synthetic code)^FS"));
    synthetic.destination.name = "Ж".repeat(100);
    assert!(synthetic.zpl().unwrap().contains(&format!("^FDTo KZALAA {}^FS", "Ж".repeat(33))));
}

/// What a scanner reads from bar code data with the subsets written out.
fn scanned(data: &str) -> String {
    data.strip_prefix(">:").unwrap().replace(">5", "")
}

proptest! {
    #[test]
    fn the_bar_code_is_the_identifier(serial in 1u32..=999, dispatch in 1u32..=9999, hectograms in 0u32..=9999) {
        let text = format!("CNURCAKZALAACCN6{dispatch:04}{serial:03}00{hectograms:04}");
        let data = code_128(S9::parse(&text).unwrap());
        prop_assert_eq!(scanned(&data), text);
        let (_, digits) = data.split_once(">5").unwrap();
        prop_assert!(digits.len() % 2 == 0, "subset C takes pairs of digits");
    }

    #[test]
    fn no_text_becomes_a_command(text in "\\PC*|[\\^~_\n]*") {
        let escaped = escaped(&text);
        prop_assert!(!escaped.contains(['^', '~']) && !escaped.chars().any(char::is_control));
        let read = escaped.replace("_5E", "^").replace("_7E", "~").replace("_5F", "_");
        prop_assert_eq!(read, text.replace(char::is_control, " "));
    }
}
