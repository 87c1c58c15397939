//! Where a field stands, for those who find something later and know only the field.

use std::ops::ControlFlow;

use caravan_declaration::{Limits, read};
use caravan_postal::{Field, Place};

/// Asserts the place of fields of the last item.
fn check(text: &str, expected: &[(Field, &str)]) {
    let mut found = Vec::new();
    read(text.as_bytes(), &Limits::standard(), |item| {
        found = expected.iter().map(|(field, _)| item.place_of(*field).to_string()).collect();
        assert_ne!(item.place(), Place::Whole);
        ControlFlow::Continue(())
    })
    .unwrap();
    let expected: Vec<&str> = expected.iter().map(|(_, place)| *place).collect();
    assert_eq!(found, expected);
}

#[test]
fn fields_of_xml_have_line_and_column() {
    let text = "<declarations xmlns=\"urn:caravan:declaration:1\">\n<item><form>CN22</form></item>\n<item>\n  \
                <sender><name>Әлия</name><city>Almaty</city></sender>\n  <piece><units>1</units></piece>\n  \
                <piece>\n    <units>2</units>\n    <battery><un-number>3481</un-number></battery>\n  </piece>\n  \
                <document><kind>invoice</kind><number>7</number></document>\n</item>\n</declarations>";
    check(
        text,
        &[
            (Field::of_piece(1, "units"), "7:5"),
            (Field::of("sender-city"), "4:28"),
            (Field::of("sender-name"), "4:11"),
            (Field::of_piece(0, "units"), "5:10"),
            (Field::of_piece(1, "battery-un-number"), "8:14"),
            // What is not there is looked for where it should have been.
            (Field::of("sender-country"), "4:3"),
            (Field::of("addressee-country"), "3:1"),
            (Field::of_piece(0, "hs"), "5:3"),
            (Field::of_piece(1, "hs"), "6:3"),
            (Field::of_piece(1, ""), "6:3"),
            (Field::of_piece(7, "hs"), "3:1"),
            (Field::of("document-number"), "10:33"),
            (Field::of("gross-weight"), "3:1"),
            (Field::default(), "3:1"),
        ],
    );
}

#[test]
fn fields_of_csv_have_row_and_column() {
    let text = "identifier,sender-name,piece-units,piece-value,piece-value-currency\n\
                RR473124829CN,A,1,,\nRR000000080CN,B,,,\n,,2,3.00,USD\n,,4,,\n";
    check(
        text,
        &[
            (Field::of("identifier"), "row 3, column 1"),
            (Field::of("sender-name"), "row 3, column 2"),
            (Field::of_piece(0, "value"), "row 4, column 4"),
            (Field::of_piece(1, "units"), "row 5, column 3"),
            (Field::of_piece(1, "value"), "row 5, column 3"),
            (Field::of("sender-city"), "row 3, column 2"),
            (Field::of("gross-weight"), "row 3, column 1"),
        ],
    );
}

#[test]
fn fields_of_messages_have_line_and_column() {
    let text = "<CUSITM xmlns=\"urn:caravan:cusitm:1\">\n<CDSView>\n  <MailObject><Id>RR473124829CN</Id></MailObject>\n  \
                <Declaration>\n    <GrossWeight>1</GrossWeight><SenderName>Әлия</SenderName><SenderCity>A</SenderCity>\n    \
                <ContentPieces/>\n    <ContentPieces><HS>610910</HS></ContentPieces>\n    \
                <ExtraFieldNames>declaration:form</ExtraFieldNames><ExtraFieldValues>CN23</ExtraFieldValues>\n  \
                </Declaration>\n</CDSView></CUSITM>";
    check(
        text,
        &[
            (Field::of("identifier"), "3:15"),
            (Field::of("gross-weight"), "5:5"),
            (Field::of("sender-city"), "5:62"),
            (Field::of_piece(0, ""), "6:5"),
            (Field::of_piece(1, "hs"), "7:20"),
            (Field::of_piece(1, "units"), "7:5"),
            (Field::of("form"), "8:56"),
            (Field::of("nature"), "2:1"),
        ],
    );
    let text = "[{\"MailObject\": {}},\n {\"MailObject\": {\"Id\": \"RR473124829CN\"},\n  \"Declaration\": \
                {\"ContentPieces\": [{}, {\n    \"HS\": \"610910\"}]}}]";
    check(
        text,
        &[
            (Field::of("identifier"), "2:18"),
            (Field::of_piece(0, ""), "3:37"),
            (Field::of_piece(1, "hs"), "4:5"),
            (Field::of("nature"), "2:2"),
        ],
    );
}
