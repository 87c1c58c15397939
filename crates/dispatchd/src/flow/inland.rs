//! The list of an inland run: what the office that delivers takes over.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use caravan_postal::{Grams, Handling};
use caravan_station::{Inbound, Item, ItemId, ItemName, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::papers::outbound;

impl Flow {
    /// Lists all that was forwarded on the run of an item so far; a further item writes the list anew.
    pub(super) async fn inland_list(&mut self, id: ItemId) -> Result<Vec<Outbound>> {
        let state = self.station.state();
        let Some(run) = state.item(id).and_then(|item| item.inbound.run.clone()) else {
            return Ok(Vec::new());
        };
        let mut items: BTreeMap<ItemName, Item> = BTreeMap::new();
        for item in self.store.items_on_run(&run).await? {
            items.insert(item.name.clone(), item);
        }
        let changed = self.station.changes().items.iter().filter_map(|id| state.item(*id));
        for item in changed.filter(|item| item.inbound.run.as_ref() == Some(&run)) {
            items.insert(item.name.clone(), item.clone());
        }
        let (name, day) = run.split_once('/').unwrap_or((&run, ""));
        let office = self.forms().own_office();
        let mut text = String::from("INLAND LIST\n");
        for (heading, value) in [
            ("run", name.to_owned()),
            ("day", day.to_owned()),
            ("from", format!("{} {}", office.code, office.name)),
            ("items", items.len().to_string()),
        ] {
            writeln!(text, "{heading:<8}{value}").expect("a text takes any line");
        }
        text.push('\n');
        for (number, item) in (1..).zip(items.values()) {
            writeln!(text, "{}", line(number, item).trim_end()).expect("a text takes any line");
        }
        let total: Grams = items.values().map(Item::weight).sum();
        writeln!(text, "\ntotal {} kg", total.kg()).expect("a text takes any line");
        let key = format!("inland/{day}/{name}");
        let drawn = |flow: &Self, language| {
            flow.forms().road_bill(&run, items.values(), flow.station.now_ms()).draw(language)
        };
        let printed = self.printed(Subject::Item(id), format!("{key}.pdf"), drawn);
        Ok([outbound(format!("{key}.txt"), text)].into_iter().chain(printed).collect())
    }
}

/// Returns the line of an item: number, identifier, weight, handling, and what was paid on it.
fn line(number: u32, item: &Item) -> String {
    let handling = match item.handling {
        Handling::Normal => "",
        Handling::Registered => "registered",
        Handling::Insured => "insured",
    };
    let paid = |inbound: &Inbound| inbound.stated.filter(|_| inbound.is_paid);
    let paid = paid(&item.inbound).map(|paid| format!("duty paid {paid}")).unwrap_or_default();
    let (name, weight) = (item.name.to_string(), item.weight().kg());
    format!("{number:>4}  {name:<14}{weight:>8} kg  {handling:<12}{paid}")
}
