//! What was ever packed stays readable.

use caravan_declaration::packed::{PackedError, decode, encode};
use caravan_declaration::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Limits, Party, PartyKind, PrepaidTax, xml,
};
use caravan_postal::{Currency, Handling, MailCategory, MailClass, Money, Nature, Volume};

use super::{is_blessing, read_all, sample};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packed/version-1.bin");

/// A declaration in which every field of the model is there.
pub(crate) fn complete() -> Declaration<'static> {
    let mut declaration = sample::typical(4812);
    let usd = Currency::USD;
    declaration.domestic_waybill = Some("9876543210123");
    declaration.form = Some(Form::Cn23);
    declaration.route.class = Some(MailClass::Ems);
    declaration.route.category = Some(MailCategory::B);
    declaration.route.handling = Some(Handling::Insured);
    declaration.nature = Some(Nature::Other);
    declaration.nature_text = Some("warranty exchange");
    declaration.volume = Some(Volume(12_500));
    declaration.insured_value = Some(Money { minor: 5000, currency: Currency::XDR });
    declaration.total_value = Some(Money { minor: 7045, currency: usd });
    declaration.importer_reference = Some("BIN 123456789012");
    declaration.prepaid_tax = Some(PrepaidTax { scheme: "IOSS", number: "IM1560000123" });
    declaration.pieces[0].battery =
        Some(Battery { un_number: 3481, energy_mwh: 18_500, count: 1, is_installed: true });
    declaration.documents = vec![
        Document { kind: DocumentKind::Licence, number: "L-2026/17" },
        Document { kind: DocumentKind::Certificate, number: "CO 5512" },
        Document { kind: DocumentKind::Invoice, number: "№ 88" },
    ];
    declaration.comments = Some("Keep dry.\nNo quarantine goods.");
    declaration.signed_on = declaration.posted_on;
    declaration.return_if_undeliverable = Some(false);
    declaration.extras = vec![("transport-mode", "2"), ("revised-hs", "851830")];
    declaration.sender.region = Some("Zhejiang");
    declaration.sender.identity = Some("91330782MA2E8XYZ0K");
    declaration.sender.name = Some("王小明");
    declaration.addressee = Party {
        kind: Some(PartyKind::Person),
        business: Some("c/o Nurlan & Co"),
        region: Some("Алматы"),
        identity: Some("850412300123"),
        ..declaration.addressee
    };
    declaration
}

#[test]
fn version_1_is_read_for_ever() {
    let mut bytes = Vec::new();
    encode(&complete(), &mut bytes);
    if is_blessing() && !std::path::Path::new(GOLDEN).exists() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packed")).unwrap();
        std::fs::write(GOLDEN, &bytes).unwrap();
    }
    let golden = std::fs::read(GOLDEN).expect("the sample of version 1 is kept");
    assert_eq!(decode(&golden), Ok(complete()), "a version that was ever written stays readable");
    assert_eq!(bytes, golden, "another layout is another version");
}

#[test]
fn every_code_survives() {
    let mut declaration = Declaration::default();
    let mut bytes = Vec::new();
    let mut check = |declaration: &Declaration<'_>| {
        bytes.clear();
        encode(declaration, &mut bytes);
        assert_eq!(decode(&bytes).as_ref(), Ok(declaration));
    };
    check(&declaration);
    for nature in Nature::ALL {
        declaration.nature = Some(*nature);
        check(&declaration);
    }
    for class in MailClass::ALL {
        declaration.route.class = Some(*class);
        check(&declaration);
    }
    for category in MailCategory::ALL {
        declaration.route.category = Some(*category);
        check(&declaration);
    }
    for handling in Handling::ALL {
        declaration.route.handling = Some(*handling);
        check(&declaration);
    }
    for minor in [i64::MIN, -1, 0, 1, i64::MAX] {
        declaration.postage = Some(Money { minor, currency: Currency::EUR });
        check(&declaration);
    }
    for day in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
        declaration.signed_on = Some(day);
        check(&declaration);
    }
    declaration.identifier = Some(Identifier::Other(""));
    check(&declaration);
}

#[test]
fn faults_are_named() {
    for (bytes, fault) in [
        (&b""[..], PackedError::Cut),
        (b"\x02\x00", PackedError::Version(2)),
        (b"\x01", PackedError::Cut),
        (b"\x01\x00\x00", PackedError::Surplus),
        (b"\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", PackedError::Field("number")),
        (b"\x01\x80\x80\x80\x80\x04", PackedError::Field("presence bits")),
        (b"\x01\x08\x02", PackedError::Field("form")),
        (b"\x01\x04\x05abc", PackedError::Cut),
        (b"\x01\x04\x01\xFF", PackedError::Field("text")),
        (b"\x01\x80\x80\x04\x00", PackedError::Field("count")),
        (b"\x01\x80\x80\x04\xFF\xFF\xFF\xFF\x0F\x00", PackedError::Cut),
        (b"\x01\x80\x80\x08\x00\x02", PackedError::Field("currency")),
        (b"\x01\x03\x00\x00", PackedError::Field("identifier")),
    ] {
        assert_eq!(decode(bytes), Err(fault), "{bytes:02X?}");
    }
    let mut whole = Vec::new();
    encode(&complete(), &mut whole);
    for cut in 0..whole.len() {
        assert_eq!(decode(&whole[..cut]), Err(PackedError::Cut), "cut at {cut}");
    }
}

/// The text of a declaration is most of it: what packing adds stays a small part.
#[test]
fn packing_is_small() {
    let declarations: Vec<_> = (0..100).map(sample::typical).collect();
    let bytes = xml::write(Vec::new(), &declarations).unwrap();
    let packed: usize =
        read_all(&bytes, &Limits::standard()).items.iter().map(|(bytes, _)| bytes.len()).sum();
    assert!(packed * 4 < bytes.len(), "{packed} of {} bytes", bytes.len());
}
