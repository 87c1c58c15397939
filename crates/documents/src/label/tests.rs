use caravan_postal::{Grams, Impc, Language, MailCategory, MailClass, S9};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::picture::Picture;
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
^FO648,320^A0R,38^FH^FDVOIE DE SURFACE^FS
^FO606,320^A0R,38^FH^FDSURFACE^FS
^FO584,980^A0R,96^FH^FDF R^FS
^FO584,40^A0R,20^FH^FDDe (bureau expéditeur) / From (office of origin)^FS
^FO544,40^A0R,36^FH^FDCNURCA Urumqi^FS
^FO520,40^A0R,20^FH^FDÀ (bureau de destination) / To (office of destination)^FS
^FO468,40^A0R,48^FH^FDKZALAA Almaty PCI-5^FS
^FO442,40^A0R,20^FH^FDDépêche n° / Dispatch No.^FS
^FO392,40^A0R,48^FH^FD0001^FS
^FO442,420^A0R,20^FH^FDRécipient n° / Receptacle No.^FS
^FO392,420^A0R,48^FH^FD012^FS
^FO442,800^A0R,20^FH^FDPoids brut, kg / Gross weight, kg^FS
^FO392,800^A0R,48^FH^FD25.3^FS
^FO366,40^A0R,16^FH^FDCatégorie, sous-classe / Category, subclass^FS
^FO324,40^A0R,40^FH^FDC C CN^FS
^FO366,420^A0R,20^FH^FDDate d'expédition / Date of dispatch^FS
^FO324,420^A0R,40^FH^FD2026-11-22^FS
^FO366,800^A0R,20^FH^FDNombre d'envois / Number of items^FS
^FO324,800^A0R,40^FH^FD14^FS
^FO280,40^A0R,36^FH^FDHorgos - Nur Zholy _5E truck_5F7_7E^FS
^FO100,40^BY3^BCR,160,N,N,N,N^FD>:CNURCAKZALAACCN>560001012110253^FS
^FO48,40^A0R,36^FH^FDCNURCA KZALAA C CN 6 0001 012 1 1 0253^FS
^XZ
";
    assert_eq!(sample.zpl(Language::En).unwrap(), expected);
}

#[test]
fn leaves_out_what_is_not_known() {
    let zpl = label("CNURCAKZALAADUN60001001000253", 25_300).zpl(Language::En).unwrap();
    let says = ["^FDCN 34^FS", "^FDPRIORITAIRE PAR VOIE DE SURFACE^FS", "^FDPRIORITY BY SURFACE^FS"];
    assert!(says.iter().all(|said| zpl.contains(said)), "{zpl}");
    assert!(!zpl.contains("envois") && !zpl.contains("^FD^FS") && !zpl.contains("^GF"), "{zpl}");
}

/// Reads the pictures of a label back: each as rows of text as a person reads it.
fn pictures(zpl: &str) -> Vec<Vec<String>> {
    let fields = zpl.lines().filter_map(|line| line.split_once("^GFA,"));
    let read = |(_, field): (&str, &str)| {
        let mut parts = field.trim_end_matches("^FS").splitn(4, ',');
        let mut number = || parts.next().unwrap().parse::<usize>().unwrap();
        let (bytes, all, row) = (number(), number(), number());
        let data = parts.next().unwrap();
        assert_eq!((bytes, data.len()), (all, bytes * 2), "the count of bytes holds");
        let bit = |at: usize| {
            let byte = u8::from_str_radix(&data[at / 8 * 2..at / 8 * 2 + 2], 16).unwrap();
            byte >> (7 - at % 8) & 1 == 1
        };
        let dot = |along: usize, across: usize| if bit(along * row * 8 + across) { '#' } else { ' ' };
        (0..row * 8).rev().map(|across| (0..bytes / row).map(|along| dot(along, across)).collect()).collect()
    };
    fields.map(read).collect()
}

/// What the printer has no glyphs of is drawn, and never an empty box; the bar code stays the printer's.
#[test]
fn draws_what_the_printer_has_no_glyphs_of() {
    let mut label = label("CNURCAKZALAACCN60001012110253", 25_340);
    label.origin.name = "霍尔果斯国际邮件互换局".to_owned();
    label.destination.name = "Алматы".to_owned();
    for (language, count) in [(Language::En, 2), (Language::Zh, 10), (Language::Ru, 10)] {
        let zpl = label.zpl(language).unwrap();
        let native = zpl.lines().filter(|line| line.contains("^FD"));
        assert!(native.clone().all(|line| line.chars().all(super::is_native)), "{zpl}");
        let code = code_128(label.s9);
        assert!(
            zpl.contains(&format!("^BCR,160,N,N,N,N^FD{code}^FS")) && zpl.contains("^FDCP 83^FS"),
            "{zpl}"
        );
        let pictures = pictures(&zpl);
        assert_eq!(pictures.len(), count, "{language:?} {zpl}");
        for picture in &pictures {
            let black = picture.iter().flat_map(|row| row.chars()).filter(|dot| *dot == '#').count();
            let all = picture.len() * picture[0].len();
            assert!((all / 20..all / 2).contains(&black), "{black} of {all}\n{}", picture.join("\n"));
        }
    }
}

/// A picture is what the outlines of the font say, stem by stem, upright and from left to right.
#[test]
fn a_picture_reads_as_the_text() {
    let mut label = label("CNURCAKZALAACCN60001012110253", 25_340);
    label.transport = Some("Ш中\u{10FFFF}".to_owned());
    let zpl = label.zpl(Language::En).unwrap();
    let pictures = pictures(&zpl);
    let [picture] = pictures.as_slice() else { panic!("{zpl}") };
    let runs = |row: &str| row.split(' ').filter(|run| !run.is_empty()).count();
    let sha: Vec<&str> = picture.iter().map(|row| &row[..30]).collect();
    let inked = sha.iter().filter(|row| runs(row) > 0).count();
    assert_eq!(
        sha.iter().filter(|row| runs(row) == 3).count() * 10 / inked,
        8,
        "three stems\n{}",
        sha.join("\n")
    );
    let foot = sha.iter().rposition(|row| runs(row) > 0).unwrap();
    assert_eq!(runs(sha[foot]), 1, "their foot joins them\n{}", sha.join("\n"));
    // A character of no font is written as its code point.
    assert_eq!(Picture::of("\u{10FFFF}", 36), Picture::of("[U+10FFFF]", 36));
}

#[test]
fn cuts_what_a_line_cannot_hold_at_its_smallest() {
    let mut label = label("CNURCAKZALAACCN60001012110253", 25_340);
    for (name, is_cut) in [("A".repeat(20), false), ("A".repeat(60), false), ("A".repeat(200), true)] {
        label.destination.name.clone_from(&name);
        assert_eq!(!label.zpl(Language::En).unwrap().contains(&name), is_cut, "{name}");
    }
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
        let printed = label(s9, grams).zpl(Language::En);
        assert_eq!(printed.is_ok(), is_right, "{grams}");
        assert!(is_right || matches!(printed, Err(LabelError::Weight { .. })));
    }
    let mut wrong = label(s9, 25_300);
    wrong.destination = office("KZALAB", "Almaty PCI-3");
    assert_eq!(
        wrong.zpl(Language::En),
        Err(LabelError::Office { s9: wrong.s9, office: "KZALAB".to_owned() })
    );
    let mut synthetic = label(s9, 25_300);
    synthetic.destination.is_synthetic = true;
    assert!(synthetic.zpl(Language::En).unwrap().contains("^FDKZALAA Almaty PCI-5 (synthetic code)^FS"));
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
