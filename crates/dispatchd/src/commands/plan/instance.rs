//! `caravan plan --instance`: a packing problem from a file, packed, with its lower bound.
//!
//! The format is described in the README of `planning`. What is read is lenient about the form and strict about the
//! values; a fault has its place in the file and says what to do.

mod groups;
mod node;
mod read;
mod unread;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_planning::{DEFAULT_BUDGET_STEPS, pack_vectors};
use caravan_store::Stopwatch;
use serde::Serialize;
use serde_json::{Map, Value};

use self::node::Node;
use self::read::{Fault, Instance};
use self::unread::Unread;
use crate::commands::FOUND;

/// A file is this many bytes at most.
const BYTES_MAX: u64 = 1 << 29;
/// So many faults of a file are told; the number of the others is.
const FAULTS_TOLD_MAX: usize = 20;
/// How the process ends where the file is at fault: `EX_DATAERR` of sysexits.
const DATA_FAULT: u8 = 65;

/// What the packing of all groups came to.
#[derive(Serialize)]
struct Plan {
    bins: usize,
    lower_bound: usize,
    gap: usize,
    items: usize,
    too_big: Vec<Value>,
    steps: u64,
    groups: Vec<Group>,
}

/// The bins of one group; nothing of another lies in them.
#[derive(Serialize)]
struct Group {
    #[serde(rename = "group")]
    name: Option<String>,
    lower_bound: usize,
    bins: Vec<Bin>,
}

/// One bin.
#[derive(Serialize)]
struct Bin {
    /// The items by id, or by position in the file where they have none; one of a quantity is named once for each.
    items: Vec<Value>,
    /// What they take up together, by dimension.
    content: Value,
}

/// Packs the file and prints the plan; the time is printed beside it, as it is no part of it.
pub(super) fn run(path: &Path, steps: Option<u64>, is_json: bool) -> Result<ExitCode> {
    let instance = match read(path)? {
        Ok(instance) => instance,
        Err(faults) => {
            refuse(path, &faults);
            return Ok(ExitCode::from(DATA_FAULT));
        }
    };
    tell_unread(&instance.unread);
    let watch = Stopwatch::start();
    let plan = pack(&instance, steps.unwrap_or(DEFAULT_BUDGET_STEPS));
    eprintln!("time: {} ms", watch.elapsed().as_millis());
    let mut output = std::io::stdout().lock();
    if is_json {
        writeln!(output, "{}", serde_json::to_string_pretty(&plan)?)?;
    } else {
        print(&plan, &mut output)?;
    }
    Ok(if plan.too_big.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn read(path: &Path) -> Result<Result<Instance, Vec<Fault>>> {
    let cannot = || format!("cannot read `{}`", path.display());
    let mut bytes = Vec::new();
    File::open(path)
        .with_context(cannot)?
        .take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    if bytes.len() as u64 > BYTES_MAX {
        let problem = format!("the file has more than {BYTES_MAX} bytes");
        return Ok(Err(vec![Fault::new("file", problem, "write each group into a file of its own")]));
    }
    let json = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Ok(match serde_json::from_slice::<Node>(json) {
        Ok(node) => Instance::read(&node),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let says = error.to_string();
            let problem = says.split(" at line ").next().unwrap_or_default().to_owned();
            Err(vec![Fault::new(&place, problem, "the file is one JSON object")])
        }
    })
}

/// Tells what is wrong with the file.
fn refuse(path: &Path, faults: &[Fault]) {
    eprintln!("error: `{}` cannot be packed", path.display());
    for fault in faults.iter().take(FAULTS_TOLD_MAX) {
        eprintln!("{}: {}\nhint: {}", fault.place, fault.problem, fault.hint);
    }
    if faults.len() > FAULTS_TOLD_MAX {
        eprintln!("and {} more faults", faults.len() - FAULTS_TOLD_MAX);
    }
}

/// Tells what of the file was not read.
fn tell_unread(unread: &Unread) {
    for seen in unread.iter().take(FAULTS_TOLD_MAX) {
        let elsewhere = match seen.times - 1 {
            0 => String::new(),
            others => format!(", and so named in {others} more places"),
        };
        eprintln!("remark: {}: not read: the form has no such member here{elsewhere}", seen.place);
    }
    if unread.iter().len() > FAULTS_TOLD_MAX {
        eprintln!("and {} more members that were not read", unread.iter().len() - FAULTS_TOLD_MAX);
    }
}

/// Packs group by group; each has a part of the steps left by its number of items, so that none are wasted.
fn pack(instance: &Instance, budget_steps: u64) -> Plan {
    let all: usize = instance.groups.iter().map(|group| group.items.len()).sum();
    let mut plan = Plan {
        bins: 0,
        lower_bound: 0,
        gap: 0,
        items: all,
        too_big: Vec::new(),
        steps: 0,
        groups: Vec::with_capacity(instance.groups.len()),
    };
    let (mut budget, mut left) = (budget_steps, all);
    for group in &instance.groups {
        let items = &group.items;
        let sizes: Vec<u64> =
            items.iter().flat_map(|item| instance.items[*item].sizes.iter().copied()).collect();
        let part = u128::from(budget) * items.len() as u128 / left.max(1) as u128;
        let packed = pack_vectors(&sizes, &instance.capacity, u64::try_from(part).unwrap_or(u64::MAX));
        budget = budget.saturating_sub(packed.steps);
        left -= items.len();
        let name = |index: &usize| instance.name(items[*index]);
        let bin = |indices: &Vec<usize>| Bin {
            items: indices.iter().map(name).collect(),
            content: content(instance, indices.iter().map(|index| items[*index])),
        };
        plan.bins += packed.bins.len();
        plan.lower_bound += packed.lower_bound;
        plan.steps += packed.steps;
        plan.too_big.extend(packed.too_big.iter().map(name));
        plan.groups.push(Group {
            name: group.name.clone(),
            lower_bound: packed.lower_bound,
            bins: packed.bins.iter().map(bin).collect(),
        });
    }
    plan.gap = plan.bins - plan.lower_bound;
    plan
}

/// Returns what the items take up: an object where the dimensions have names, else a list.
fn content(instance: &Instance, items: impl Iterator<Item = usize>) -> Value {
    let mut sums = vec![0u64; instance.capacity.len()];
    for item in items {
        for (sum, size) in sums.iter_mut().zip(&instance.items[item].sizes) {
            // What lies in a bin is not more than its capacity.
            *sum += size;
        }
    }
    match &instance.dimensions {
        Some(names) => {
            let members = names.iter().cloned().zip(sums.into_iter().map(Value::from));
            Value::Object(members.collect::<Map<String, Value>>())
        }
        None => sums.into(),
    }
}

fn print(plan: &Plan, output: &mut impl Write) -> std::io::Result<()> {
    let permyriad = plan.gap * 10_000 / plan.lower_bound.max(1);
    writeln!(output, "bins         {}", plan.bins)?;
    writeln!(output, "lower bound  {}", plan.lower_bound)?;
    writeln!(output, "gap          {} ({}.{:02} %)", plan.gap, permyriad / 100, permyriad % 100)?;
    writeln!(output, "items        {}", plan.items)?;
    writeln!(output, "steps        {}", plan.steps)?;
    if plan.groups.len() > 1 {
        for group in &plan.groups {
            let name = group.name.as_deref().unwrap_or("-");
            writeln!(
                output,
                "group        {name}: {} bins, at least {}",
                group.bins.len(),
                group.lower_bound
            )?;
        }
    }
    for item in &plan.too_big {
        writeln!(output, "too big      {}", item.as_str().map_or_else(|| item.to_string(), str::to_owned))?;
    }
    Ok(())
}
