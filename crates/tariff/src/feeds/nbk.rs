//! National Bank of Kazakhstan: `rates > date` and `item` (`get_rates.cfm`), or `rss > channel > item` with a `pubDate`
//! each (`rates_all.xml`). `title` is the currency, `description` the tenge for `quant` units.

use super::gather::{Gather, Written};
use super::text::Text;
use super::xml::{self, Element};

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    const EXPECTED: &str = "get_rates";
    match xml::parse(&text.text) {
        Ok(root) if root.name == "rates" => read_items(&root, root.text_of("date"), gather),
        Ok(root) if root.name == "rss" => {
            root.all("channel").for_each(|channel| read_items(channel, None, gather));
        }
        Ok(root) => gather.unreadable(root.at, EXPECTED),
        Err(at) => gather.unreadable(at, EXPECTED),
    }
}

fn read_items(parent: &Element, date: Option<&str>, gather: &mut Gather<'_>) {
    for item in parent.all("item") {
        let date = date.or_else(|| item.text_of("pubDate")).unwrap_or_default();
        // `20.11.26` in one of the files, `20.11.2026` in the other.
        let form = if date.len() == 8 { "%d.%m.%y" } else { "%d.%m.%Y" };
        let Some(on) = gather.date(item.at, date, form) else { continue };
        gather.rate(Written {
            at: item.at,
            currency: item.text_of("title").unwrap_or_default(),
            units: item.text_of("quant"),
            value: item.text_of("description").unwrap_or_default(),
            counter: "KZT",
            days: (on, None),
        });
    }
}
