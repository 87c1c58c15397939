//! Golden samples of every version of the packed form, and that no bytes do harm.

use caravan_postal::{Currency, Grams, Money, Ratio, Rounding};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::{PackedError, VERSION, decode, encode};
use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};
use crate::{Assessment, Channel, Charge, ChargeKind, Decision, PhysicalOutcome, RowId};

/// The sample as version 1 wrote it. It is kept for ever: a later program must read it.
const VERSION_1: &str = include_str!("version_1.hex");
/// The sample as version 2 wrote it: with the entry, and without arithmetic.
const VERSION_2: &str = include_str!("version_2.hex");

fn sample() -> Assessment {
    let yuan = Amount { exact: Ratio::new(2400, 1), currency: Currency::CNY };
    let euro = Amount { exact: Ratio::new(-300, 7), currency: Currency::EUR };
    let day = |day| NaiveDate::from_ymd_opt(2026, 7, day).unwrap();
    let rate = |valid_to| Quotation {
        authority: "ecb".into(),
        currency: Currency::EUR,
        units: 100,
        value: Ratio::new(65, 8),
        counter: Currency::CNY,
        valid_from: day(1),
        valid_to,
        source: "курс".into(),
        is_example: false,
    };
    let trace = vec![
        Step::Take { what: What::PieceValue, piece: Some(300), quantity: Quantity::Money(yuan) },
        Step::Take { what: What::GrossWeight, piece: None, quantity: Quantity::Weight(Grams(31_001)) },
        Step::Stand { piece: Some(1), row: RowId::new("vat-de") },
        Step::Convert { from: yuan, to: euro, rate: rate(Some(day(31))) },
        Step::Convert { from: yuan, to: euro, rate: rate(Some(day(1))) },
        Step::Convert { from: yuan, to: euro, rate: rate(None) },
        Step::Reckon {
            what: What::Sum,
            operation: Operation::Smaller,
            left: Quantity::Count(3),
            right: Quantity::Rate(Ratio::new(3, 20)),
            result: Quantity::Money(euro),
        },
        Step::Round {
            from: euro,
            to: Money { minor: -4286, currency: Currency::EUR },
            rounding: Rounding::Down,
        },
    ];
    let charge = Charge {
        kind: ChargeKind::Excise,
        amount: Money { minor: i64::MAX, currency: Currency::EUR },
        is_estimate: true,
        is_unverified: true,
        row: RowId::new("eu-excise"),
        trace,
    };
    Assessment {
        decision: Decision::Refuse,
        physical: Some(PhysicalOutcome::Police),
        is_dangerous: false,
        channel: Channel::GeneralTrade,
        findings: Vec::new(),
        charges: vec![charge, Charge { is_estimate: false, trace: Vec::new(), ..empty_charge() }],
        regime: Some(RowId::new("eu-normal")),
        entry: None,
    }
}

/// The sample as version 2 holds it.
fn sample_of_2() -> Assessment {
    let mut sample = sample();
    sample.charges.iter_mut().for_each(|charge| charge.trace.clear());
    Assessment { entry: Some(RowId::new("eu-h1")), ..sample }
}

fn empty_charge() -> Charge {
    Charge {
        kind: ChargeKind::Fee,
        amount: Money::zero(Currency::CNY),
        is_estimate: true,
        is_unverified: false,
        row: RowId::new(""),
        trace: Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[test]
fn reads_every_version_and_writes_the_newest() {
    let mut written = Vec::new();
    encode(&sample_of_2(), &mut written);
    assert_eq!(hex(&written), hex(&bytes(VERSION_2)));
    assert_eq!(decode(&bytes(VERSION_1)), Ok(sample()));
    assert_eq!(decode(&bytes(VERSION_2)), Ok(sample_of_2()));
}

#[test]
fn the_ordinary_assessment_is_a_few_bytes() {
    let mut written = Vec::new();
    encode(
        &Assessment { regime: Some(RowId::new("eaeu-personal-2024")), ..Assessment::default() },
        &mut written,
    );
    assert_eq!(written.len(), 25);
}

#[test]
fn names_what_is_wrong() {
    assert_eq!(decode(&[]), Err(PackedError::Short));
    assert_eq!(decode(&[9]), Err(PackedError::Version(9)));
    for (version, whole) in [(1, bytes(VERSION_1)), (2, bytes(VERSION_2))] {
        assert_eq!(decode(&[&whole[..], &[0]].concat()), Err(PackedError::Long));
        assert_eq!(decode(&[version, 3]), Err(PackedError::Value("decision")));
        for cut in 0..whole.len() {
            assert_eq!(decode(&whole[..cut]), Err(PackedError::Short), "version {version} cut at {cut}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        for version in 1..=VERSION {
            let _ = decode(&[&[version], &bytes[..]].concat());
        }
    }

    #[test]
    fn a_changed_byte_does_no_harm(at in 0usize..10_000, to in any::<u8>(), is_old in any::<bool>()) {
        let mut changed = bytes(if is_old { VERSION_1 } else { VERSION_2 });
        let at = at % changed.len();
        changed[at] = to;
        if let Ok(mut read) = decode(&changed) {
            read.charges.iter_mut().for_each(|charge| charge.trace.clear());
            let mut again = Vec::new();
            encode(&read, &mut again);
            prop_assert_eq!(decode(&again), Ok(read));
        }
    }

    #[test]
    fn what_is_written_reads_back(minor in any::<i64>(), is_dangerous in any::<bool>(), row in "\\PC{0,20}", entry in "[a-z-]{1,9}") {
        let charge = Charge {
            amount: Money { minor, currency: Currency::EUR },
            row: RowId::new(&row),
            ..empty_charge()
        };
        let entry = Some(RowId::new(&entry));
        let assessment = Assessment { is_dangerous, charges: vec![charge], entry, ..Assessment::default() };
        let mut written = Vec::new();
        encode(&assessment, &mut written);
        prop_assert_eq!(decode(&written), Ok(assessment));
    }
}
