//! Lists as declarations, and declarations as lists.

use std::ops::ControlFlow;

use caravan_declaration::ceb::{Document, Facts, Message, from_declaration, write};
use caravan_declaration::{Declaration, Limits, read, xml};
use caravan_postal::{Field, HsCode};

use super::made::{Extent, GUID, document, envelope};
use super::read as read_message;
use crate::formats::{packing, sample};

/// A list with values that mean something.
fn list(message: &'static Message) -> Document<'static> {
    let mut list = document(message, Extent::Full);
    list.blocks.truncate(4);
    let [head, first, second, third] = &mut list.blocks[..] else { panic!("a head and three lines") };
    for (name, text) in [
        ("logisticsNo", "RR473124829CN"),
        ("orderNo", "ORDER 1"),
        ("country", "145"),
        ("grossWeight", "1.25"),
        ("licenseNo", "L1"),
        ("note", "一\n二"),
        ("POD", "9402"),
        ("ebcName", "东方"),
    ] {
        head.set(name, text);
    }
    for (line, values) in [
        (first, [("qty", "3"), ("unit", "007"), ("qty1", "0.75"), ("unit1", "035"), ("gcode", "6109100010")]),
        (second, [("qty", "2.5"), ("unit", "035"), ("qty1", "4"), ("unit1", "011"), ("gcode", "6109100010")]),
        (
            third,
            [("qty", "2.00001"), ("unit", "035"), ("qty1", "4"), ("unit1", "011"), ("gcode", "ABCDEFGHIJ")],
        ),
    ] {
        for (name, text) in values {
            line.set(name, text);
        }
        // Our XML has extra fields of at most 255 characters.
        line.set("note", "n");
        for (name, text) in [("currency", "142"), ("totalPrice", "20.5"), ("gname", "衬衫"), ("qty2", "1")]
        {
            line.set(name, text);
        }
    }
    list.blocks[3].set("totalPrice", "20.12345");
    list
}

fn bytes(list: &Document<'_>) -> Vec<u8> {
    let envelope = envelope(list.message, Extent::Bare);
    write(list.message, &envelope, std::slice::from_ref(list), |_| GUID.to_owned()).unwrap().remove(0)
}

/// Reads a file of one item.
fn with(bytes: &[u8], mut look: impl FnMut(&Declaration<'_>, Vec<&'static str>)) {
    let outcome = read(bytes, &Limits::standard(), |item| {
        look(&item.declaration, item.findings.iter().map(|finding| finding.code.name).collect());
        ControlFlow::Continue(())
    });
    let outcome = outcome.unwrap();
    assert_eq!((outcome.items, outcome.is_whole, outcome.format.unwrap().as_str()), (1, true, "ceb"));
}

#[test]
fn a_list_through_the_model_loses_nothing() {
    for name in ["CEB603Message", "CEB621Message"] {
        let message = Message::named(name).unwrap();
        for list in [list(message), document(message, Extent::Full)] {
            with(&bytes(&list), |declaration, findings| {
                assert_eq!(findings, Vec::<&str>::new());
                let facts = Facts::default();
                let back = from_declaration(declaration, message, &facts, 1, GUID).unwrap();
                assert_eq!(back.document, list, "{name}");
                assert!(back.losses.is_empty(), "{}", back.losses);
            });
        }
    }
}

#[test]
fn an_export_list_is_a_declaration() {
    with(&bytes(&list(Message::named("CEB603Message").unwrap())), |declaration, _| {
        assert_eq!(declaration.s10().unwrap().to_string(), "RR473124829CN");
        assert_eq!(declaration.destination().unwrap().as_str(), "KZ");
        assert_eq!(declaration.gross_weight.unwrap().0, 1250);
        assert_eq!((declaration.sender.business, declaration.comments), (Some("东方"), Some("一\n二")));
        let [first, second, third] = declaration.pieces[..] else { panic!("three pieces") };
        assert_eq!((first.units, first.net_weight.unwrap().0), (Some(3), 750));
        assert_eq!((second.units, second.net_weight.unwrap().0), (None, 2500));
        assert_eq!((third.units, third.net_weight, third.hs, third.value), (None, None, None, None));
        assert_eq!(first.value.unwrap().to_string(), "20.50 CNY");
        assert_eq!(first.hs.unwrap().to_string(), "6109100010");
        let extra =
            |name: &str| declaration.extras.iter().find(|(key, _)| *key == name).map(|(_, text)| *text);
        assert_eq!((extra("POD"), extra("InventoryList[3]/totalPrice")), (Some("9402"), Some("20.12345")));
        assert_eq!((extra("InventoryList[1]/qty1"), extra("InventoryList[1]/unit1")), (None, Some("035")));
        assert_eq!(extra("InventoryList[1]/gnum"), None);
    });
}

#[test]
fn fields_have_their_places() {
    let bytes = bytes(&list(Message::named("CEB603Message").unwrap()));
    let text = std::str::from_utf8(&bytes).unwrap();
    let line_of = |sought: &str| 1 + text.lines().position(|line| line.contains(sought)).unwrap();
    read(&bytes[..], &Limits::standard(), |item| {
        for (field, sought) in [
            (Field::of("gross-weight"), "<ceb:grossWeight>"),
            (Field::of("sender-business"), "<ceb:ebcName>"),
            (Field::of_piece(0, "value"), "<ceb:totalPrice>"),
            (Field::of_piece(0, "net-weight"), "<ceb:qty1>"),
            (Field::of_piece(0, "battery"), "<ceb:gnum>"),
            (Field::of("addressee-city"), "<ceb:Inventory>"),
            (Field::of("postage"), "<ceb:Inventory>"),
        ] {
            let place = item.place_of(field).to_string();
            assert_eq!(place.split(':').next().unwrap(), line_of(sought).to_string(), "{field}");
        }
        ControlFlow::Continue(())
    })
    .unwrap();
}

/// The bounds of an item hold for a list, too.
#[test]
fn pieces_and_extra_fields_have_a_bound() {
    let bytes = bytes(&list(Message::named("CEB603Message").unwrap()));
    let codes = |limits: Limits| {
        let mut codes = Vec::new();
        read(&bytes[..], &limits, |item| {
            assert!(item.declaration.pieces.len() <= usize::from(limits.pieces));
            assert!(item.declaration.extras.len() <= usize::from(limits.extras));
            codes = item.findings.iter().map(|finding| finding.code.name).collect();
            ControlFlow::Continue(())
        })
        .unwrap();
        codes
    };
    assert_eq!(codes(Limits { pieces: 3, ..Limits::standard() }), Vec::<&str>::new());
    assert_eq!(codes(Limits { pieces: 1, ..Limits::standard() }), ["pieces-too-many"]);
    assert_eq!(codes(Limits { extras: 40, ..Limits::standard() }), ["extras-too-many"]);
}

#[test]
fn an_import_list_is_a_declaration() {
    let message = Message::named("CEB621Message").unwrap();
    let mut list = list(message);
    list.blocks[0].set("buyerName", "李小宝");
    list.blocks[1].set("country", "116");
    with(&bytes(&list), |declaration, _| {
        assert_eq!(declaration.addressee.name, Some("李小宝"));
        assert_eq!(declaration.destination().unwrap().as_str(), "CN");
        assert_eq!(declaration.sender.country.unwrap().as_str(), "KZ");
        assert_eq!(declaration.pieces[0].origin.unwrap().as_str(), "JP");
    });
}

/// A list becomes our XML and comes back.
#[test]
fn a_list_through_our_xml_loses_nothing() {
    let message = Message::named("CEB603Message").unwrap();
    let list = list(message);
    let mut ours = Vec::new();
    with(&bytes(&list), |declaration, _| ours = xml::write(Vec::new(), [declaration]).unwrap());
    let outcome = read(&ours[..], &Limits::standard(), |item| {
        assert_eq!(item.findings, vec![]);
        let facts = Facts::default();
        let back = from_declaration(&item.declaration, message, &facts, 1, GUID).unwrap();
        assert_eq!(back.document, list);
        ControlFlow::Continue(())
    });
    assert!(outcome.unwrap().is_whole);
}

/// What another format says and a list cannot is named, and what it lacks comes from the defaults or is refused.
#[test]
fn a_declaration_from_elsewhere() {
    let message = Message::named("CEB603Message").unwrap();
    let declaration = packing::complete();
    let nothing = Facts::default();
    let converted = from_declaration(&declaration, message, &nothing, 1, GUID).unwrap();
    let lost = &converted.losses;
    assert!(lost.fields.contains(&Field::of("sender-name")));
    assert!(lost.fields.contains(&Field::of_piece(0, "origin")));
    assert!(!lost.fields.contains(&Field::of("gross-weight")));
    assert_eq!(lost.extras.len(), declaration.extras.len());
    let envelope = envelope(message, Extent::Bare);
    assert!(write(message, &envelope, &[converted.document], |_| GUID.to_owned()).is_err());

    let mut typical = sample::typical(1);
    let made = document(message, Extent::Bare);
    let mut facts = Facts::default();
    for values in &made.blocks {
        for value in &values.values {
            facts.set(values.block.name, value.element.name, &value.text);
        }
    }
    let refusal = {
        let list = from_declaration(&typical, message, &facts, 1, GUID).unwrap().document;
        write(message, &envelope, &[list], |_| GUID.to_owned()).unwrap_err().to_string()
    };
    assert_eq!(
        refusal, "cannot write document 1: `text-too-short` at `content[1].gcode`",
        "six digits are no code of ten"
    );
    for piece in &mut typical.pieces {
        piece.hs = HsCode::parse("6109100010");
    }
    let converted = from_declaration(&typical, message, &facts, 1, GUID).unwrap();
    assert_eq!(converted.document.lines().len(), typical.pieces.len());
    let written = write(message, &envelope, std::slice::from_ref(&converted.document), |_| GUID.to_owned());
    assert_eq!(read_message(&written.unwrap()[0]).documents, std::slice::from_ref(&converted.document));
    assert!(from_declaration(&typical, Message::named("CEB604Message").unwrap(), &facts, 1, GUID).is_none());
}
