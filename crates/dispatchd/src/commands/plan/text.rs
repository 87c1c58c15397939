//! The plan as text, in the language of who reads it.

use std::io::Write;

use super::{Gate, Load, Shown, Stay, Until};
use crate::findings::{PLAN_AXLE, PLAN_CENTRE, PLAN_CUT_OFFS, PLAN_FILL, PLAN_LOAD, PLAN_TOTALS};
use crate::texts::Words;

pub(super) fn print(shown: &Shown, words: Words, output: &mut impl Write) -> std::io::Result<()> {
    if shown.departures.is_empty() {
        writeln!(output, "{}", words.term("@plan-nothing"))?;
    }
    for line in &shown.departures {
        let totals = [
            line.receptacles.to_string(),
            line.receptacles_bound.to_string(),
            format!("{}.{:03}", line.weight_g / 1000, line.weight_g % 1000),
            line.vehicles_used.to_string(),
            line.vehicles.to_string(),
            line.vehicles_needed.to_string(),
            percent(line.fill_weight_permille),
            percent(line.fill_volume_permille),
        ];
        writeln!(output, "{}\n  {}", line.departure, words.say(&PLAN_TOTALS, totals))?;
        if let Some(until) = &line.cut_offs {
            let Until { item, last_bag, dispatch_close, sealed, customs, gate_in } = until;
            // The year is that of the departure, which stands above.
            let steps = [item, last_bag, dispatch_close, sealed, customs, gate_in];
            let steps = steps.map(|at| at.split_once('-').map_or("", |(_, day)| day).replace('T', " "));
            writeln!(output, "  {}", words.say(&PLAN_CUT_OFFS, steps))?;
        }
        if let Some(way) = &line.way {
            way.print(words, output)?;
        }
        for load in
            line.loads.iter().filter(|load| load.equipment.is_some() || load.is_held_back || load.is_closed)
        {
            print_load(load, words, output)?;
        }
        print_stays(&line.stays, words, output)?;
        for Gate { container, faults } in &line.gate {
            for fault in faults {
                let (heading, told) = (words.term("@plan-gate"), words.reason(fault, &[]));
                writeln!(output, "  {heading:<8} {container:<30} {told}")?;
            }
        }
    }
    if !shown.stranded.is_empty() {
        writeln!(output, "{}", words.term("@plan-stranded"))?;
    }
    print_stays(&shown.stranded, words, output)
}

fn print_stays(stays: &[Stay], words: Words, output: &mut impl Write) -> std::io::Result<()> {
    for Stay { subject, reason, arguments } in stays {
        let (heading, told) = (words.term("@plan-stays"), words.reason(reason, arguments));
        writeln!(output, "  {heading:<8} {subject:<30} {told}")?;
    }
    Ok(())
}

fn print_load(load: &Load, words: Words, output: &mut impl Write) -> std::io::Result<()> {
    let vehicle = load.vehicle.as_deref().unwrap_or_else(|| words.term("@plan-not-announced"));
    let equipment = load.equipment.as_deref().unwrap_or("-");
    let limit = load.limited_by.as_ref().map_or_else(String::new, |limit| format!(" ({limit})"));
    let mut parts = vec![words.say(&PLAN_LOAD, [(load.payload_g / 1000).to_string()]) + &limit];
    let dimension = format!("@plan-{}", load.binding);
    parts.push(words.say(&PLAN_FILL, [load.receptacles.to_string(), percent(load.fill_permille), dimension]));
    if let (Some(along), Some(across)) = (load.centre_along_permille, load.centre_across_mm) {
        let balanced = words.term("@plan-balanced").to_owned();
        let told = if load.balance.is_empty() { balanced } else { load.balance.join(", ") };
        let centre = words.say(&PLAN_CENTRE, [along.to_string(), across.to_string()]);
        parts.push(format!("{centre}: {told}"));
    }
    if let (Some(axle), Some(most)) = (load.axle_g, load.axle_max_g) {
        parts.push(words.say(&PLAN_AXLE, [(axle / 1000).to_string(), (most / 1000).to_string()]));
    }
    if load.is_closed {
        parts.push(words.term("@plan-locked").to_owned());
    }
    if load.is_held_back {
        parts.push(words.term("@plan-held-back").to_owned());
    }
    writeln!(output, "  {vehicle:<16} {equipment}: {}", parts.join(", "))
}

/// Returns a share as it is read: with one place behind the point.
fn percent(permille: u32) -> String {
    format!("{}.{}", permille / 10, permille % 10)
}
