//! The receptacle label as PDF: 150 mm by 100 mm, lying. What it says and refuses is what the label printer's says.

use caravan_postal::Language;

use crate::label::{CAPTIONS, LabelError, ReceptacleLabel, category_key};
use crate::pdf::{Align, Drawn, Field, Paper, Setup, Sheet, Sizes, Style, Weight};
use crate::printed;

impl ReceptacleLabel {
    /// Draws the label in French and the station's language.
    pub fn draw(&self, language: Language) -> Result<Drawn, LabelError> {
        self.check()?;
        let series = self.s9.dispatch.series();
        let mut sheet = Sheet::new(Setup {
            form: self.form().as_str(),
            title: "title",
            captions: &CAPTIONS,
            number: self.s9.to_string(),
            paper: Paper::LABEL_LYING,
            language,
            is_synthetic: self.origin.is_synthetic || self.destination.is_synthetic,
        });
        let mut rest = Paper::LABEL_LYING.body();
        let [form, category, flags] = rest.cut_top(120).columns([5, 12, 5]);
        let bold = |wanted| Style { sizes: Sizes::new(wanted, 60), weight: Weight::Bold, align: Align::Left };
        sheet.write("form", form, self.form().as_str(), bold(280));
        let name = sheet.caption_lines(category_key(series.category));
        sheet.write("mail", category.inset(8), &name, Style { align: Align::Center, ..bold(130) });
        sheet.field(flags, Field::of("flags").value(&self.flags()).large(220).aligned(Align::Center));

        let [from, to] = rest.cut_top(170).columns([2, 3]);
        sheet.field(from, Field::of("from").value(&self.origin.printed()).large(130));
        sheet.field(to, Field::of("to").value(&self.destination.printed()).large(200));

        let [dispatch, receptacle, weight, items] = rest.cut_top(140).columns([3, 3, 4, 3]);
        let number = |serial: u32, width: usize| format!("{serial:0width$}");
        let count = self.item_count.map_or_else(String::new, |count| count.to_string());
        let kilograms = printed::kilograms(self.gross_weight.hectograms());
        for (area, key, value) in [
            (dispatch, "dispatch", number(self.s9.dispatch.serial(), 4)),
            (receptacle, "receptacle", number(self.s9.serial(), 3)),
            (weight, "weight", kilograms),
            (items, "items", count),
        ] {
            sheet.field(area, Field::of(key).value(&value).large(240).aligned(Align::Center));
        }

        let [mail, day, transport] = rest.cut_top(100).columns([3, 3, 7]);
        let class = series.subclass.class();
        sheet.field(
            mail,
            Field::of("mail").value(&format!("{} {class} {}", series.category, series.subclass)).large(120),
        );
        let dispatched_on = self.dispatched_on.format("%Y-%m-%d").to_string();
        sheet.field(day, Field::of("dispatched-on").value(&dispatched_on).large(120));
        sheet.field(
            transport,
            Field::of("transport").value(self.transport.as_deref().unwrap_or_default()).large(110),
        );

        rest.cut_top(20);
        sheet.bar_code(rest, "s9", &self.s9.to_string(), &printed::s9(self.s9));
        Ok(sheet.finish())
    }
}
