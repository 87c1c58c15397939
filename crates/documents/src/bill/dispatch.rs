//! The bill of a dispatch: CN 31 for letters, CP 87 for parcels, and the list of EMS.

use caravan_postal::{Grams, HighestFlag, MailClass, ReceptacleKind, S8, S9};
use chrono::NaiveDateTime;

use super::table::{Align, Page};
use crate::manifest::BillForm;
use crate::{Office, printed};

/// The bill that travels in the last receptacle of a dispatch. Times are local to the office of origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchBill {
    /// The number of the bill.
    pub number: String,
    /// The dispatch.
    pub s8: S8,
    /// The office of origin.
    pub origin: Office,
    /// The office of destination.
    pub destination: Office,
    /// When the dispatch was closed.
    pub closed_at: NaiveDateTime,
    /// The route with train or truck, in a few words.
    pub transport: Option<String>,
    /// The receptacles, by serial.
    pub receptacles: Vec<BilledReceptacle>,
    /// Whether it stands for nothing any more, because what it is of was taken back.
    pub is_void: bool,
}

/// A receptacle on the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledReceptacle {
    /// The identifier.
    pub s9: S9,
    /// The kind.
    pub kind: ReceptacleKind,
    /// The gross weight by the scale.
    pub gross_weight: Grams,
    /// How many items are inside.
    pub item_count: u32,
    /// How many of them are registered or insured.
    pub registered_count: u32,
    /// The items by identifier; a letter bill counts them only.
    pub items: Vec<BilledItem>,
}

/// An item on a bill that lists items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledItem {
    /// S10, or what else names the item.
    pub identifier: String,
    /// The gross weight.
    pub gross_weight: Grams,
}

impl DispatchBill {
    /// Returns the form of the bill.
    pub fn form(&self) -> BillForm {
        BillForm::of(self.class())
    }

    /// Returns the bill as text.
    pub fn text(&self) -> String {
        let series = self.s8.series();
        let mut page = Page::default();
        let title = match self.form() {
            BillForm::Cn31 => "CN 31  Letter bill",
            BillForm::Cp87 => "CP 87  Parcel bill",
            BillForm::Ems => "EMS  Dispatch list",
        };
        page.line(title);
        page.void(self.is_void);
        page.line("");
        page.value("Number", Some(&self.number));
        page.value("Office of origin", Some(&self.origin.printed()));
        page.value("Office of destination", Some(&self.destination.printed()));
        page.value("Dispatch", Some(&printed::s8(self.s8)));
        let kind =
            format!("category {}, class {}, subclass {}", series.category, self.class(), series.subclass);
        page.value("Mail", Some(&kind));
        page.value("Closed, local time", Some(&self.closed_at.format("%Y-%m-%d %H:%M").to_string()));
        page.value("Transport", self.transport.as_deref());
        page.line("");
        self.write_receptacles(&mut page);
        if self.class() != MailClass::Letters {
            self.write_items(&mut page);
        }
        page.line("");
        self.write_totals(&mut page);
        page.finish()
    }

    fn class(&self) -> MailClass {
        self.s8.series().subclass.class()
    }

    fn write_receptacles(&self, page: &mut Page) {
        let rows: Vec<[String; 7]> = self.receptacles.iter().map(BilledReceptacle::row).collect();
        let columns = [
            ("No.", Align::Right),
            ("Kind", Align::Left),
            ("Receptacle", Align::Left),
            ("Items", Align::Right),
            ("Registered", Align::Right),
            ("kg", Align::Right),
            ("Remarks", Align::Left),
        ];
        page.table(columns, &rows);
    }

    fn write_items(&self, page: &mut Page) {
        let mut rows = Vec::new();
        for receptacle in &self.receptacles {
            for item in &receptacle.items {
                let serial = format!("{:03}", receptacle.s9.serial());
                rows.push([serial, item.identifier.clone(), item.gross_weight.kg().to_string()]);
            }
        }
        if !rows.is_empty() {
            page.line("");
            page.table([("No.", Align::Right), ("Item", Align::Left), ("kg", Align::Right)], &rows);
        }
    }

    fn write_totals(&self, page: &mut Page) {
        let sum = |count: fn(&BilledReceptacle) -> u64| self.receptacles.iter().map(count).sum::<u64>();
        let weight = sum(|receptacle| receptacle.gross_weight.hectograms());
        page.value("Receptacles", Some(&self.receptacles.len().to_string()));
        page.value("Items", Some(&sum(|receptacle| receptacle.item_count.into()).to_string()));
        page.value(
            "Registered or insured",
            Some(&sum(|receptacle| receptacle.registered_count.into()).to_string()),
        );
        page.value("Gross weight, kg", Some(&printed::kilograms(weight)));
    }
}

impl BilledReceptacle {
    fn row(&self) -> [String; 7] {
        [
            format!("{:03}", self.s9.serial()),
            self.kind.to_string(),
            self.s9.to_string(),
            self.item_count.to_string(),
            self.registered_count.to_string(),
            printed::kilograms(self.gross_weight.hectograms()),
            remarks(self.s9, None),
        ]
    }
}

/// Returns the remarks of a receptacle: R registered or insured, F last of its dispatch, and a word of one's own.
pub(crate) fn remarks(s9: S9, word: Option<&'static str>) -> String {
    let registered = (s9.is_registered == Some(true)).then_some("R");
    let last = (s9.highest == HighestFlag::Yes).then_some("F");
    [registered, last, word].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
