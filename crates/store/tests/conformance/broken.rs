//! The invariants: nothing is found in sound data, and each finds the row that breaks it.

mod breaks;

use caravan_station::{ItemId, ReceptacleState};
use caravan_store::Store;

use crate::database::Database;
use crate::life::two_days;
use crate::on_both;
use crate::sample::{batch, claimed, item, s10};
use breaks::BREAKS;

on_both!(sound_data_has_no_violation, each_invariant_finds_what_breaks_it);

async fn sound_data_has_no_violation(db: Database) {
    db.assert_sound().await;
    let mut life = two_days(&db.store).await;
    db.assert_sound().await;
    life.take_note().await;
    life.tick_to(life.now_ms + 5 * 24 * 3_600_000).await;
    db.assert_sound().await;
}

/// Rows that the life of the station has made, by number.
struct Numbers {
    /// An item in a receptacle that is being filled.
    bagged: i64,
    /// An item that has left.
    departed_item: i64,
    /// A receptacle that has left.
    departed: i64,
    /// A receptacle that is being filled.
    open: i64,
    /// A container of this station that has left.
    container: i64,
    /// The number on it.
    truck: String,
}

impl Numbers {
    async fn of(db: &mut Database) -> Self {
        let departed = ReceptacleState::Departed.number();
        let gone = format!("receptacle.stream IS NOT NULL AND receptacle.state = {departed}");
        let here = format!("receptacle.state = {}", ReceptacleState::Open.number());
        let inside = "item JOIN receptacle ON receptacle.id = item.receptacle";
        let departed = db.number(&format!("SELECT MIN(id) FROM receptacle WHERE {gone}")).await;
        let container = db.number(&format!("SELECT container FROM receptacle WHERE id = {departed}")).await;
        Self {
            bagged: db.number(&format!("SELECT MIN(item.id) FROM {inside} WHERE {here}")).await,
            departed_item: db.number(&format!("SELECT MIN(item.id) FROM {inside} WHERE {gone}")).await,
            departed,
            open: db.number(&format!("SELECT MIN(id) FROM receptacle WHERE {here}")).await,
            container,
            truck: db.texts(&format!("SELECT number FROM container WHERE id = {container}")).await.remove(0),
        }
    }

    fn fill(&self, text: &str) -> String {
        // An item that is expected, and its declarations.
        let expected = ItemId::of_file(1, 14).0;
        let mut filled = text.replace("{truck}", &self.truck);
        for (word, number) in [
            ("{expected}", expected),
            ("{declaration_1}", expected * 64 + 1),
            ("{declaration_2}", expected * 64 + 2),
            ("{declaration_3}", expected * 64 + 3),
            ("{bagged}", self.bagged),
            ("{departed_item}", self.departed_item),
            ("{departed}", self.departed),
            ("{open}", self.open),
            ("{container}", self.container),
        ] {
            filled = filled.replace(word, &number.to_string());
        }
        filled
    }
}

async fn each_invariant_finds_what_breaks_it(mut db: Database) {
    two_days(&db.store).await;
    // A file that is still being worked on.
    let file = claimed(&db.store, 9).await.id;
    db.store.keep(&batch(file, vec![item(file, 1, s10(900))])).await.unwrap();
    db.assert_sound().await;
    let numbers = Numbers::of(&mut db).await;
    db.save().await;
    let mut unbroken: Vec<&str> = Store::invariants().collect();
    for (invariant, subject, sql) in BREAKS {
        let (subject, sql) = (numbers.fill(subject), numbers.fill(sql));
        assert!(db.change(&sql).await > 0, "{sql}");
        let violations = db.store.check().await.unwrap();
        let found = violations.iter().filter(|violation| violation.invariant == *invariant);
        let found: Vec<&str> = found.map(|violation| &*violation.subject).collect();
        assert!(!found.is_empty(), "{invariant}: {sql}: {violations:?}");
        assert!(subject.is_empty() || found == [&*subject], "{invariant}: {found:?} for {sql}");
        unbroken.retain(|name| name != invariant);
        db.restore().await;
        db.assert_sound().await;
    }
    assert_eq!(unbroken, Vec::<&str>::new(), "invariants that no case breaks");
}
