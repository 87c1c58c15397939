//! A form while it is drawn: boxes, captions, text, tick boxes and bar codes, page after page.

mod barcode;
mod field;

use caravan_postal::{Finding, Language};

pub(crate) use field::{Align, Field, Style};

use super::area::{Area, Paper};
use super::caption::Captions;
use super::font::{self, Weight};
use super::wrap::{self, Sizes};
use crate::codes::{GLYPH_MISSING, TEXT_DOES_NOT_FIT};

/// What is known of a form before its first page.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The name of the form: `CN 37`; empty for a paper that goes by its title.
    pub(crate) form: &'static str,
    /// The key of its title.
    pub(crate) title: &'static str,
    /// The captions.
    pub(crate) captions: &'static Captions,
    /// The number or identifier that the foot of each page repeats; may be empty.
    pub(crate) number: String,
    /// The paper.
    pub(crate) paper: Paper,
    /// The station's language.
    pub(crate) language: Language,
    /// Whether an office code in it is made up; each page then says so across its whole width.
    pub(crate) is_synthetic: bool,
}

impl Setup {
    /// Returns what a paper on A4 begins with that is no form of the UPU.
    pub(crate) fn paper(
        captions: &'static Captions,
        number: &str,
        language: Language,
        is_synthetic: bool,
    ) -> Self {
        Self {
            form: "",
            title: "title",
            captions,
            number: number.to_owned(),
            paper: Paper::A4,
            language,
            is_synthetic,
        }
    }
}

/// A form while it is drawn. What is drawn goes onto the last page.
#[derive(Debug)]
pub(crate) struct Sheet {
    setup: Setup,
    pages: Vec<Vec<Mark>>,
    findings: Vec<Finding>,
    /// What did not fit: the name of its box, and all of it.
    overlong: Vec<(String, String)>,
}

/// A form with all its pages, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The name of the form with its number.
    pub name: String,
    /// What did not fit or has no glyph.
    pub findings: Vec<Finding>,
    pub(super) paper: Paper,
    pub(super) pages: Vec<Vec<Mark>>,
    /// What stands across each page; empty for a form that is in earnest.
    pub(super) watermark: Vec<String>,
    /// What stands on it once it is void.
    void: Vec<String>,
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Text(Text),
    /// A line, its ends in tenths of a millimetre.
    Rule {
        from: (i32, i32),
        to: (i32, i32),
        thick_um: i64,
    },
    Frame {
        area: Area,
        thick_um: i64,
    },
    Fill {
        area: Area,
        shade: Shade,
    },
    /// Black bars from left to right: each where it begins and how wide, in micrometres.
    Bars {
        top_um: i64,
        height_um: i64,
        bars: Vec<(i64, i64)>,
    },
}

/// One line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) left_um: i64,
    pub(super) baseline_um: i64,
    pub(super) line: String,
    /// In tenths of a point.
    pub(super) size: i32,
    pub(super) weight: Weight,
    /// The box that the line must not leave.
    pub(super) within: Area,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shade {
    White,
    /// Behind the head of a table.
    Head,
    /// A lightness, from 0 for black to 255 for white.
    Grey(u8),
}

/// Micrometres in a tenth of a millimetre.
pub(super) const TENTH_UM: i64 = 100;
/// The line around a box.
pub(super) const THIN_UM: i64 = 150;
/// The line below the head.
pub(super) const THICK_UM: i64 = 400;
/// The baseline stands this many hundredths of the size below the upper side of its line.
const BASELINE_PERCENT: i64 = 98;
/// The type of the word on a void form, in tenths of a point: its margin holds it.
const VOID_SIZE: i32 = 80;
/// Height of the head of a form, in tenths of a millimetre.
const MASTHEAD: i32 = 130;

impl Drawn {
    /// Returns how many pages it has.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Returns the form as one that stands for nothing any more: each page says so above its head and across its whole
    /// width, and no bar code is left to be scanned.
    #[must_use]
    pub fn void(mut self) -> Self {
        let within = Area::new(self.paper.margin, 0, self.paper.body().width, self.paper.margin);
        let word = Mark::Text(Text {
            left_um: i64::from(within.x) * TENTH_UM,
            baseline_um: i64::from(within.height - 10) * TENTH_UM,
            line: self.void.join(" / "),
            size: VOID_SIZE,
            weight: Weight::Bold,
            within,
        });
        for page in &mut self.pages {
            page.retain(|mark| !matches!(mark, Mark::Bars { .. }));
            page.push(word.clone());
        }
        self.watermark.splice(0..0, self.void.iter().cloned());
        self
    }
}

impl Sheet {
    /// Begins a form with its first page.
    pub(crate) fn new(setup: Setup) -> Self {
        Self { setup, pages: vec![Vec::new()], findings: Vec::new(), overlong: Vec::new() }
    }

    /// Begins a page.
    pub(crate) fn page(&mut self) {
        self.pages.push(Vec::new());
    }

    /// Draws the head of a page, who sends left and the name of the form right, and returns the area below it.
    pub(crate) fn masthead(&mut self, sender: &str) -> Area {
        let mut body = self.setup.paper.body();
        let mut head = body.cut_top(MASTHEAD);
        body.cut_top(10);
        let form = head.cut_right(head.width / 5);
        let left = head.cut_left(head.width / 3);
        let bold = |wanted| Style { sizes: Sizes::new(wanted, 60), weight: Weight::Bold, align: Align::Left };
        self.write("operator", left, sender, bold(85));
        let [upper, lower] = head.rows([1, 1]);
        let [first, second] = self.setup.captions.pair(self.setup.title, self.setup.language);
        self.write(self.setup.title, upper, first, bold(130));
        self.write(self.setup.title, lower, second, bold(110));
        self.write("form", form, self.setup.form, Style { align: Align::Right, ..bold(180) });
        let (y, right) = (head.y + head.height, body.x + body.width);
        self.mark(Mark::Rule { from: (body.x, y), to: (right, y), thick_um: THICK_UM });
        body
    }

    /// Draws a frame around what belongs together.
    pub(crate) fn frame(&mut self, area: Area) {
        self.mark(Mark::Frame { area, thick_um: THIN_UM });
    }

    /// Draws a heavy frame, around a picture.
    pub(crate) fn heavy_frame(&mut self, area: Area) {
        self.mark(Mark::Frame { area, thick_um: THICK_UM });
    }

    /// Draws a line between two points in tenths of a millimetre.
    pub(crate) fn rule(&mut self, from: (i32, i32), to: (i32, i32)) {
        self.mark(Mark::Rule { from, to, thick_um: THIN_UM });
    }

    /// Returns a caption as the forms print it: in French, and in the station's language behind a slash (on a paper
    /// that is no form of the UPU in its two languages), once where both are the same.
    pub(crate) fn caption(&self, key: &str) -> String {
        self.caption_with(key, " / ")
    }

    /// Returns a caption as headings have it: the station's language on a line of its own.
    pub(crate) fn caption_lines(&self, key: &str) -> String {
        self.caption_with(key, "\n")
    }

    fn caption_with(&self, key: &str, separator: &str) -> String {
        let [first, second] = self.setup.captions.pair(key, self.setup.language);
        if first == second { first.to_owned() } else { [first, second].join(separator) }
    }

    /// Returns the name of a box as findings have it: its caption in the first language of the form.
    fn name(&self, key: &str) -> String {
        let [first, _] = self.setup.captions.pair(key, self.setup.language);
        first.to_owned()
    }

    /// Returns what the paper is called: the name of the form, else its title.
    fn form(&self) -> String {
        if self.setup.form.is_empty() { self.name(self.setup.title) } else { self.setup.form.to_owned() }
    }

    /// Writes text without a frame of its own; `key` names the box if it does not fit.
    pub(crate) fn write(&mut self, key: &str, area: Area, text: &str, style: Style) {
        let name = self.name(key);
        self.put(&name, area, text, style);
    }

    /// Ends the form: what did not fit follows in full, and each page gets its foot.
    pub(crate) fn finish(mut self) -> Drawn {
        self.continuation();
        let count = self.pages.len();
        let foot = self.setup.paper.foot();
        let note = self.caption("unchecked-layout");
        let name = [self.form().as_str(), self.setup.number.as_str()].join(" ").trim_end().to_owned();
        let mut pages = std::mem::take(&mut self.pages);
        for (page, number) in pages.iter_mut().zip(1..) {
            self.pages.push(std::mem::take(page));
            let [left, right] = foot.columns([3, 2]);
            let style = Style { sizes: Sizes::new(50, 36), ..Style::plain() };
            self.put("Formule", left, &note, style);
            let right_style = Style { align: Align::Right, ..style };
            self.put("Formule", right, &format!("{name} · Page {number}/{count}"), right_style);
        }
        let watermark = self.setup.captions.pair("synthetic", self.setup.language);
        let void = self.setup.captions.pair("void", self.setup.language);
        Drawn {
            name,
            findings: self.findings,
            paper: self.setup.paper,
            pages: self.pages,
            watermark: watermark.into_iter().filter(|_| self.setup.is_synthetic).map(str::to_owned).collect(),
            void: void.map(str::to_owned).into(),
        }
    }

    /// Prints in full, on pages of its own, what did not fit its box.
    fn continuation(&mut self) {
        let overlong = std::mem::take(&mut self.overlong);
        let style = Style { sizes: Sizes::new(80, 80), ..Style::plain() };
        let line_height = i32::try_from(wrap::leading(80) / TENTH_UM + 1).unwrap_or(i32::MAX);
        let mut body = Area::new(0, 0, 0, 0);
        let heading = self.caption("continuation");
        for (name, text) in &overlong {
            let width_um = i64::from(self.setup.paper.body().width) * TENTH_UM;
            let wrapped = wrap::wrap(&format!("{name}: {text}"), Weight::Regular, 80, width_um);
            for line in wrapped.lines {
                if body.height < line_height {
                    self.page();
                    body = self.setup.paper.body();
                    let head = body.cut_top(60);
                    self.put("", head, &heading, Style { weight: Weight::Bold, ..Style::plain() });
                }
                self.put("", body.cut_top(line_height), &line, style);
            }
        }
    }

    /// Fills an area with a grey, from 0 for black to 255 for white; what stands on it is drawn afterwards.
    pub(crate) fn shade(&mut self, area: Area, lightness: u8) {
        self.mark(Mark::Fill { area, shade: Shade::Grey(lightness) });
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        self.pages.last_mut().expect("a form has a page").push(mark);
    }

    /// Writes text into a box: as large as it fits, then cut and told.
    fn put(&mut self, name: &str, area: Area, text: &str, style: Style) {
        let (width_um, height_um) = (i64::from(area.width) * TENTH_UM, i64::from(area.height) * TENTH_UM);
        let fitted = wrap::fit(text, style.weight, style.sizes, width_um, height_um);
        if fitted.is_cut {
            self.finding_once(TEXT_DOES_NOT_FIT.finding([self.form().as_str(), name]));
            self.overlong.push((name.to_owned(), text.to_owned()));
        }
        self.note_missing(name, text, style.weight);
        let leading = wrap::leading(fitted.size);
        let top_um = i64::from(area.y) * TENTH_UM;
        for (line, index) in fitted.lines.into_iter().zip(0i64..) {
            let free = width_um - wrap::micrometres(font::width(&line, style.weight), fitted.size);
            let indent = match style.align {
                Align::Left => 0,
                Align::Center => free / 2,
                Align::Right => free,
            };
            let size_um = wrap::micrometres(font::EM, fitted.size);
            if line.is_empty() {
                continue;
            }
            self.mark(Mark::Text(Text {
                left_um: i64::from(area.x) * TENTH_UM + indent.max(0),
                baseline_um: top_um + index * leading + size_um * BASELINE_PERCENT / 100,
                line,
                size: fitted.size,
                weight: style.weight,
                within: area,
            }));
        }
    }

    fn note_missing(&mut self, name: &str, text: &str, weight: Weight) {
        for character in text.chars() {
            let is_printed = !character.is_control() && !font::is_invisible(character);
            if is_printed && font::glyph(character, weight).found.is_none() {
                let code_point = code_point(character);
                self.finding_once(GLYPH_MISSING.finding([self.form().as_str(), name, &code_point]));
            }
        }
    }

    fn finding_once(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// Returns the code point of a character: `U+4DAE`.
pub(super) fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}
