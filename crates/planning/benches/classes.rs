//! How good packing is on the classic classes of instances, as a table.
//!
//! `cargo bench -p caravan-planning --bench classes` takes every class in full; a name takes those whose names begin so,
//! and a number that many instances of each kind; `each` also tells of every instance that is not proven.
#![expect(clippy::unwrap_used, reason = "the instances are made to fit")]
#![expect(clippy::disallowed_methods, reason = "a benchmark tells the time")]

#[path = "../tests/planning/classes.rs"]
mod classes;
#[expect(dead_code, reason = "the classes need its draws alone")]
#[path = "../tests/planning/mail.rs"]
mod mail;
#[path = "../tests/planning/rivals.rs"]
mod rivals;

use std::time::{Duration, Instant};

use caravan_planning::{DEFAULT_BUDGET_STEPS, pack_vectors};
use classes::{CLASSES, Class, Problem};
use rivals::{Items, RIVALS};

/// The argument that asks for every instance that is not proven.
const EACH: &str = "each";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let count = arguments.iter().find_map(|argument| argument.parse::<u64>().ok());
    let is_each = arguments.iter().any(|argument| argument == EACH);
    let name = arguments.iter().find(|argument| argument.parse::<u64>().is_err() && *argument != EACH);
    println!(
        "| class | instances | first-fit decreasing | best rival | worse than it | bins | bound | proven | over the bound | most over | \
         not optimal | steps, mean | time, mean | time, most |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    );
    for class in CLASSES {
        if name.is_none_or(|name| class.name.starts_with(name.as_str())) {
            tell(class, count.unwrap_or_else(|| published(class.name)), is_each);
        }
    }
}

/// Returns how many instances of each kind a class is taken with: as many as published, and of those in several
/// dimensions fewer.
fn published(name: &str) -> u64 {
    match name {
        "falkenauer-u" | "falkenauer-t" | "scholl-1" => 20,
        "scholl-2" | "scholl-3" | "hard" => 10,
        "schwerin-1" | "schwerin-2" => 100,
        "waescher" => 17,
        "few-kinds" | "huge-numbers" | "mail-3" | "panigrahy-3" | "new-3" | "triplet-3" => 3,
        _ => 1,
    }
}

/// Returns what the best of the published heuristics for vectors makes, each instance its own.
fn fewest_of_rivals(problem: &Problem) -> usize {
    let items = Items::new(problem);
    RIVALS.iter().map(|(_, bins)| bins(&items)).min().unwrap()
}

fn tell(class: &Class, count: u64, is_each: bool) {
    let problems = (class.problems)(count);
    let (mut frugal, mut bins, mut bound, mut proven, mut most, mut missed) = (0, 0, 0, 0, 0, 0);
    let (mut best_rival, mut worse) = (0, 0);
    let (mut steps, mut time, mut longest) = (0, Duration::ZERO, Duration::ZERO);
    for (index, problem) in problems.iter().enumerate() {
        let first_fit = pack_vectors(&problem.sizes, &problem.capacity, 0).bins.len();
        frugal += first_fit;
        let start = Instant::now();
        let packing = pack_vectors(&problem.sizes, &problem.capacity, DEFAULT_BUDGET_STEPS);
        let taken = start.elapsed();
        let over = packing.bins.len() - packing.lower_bound;
        bins += packing.bins.len();
        bound += packing.lower_bound;
        let rival = fewest_of_rivals(problem);
        best_rival += rival;
        worse += usize::from(packing.bins.len() > rival);
        proven += usize::from(over == 0);
        most = most.max(over);
        missed += usize::from(problem.optimum.is_some_and(|optimum| packing.bins.len() > optimum));
        steps += packing.steps / problems.len() as u64;
        time += taken;
        longest = longest.max(taken);
        if is_each && over > 0 {
            let items = problem.sizes.len() / problem.capacity.len();
            println!(
                "  {index}: {items} items, first-fit decreasing {first_fit}, best rival {rival}, {} bins, bound {}, {} ms",
                packing.bins.len(),
                packing.lower_bound,
                taken.as_millis(),
            );
        }
    }
    let mean = time / u32::try_from(problems.len()).unwrap();
    println!(
        "| {} | {} | {frugal} | {best_rival} | {worse} | {bins} | {bound} | {proven} | {} | {most} | {missed} | {steps} | {} ms | {} ms |",
        class.name,
        problems.len(),
        bins - bound,
        mean.as_millis(),
        longest.as_millis(),
    );
}
