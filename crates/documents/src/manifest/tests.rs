use caravan_postal::{ContainerNumber, Currency, Grams, Handling, Impc, Money, ReceptacleKind, S9, SizeType};
use chrono::{DateTime, NaiveDate};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use super::{
    Bill, BillForm, ClassTotals, ContainerFormat, ContainerManifest, Departure, DispatchFormat,
    DispatchManifest, Fill, Item, LoadedReceptacle, ManifestError, Moment, Provenance, Receptacle, Seal,
    SealKind, Stated, Totals, Transport, Unit,
};
use crate::{Office, printed};

const DISPATCH_SCHEMA: &str = include_str!("../../../../schemas/dispatch-manifest-1.schema.json");
const CONTAINER_SCHEMA: &str = include_str!("../../../../schemas/container-manifest-1.schema.json");
const DISPATCH_SAMPLE: &str = include_str!("../../fixtures/dispatch-manifest.json");
const CONTAINER_SAMPLE: &str = include_str!("../../fixtures/container-manifest.json");

fn office(code: &str, name: &str) -> Office {
    Office { code: Impc::parse(code).unwrap(), name: name.to_owned(), is_synthetic: code == "CNXXXA" }
}

fn moment(hour: u32) -> Moment {
    let local = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 17, 5).unwrap();
    let utc: DateTime<chrono::Utc> = (local - chrono::TimeDelta::hours(8)).and_utc();
    Moment { utc, local, zone: "Asia/Shanghai".to_owned() }
}

fn departure() -> Departure {
    Departure {
        route: "Horgos - Nur Zholy".to_owned(),
        transport: Transport::Road,
        conveyance: Some("A12345".to_owned()),
        scheduled_at: moment(20),
    }
}

fn dispatch_manifest() -> DispatchManifest {
    let bag = |s9: &str, grams: u64, item: &str, handling| Receptacle {
        tare_g: 400,
        scale_weight_g: Some(grams),
        volume_cm3: Some(150_000),
        item_count: 2,
        registered_count: u32::from(handling != Handling::Normal),
        items: vec![Item { identifier: item.to_owned(), gross_weight_g: 250, handling }],
        ..Receptacle::of(S9::parse(s9).unwrap(), ReceptacleKind::Bag, Grams(grams))
    };
    let mut outside = bag("CNXXXAKZALAADUN60001002110013", 1_250, "RR473124829CN", Handling::Registered);
    outside.kind = ReceptacleKind::OutsidePiece;
    (outside.scale_weight_g, outside.volume_cm3) = (None, None);
    let receptacles =
        vec![bag("CNXXXAKZALAADUN60001001000147", 14_660, "LX000000120CN", Handling::Normal), outside];
    let s8 = receptacles[0].s9.dispatch;
    let series = s8.series();
    DispatchManifest {
        format: DispatchFormat::One,
        s8,
        s8_printed: printed::s8(s8),
        origin: office("CNXXXA", "Test office"),
        destination: office("KZALAA", "Almaty PCI-5"),
        category: series.category,
        class: series.subclass.class(),
        subclass: series.subclass,
        year: 2026,
        serial: s8.serial(),
        closed_at: moment(13),
        departure: Some(departure()),
        bill: Bill { form: BillForm::of(series.subclass.class()), number: "1".to_owned() },
        totals: Totals::of(&receptacles),
        receptacles,
        estimated_charges: vec![
            Money { minor: 1205, currency: Currency::EUR },
            Money { minor: 800, currency: Currency::parse("JPY").unwrap() },
        ],
    }
}

fn container_manifest() -> ContainerManifest {
    let loaded = |s9: &str, provenance, origin, weight, volume| LoadedReceptacle {
        gross_weight_g: weight,
        volume_cm3: volume,
        ..LoadedReceptacle::of(
            S9::parse(s9).unwrap(),
            provenance,
            ReceptacleKind::Bag,
            origin,
            office("KZALAA", "Almaty PCI-5"),
        )
    };
    let receptacles = vec![
        loaded(
            "CNCKGAKZALAACCN60007003010301",
            Provenance::Through,
            office("CNCKGA", "Chongqing"),
            30_100,
            None,
        ),
        loaded(
            "CNXXXAKZALAADUN60001001100147",
            Provenance::Own,
            office("CNXXXA", "Test office"),
            14_660,
            Some(150_000),
        ),
    ];
    let seal = |number: &str, kind| Seal { number: number.to_owned(), kind };
    ContainerManifest {
        format: ContainerFormat::One,
        unit: Unit {
            container_number: Some(ContainerNumber::parse("CSQU3054383").unwrap()),
            vehicle: Some("A12345".to_owned()),
            size_type: SizeType::parse("45G1"),
        },
        seals: vec![seal("CN0042", Some(SealKind::HighSecurity)), seal("HG7", Some(SealKind::Customs))],
        cn37_number: "CNA000000017".to_owned(),
        customs_transfer_number: "T1".to_owned(),
        carrier: "Road carrier".to_owned(),
        origin: office("CNXXXA", "Test office"),
        destination: Some(office("KZALAA", "Almaty PCI-5")),
        handover: None,
        closed_at: moment(18),
        departure: departure(),
        stated: Some(Stated { receptacle_count: 459, gross_weight_g: 6_728_800 }),
        fill: Fill::of(&receptacles, 21_000_000, 76_300_000),
        totals: ClassTotals::of(&receptacles),
        receptacles,
    }
}

fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[test]
fn writes_the_samples_byte_for_byte() {
    assert_eq!(dispatch_manifest().to_json(), DISPATCH_SAMPLE);
    assert_eq!(container_manifest().to_json(), CONTAINER_SAMPLE);
    assert_eq!(DispatchManifest::from_json(DISPATCH_SAMPLE).unwrap(), dispatch_manifest());
    assert_eq!(ContainerManifest::from_json(CONTAINER_SAMPLE).unwrap(), container_manifest());
}

/// Every pointer into a document, to a member of an object.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.push(format!("{at}/{name}"));
                members(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                members(value, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn says_where_the_next_operator_takes_over_and_whether_one_office_does() {
    let (handover, destination) = (Some("Osh".to_owned()), None);
    let manifest = ContainerManifest { destination, handover, ..container_manifest() };
    let text = manifest.to_json();
    assert!(validator(CONTAINER_SCHEMA).is_valid(&serde_json::from_str(&text).unwrap()), "{text}");
    assert_eq!(ContainerManifest::from_json(&text).unwrap(), manifest);
}

/// The samples fit their schema, and nothing that lacks a member, or has one more, or one of another type, does; the
/// reader agrees with the schema.
#[track_caller]
fn check_schema(schema: &str, sample: &str, is_read: fn(&str) -> bool) {
    let validator = validator(schema);
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert!(validator.is_valid(&sample), "{:?}", validator.validate(&sample));
    let mut pointers = Vec::new();
    members(&sample, "", &mut pointers);
    assert!(pointers.len() > 60, "the sample is full");
    for pointer in pointers {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut without = sample.clone();
        without.pointer_mut(parent).and_then(Value::as_object_mut).unwrap().remove(name);
        assert!(!validator.is_valid(&without), "without {pointer}");
        let mut renamed = sample.clone();
        let object = renamed.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
        object.insert("sender_name".to_owned(), Value::from("someone"));
        assert!(!validator.is_valid(&renamed), "more beside {pointer}");
        assert!(!is_read(&renamed.to_string()), "more beside {pointer}");
        let mut wrong = sample.clone();
        *wrong.pointer_mut(&pointer).unwrap() = Value::from(1.5);
        assert!(!validator.is_valid(&wrong), "a fraction at {pointer}");
        assert!(!is_read(&wrong.to_string()), "a fraction at {pointer}");
    }
}

#[test]
fn the_schemas_hold_the_samples_and_nothing_near_them() {
    check_schema(DISPATCH_SCHEMA, DISPATCH_SAMPLE, |text| DispatchManifest::from_json(text).is_ok());
    check_schema(CONTAINER_SCHEMA, CONTAINER_SAMPLE, |text| ContainerManifest::from_json(text).is_ok());
}

#[test]
fn the_schemas_hold_what_may_be_absent() {
    let mut dispatch = dispatch_manifest();
    dispatch.departure = None;
    dispatch.receptacles.clear();
    dispatch.estimated_charges.clear();
    dispatch.totals = Totals::of(&[]);
    assert!(validator(DISPATCH_SCHEMA).is_valid(&serde_json::from_str(&dispatch.to_json()).unwrap()));
    let mut container = container_manifest();
    (container.unit.container_number, container.unit.size_type) = (None, None);
    container.departure.conveyance = None;
    container.fill = Fill::of(&container.receptacles, 0, 0);
    container.seals[1].kind = None;
    let truck: Value = serde_json::from_str(&container.to_json()).unwrap();
    assert!(validator(CONTAINER_SCHEMA).is_valid(&truck));
    container.unit.vehicle = None;
    let nothing: Value = serde_json::from_str(&container.to_json()).unwrap();
    assert!(!validator(CONTAINER_SCHEMA).is_valid(&nothing), "neither container nor vehicle");
    container.seals.clear();
    container.unit.vehicle = Some("A12345".to_owned());
    let unsealed: Value = serde_json::from_str(&container.to_json()).unwrap();
    assert!(!validator(CONTAINER_SCHEMA).is_valid(&unsealed), "no seal");
}

#[test]
fn refuses_an_identifier_that_differs_from_its_parts() {
    for (sample, from, to) in [
        (DISPATCH_SAMPLE, "\"year\": 2026", "\"year\": 2027"),
        (DISPATCH_SAMPLE, "\"serial\": 1", "\"serial\": 2"),
        (DISPATCH_SAMPLE, "\"category\": \"D\"", "\"category\": \"C\""),
        (DISPATCH_SAMPLE, "\"code\": \"KZALAA\"", "\"code\": \"KZALAB\""),
        (DISPATCH_SAMPLE, "UN 6 0001\"", "UN 6 0002\""),
        (DISPATCH_SAMPLE, "\"is_highest\": false", "\"is_highest\": true"),
        (DISPATCH_SAMPLE, "\"CNXXXAKZALAADUN60001001", "\"CNXXXAKZALAADUN60002001"),
        (
            CONTAINER_SAMPLE,
            "\"dispatch\": \"CNCKGAKZALAACCN60007\"",
            "\"dispatch\": \"CNCKGAKZALAACCN60008\"",
        ),
        (CONTAINER_SAMPLE, "\"is_registered\": true", "\"is_registered\": false"),
        (CONTAINER_SAMPLE, "\"serial\": 3", "\"serial\": 4"),
    ] {
        assert!(sample.contains(from), "{from}");
        let changed = sample.replacen(from, to, 1);
        let contradicts = matches!(DispatchManifest::from_json(&changed), Err(ManifestError::Contradiction))
            || matches!(ContainerManifest::from_json(&changed), Err(ManifestError::Contradiction));
        assert!(contradicts, "{to}");
    }
}

#[test]
fn refuses_another_version_and_wrong_sums() {
    let two = DISPATCH_SAMPLE.replace("dispatch-manifest-1", "dispatch-manifest-2");
    assert!(matches!(DispatchManifest::from_json(&two), Err(ManifestError::Json(_))));
    let more = DISPATCH_SAMPLE.replacen("\"item_count\": 2", "\"item_count\": 3", 1);
    assert!(matches!(DispatchManifest::from_json(&more), Err(ManifestError::Contradiction)));
    let fuller = CONTAINER_SAMPLE.replacen("\"weight_per_mille\": 2", "\"weight_per_mille\": 3", 1);
    assert!(matches!(ContainerManifest::from_json(&fuller), Err(ManifestError::Contradiction)));
    for (from, to) in [
        ("CNXXXAKZALAADUN60001001", "CNXXXAKZALAADUN60001000"),
        ("2026-11-22T13:17:05\"", "2026-11-31T13:17:05\""),
    ] {
        assert!(DISPATCH_SAMPLE.contains(from));
        assert!(DispatchManifest::from_json(&DISPATCH_SAMPLE.replace(from, to)).is_err(), "{to}");
    }
    let digit = CONTAINER_SAMPLE.replace("CSQU3054383", "CSQU3054384");
    assert!(matches!(ContainerManifest::from_json(&digit), Err(ManifestError::Json(_))));
}

#[test]
fn fill_is_cut_to_thousandths() {
    let mut receptacles = container_manifest().receptacles;
    receptacles.truncate(1);
    for (weight, limit, per_mille) in [
        (999, 1_000_000, Some(0)),
        (1_000, 1_000_000, Some(1)),
        (1_000_001, 1_000_000, Some(1000)),
        (3, 2, Some(1500)),
        (1, 0, None),
    ] {
        receptacles[0].gross_weight_g = weight;
        assert_eq!(Fill::of(&receptacles, limit, 1).weight_per_mille, per_mille, "{weight} of {limit}");
    }
}

proptest! {
    #[test]
    fn sums_do_not_depend_on_order(weights in prop::collection::vec((0u64..40_000, 0u32..50, any::<bool>()), 0..12)) {
        let template = dispatch_manifest().receptacles.remove(0);
        let mut receptacles: Vec<Receptacle> = weights.iter().map(|(grams, items, is_registered)| Receptacle {
            gross_weight_g: *grams, item_count: *items, is_registered: *is_registered, ..template.clone()
        }).collect();
        let totals = Totals::of(&receptacles);
        prop_assert_eq!(totals.gross_weight_g, weights.iter().map(|(grams, ..)| grams).sum::<u64>());
        prop_assert!((totals.printed_weight_hg * 100).abs_diff(totals.gross_weight_g) <= 50 * weights.len() as u64);
        receptacles.reverse();
        prop_assert_eq!(Totals::of(&receptacles), totals);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*", at in 0..DISPATCH_SAMPLE.len()) {
        prop_assert!(DispatchManifest::from_json(&text).is_err());
        prop_assert!(DispatchManifest::from_json(&DISPATCH_SAMPLE[..at]).is_err() || DISPATCH_SAMPLE[at..].trim().is_empty());
    }
}
