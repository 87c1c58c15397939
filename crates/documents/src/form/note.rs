//! What a carrier's note is filled in from, on A4: the boxes of the CIM/SMGS note for rail, and those of the CMR note.
//!
//! One note a container; the sending post is consignor, the receiving post consignee, and the CN 37 is attached. The
//! boxes are those that a post needs by general knowledge; the manual GLV-CIM/SMGS was not at hand, and of the CMR note not
//! even the numbers of the boxes. So each line says how sure it is, and what is not known is left to be filled in.

use std::sync::LazyLock;

use caravan_planning::Confidence;
use caravan_postal::{Grams, Language};
use chrono::NaiveDate;

use super::unit;
use crate::Office;
use crate::manifest::{Seal, Unit};
use crate::pdf::{Captions, Column, Drawn, Setup, Sheet, Sizes, Style, Table};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/note.toml")));

/// What both notes say of the load of one container or truck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteLoad {
    /// The number of the note; may be empty.
    pub number: String,
    /// The office that hands over.
    pub office: Office,
    /// The sending post with its address.
    pub consignor: String,
    /// The receiving post with its address.
    pub consignee: String,
    /// The numbers of the bills CN 37.
    pub bills: Vec<String>,
    /// The number of the customs transfer, when there is one.
    pub customs_transfer: Option<String>,
    /// Other papers that go along.
    pub attached: Vec<String>,
    /// Where it is accepted.
    pub acceptance: String,
    /// Where it is delivered.
    pub delivery: String,
    /// The container or vehicle; for rail the vehicle is the wagon.
    pub unit: Unit,
    /// The seals.
    pub seals: Vec<Seal>,
    /// How many receptacles.
    pub receptacle_count: u32,
    /// Their gross weight.
    pub gross_weight: Grams,
    /// Where the note is made out.
    pub made_out_in: String,
    /// When it is made out.
    pub made_out_on: NaiveDate,
}

/// The data for a CIM/SMGS note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RailNote {
    /// The load.
    pub load: NoteLoad,
    /// The customs offices of transit, in the order of the way.
    pub transit_customs: Vec<String>,
    /// The code of the station of delivery, if known.
    pub station_code: String,
    /// The code of the goods (NHM/GNG), where post and railway agreed on one; there is no usual value.
    pub commodity: String,
}

/// The data for a CMR note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadNote {
    /// The load.
    pub load: NoteLoad,
    /// The carriers, in the order of the way.
    pub carriers: Vec<String>,
    /// The registration of the trailer; may be empty.
    pub trailer: String,
    /// The number of the TIR carnet; may be empty.
    pub tir_carnet: String,
    /// The permits for the roads on the way.
    pub permits: Vec<String>,
    /// The border points, in the order of the way.
    pub border_points: Vec<String>,
}

/// A line of a data sheet: the box, its caption, what to write, how sure the box is.
type Line = (&'static str, &'static str, String, Confidence);

impl RailNote {
    /// Draws the data sheet in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        self.load.draw(language, "title-rail", "legend-rail", |sheet| self.lines(sheet))
    }

    fn lines(&self, sheet: &Sheet) -> Vec<Line> {
        use Confidence::{General, Unsure};
        let load = &self.load;
        let open = sheet.caption("to-fill");
        let or_open = |text: String| if text.is_empty() { open.clone() } else { text };
        let declarations = [load.printed_bills(), or_open(self.transit_customs.join(", "))].join("\n");
        let delivery = [load.delivery.clone(), or_open(self.station_code.clone())].join("\n");
        vec![
            ("1", "consignor", load.consignor.clone(), General),
            ("4", "consignee", load.consignee.clone(), General),
            ("7", "declarations", declarations, General),
            ("9", "attached", load.all_attached(sheet), General),
            ("10", "delivery", delivery, General),
            ("16", "acceptance", load.acceptance.clone(), General),
            ("18", "wagon", load.unit.vehicle.clone().unwrap_or_default(), General),
            ("19", "seals", unit::seals(sheet, &load.seals), General),
            ("20", "marks", load.goods(sheet), General),
            ("23", "commodity", self.commodity.clone(), Unsure),
            ("24", "mass", load.gross_weight.kg().to_string(), General),
            ("29", "place-and-day", load.place_and_day(), General),
            ("60-62", "consignment", load.number.clone(), General),
        ]
    }
}

impl RoadNote {
    /// Draws the data sheet in the station's language and its neighbours'.
    pub fn draw(&self, language: Language) -> Drawn {
        self.load.draw(language, "title-road", "legend-road", |sheet| self.lines(sheet))
    }

    fn lines(&self, sheet: &Sheet) -> Vec<Line> {
        use Confidence::General;
        let load = &self.load;
        let vehicle = load.unit.vehicle.as_deref().unwrap_or_default();
        let vehicles = [vehicle, self.trailer.as_str()].join(" ").trim().to_owned();
        vec![
            ("", "note-number", load.number.clone(), General),
            ("", "consignor", load.consignor.clone(), General),
            ("", "consignee", load.consignee.clone(), General),
            ("", "acceptance", load.acceptance.clone(), General),
            ("", "delivery-place", load.delivery.clone(), General),
            ("", "attached", load.all_attached(sheet), General),
            ("", "marks", load.goods(sheet), General),
            ("", "mass", load.gross_weight.kg().to_string(), General),
            ("", "seals", unit::seals(sheet, &load.seals), General),
            ("", "carriers", self.carriers.join("\n"), General),
            ("", "vehicle-and-trailer", vehicles, General),
            // The carnet and the permit of the agreement are the two lines that a source confirms.
            ("", "tir", self.tir_carnet.clone(), Confidence::Confirmed),
            ("", "permits", self.permits.join("\n"), Confidence::Confirmed),
            ("", "border-points", self.border_points.join(" – "), General),
            ("", "place-and-day", load.place_and_day(), General),
        ]
    }
}

impl NoteLoad {
    fn draw(
        &self,
        language: Language,
        title: &'static str,
        legend: &'static str,
        lines: impl FnOnce(&Sheet) -> Vec<Line>,
    ) -> Drawn {
        let mut sheet = Sheet::new(Setup {
            title,
            ..Setup::paper(&CAPTIONS, &self.number, language, self.office.is_synthetic)
        });
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        let explained = sheet.caption_lines(legend);
        let style = Style { sizes: Sizes::new(75, 55), ..Style::plain() };
        sheet.write(legend, rest.cut_top(100), &explained, style);
        let to_fill = sheet.caption("to-fill");
        let row = |(number, key, value, sure): Line| {
            let is_open = value.trim().is_empty();
            vec![
                number.into(),
                sheet.caption_lines(key).into(),
                if is_open { to_fill.clone() } else { value.trim().to_owned() }.into(),
                letter(sure).into(),
            ]
        };
        let table = Table {
            columns: vec![
                Column::left("box", 2),
                Column::left("what", 9),
                Column::left("value", 17),
                Column::left("sure", 2),
            ],
            rows: lines(&sheet).into_iter().map(row).collect(),
        };
        rest = sheet.table(rest, &table, next);
        sheet.signatures(rest, ["signed-origin", "signed-carrier"], next);
        sheet.finish()
    }

    fn printed_bills(&self) -> String {
        self.bills.iter().map(|number| format!("CN 37 {number}")).collect::<Vec<_>>().join(", ")
    }

    /// The bills first, then the customs transfer and the other papers.
    fn all_attached(&self, sheet: &Sheet) -> String {
        let transfer = |number: &String| format!("{} {number}", sheet.caption("customs-transfer"));
        let transfer = self.customs_transfer.as_ref().map_or_else(String::new, transfer);
        let papers = [self.printed_bills(), transfer, self.attached.join(", ")];
        papers.into_iter().filter(|papers| !papers.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn goods(&self, sheet: &Sheet) -> String {
        let number = unit::container(&self.unit);
        let size = self.unit.size_type.map_or_else(String::new, |size_type| size_type.to_string());
        let count = format!("{}: {}", sheet.caption("receptacles"), self.receptacle_count);
        [sheet.caption("goods"), count, [number, size].join(" ")].join("\n")
    }

    fn place_and_day(&self) -> String {
        format!("{} {}", self.made_out_in, self.made_out_on.format("%Y-%m-%d"))
    }
}

fn letter(sure: Confidence) -> &'static str {
    match sure {
        Confidence::Confirmed => "C",
        Confidence::Derived => "D",
        Confidence::OneSource => "B",
        Confidence::General => "K",
        Confidence::Unsure => "U",
    }
}
