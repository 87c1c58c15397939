//! The summary as a page of text, readable without colour, in the language of the station.

use std::fmt::{self, Write};

use super::Summary;
use crate::findings::{
    SUMMARY_CHARGE, SUMMARY_CONTAINER_FILL, SUMMARY_DISPATCHES, SUMMARY_FILES, SUMMARY_FILL, SUMMARY_GONE,
    SUMMARY_INBOUND, SUMMARY_ITEMS, SUMMARY_RECEIVED, SUMMARY_RECEPTACLES, SUMMARY_WHERE,
};
use crate::texts::Words;

/// Returns the page.
pub fn render(summary: &Summary, words: Words) -> String {
    let mut page = String::new();
    write(summary, words, &mut page).expect("writing to a text does not fail");
    page
}

/// Writes a line behind its heading; the lines that go on from another have none.
fn line(page: &mut String, heading: &str, told: &str) -> fmt::Result {
    writeln!(page, "{heading:<11} {told}")
}

fn write(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    let Summary { files, items, .. } = summary;
    writeln!(page, "{}\n", summary.station)?;
    let told = words.say(&SUMMARY_FILES, [files.done, files.failed + files.set_aside].map(text));
    line(page, words.term("@summary-files-are"), &told)?;
    let sums = [items.all, items.accepted, items.held, items.refused, items.stopped_by_customs];
    line(page, words.term("@summary-items-are"), &words.say(&SUMMARY_ITEMS, sums.map(text)))?;
    let sums =
        [items.expected, items.present, items.bagged, items.departed, items.returned, items.seized].map(text);
    line(page, words.term("@summary-where-is"), &words.say(&SUMMARY_WHERE, sums))?;
    let gone = [items.forwarded, items.disposed, items.missing];
    if gone.iter().any(|count| *count > 0) {
        line(page, "", &words.say(&SUMMARY_GONE, gone.map(text)))?;
    }
    write_findings(summary, words, page)?;
    write_destinations(summary, words, page)?;
    write_dispatches(summary, words, page)?;
    write_containers(summary, words, page)?;
    write_departures(summary, words, page)
}

fn write_findings(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    writeln!(page, "\n{}", words.term("@summary-findings"))?;
    for finding in &summary.findings {
        writeln!(page, "  {:>7}  {:<8} {}", finding.count, finding.severity, finding.code)?;
    }
    Ok(())
}

fn write_destinations(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    writeln!(page, "\n{}", words.term("@summary-destinations"))?;
    let (items, kilograms) = (words.term("@summary-of-items"), words.term("@summary-kg"));
    for destination in &summary.destinations {
        let country = if destination.country.is_empty() { "--" } else { &destination.country };
        let weight = kg(destination.weight_g);
        write!(page, "  {country}  {:>7} {items} {weight:>12} {kilograms}", destination.items)?;
        for charge in &destination.charges {
            let mark = if charge.unverified > 0 { "*" } else { "" };
            let kind = words.term(&format!("@charge-{}", charge.kind)).to_lowercase();
            let currency = format!("{}{mark}", charge.currency);
            let told = [kind, charge.amount.clone(), currency, text(charge.items)];
            write!(page, "   {}", words.say(&SUMMARY_CHARGE, told))?;
        }
        writeln!(page)?;
    }
    Ok(())
}

fn write_dispatches(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    let sums = &summary.dispatches;
    let told = words.say(&SUMMARY_DISPATCHES, [sums.closed, sums.open, sums.voided].map(text));
    writeln!(page)?;
    line(page, words.term("@summary-dispatches-are"), &told)?;
    let told = [
        sums.receptacles_labelled,
        sums.receptacles_departed,
        sums.receptacles_open,
        sums.receptacles_disputed,
        sums.receptacles_through,
    ];
    let told = words.say(&SUMMARY_RECEPTACLES, told.map(text));
    line(page, words.term("@summary-receptacles-are"), &told)?;
    let fill = [sums.mean_fill_weight_permille, sums.mean_fill_volume_permille];
    line(page, "", &words.say(&SUMMARY_FILL, fill.map(percent)))?;
    let received = [sums.receptacles_acknowledged, sums.receptacles_missing];
    if received.iter().any(|count| *count > 0) {
        line(page, "", &words.say(&SUMMARY_RECEIVED, received.map(text)))?;
    }
    let inbound = &summary.inbound;
    if !inbound.is_none() {
        let told = [
            inbound.dispatches_advised,
            inbound.dispatches_answered,
            inbound.receptacles_advised,
            inbound.receptacles_arrived,
            inbound.receptacles_opened,
            inbound.receptacles_missing,
        ];
        line(page, words.term("@summary-inbound-is"), &words.say(&SUMMARY_INBOUND, told.map(text)))?;
    }
    Ok(())
}

fn write_containers(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    writeln!(page, "\n{}", words.term("@summary-containers"))?;
    let (receptacles, kilograms) = (words.term("@summary-of-receptacles"), words.term("@summary-kg"));
    for container in &summary.containers {
        write!(page, "  {:<12} {:<34} {:<10}", container.number, container.departure, container.state)?;
        let weight = kg(container.gross_g);
        write!(page, " {:>4} {receptacles} {weight:>10} {kilograms}   ", container.receptacles)?;
        if container.is_through {
            writeln!(page, "{}", words.term("@summary-through"))?;
        } else {
            let fill = [container.fill_weight_permille, container.fill_volume_permille];
            let fill = fill.map(|share| format!("{:>6}", percent(u64::from(share))));
            writeln!(page, "{}", words.say(&SUMMARY_CONTAINER_FILL, fill))?;
        }
    }
    Ok(())
}

fn write_departures(summary: &Summary, words: Words, page: &mut String) -> fmt::Result {
    writeln!(page, "\n{}", words.term("@summary-departures"))?;
    for departure in &summary.departures {
        writeln!(page, "  {:<34} {}", departure.key, departure.state)?;
        if let Some(way) = &departure.way {
            way.write(words, page)?;
        }
        for left in &departure.left_behind {
            writeln!(page, "      {:<30} {}", left.subject, left.reasons.join(", "))?;
        }
    }
    Ok(())
}

fn text(count: u64) -> String {
    count.to_string()
}

fn kg(grams: u64) -> String {
    format!("{}.{:03}", grams / 1000, grams % 1000)
}

fn percent(permille: u64) -> String {
    format!("{}.{} %", permille / 10, permille % 10)
}
