//! Wrappers of the exchange platform: unwrapped, written, judged by the official schemas.

use caravan_declaration::ceb::{self, Message, Server, Wrapper};

use super::made::{Extent, GUID, document, envelope};
use super::{folder, judge, official, read, samples};
use crate::formats::project;

pub(crate) fn wrapper() -> Wrapper {
    Wrapper {
        message_id: "1".to_owned(),
        sender: "DXPENT0000011351".to_owned(),
        receivers: vec!["DXPEDCCEB0000002".to_owned()],
        created: "2026-11-22T09:00:00".to_owned(),
        kind: "CEB604Message".to_owned(),
        ..Wrapper::default()
    }
}

fn full() -> Wrapper {
    Wrapper {
        receivers: (1..=5).map(|number| format!("DXPLGS000000000{number}")).collect(),
        created: "2026-11-22T09:00:00.250+08:00".to_owned(),
        file_name: Some("a & b.xml".to_owned()),
        card: Some("1234567890123".to_owned()),
        keys: vec![("copNo".to_owned(), "汉<1>".to_owned()), (String::new(), "2".to_owned())],
        text_encoding: Some("UTF-8".to_owned()),
        conversion: Some("7".to_owned()),
        server: Some(Server {
            message_id: "12345678202611220900000000000001".to_owned(),
            part: Some("1".to_owned()),
            sent: "2026-11-22T09:00:01Z".to_owned(),
            end_node: "0001".to_owned(),
            start_node: "0002".to_owned(),
        }),
        ..wrapper()
    }
}

fn receipt() -> Vec<u8> {
    let message = Message::named("CEB604Message").unwrap();
    let documents = [document(message, Extent::Full)];
    let envelope = envelope(message, Extent::Full);
    ceb::write(message, &envelope, &documents, |_| GUID.to_owned()).unwrap().remove(0)
}

#[test]
fn what_is_wrapped_is_unwrapped() {
    let inside = read(&receipt());
    for wrapper in [wrapper(), full()] {
        let wrapped = ceb::wrap(&wrapper, &receipt()).unwrap();
        let kept = read(&wrapped);
        assert_eq!(kept.codes(), Vec::<&str>::new());
        assert_eq!(kept.documents, inside.documents);
        assert_eq!((kept.read.message, kept.read.wrapper), (inside.read.message, Some(wrapper)));
        assert!(kept.read.outcome.is_whole);
    }
}

#[test]
fn what_is_wrapped_passes_the_schemas() {
    let folder = folder("wrapped");
    let paths = [("simple", wrapper()), ("full", full())].map(|(name, wrapper)| {
        let path = folder.join(format!("{name}.xml"));
        std::fs::write(&path, ceb::wrap(&wrapper, &receipt()).unwrap()).unwrap();
        path
    });
    assert_eq!(judge(&project().join("schemas/dxp.xsd"), &paths), [None, None]);
    if let Some(samples) = samples("the judgement of the wrappers by the official schemas") {
        official(&samples, &folder);
        // The schema of the transport node includes that of the terminal node.
        assert_eq!(judge(&folder.join("transport-node.xsd"), &paths), [None, None]);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_wrapper_says_what_is_wrong_with_it() {
    let wrapped = String::from_utf8(ceb::wrap(&full(), &receipt()).unwrap()).unwrap();
    let codes = |change: &dyn Fn(&str) -> String| read(change(&wrapped).as_bytes()).codes();
    assert_eq!(codes(&|text| text.replace("<dxp:EndNode>0001</dxp:EndNode>", "")), ["ceb-value-missing"]);
    assert_eq!(codes(&|text| text.replace(">0001<", ">123456789<")), ["text-too-long"]);
    assert_eq!(codes(&|text| text.replace("2026-11-22T09:00:01Z", "2026-11-22 09:00")), ["ceb-time-shape"]);
    assert_eq!(codes(&|text| text.replace("dxp:IcCard", "dxp:Card")), ["element-unknown"]);
    assert_eq!(codes(&|text| text.replace("<dxp:SvNo", "x<dxp:SvNo")), ["text-misplaced"]);
    assert_eq!(codes(&|text| text.replace("<dxp:Data>", "<dxp:Data>-")), ["dxp-data-broken"]);
    assert_eq!(codes(&|text| text.replace("dxp:Data>", "dxp:Date>")), ["element-unknown", "dxp-data-broken"]);
    assert_eq!(
        codes(&|text| text.replace("chinaport.gov.cn/dxp", "chinaport.gov.cn/x")),
        ["namespace-unknown"]
    );
    let signed = |text: &str| {
        let signature = super::made::SIGNATURE;
        text.replace("</dxp:DxpMsg>", &format!("{signature}</dxp:DxpMsg>"))
    };
    let kept = read(signed(&wrapped).as_bytes());
    assert_eq!(kept.codes(), ["ceb-signature-kept"]);
    assert_eq!(kept.read.wrapper.unwrap().signatures, [super::made::SIGNATURE.as_bytes()]);
    // A wrapper in a wrapper is no message.
    let twice = ceb::wrap(&wrapper(), wrapped.as_bytes()).unwrap();
    assert_eq!(read(&twice).codes(), ["namespace-unknown"]);
}

#[test]
fn a_wrapper_that_the_schema_does_not_admit_is_not_written() {
    let refused = |wrapper: Wrapper| ceb::wrap(&wrapper, b"").is_err();
    assert!(!refused(wrapper()));
    assert!(refused(Wrapper { sender: String::new(), ..wrapper() }));
    assert!(refused(Wrapper { sender: "12345678901234567".to_owned(), ..wrapper() }));
    assert!(refused(Wrapper { receivers: Vec::new(), ..wrapper() }));
    assert!(refused(Wrapper { receivers: vec!["A".to_owned(); 6], ..wrapper() }));
    assert!(refused(Wrapper { created: "22.11.2026".to_owned(), ..wrapper() }));
    assert!(refused(Wrapper { keys: vec![("k".repeat(33), "1".to_owned())], ..wrapper() }));
    assert!(refused(Wrapper { server: Some(Server::default()), ..wrapper() }));
}
