//! Items that are here and that nobody has declared.

use super::Station;
use crate::ItemId;
use crate::change::Subject;
use crate::item::{Item, ItemName, Journey};
use crate::operation::PRESENT_WITHOUT_DATA;

impl Station {
    /// Creates an item that is here and was never declared; it waits for someone to capture its data.
    pub(super) fn create(&mut self, name: &ItemName) -> ItemId {
        let id = self.create_row(name);
        self.found(Subject::Item(id), PRESENT_WITHOUT_DATA.finding([name.to_string()]));
        id
    }

    /// Creates an item of which nothing but its identifier is known. One that another country's post has numbered has come
    /// from there, and unless its data say otherwise it is for this country.
    pub(super) fn create_row(&mut self, name: &ItemName) -> ItemId {
        let home = self.config.home();
        let origin = match name {
            ItemName::S10(s10) => Some(s10.country()).filter(|country| *country != home),
            ItemName::Other(_) => None,
        };
        let number = self.take_number("item");
        let id = ItemId::of_file(0, u32::try_from(number).expect("fewer scans than an id has room for"));
        self.state.admit(Item {
            journey: if origin.is_some() { Journey::Import } else { Journey::Export },
            origin,
            destination: origin.map(|_| home),
            ..Item::unknown(id, name.clone())
        });
        self.changes.created.insert(id);
        self.item_event(id, "created", String::new());
        id
    }
}
