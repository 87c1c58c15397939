//! Declarations as messages: every target from the envelopes of the fixtures, judged, split and numbered.

use std::path::Path;

use caravan_declaration::ceb::layout::Direction;
use caravan_declaration::ceb::{Batch, Job, Message, Refusal};
use caravan_declaration::envelope::{Envelope, Target};
use caravan_declaration::{Declaration, Identifier, Party, PartyKind, Piece};
use caravan_postal::{Country, Currency, Field, Grams, HsCode, Money, S10};

use super::made::SIGNATURE;
use super::{folder, judge, official, official_name, own_name, read, samples};
use crate::formats::project;

const EXPORT: [&str; 6] = ["303", "505", "507", "509", "603", "607"];
const IMPORT: [&str; 4] = ["311", "511", "621", "711"];

fn job(number: &str, change: impl Fn(String) -> String) -> Job {
    let name = if EXPORT.contains(&number) { "ceb-export.toml" } else { "ceb-import.toml" };
    let text = std::fs::read_to_string(project().join("fixtures/envelopes").join(name)).unwrap();
    let target = Target::named(&format!("ceb-{number}")).expect("a target");
    let (envelope, findings) = Envelope::parse(&change(text), target, false);
    match envelope {
        Some(Envelope::Ceb(job)) => *job,
        other => panic!("{other:?} {findings:?}"),
    }
}

fn country(code: &str) -> Option<Country> {
    Country::parse(code)
}

/// An item that both an export and an import message can say.
fn item(number: u32, direction: Direction) -> Declaration<'static> {
    let (from, to) = match direction {
        Direction::Export => ("CN", "KZ"),
        Direction::Import => ("KZ", "CN"),
    };
    let piece = Piece {
        description: Some("蜂蜜"),
        units: Some(3),
        net_weight: Some(Grams(1000)),
        value: Some(Money { minor: 10_000, currency: Currency::CNY }),
        hs: HsCode::parse("0409000000"),
        origin: country(from),
        battery: None,
    };
    Declaration {
        identifier: S10::new("CP", number, country(from).unwrap()).ok().map(Identifier::S10),
        gross_weight: Some(Grams(1250)),
        sender: Party { kind: Some(PartyKind::Business), country: country(from), ..Party::default() },
        addressee: Party {
            name: Some("李小宝"),
            street: Some("新华南路808号"),
            telephone: Some("13800138000"),
            identity: Some("650102199001011234"),
            country: country(to),
            ..Party::default()
        },
        pieces: vec![piece],
        ..Declaration::default()
    }
}

/// Writes so many items as the messages of a job.
fn messages(job: &Job, count: u32) -> Vec<Vec<u8>> {
    let mut batch = Batch::new(job).expect("a message of declarations");
    let mut messages = Vec::new();
    for number in 0..count {
        let item = item(number, job.message.direction);
        messages.extend(batch.item(&item).unwrap_or_else(|refusal| panic!("{refusal}")).message);
    }
    messages.extend(batch.finish().unwrap());
    messages
}

/// Puts the signature of the tests into a message whose schema asks for one: who signs does that later.
fn signed(job: &Job, message: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    if !Job::is_signed(job.message) {
        return text.into_bytes();
    }
    let end = format!("</ceb:{}>", job.message.name);
    text.replace(&end, &format!("{SIGNATURE}{end}")).into_bytes()
}

fn validate(folder: &Path, schema: &Path, job: &Job, messages: &[Vec<u8>]) {
    let mut paths = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        let path = folder.join(format!("{}-{number}.xml", job.message.number()));
        std::fs::write(&path, signed(job, message)).unwrap();
        paths.push(path);
    }
    assert_eq!(judge(schema, &paths), vec![None; paths.len()], "{}", job.message.name);
}

#[test]
fn every_target_passes_our_schema() {
    let folder = folder("batch");
    for number in EXPORT.iter().chain(&IMPORT) {
        let job = job(number, |text| text);
        let schema = project().join("schemas").join(own_name(job.message.direction));
        validate(&folder, &schema, &job, &messages(&job, 3));
    }
    let targets = Target::all().filter(|target| matches!(target, Target::Ceb(_))).count();
    assert_eq!(targets, EXPORT.len() + IMPORT.len());
    std::fs::remove_dir_all(folder).unwrap();
}

/// The sibling that never skips is `every_target_passes_our_schema`.
#[test]
fn every_target_passes_the_official_schema() {
    let Some(samples) = samples("the judging of converted declarations") else { return };
    let folder = folder("batch-official");
    official(&samples, &folder);
    for number in EXPORT.iter().chain(&IMPORT) {
        let job = job(number, |text| text);
        let schema = folder.join(official_name(job.message.direction));
        validate(&folder, &schema, &job, &messages(&job, 3));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_full_message_is_followed_by_another() {
    let job = job("603", |text| text);
    let written = messages(&job, 201);
    let read: Vec<_> = written.iter().map(|message| read(message)).collect();
    let counts: Vec<usize> = read.iter().map(|message| message.documents.len()).collect();
    assert_eq!(counts, [100, 100, 1]);
    let mut guids: Vec<&str> = read.iter().map(|message| &*message.read.envelope.guid).collect();
    assert_eq!(guids[0], job.guid);
    for message in &read {
        assert_eq!(message.errors(), Vec::<&caravan_postal::Finding>::new());
        guids.extend(message.documents.iter().map(|document| document.text("guid").unwrap()));
    }
    let count = guids.len();
    guids.sort_unstable();
    guids.dedup();
    assert_eq!((guids.len(), count), (204, 204), "each message and document has a GUID of its own");
    assert_eq!(read[2].documents[0].text("copNo"), Some("EX201"));
    assert_eq!(written, messages(&job, 201), "the same input gives the same bytes");
    assert_eq!(messages(&job, 100).len(), 1);
}

#[test]
fn long_lists_of_items_are_split_with_their_numbers() {
    let job = job("607", |text| text.replace("lines_max = 1000", "lines_max = 2"));
    let read: Vec<_> = messages(&job, 5).iter().map(|message| read(message)).collect();
    let said = |name: &str| -> Vec<String> {
        read.iter().map(|message| message.documents[0].text(name).unwrap().to_owned()).collect()
    };
    assert_eq!(
        (said("msgCount"), said("msgSeqNo")),
        (vec!["3".into(); 3], vec!["1".into(), "2".into(), "3".into()])
    );
    assert_eq!(said("grossWeight"), vec!["6.250"; 3], "the weight is that of all items");
    let lines: Vec<usize> = read.iter().map(|message| message.documents[0].lines().len()).collect();
    assert_eq!(lines, [2, 2, 1]);
    assert_eq!(read[2].documents[0].lines()[0].text("gnum"), Some("5"));
    let mut batch = Batch::new(&job).unwrap();
    let light = Declaration { gross_weight: None, ..item(1, Direction::Export) };
    let refused = batch.item(&light).unwrap_err().to_string();
    assert_eq!(refused, "nothing says `WayBillHead.grossWeight`", "the sum is that of all items");
    batch.item(&item(2, Direction::Export)).unwrap();
    let scale =
        self::job("607", |text| text.replace("[ceb.WayBillHead]", "[ceb.WayBillHead]\ngrossWeight = \"7\""));
    let mut batch = Batch::new(&scale).unwrap();
    batch.item(&light).unwrap();
    let weighed = super::read(&batch.finish().unwrap()[0]);
    assert_eq!(weighed.documents[0].text("grossWeight"), Some("7"));
    let whole = messages(&self::job("711", |text| text), 5);
    assert_eq!(whole.len(), 1, "a delivery has no numbers and is never split");
}

#[test]
fn what_follows_from_an_item_is_filled_in() {
    let head = |number: &str, name: &str| {
        let message = read(&messages(&job(number, |text| text), 1)[0]);
        message.documents[0].text(name).unwrap_or_default().to_owned()
    };
    assert_eq!(head("603", "netWeight"), "1");
    assert_eq!(head("303", "goodsValue"), "100");
    assert_eq!(head("303", "currency"), "142");
    assert_eq!(head("311", "acturalPaid"), "100");
    assert_eq!(head("311", "consignee"), "李小宝");
    assert_eq!(head("505", "goodsInfo"), "蜂蜜");
    assert_eq!((head("603", "ieFlag"), head("621", "ieFlag")), ("E".to_owned(), "I".to_owned()));
    let message = read(&messages(&job("603", |text| text), 1)[0]);
    let line = &message.documents[0].lines()[0];
    let said = |name: &str| line.text(name).unwrap_or_default();
    assert_eq!((said("price"), said("country"), said("itemNo")), ("33.33333", "145", "CP000000005CN-1"));
}

#[test]
fn what_has_no_source_is_named_and_not_written() {
    let job =
        job("603", |text| text.replace("portCode = \"9402\"\n", "").replace("orderNo = \"{item}\"\n", ""));
    let mut batch = Batch::new(&job).unwrap();
    let refused = |batch: &mut Batch<'_>, item: &Declaration<'_>| batch.item(item).unwrap_err().to_string();
    let good = item(1, Direction::Export);
    assert_eq!(
        refused(&mut batch, &good),
        "nothing says `InventoryHead.orderNo`, `InventoryHead.portCode`",
        "all at once"
    );
    let named =
        Declaration { sender_reference: Some("A 1"), extras: vec![("portCode", "9402")], ..good.clone() };
    let taken = batch.item(&named).unwrap();
    assert!(taken.losses.fields.contains(&Field::of("addressee-name")), "{}", taken.losses);
    assert_eq!(taken.losses.extras, Vec::<&str>::new());
    let bare = Declaration { pieces: vec![], ..named.clone() };
    assert!(refused(&mut batch, &bare).contains("`InventoryList`"));
    // Customs have no number for the tenge, and the envelope's currency is not that of the value.
    let tenge = Money { minor: 100, currency: Currency::parse("KZT").unwrap() };
    let tenge = Piece { value: Some(tenge), ..named.pieces[0] };
    let tenge = Declaration { pieces: vec![tenge], ..named.clone() };
    assert_eq!(refused(&mut batch, &tenge), "nothing says `InventoryList.currency`");
    let long = "x".repeat(251);
    let long = Piece { description: Some(&long), ..named.pieces[0] };
    let long = Declaration { pieces: vec![long], ..named.clone() };
    assert!(matches!(batch.item(&long), Err(Refusal::Write(_))));
    let messages = batch.finish().unwrap();
    assert_eq!(read(&messages[0]).documents.len(), 1, "nothing of the others is written");
    let import = self::job("621", |text| text);
    let dollars = Piece { value: Some(Money { minor: 1, currency: Currency::USD }), ..good.pieces[0] };
    let dollars = Declaration { pieces: vec![dollars], ..item(1, Direction::Import) };
    assert!(
        matches!(Batch::new(&import).unwrap().item(&dollars), Err(Refusal::Write(_))),
        "imports are in CNY"
    );
}

#[test]
fn messages_of_the_station_are_no_targets() {
    for number in ["403", "411", "513", "605", "623", "213", "215", "625", "701", "304", "900"] {
        let message = Message::named(&format!("CEB{number}Message")).unwrap();
        assert!(!Job::is_written(message) && Target::named(&format!("ceb-{number}")).is_none());
    }
}
