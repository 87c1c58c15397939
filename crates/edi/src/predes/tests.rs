use std::collections::BTreeSet;

use caravan_postal::{Grams, Handling, HighestFlag, ReceptacleKind, S8, S9, S10};
use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::{Departure, Dispatch, Function, Item, PredesError, Receptacle, TransportMode, write};
use crate::profile::Known;
use crate::{Address, Charset, Header, Interchange, Limits, SyntaxVersion, Writer};

fn at(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, 5, 0).unwrap()
}

fn item(s10: &str, grams: u64) -> Item {
    let s10 = S10::parse(s10).unwrap();
    Item { s10, handling: s10.handling(), gross_weight: Grams(grams) }
}

fn receptacle(serial: u32, is_last: bool, grams: u64, items: Vec<Item>) -> Receptacle {
    let s8 = S8::parse("CNURCAKZALAADUN60001").unwrap();
    let highest = if is_last { HighestFlag::Yes } else { HighestFlag::No };
    let handling = items.iter().map(|item| item.handling).max().unwrap_or(Handling::Normal);
    let s9 = S9::new(s8, serial, highest, Some(handling != Handling::Normal), Grams(grams)).unwrap();
    let item_count = u32::try_from(items.len()).unwrap();
    Receptacle {
        s9,
        kind: ReceptacleKind::Bag,
        handling,
        gross_weight: Grams(grams),
        seal: None,
        item_count,
        items,
    }
}

fn dispatch() -> Dispatch {
    let mut second = receptacle(2, true, 1_250, vec![item("RR473124829CN", 250)]);
    second.seal = Some("CN0042".to_owned());
    second.item_count = 3;
    Dispatch {
        s8: second.s9.dispatch,
        function: Function::Original,
        closed_at: at(13),
        departure: Some(Departure { departs_at: at(20), mode: TransportMode::Road, conveyance: None }),
        receptacles: vec![
            receptacle(1, false, 14_660, vec![item("LX000000120CN", 1_995), item("UA000000195KZ", 20)]),
            second,
        ],
    }
}

fn written(dispatch: &Dispatch) -> Result<Vec<u8>, PredesError> {
    let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
    let header = Header {
        charset: Charset::A,
        version: SyntaxVersion::Three,
        sender: address("CN101"),
        recipient: address("KZ101"),
        prepared_at: at(13),
        reference: "7".to_owned(),
        is_test: false,
    };
    let mut writer = Writer::new(&header).unwrap();
    write(&mut writer, "1", dispatch)?;
    Ok(writer.finish().unwrap())
}

#[test]
fn writes_the_sample() {
    let text = String::from_utf8(written(&dispatch()).unwrap()).unwrap();
    let expected = "UNA:+.? '
UNB+UNOA:3+CN101:UP+KZ101:UP+261122:1305+7'
UNH+1+PREDES:2:1:UP'
BGM++CNURCAKZALAADUN60001+9'
DTM+137:2611221305:201'
FTX+ABK++D::139'
FTX+AAQ++UN::139'
TDT+20++3'
LOC+5+CNURCA::139'
LOC+8+KZALAA::139'
DTM+189:2611222005:201'
GID++1:BG'
PCI+++CW:CNURCAKZALAADUN60001001000147'
FTX+AAQ++UN::139'
FTX+INS++N::139'
MEA+WT+AAB+KGM:14.7'
QTY+1:2'
LIN+++LX000000120CN'
FTX+INS++N::139'
MEA+WT+AAB+KGM:1.995'
LIN+++UA000000195KZ'
FTX+INS++N::139'
MEA+WT+AAB+KGM:0.020'
GID++1:BG'
PCI+++CW:CNURCAKZALAADUN60001002110013'
FTX+AAQ++UN::139'
FTX+INS++R::139'
MEA+WT+AAB+KGM:1.3'
QTY+1:3'
RFF+SN:CN0042'
LIN+++RR473124829CN'
FTX+INS++R::139'
MEA+WT+AAB+KGM:0.250'
CNT+11:2'
CNT+2:5'
CNT+7:16.0:KGM'
UNT+35+1'
UNZ+1+7'
";
    assert_eq!(text.replace('\'', "'\n"), expected);
}

#[test]
fn leaves_out_a_departure_that_is_not_planned() {
    let text = String::from_utf8(written(&Dispatch { departure: None, ..dispatch() }).unwrap()).unwrap();
    assert!(!text.contains("TDT") && !text.contains("DTM+189"), "{text}");
    let departure =
        Departure { departs_at: at(20), mode: TransportMode::Rail, conveyance: Some("X8015".to_owned()) };
    let text =
        String::from_utf8(written(&Dispatch { departure: Some(departure), ..dispatch() }).unwrap()).unwrap();
    assert!(text.contains("'TDT+20+X8015+2'"), "{text}");
}

#[test]
fn accepts_labels_printed_before_the_last_number_was_known() {
    let mut dispatch = dispatch();
    dispatch.receptacles[0].s9.highest = HighestFlag::Unknown;
    assert!(written(&dispatch).is_ok());
}

#[test]
fn refuses_what_the_labels_do_not_say() {
    fn check(change: fn(&mut Dispatch), fault: fn(&PredesError) -> bool) {
        let mut dispatch = dispatch();
        change(&mut dispatch);
        let error = written(&dispatch).expect_err("a fault");
        assert!(fault(&error), "{error}");
    }
    check(|dispatch| dispatch.receptacles.clear(), |error| matches!(error, PredesError::Empty(_)));
    check(
        |dispatch| dispatch.s8 = S8::parse("CNURCAKZALAADUN60002").unwrap(),
        |error| matches!(error, PredesError::Foreign { .. }),
    );
    check(
        |dispatch| dispatch.receptacles.swap(0, 1),
        |error| matches!(error, PredesError::HighestFlag(_) | PredesError::Order(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0] = receptacle(2, false, 1, vec![]),
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1] = receptacle(1, true, 1, vec![]),
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles.insert(0, receptacle(1, false, 1, vec![])),
        |error| matches!(error, PredesError::Order(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].s9.highest = HighestFlag::No,
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].gross_weight = Grams(1_350),
        |error| matches!(error, PredesError::Weight { grams: 1_350, .. }),
    );
    check(
        |dispatch| dispatch.receptacles[1].s9.is_registered = Some(false),
        |error| matches!(error, PredesError::RegisteredFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0].s9.is_registered = None,
        |error| matches!(error, PredesError::RegisteredFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0].item_count = 1,
        |error| matches!(error, PredesError::ItemCount(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].seal = Some("пломба".to_owned()),
        |error| matches!(error, PredesError::Profile { .. }),
    );
}

#[test]
fn every_field_of_the_profile_has_a_value() {
    let profile = Known::Predes.profile();
    let mut whole = dispatch();
    whole.departure.as_mut().unwrap().conveyance = Some("X8015".to_owned());
    let receptacle = &whole.receptacles[1];
    let all = |section| profile.fields(section).collect::<BTreeSet<_>>();
    assert!(all("dispatch").iter().all(|field| whole.value(field).is_some()));
    assert!(all("receptacle").iter().all(|field| receptacle.value(field).is_some()));
    assert!(all("item").iter().all(|field| receptacle.items[0].value(field).is_some()));
    assert!(all("total").iter().all(|field| whole.total(field).is_some()));
    assert_eq!(
        [all("dispatch").len(), all("receptacle").len(), all("item").len(), all("total").len()],
        [10, 7, 3, 3]
    );
}

proptest! {
    #[test]
    fn the_profile_reads_what_it_wrote(weights in prop::collection::vec(1u64..30_000, 1..8), items in 0usize..4) {
        let mut whole = dispatch();
        let last = weights.len();
        whole.receptacles = (1..).zip(&weights).map(|(serial, grams)| {
            let items = (0..items).map(|_| item("LX000000120CN", 10)).collect();
            receptacle(serial, serial as usize == last, *grams, items)
        }).collect();
        let bytes = written(&whole).unwrap();
        let read = Interchange::read(&bytes, &Limits::USUAL);
        prop_assert_eq!(&read.findings, &[]);
        let mut findings = Vec::new();
        let entries = Known::Predes.profile().read(&read.messages[0], &mut findings);
        prop_assert_eq!(findings, []);
        let sections = |name: &str| entries.iter().filter(|entry| entry.section == name).count();
        prop_assert_eq!([sections("dispatch"), sections("receptacle"), sections("item"), sections("total")], [1, last, last * items, 1]);
        let hectograms: u64 = entries.iter().filter(|entry| entry.section == "receptacle")
            .map(|entry| Grams::parse_kg(&entry.value("weight_kg").unwrap().number()).unwrap().0 / 100).sum();
        let total = entries.last().unwrap().value("weight_kg").unwrap().number();
        prop_assert_eq!(Grams::parse_kg(&total).unwrap().0, hectograms * 100);
    }
}
