//! What a tale begins with: items as they are declared, and a dispatch that is nearly full.

use caravan_planning::Stream;
use caravan_postal::{Country, Grams, Handling, HighestFlag, ReceptacleKind, S8, S9, S10, Volume};
use caravan_station::operation::Reassessment;
use caravan_station::{
    Dispatch, DispatchId, DispatchState, Disposition, Item, ItemId, ItemName, Journey, Lithium, Receptacle,
    ReceptacleId, ReceptacleState, State,
};
use caravan_tariff::{Channel, Decision};

use super::{ITEMS, NEARLY_FULL, STREAMS};

/// Those from here on that are declared come from abroad.
pub(super) const IMPORTS: usize = 9;

pub(super) fn name(item: usize) -> ItemName {
    if item < IMPORTS { ItemName::Other(format!("P{item}")) } else { ItemName::S10(s10(item)) }
}

/// Two of the last four come from Poland and are declared, and two from a country that nobody sends mail to.
pub(super) fn s10(item: usize) -> S10 {
    let country = if item < ITEMS - 2 { "PL" } else { "FR" };
    S10::new("CP", u32::try_from(item).unwrap(), Country::parse(country).unwrap()).unwrap()
}

pub(super) fn inbound(serial: u32) -> S9 {
    let s8 = S8::parse("PLWAWACNURCAACN60004").unwrap();
    S9::new(s8, serial, HighestFlag::Unknown, None, Grams(3000)).unwrap()
}

/// Returns an item as it is declared, every other one on a list, two of three with batteries, one of five dangerous;
/// the last two items of a tale never are.
pub(super) fn declared(item: usize) -> Item {
    let stream = Stream::parse(STREAMS[item % STREAMS.len()]).unwrap();
    let is_import = item >= IMPORTS;
    let country = |code| Country::parse(code).unwrap();
    let is_listed = !is_import && item.is_multiple_of(2);
    Item {
        decision: Decision::Go,
        stream: (!is_import).then_some(stream),
        journey: if is_import { Journey::Import } else { Journey::Export },
        channel: if is_listed { Channel::Ecommerce9610 } else { Channel::PostalArticle },
        origin: is_import.then(|| country("PL")),
        destination: Some(if is_import { country("CN") } else { stream.destination.country() }),
        handling: if stream.is_registered() { Handling::Registered } else { Handling::Normal },
        declared: Some(Grams(1000)),
        volume: item.is_multiple_of(3).then_some(Volume(4000)),
        lithium: [Lithium::No, Lithium::InEquipment, Lithium::Alone][item % 3],
        is_dangerous: item.is_multiple_of(5),
        version: 1,
        events: 1,
        ..Item::unknown(ItemId::of_file(1, u32::try_from(item).unwrap() + 1), name(item))
    }
}

/// Returns another answer about an item: every other one turns out to be dangerous, and the others not to be.
pub(super) fn reassessed(item: usize, decision: Decision) -> Reassessment {
    Reassessment { decision, physical: None, is_dangerous: item.is_multiple_of(2), assessed: None }
}

/// Returns a station's state on which one dispatch has been filled up to near its last serial.
pub(super) fn nearly_full() -> State {
    let s8 = S8::parse("CNURCAKZALAADCN60001").unwrap();
    let s9 = S9::new(s8, NEARLY_FULL, HighestFlag::No, Some(false), Grams(1500)).unwrap();
    let (dispatch, receptacle) = (DispatchId(1), ReceptacleId(1));
    let mut state = State::default();
    state.sequences.extend([("s8/CNURCAKZALAADCN/2026".to_owned(), 1), ("dispatch".to_owned(), 1)]);
    state.sequences.insert("receptacle".to_owned(), 1);
    state.dispatches.insert(
        dispatch,
        Dispatch {
            id: dispatch,
            series: s8.series(),
            year: 2026,
            s8,
            state: DispatchState::Open,
            receptacles: NEARLY_FULL,
            gone: 0,
            opened_ms: 0,
            closed_ms: None,
            departure: None,
            events: 0,
        },
    );
    state.receptacles.insert(
        receptacle,
        Receptacle {
            id: receptacle,
            kind: ReceptacleKind::Bag,
            state: ReceptacleState::Closed,
            stream: Stream::parse(STREAMS[0]),
            dispatch: Some(dispatch),
            s9: Some(s9),
            items: 0,
            registered: 0,
            listed: 0,
            lithium_in_equipment: 0,
            lithium_alone: 0,
            dangerous: 0,
            content: Grams(0),
            volume: Volume(0),
            tare: Grams(500),
            seal: None,
            scale: Some(Grams(1500)),
            closing_for: None,
            opened_ms: 0,
            closed_ms: Some(0),
            container: None,
            lock: None,
            answered: None,
            stopped: 0,
            customs: Disposition::NotFiled,
            advice: None,
            events: 0,
        },
    );
    state
}
