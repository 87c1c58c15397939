//! Mail from abroad over a store: advised, come, opened and answered; taxed and handed on; and what had left and is back.

use caravan_postal::{Country, Currency, Grams, Money, ReceptacleKind, S8, S9, S10};
use caravan_station::{
    Act, Advice, AdvisedReceptacle, Custody, DispatchState, Disposition, Inbound, ItemName, Journey,
    ReceptacleState,
};

use crate::database::Database;
use crate::life::{Life, two_days};
use crate::on_both;
use crate::sample::s10;

on_both!(
    a_dispatch_from_abroad_is_kept_with_what_was_advised,
    what_is_answered_is_found_when_it_is_named,
    an_item_is_found_by_its_run,
    what_came_back_is_kept_beside_what_it_left_in,
);

const DISPATCH: &str = "DEFRAACNURCAACN60042";

fn s9(serial: u32) -> S9 {
    let flags = if serial == 2 { "11" } else { "01" };
    S9::parse(&format!("{DISPATCH}{serial:03}{flags}0020")).unwrap()
}

/// Returns an identifier of a German item.
fn german(serial: u32) -> S10 {
    S10::new("CP", serial, Country::parse("DE").unwrap()).unwrap()
}

fn advised(serial: u32, items: &[S10]) -> AdvisedReceptacle {
    let advice = Advice { gross: Some(Grams(2000)), count: Some(7), items: items.to_vec() };
    AdvisedReceptacle {
        s9: s9(serial), kind: ReceptacleKind::Tray, seal: Some("DE № 1".to_owned()), advice
    }
}

/// Lets a dispatch of two receptacles be advised, of which the first comes and is opened.
async fn begin(life: &mut Life, number: u8) {
    let names: Vec<ItemName> = (1..=2).map(|serial| ItemName::S10(german(serial))).collect();
    let assessed = Some(Money { minor: 2600, currency: Currency::parse("CNY").unwrap() });
    life.declare(number, &names, |_, new| {
        new.item.journey = Journey::Import;
        (new.item.origin, new.item.destination) = (Country::parse("DE"), Country::parse("CN"));
        new.item.stream = None;
        new.item.inbound = Inbound { assessed, ..Inbound::default() };
    })
    .await;
    let receptacles = vec![advised(1, &[german(1), german(2), german(3)]), advised(2, &[])];
    life.act(Act::Advise { dispatch: S8::parse(DISPATCH).unwrap(), receptacles }).await;
    life.act(Act::ReceiveReceptacle { s9: s9(1), scale: Grams(2000), seal: None }).await;
    life.act(Act::OpenReceptacle { s9: s9(1) }).await;
}

async fn a_dispatch_from_abroad_is_kept_with_what_was_advised(db: Database) {
    let mut life = Life::start(&db.store).await;
    begin(&mut life, 1).await;
    db.assert_sound().await;
    let arrivals = db.store.arrivals(&[S8::parse(DISPATCH).unwrap()]).await.unwrap();
    let (dispatch, receptacles) = &arrivals[0];
    assert_eq!((dispatch.state, dispatch.year, dispatch.receptacles), (DispatchState::Advised, 2026, 2));
    let told: Vec<_> = receptacles.iter().map(|one| (one.s9.unwrap(), one.state)).collect();
    assert_eq!(told, [(s9(1), ReceptacleState::Opened), (s9(2), ReceptacleState::Advised)]);
    let first = advised(1, &[german(1), german(2), german(3)]);
    assert_eq!(receptacles[0].advice, Some(first.advice));
    assert_eq!((receptacles[0].kind, &receptacles[0].seal), (first.kind, &first.seal));
    assert_eq!(db.store.arrivals(&[]).await.unwrap(), []);
    assert_eq!(db.store.arrivals(&[S8::parse("DEFRAACNURCAACN60043").unwrap()]).await.unwrap(), []);
}

async fn what_is_answered_is_found_when_it_is_named(db: Database) {
    let mut life = Life::start(&db.store).await;
    begin(&mut life, 1).await;
    life.act(Act::Scan { item: ItemName::S10(german(1)), scale: Grams(1000) }).await;
    life.act(Act::CloseArrival { dispatch: S8::parse(DISPATCH).unwrap() }).await;
    db.assert_sound().await;
    // Another process, which has nothing of it at hand, goes on.
    let mut life = Life::start(&db.store).await;
    assert!(life.station.state().dispatches.is_empty() && life.station.state().receptacles.is_empty());
    life.act(Act::ReceiveReceptacle { s9: s9(2), scale: Grams(2000), seal: None }).await;
    life.act(Act::CloseArrival { dispatch: S8::parse(DISPATCH).unwrap() }).await;
    db.assert_sound().await;
    let arrivals = db.store.arrivals(&[S8::parse(DISPATCH).unwrap()]).await.unwrap();
    let (dispatch, receptacles) = &arrivals[0];
    assert_eq!((dispatch.state, receptacles.len()), (DispatchState::Answered, 2));
    assert_eq!(receptacles[1].state, ReceptacleState::Arrived);
    let names: Vec<ItemName> = (1..=3).map(|serial| ItemName::S10(german(serial))).collect();
    let mut custody: Vec<_> = db.store.items(&names).await.unwrap();
    custody.sort_by(|a, b| a.name.cmp(&b.name));
    let custody: Vec<_> = custody.iter().map(|item| item.custody).collect();
    assert_eq!(custody, [Custody::Present, Custody::Missing, Custody::Missing]);
}

async fn an_item_is_found_by_its_run(db: Database) {
    let mut life = Life::start(&db.store).await;
    begin(&mut life, 1).await;
    let item = || ItemName::S10(german(1));
    let currency = Currency::parse("CNY").unwrap();
    life.act(Act::Scan { item: item(), scale: Grams(1000) }).await;
    life.act(Act::DutyDue { item: item(), amount: Money { minor: 2600, currency } }).await;
    life.act(Act::Pay { item: item(), receipt: "A1".to_owned() }).await;
    life.act(Act::Dispose { item: item(), disposition: Disposition::Released }).await;
    life.act(Act::Forward { item: item(), run: "成都".to_owned() }).await;
    db.assert_sound().await;
    let found = db.store.items_on_run("成都/2026-11-16").await.unwrap();
    assert_eq!(found.iter().map(|item| item.name.clone()).collect::<Vec<_>>(), [item()]);
    assert_eq!(found[0].inbound.stated, Some(Money { minor: 2600, currency }));
    assert!(found[0].inbound.is_paid && found[0].custody == Custody::Forwarded);
    assert_eq!(db.store.items_on_run("成都").await.unwrap(), []);
}

async fn what_came_back_is_kept_beside_what_it_left_in(mut db: Database) {
    let mut life = two_days(&db.store).await;
    let gone = db.number(
        "SELECT MIN(item.key) FROM item JOIN receptacle ON receptacle.id = item.receptacle WHERE receptacle.state = 4",
    );
    let name = ItemName::S10(S10::from_key(gone.await).unwrap());
    assert_ne!(name, s10(0));
    life.act(Act::Scan { item: name.clone(), scale: Grams(1500) }).await;
    db.assert_sound().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM came_back WHERE weight_g = 1000").await, 1);
    life.act(Act::Dispose { item: name.clone(), disposition: Disposition::Released }).await;
    life.act(Act::HandBack { item: name.clone() }).await;
    db.assert_sound().await;
    let item = db.store.items(&[name]).await.unwrap().remove(0);
    assert_eq!((item.journey, item.custody, item.receptacle), (Journey::Return, Custody::Returned, None));
}
