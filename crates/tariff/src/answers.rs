//! What an item itself says about a rule that can be read in two ways: an extra field of its declaration goes before the
//! station's setting.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::{READING_INVALID, READING_OF_ITEM, READING_STRANGE};
use crate::settings::listed;
use crate::tables::{Reading, Tables};
use crate::{Options, Question};

/// With what the name of an extra field begins that answers a reading.
const PREFIX: &str = "reading:";

/// An answer of the item.
struct Answer<'t, 'd> {
    reading: &'t Reading,
    choice: &'d str,
    /// The field is named after the reading; else it is one of the format that means the same.
    is_named: bool,
}

/// Returns the options with the answers of the item over those of the station; `None` where it gives none.
pub(crate) fn options(tables: &Tables, question: &Question<'_>, book: &mut Book) -> Option<Options> {
    let mut options: Option<Options> = None;
    for (name, choice) in &question.declaration.extras {
        let Some(Answer { reading, choice, is_named }) = answer(tables, name, choice, book) else { continue };
        let id = reading.row.id.as_str();
        if !reading.choices.iter().any(|known| **known == *choice) {
            if is_named {
                let known = listed(reading.choices.iter().map(|choice| &**choice));
                book.find(Field::of("extra"), READING_INVALID.finding([id, &known]));
            }
            continue;
        }
        let of_station = question.options.readings.iter().find(|chosen| chosen.id == id);
        let is_same = of_station.map_or(&*reading.default, |chosen| &*chosen.choice) == choice;
        if is_same && !is_named {
            continue;
        }
        options.get_or_insert_with(|| question.options.clone()).answer(id, choice);
        book.find(Field::of("extra"), READING_OF_ITEM.finding([id, choice]));
    }
    options
}

/// Returns the reading that an extra field answers.
fn answer<'t, 'd>(
    tables: &'t Tables,
    name: &str,
    choice: &'d str,
    book: &mut Book,
) -> Option<Answer<'t, 'd>> {
    let mut of_items = tables.readings.iter().filter(|reading| reading.is_of_item);
    let Some(id) = name.strip_prefix(PREFIX) else {
        let reading = of_items.find(|reading| {
            reading.answered_by.as_deref() == Some(name)
                && reading.choices.iter().any(|known| **known == *choice)
        })?;
        return Some(Answer { reading, choice, is_named: false });
    };
    let found = of_items.clone().find(|reading| reading.row.id.as_str() == id);
    if found.is_none() {
        let known = listed(of_items.map(|reading| reading.row.id.as_str()));
        book.find(Field::of("extra"), READING_STRANGE.finding([known]));
    }
    Some(Answer { reading: found?, choice, is_named: true })
}

impl Options {
    fn answer(&mut self, id: &str, choice: &str) {
        self.readings.retain(|chosen| chosen.id != id);
        self.readings.push(crate::Reading { id: id.to_owned(), choice: choice.to_owned() });
    }
}
