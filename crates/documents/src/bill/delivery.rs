//! CN 37, the delivery bill of surface mail: what one carrier takes in one vehicle or container.

use std::collections::BTreeMap;

use caravan_postal::{Grams, MailCategory, MailClass, S9};
use chrono::NaiveDateTime;

use super::dispatch::remarks;
use super::table::{Align, BLANK, Page};
use crate::manifest::{Provenance, Seal, Stated, Unit};
use crate::{Office, printed};

/// A delivery bill. Times are local to the office that hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryBill {
    /// The number of the bill.
    pub number: String,
    /// The office that hands over.
    pub origin: Office,
    /// The office that the consignment goes to; where no one office takes it over, those that its receptacles are for.
    pub destinations: Vec<Office>,
    /// Where the next operator takes over, where that is no office of exchange.
    pub handover: Option<String>,
    /// When the carrier signed for it; before that, left to be filled in.
    pub handed_over_at: Option<NaiveDateTime>,
    /// The carrier.
    pub carrier: String,
    /// The route.
    pub route: String,
    /// The number of the train or run, where it is known.
    pub conveyance: Option<String>,
    /// The planned departure.
    pub departs_at: NaiveDateTime,
    /// The container or vehicle.
    pub unit: Unit,
    /// The seals, in the order in which they were put on.
    pub seals: Vec<Seal>,
    /// The number of the customs transfer, when there is one.
    pub customs_transfer_number: Option<String>,
    /// The receptacles. Each stands for itself, as an intermediate office must record those of others (UPU
    /// Regulations, rules of the form CN 37).
    pub receptacles: Vec<CarriedReceptacle>,
    /// What the papers of another office's sealed container state of receptacles that they do not list.
    pub stated: Option<Stated>,
    /// Whether it stands for nothing any more, because what it is of was taken back.
    pub is_void: bool,
}

/// A receptacle on a delivery bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedReceptacle {
    /// The identifier as on the label.
    pub s9: S9,
    /// Whether it is of this office or passes through.
    pub provenance: Provenance,
    /// The gross weight.
    pub gross_weight: Grams,
}

/// Sums of one category and class.
#[derive(Default)]
pub(crate) struct Sum {
    pub(crate) receptacle_count: u32,
    pub(crate) registered_count: u32,
    pub(crate) hectograms: u64,
}

impl DeliveryBill {
    /// Returns the bill as text; the receptacles stand in the order of their identifiers.
    pub fn text(&self) -> String {
        let mut receptacles = self.receptacles.clone();
        receptacles.sort_by_key(|receptacle| receptacle.s9.to_string());
        let mut page = Page::default();
        page.line("CN 37  Delivery bill, surface mail");
        page.void(self.is_void);
        page.line("");
        self.write_head(&mut page, &receptacles);
        page.line("");
        let columns = [
            ("From", Align::Left),
            ("To", Align::Left),
            ("Cat.", Align::Left),
            ("Subclass", Align::Left),
            ("Dispatch", Align::Right),
            ("No.", Align::Right),
            ("kg", Align::Right),
            ("Remarks", Align::Left),
        ];
        page.table(columns, &receptacles.iter().map(CarriedReceptacle::row).collect::<Vec<_>>());
        page.line("");
        write_totals(&mut page, &receptacles, self.stated);
        page.line("");
        for who in ["Handed over", "Taken by the carrier", "Received"] {
            page.value(who, Some("date ____________  signature ________________________"));
        }
        page.finish()
    }

    fn write_head(&self, page: &mut Page, receptacles: &[CarriedReceptacle]) {
        let time = |time: NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        page.value("Number", Some(&self.number));
        page.value("Office of origin", Some(&self.origin.printed()));
        page.value(
            "Office of destination",
            Some(&Office::all_printed(&self.destinations, "several offices, see rows")),
        );
        page.value("Handover point", self.handover.as_deref());
        let handed_over = self.handed_over_at.map_or_else(|| BLANK.to_owned(), time);
        page.value("Handed over, local time", Some(&handed_over));
        page.value("Carrier", Some(&self.carrier));
        page.value("Route", Some(&self.route));
        page.value("Train or run", self.conveyance.as_deref());
        page.value("Departure, local time", Some(&time(self.departs_at)));
        page.value("Container", self.unit.container_number.map(|number| number.to_string()).as_deref());
        page.value("Size and type", self.unit.size_type.map(|size_type| size_type.to_string()).as_deref());
        page.value("Vehicle", self.unit.vehicle.as_deref());
        for seal in &self.seals {
            let kind = seal.kind.map_or_else(String::new, |kind| format!(" ({})", kind.name()));
            page.value("Seal", Some(&format!("{}{kind}", seal.number)));
        }
        page.value("Customs transfer", self.customs_transfer_number.as_deref());
        let is_priority = |receptacle: &CarriedReceptacle| receptacle.category() == MailCategory::D;
        if receptacles.iter().any(is_priority) {
            page.value("Priority", Some("priority dispatches by surface are among them (category D)"));
        }
    }
}

fn write_totals(page: &mut Page, receptacles: &[CarriedReceptacle], stated: Option<Stated>) {
    let mut sums: BTreeMap<(MailCategory, &'static str), Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for receptacle in receptacles {
        sums.entry((receptacle.category(), receptacle.class().as_str())).or_default().add(receptacle);
        total.add(receptacle);
    }
    let mut rows: Vec<[String; 5]> = Vec::new();
    for ((category, class), sum) in &sums {
        rows.push(sum.row(category.as_str(), class));
    }
    if let Some(stated) = stated {
        // Of how many are registered the papers say nothing.
        let unlisted = Sum {
            receptacle_count: stated.receptacle_count,
            registered_count: 0,
            hectograms: Grams(stated.gross_weight_g).hectograms(),
        };
        let mut row = unlisted.row("Stated, not listed", "");
        row[3].clear();
        rows.push(row);
        total.receptacle_count += unlisted.receptacle_count;
        total.hectograms += unlisted.hectograms;
    }
    rows.push(total.row("Total", ""));
    let columns = [
        ("Category", Align::Left),
        ("Class", Align::Left),
        ("Receptacles", Align::Right),
        ("Registered", Align::Right),
        ("kg", Align::Right),
    ];
    page.table(columns, &rows);
}

impl CarriedReceptacle {
    pub(crate) fn category(&self) -> MailCategory {
        self.s9.dispatch.series().category
    }

    pub(crate) fn class(&self) -> MailClass {
        self.s9.dispatch.series().subclass.class()
    }

    fn row(&self) -> [String; 8] {
        let series = self.s9.dispatch.series();
        let word = match self.provenance {
            Provenance::Own => None,
            Provenance::Through => Some("through"),
        };
        [
            series.origin.to_string(),
            series.destination.to_string(),
            series.category.to_string(),
            series.subclass.to_string(),
            format!("{:04}", self.s9.dispatch.serial()),
            format!("{:03}", self.s9.serial()),
            printed::kilograms(self.gross_weight.hectograms()),
            remarks(self.s9, word),
        ]
    }
}

impl Sum {
    pub(crate) fn add(&mut self, receptacle: &CarriedReceptacle) {
        self.receptacle_count += 1;
        self.registered_count += u32::from(receptacle.s9.is_registered == Some(true));
        self.hectograms += receptacle.gross_weight.hectograms();
    }

    fn row(&self, category: &str, class: &str) -> [String; 5] {
        [
            category.to_owned(),
            class.to_owned(),
            self.receptacle_count.to_string(),
            self.registered_count.to_string(),
            printed::kilograms(self.hectograms),
        ]
    }
}
