use caravan_postal::{Finding, Grams, Handling, HighestFlag, Place, ReceptacleKind, S9};
use proptest::prelude::*;

use super::{Receptacle, Response, ResponseError, read, write};
use crate::Message;
use crate::profile::Known;
use crate::sample::{at, cover, disturb, read_all, read_back, s9, written};

fn receptacle(s9: S9) -> Receptacle {
    let weight = Grams(u64::from(s9.weight.hectograms().unwrap()) * 100);
    Receptacle {
        handling: Some(Handling::Normal),
        condition: Some("N".to_owned()),
        ..Receptacle::received(s9, ReceptacleKind::Bag, weight, at(8, 38))
    }
}

/// A consignment with bags of two dispatches.
fn response() -> Response {
    let other = S9::parse("CNKHGAKZALAACCN60044001100202").unwrap();
    Response {
        consignment: Some("CNA000000017".to_owned()),
        receptacles: vec![receptacle(s9(1, HighestFlag::No, false, 14_700)), receptacle(other)],
    }
}

fn written_response(response: &Response) -> Result<Vec<u8>, ResponseError> {
    written(|writer| write(writer, Known::Rescon.profile(), "1", response))
}

fn reader(message: &Message<'_>, findings: &mut Vec<Finding>) -> Response {
    let mut response = read(Known::Rescon.profile(), message, findings);
    response.receptacles.iter_mut().for_each(|receptacle| receptacle.place = Place::Whole);
    response
}

#[test]
fn writes_and_reads_the_sample() {
    let bytes = written_response(&response()).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("UNH+1+RESCON:1:1:UP'BGM++CNA000000017'GID++1:BG'PCI+++CW:CNURCA"), "{text}");
    cover(Known::Rescon.profile(), &bytes);
    assert_eq!(read_back(&bytes, reader), response());
}

#[test]
fn tells_what_is_missing() {
    let sample = String::from_utf8(written_response(&response()).unwrap()).unwrap();
    let codes = |from: &str, to: &str| {
        assert!(sample.contains(from), "{from:?} is in the sample");
        let (_, findings) = read_all(sample.replacen(from, to, 1).as_bytes(), reader);
        findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>()
    };
    assert_eq!(codes("BGM++CNA000000017", "BGM"), ["edi-consignment-missing", "edi-value-missing"]);
    assert_eq!(codes("RFF+ACU:20", "RFF+ACU"), ["edi-value-missing"]);
    assert_eq!(codes("CNKHGAKZALAACCN6", "CNKHGAKZALAACCX6"), ["edi-subclass-differs"]);
}

#[test]
fn refuses_what_it_could_not_read_back() {
    let empty = Response { receptacles: Vec::new(), ..response() };
    assert_eq!(written_response(&empty), Err(ResponseError::Empty));
    let unnamed = Response { consignment: None, ..response() };
    assert!(matches!(written_response(&unnamed), Err(ResponseError::Profile(_))));
    let mut repeated = response();
    repeated.receptacles[1] = repeated.receptacles[0].clone();
    assert!(matches!(written_response(&repeated), Err(ResponseError::Repeated(_))));
}

#[test]
fn stands_disturbed_bytes() {
    disturb(&written_response(&response()).unwrap(), |message, findings| {
        reader(message, findings);
    });
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        serials in prop::collection::btree_set(1u32..999, 1..6),
        id in "[A-Z0-9:+?']{1,14}",
        status in "[0-9]{1,3}",
        minute in 0u32..60,
    ) {
        let receptacles = serials.iter().map(|serial| Receptacle {
            status: Some(status.clone()),
            effective_at: Some(at(7, minute)),
            ..receptacle(s9(*serial, HighestFlag::Unknown, false, u64::from(*serial) * 100))
        });
        let response = Response { consignment: Some(id), receptacles: receptacles.collect() };
        prop_assert_eq!(read_back(&written_response(&response).unwrap(), reader), response);
    }
}
