//! What goods of a chapter usually are worth by the kilogram and weigh by the unit.
//!
//! The figures are bounds of what is possible rather than of what is usual; they come from no law.

use super::Threshold;

/// Figures by chapter.
#[derive(Debug, Clone, Default)]
pub(crate) struct GoodsFigures(Vec<Option<ChapterFigures>>);

/// The figures of one chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChapterFigures {
    /// The least and the most that a kilogram is worth.
    pub(crate) per_kg: (Threshold, Threshold),
    /// The least and the most that a unit weighs, in grams.
    pub(crate) unit_grams: (u64, u64),
}

impl GoodsFigures {
    /// Reads `chapter;least per kg;most per kg;least grams a unit;most grams a unit` a line, amounts as `5 EUR`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut figures = vec![None; 100];
        for (number, line) in super::nomenclature::lines(text) {
            let fault = || format!("line {number}: not a chapter with two amounts and two weights");
            let cells: Vec<&str> = line.split(';').collect();
            let [chapter, least, most, lightest, heaviest] = cells[..] else { return Err(fault()) };
            let place = chapter.parse::<usize>().ok().filter(|_| chapter.len() == 2);
            let place = place.and_then(|at| figures.get_mut(at)).ok_or_else(fault)?;
            let amount = |text| super::threshold(text).map_err(|error| format!("line {number}: {error}"));
            let grams = |text: &str| text.parse::<u64>().map_err(|_| fault());
            let found = ChapterFigures {
                per_kg: (amount(least)?, amount(most)?),
                unit_grams: (grams(lightest)?, grams(heaviest)?),
            };
            let is_ordered = found.per_kg.0.currency() == found.per_kg.1.currency()
                && found.per_kg.0.exact < found.per_kg.1.exact
                && found.unit_grams.0 < found.unit_grams.1;
            if !is_ordered || place.replace(found).is_some() {
                return Err(fault());
            }
        }
        Ok(Self(figures))
    }

    /// Returns the figures of a chapter.
    pub(crate) fn of(&self, chapter: u32) -> Option<&ChapterFigures> {
        self.0.get(chapter as usize)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::GoodsFigures;

    #[test]
    fn reads_bounds_in_order_once_a_chapter() {
        let figures = GoodsFigures::parse("# remark\n61;0.50 EUR;5000 EUR;1;10000\n").expect("it is right");
        let shirts = figures.of(61).expect("the chapter is there");
        assert_eq!((shirts.per_kg.0.money.minor, shirts.per_kg.1.money.minor), (50, 500_000));
        assert_eq!(shirts.unit_grams, (1, 10_000));
        assert_eq!((figures.of(62), figures.of(100)), (None, None));
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let wrong = "line 2: not a chapter with two amounts and two weights";
        for (line, fault) in [
            ("61;1 EUR;5 EUR;1", wrong),
            ("61;1 EUR;5 EUR;1;2;3", wrong),
            ("6;1 EUR;5 EUR;1;2", wrong),
            ("100;1 EUR;5 EUR;1;2", wrong),
            ("61;5 EUR;1 EUR;1;2", wrong),
            ("61;1 EUR;1 EUR;1;2", wrong),
            ("61;1 EUR;5 USD;1;2", wrong),
            ("61;1 EUR;5 EUR;2;1", wrong),
            ("61;1 EUR;5 EUR;one;2", wrong),
            ("62;1 EUR;5 EUR;1;2", wrong),
            ("61;1;5 EUR;1;2", "line 2: `1` is not an amount such as `150 EUR`"),
        ] {
            let told = GoodsFigures::parse(&format!("62;1 EUR;5 EUR;1;2\n{line}")).expect_err(line);
            assert_eq!(told, fault, "{line}");
        }
    }
}
