//! The summary as a page of text, readable without colour.

use std::fmt::{self, Write};

use super::Summary;

/// Returns the page.
pub fn render(summary: &Summary) -> String {
    let mut page = String::new();
    write(summary, &mut page).expect("writing to a text does not fail");
    page
}

fn write(summary: &Summary, page: &mut String) -> fmt::Result {
    let Summary { files, items, .. } = summary;
    writeln!(page, "{}", summary.station)?;
    writeln!(page)?;
    writeln!(page, "Files       {} done, {} failed", files.done, files.failed + files.set_aside)?;
    writeln!(
        page,
        "Items       {}: {} accepted, {} held, {} refused; {} stopped by customs",
        items.all, items.accepted, items.held, items.refused, items.stopped_by_customs
    )?;
    writeln!(
        page,
        "Where       {} not seen yet, {} at the station, {} in receptacles ({} departed), {} handed back, {} seized",
        items.expected, items.present, items.bagged, items.departed, items.returned, items.seized
    )?;
    if items.forwarded + items.disposed + items.missing > 0 {
        writeln!(
            page,
            "            {} forwarded, {} disposed of, {} missing",
            items.forwarded, items.disposed, items.missing
        )?;
    }
    write_findings(summary, page)?;
    write_destinations(summary, page)?;
    write_dispatches(summary, page)?;
    write_departures(summary, page)
}

fn write_findings(summary: &Summary, page: &mut String) -> fmt::Result {
    writeln!(page, "\nCommonest findings")?;
    for finding in &summary.findings {
        writeln!(page, "  {:>7}  {:<8} {}", finding.count, finding.severity, finding.code)?;
    }
    Ok(())
}

fn write_destinations(summary: &Summary, page: &mut String) -> fmt::Result {
    writeln!(
        page,
        "\nDestinations, with duty and tax as estimated for the addressees (* not all of it confirmed)"
    )?;
    for destination in &summary.destinations {
        let country = if destination.country.is_empty() { "--" } else { &destination.country };
        write!(page, "  {country}  {:>7} items {:>12} kg", destination.items, kg(destination.weight_g))?;
        for charge in &destination.charges {
            let mark = if charge.unverified > 0 { "*" } else { "" };
            write!(
                page,
                "   {} {} {}{mark} on {}",
                charge.kind, charge.amount, charge.currency, charge.items
            )?;
        }
        writeln!(page)?;
    }
    Ok(())
}

fn write_dispatches(summary: &Summary, page: &mut String) -> fmt::Result {
    let sums = &summary.dispatches;
    writeln!(page, "\nDispatches  {} closed, {} open, {} void", sums.closed, sums.open, sums.voided)?;
    writeln!(
        page,
        "Receptacles {} labelled ({} departed), {} still filling, {} disputed, {} of other offices",
        sums.receptacles_labelled,
        sums.receptacles_departed,
        sums.receptacles_open,
        sums.receptacles_disputed,
        sums.receptacles_through
    )?;
    writeln!(
        page,
        "            filled on average to {} by weight, {} by volume",
        percent(sums.mean_fill_weight_permille),
        percent(sums.mean_fill_volume_permille)
    )?;
    if sums.receptacles_acknowledged + sums.receptacles_missing > 0 {
        let (received, missing) = (sums.receptacles_acknowledged, sums.receptacles_missing);
        writeln!(page, "            {received} received where they went, {missing} not found there")?;
    }
    let inbound = &summary.inbound;
    if !inbound.is_none() {
        writeln!(
            page,
            "Inbound     {} dispatches advised, {} answered; {} receptacles expected, {} arrived, {} opened, {} missing",
            inbound.dispatches_advised,
            inbound.dispatches_answered,
            inbound.receptacles_advised,
            inbound.receptacles_arrived,
            inbound.receptacles_opened,
            inbound.receptacles_missing
        )?;
    }
    writeln!(page, "\nContainers and trucks")?;
    for container in &summary.containers {
        write!(page, "  {:<12} {:<34} {:<10}", container.number, container.departure, container.state)?;
        write!(page, " {:>4} receptacles {:>10} kg", container.receptacles, kg(container.gross_g))?;
        if container.is_through {
            writeln!(page, "   sealed, of another office")?;
        } else {
            let weight = percent(u64::from(container.fill_weight_permille));
            let volume = percent(u64::from(container.fill_volume_permille));
            writeln!(page, "   {weight:>6} by weight {volume:>6} by volume")?;
        }
    }
    Ok(())
}

fn write_departures(summary: &Summary, page: &mut String) -> fmt::Result {
    writeln!(page, "\nDepartures, and what stayed behind")?;
    for departure in &summary.departures {
        writeln!(page, "  {:<34} {}", departure.key, departure.state)?;
        if let Some(way) = &departure.way {
            way.write(page)?;
        }
        for left in &departure.left_behind {
            writeln!(page, "      {:<30} {}", left.subject, left.reasons.join(", "))?;
        }
    }
    Ok(())
}

fn kg(grams: u64) -> String {
    format!("{}.{:03}", grams / 1000, grams % 1000)
}

fn percent(permille: u64) -> String {
    format!("{}.{} %", permille / 10, permille % 10)
}
