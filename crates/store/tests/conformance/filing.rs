//! Messages to customs and lists: written, read back as far as they are open, and found by name.

use std::sync::Arc;

use caravan_declaration::AnswerVerdict;
use caravan_postal::Grams;
use caravan_station::{Act, Config, CustomsAnswer, Disposition, FilingState, ItemName, Journey};
use caravan_store::KeptList;
use caravan_tariff::Channel;

use crate::database::Database;
use crate::life::{Life, announce};
use crate::on_both;
use crate::sample::{MORNING_MS, NAME_SHORT, s10};

on_both!(
    filings_are_written_and_read_back,
    a_list_of_a_known_item_makes_no_version,
    what_is_presented_is_written_and_read_back
);

/// Returns the settings of the suite's station with a link to customs.
fn linked() -> Arc<Config> {
    let link = include_str!("../../../station/tests/stories/customs.toml");
    Arc::new(Config::parse(&format!("{}\n{link}", include_str!("station.toml")), "").unwrap())
}

async fn filings_are_written_and_read_back(db: Database) {
    let mut life = Life::start_with(&db.store, linked()).await;
    let names: Vec<ItemName> = (1..=4).map(s10).collect();
    life.declare(1, &names, |_, new| new.item.channel = Channel::Ecommerce9610).await;
    life.bring(&names).await;
    let answer = |message: &str, code: &str, verdict| {
        let (message, code) = (message.to_owned(), code.to_owned());
        let number = Some("940120269000000001".to_owned());
        Box::new(CustomsAnswer {
            message, at_ms: MORNING_MS, code, verdict, text: "№ 1".to_owned(), number
        })
    };
    let rejected = answer("508", "-504011", Some(AnswerVerdict::Rejected));
    life.act(Act::AnswerFiling { filing: "507260000001/1".to_owned(), attempt: Some(1), answer: rejected })
        .await;
    let held = answer("604", "501", Some(AnswerVerdict::Held));
    life.act(Act::AnswerList { item: names[3].clone(), answer: held }).await;
    let kept = db.second().await.filings().await.unwrap();
    assert_eq!(kept, life.station.state().filings.values().cloned().collect::<Vec<_>>());
    assert_eq!(
        kept.iter().map(|filing| filing.state).collect::<Vec<_>>(),
        [FilingState::Rejected, FilingState::Gathering]
    );
    let reported = db.store.items_reported_in(kept[0].id).await.unwrap();
    assert_eq!(
        reported.iter().map(|item| &item.name).collect::<Vec<_>>(),
        names[..3].iter().collect::<Vec<_>>()
    );
    let item = db.store.items(&names[3..]).await.unwrap().remove(0);
    assert_eq!(item.customs, Disposition::Held);
    assert_eq!(
        item.answer.as_deref().map(ToString::to_string).as_deref(),
        Some(&*format!("{MORNING_MS} 501 940120269000000001"))
    );
    db.assert_sound().await;
    life.act(Act::Dispose { item: names[3].clone(), disposition: Disposition::Released }).await;
    life.act(announce("MSKU3070322", 16)).await;
    life.leave(MORNING_MS, &["MSKU3070322"]).await;
    let all = db.store.filings().await.unwrap();
    assert_eq!(
        all.iter().map(caravan_station::Filing::name).collect::<Vec<_>>(),
        [
            "507260000001/1",
            "507260000002/1",
            "607260000001/1",
            "607260000001/2",
            "509260000001/1",
            "509260000001/2"
        ]
    );
    assert_eq!(db.store.filings_numbered("607260000001").await.unwrap(), all[2..4]);
    let (_, state) = db.store.snapshot().await.unwrap();
    assert_eq!(state.filings, life.station.state().filings);
    db.assert_sound().await;
}

async fn what_is_presented_is_written_and_read_back(db: Database) {
    let settings = include_str!("../../../station/tests/stories/presented.toml");
    let config = Config::parse(&format!("{}\n{settings}", include_str!("station.toml")), "").unwrap();
    let mut life = Life::start_with(&db.store, Arc::new(config)).await;
    let names: Vec<ItemName> = (1..=4).map(s10).collect();
    life.declare(1, &names, |_, new| new.item.journey = Journey::Import).await;
    for name in &names {
        life.act(Act::Scan { item: name.clone(), scale: Grams(1000) }).await;
    }
    let kept = db.second().await.filings().await.unwrap();
    let states: Vec<_> = kept.iter().map(|filing| (filing.name(), filing.state, filing.lines)).collect();
    let expected = [
        ("M43260000001/1".to_owned(), FilingState::Presented, 3),
        ("M43260000002/1".to_owned(), FilingState::Gathering, 1),
    ];
    assert_eq!(states, expected);
    let presented = db.store.items_presented_in(kept[0].id).await.unwrap();
    assert_eq!(
        presented.iter().map(|item| &item.name).collect::<Vec<_>>(),
        names[..3].iter().collect::<Vec<_>>()
    );
    assert!(presented.iter().all(|item| item.customs == Disposition::Filed));
    let versions: Vec<_> = presented.iter().map(|item| (item.id, 1)).collect();
    let assessed = db.store.assessed(&versions).await.unwrap();
    assert_eq!(
        assessed.iter().map(|one| one.item).collect::<Vec<_>>(),
        versions.iter().map(|(id, _)| *id).collect::<Vec<_>>()
    );
    assert_eq!(db.store.assessed(&[(presented[0].id, 2)]).await.unwrap(), []);
    // What is done is forgotten; what gathers goes on.
    let (_, state) = db.store.snapshot().await.unwrap();
    assert_eq!(
        state.filings.values().map(caravan_station::Filing::name).collect::<Vec<_>>(),
        ["M43260000002/1"]
    );
    db.assert_sound().await;
}

async fn a_list_of_a_known_item_makes_no_version(db: Database) {
    let mut life = Life::start_with(&db.store, linked()).await;
    let names: Vec<ItemName> = (1..=2).map(s10).collect();
    let list =
        |name: &str| Some(KeptList { name: name.to_owned(), findings: vec![NAME_SHORT.finding::<&str>([])] });
    life.declare(1, &names[..1], |_, _| {}).await;
    life.declare(2, &names, |ordinal, new| new.list = list(&format!("6501000003/L{ordinal}"))).await;
    assert_eq!(db.store.redeclared().await.unwrap(), []);
    let asked = ["6501000003/L1", "6501000003/L2", "6501000003/L3"].map(str::to_owned);
    let found = db.store.items_listed(&asked).await.unwrap();
    assert_eq!(found, [(asked[0].clone(), names[0].clone()), (asked[1].clone(), names[1].clone())]);
    db.assert_sound().await;
}
