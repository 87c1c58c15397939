//! The departure folder: all papers of one departure in one PDF, behind a cover on A4 that lists them.

use std::sync::LazyLock;

use caravan_postal::Language;
use chrono::NaiveDateTime;

use crate::Office;
use crate::pdf::{Captions, Cell, Column, Drawn, Field, PrintError, Setup, Sheet, Table, print};

static CAPTIONS: LazyLock<Captions> =
    LazyLock::new(|| Captions::of_neighbours(include_str!("../../messages/forms/folder.toml")));

/// All papers of a departure. Times are local to the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartureFolder {
    /// The office that it leaves from.
    pub office: Office,
    /// What names the departure: the number of the train or truck.
    pub departure: String,
    /// The route.
    pub route: String,
    /// The carrier.
    pub carrier: String,
    /// When it leaves.
    pub departs_at: NaiveDateTime,
    /// The papers, in the order in which they are printed.
    pub parts: Vec<FolderPart>,
}

/// The papers of one container or vehicle of a departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPart {
    /// The number of the container or vehicle; empty for the papers of the whole departure.
    pub name: String,
    /// The papers, in their order.
    pub papers: Vec<Drawn>,
}

impl DepartureFolder {
    /// Draws the cover in the station's language and its neighbours'.
    pub fn draw_cover(&self, language: Language) -> Drawn {
        // The pages of the papers count on from those of the cover, and how many these are is known when it is drawn.
        // Numbers stand in columns wide enough for them, so a second drawing has as many pages as the first.
        let cover = self.draw_before(language, 1);
        self.draw_before(language, cover.page_count())
    }

    /// Returns cover and papers as one PDF: the same folder is the same bytes.
    pub fn print(&self, language: Language) -> Result<Vec<u8>, PrintError> {
        let cover = self.draw_cover(language);
        let title = cover.name.clone();
        let mut all = vec![cover];
        all.extend(self.parts.iter().flat_map(|part| part.papers.iter().cloned()));
        print(&title, language, &all)
    }

    fn draw_before(&self, language: Language, cover_pages: usize) -> Drawn {
        let mut sheet =
            Sheet::new(Setup::paper(&CAPTIONS, &self.departure, language, self.office.is_synthetic));
        let sender = self.office.printed();
        let next = &mut |sheet: &mut Sheet| sheet.masthead(&sender);
        let mut rest = next(&mut sheet);
        let papers = || self.parts.iter().flat_map(|part| &part.papers);
        let pages = cover_pages + papers().map(Drawn::page_count).sum::<usize>();
        let departs_at = self.departs_at.format("%Y-%m-%d %H:%M").to_string();
        sheet.fields(
            rest.cut_top(120),
            [
                (3, Field::of("departure").value(&self.departure).large(130)),
                (5, Field::of("transport").value(&self.route).large(100)),
                (3, Field::of("departs-at").value(&departs_at).large(110)),
            ],
        );
        sheet.fields(
            rest.cut_top(110),
            [
                (6, Field::of("carrier").value(&self.carrier)),
                (2, Field::of("papers").value(&papers().count().to_string()).large(110)),
                (3, Field::of("page-count").value(&pages.to_string()).large(110)),
            ],
        );
        rest.cut_top(20);
        let table = self.table(&sheet, cover_pages);
        rest = sheet.table(rest, &table, next);
        sheet.signatures(rest, ["signed-dispatcher", "signed-carrier"], next);
        sheet.finish()
    }

    fn table(&self, sheet: &Sheet, cover_pages: usize) -> Table {
        let columns = vec![
            Column::right("number", 2),
            Column::left("part", 7),
            Column::left("paper", 14),
            Column::right("pages", 3).summed(|sum| sum.to_string()),
            Column::right("from-page", 3),
            Column::left("here", 3),
            Column::left("remarks", 5),
        ];
        let look = sheet.caption("look");
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut page = cover_pages + 1;
        for part in &self.parts {
            for paper in &part.papers {
                let count = paper.page_count();
                rows.push(vec![
                    (rows.len() + 1).to_string().into(),
                    part.name.clone().into(),
                    paper.name.clone().into(),
                    Cell::amount(count.to_string(), i64::try_from(count).unwrap_or(i64::MAX)),
                    page.to_string().into(),
                    "".into(),
                    if paper.findings.is_empty() { "" } else { &look }.into(),
                ]);
                page += count;
            }
        }
        Table { columns, rows }
    }
}
