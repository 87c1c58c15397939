//! What a replay leaves behind, as files that can be compared byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use caravan_station::ItemId;

use crate::flow::Flow;
use crate::summary::{gather, render};
use crate::texts::Words;

/// Files that are compared, by path.
pub type Outputs = BTreeMap<String, Vec<u8>>;

/// Writes the summary and the list of items into the station folder.
pub async fn write(flow: &Flow) -> Result<String> {
    let (summary, items) = tokio::try_join!(gather(&flow.store, &flow.desk), items(flow))?;
    let text = render(&summary, Words(flow.desk.config.office.language));
    let root = flow.folder.root();
    flow.folder.write(&root.join("summary.json"), &summary.json())?;
    flow.folder.write(&root.join("summary.txt"), text.as_bytes())?;
    flow.folder.write(&root.join("items.csv"), &items)?;
    if flow.desk.config.ceb().is_some() {
        flow.folder.write(&root.join(CUSTOMS), &customs(flow).await?)?;
    }
    Ok(text)
}

/// The list of messages to customs, where the station has a link to it.
const CUSTOMS: &str = "customs.csv";

/// Lists every message to customs with what became of it.
async fn customs(flow: &Flow) -> Result<Vec<u8>> {
    let containers: BTreeMap<_, _> = flow
        .store
        .containers()
        .await?
        .into_iter()
        .map(|container| (container.id, container.number))
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["message", "filing", "parts", "lines", "container", "state", "filed", "answer"])?;
    for filing in flow.store.filings().await? {
        let container = filing.container.and_then(|id| containers.get(&id));
        writer.write_record([
            filing.form.as_str(),
            &filing.name(),
            &filing.parts.to_string(),
            &filing.lines.to_string(),
            container.map_or("", String::as_str),
            filing.state.as_str(),
            &filing.attempts.to_string(),
            filing.answer.as_ref().map_or("", |answer| &answer.code),
        ])?;
    }
    writer.into_inner().context("cannot write the list of messages to customs")
}

/// Lists every item with what became of it.
async fn items(flow: &Flow) -> Result<Vec<u8>> {
    let names: BTreeMap<_, _> = flow
        .store
        .receptacles()
        .await?
        .into_iter()
        .map(|receptacle| (receptacle.id, (receptacle.name(), receptacle.state.as_str())))
        .collect();
    let codes = flow.store.codes_by_item().await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "item",
        "journey",
        "decision",
        "customs",
        "custody",
        "weight_g",
        "receptacle",
        "receptacle_state",
        "codes",
    ])?;
    let mut page = flow.store.items_behind(ItemId(i64::MIN)).await?;
    while let Some(end) = page.last() {
        // The next page is on its way while this one is written.
        let (store, last) = (flow.store.clone(), end.id);
        let next = tokio::spawn(async move { store.items_behind(last).await });
        for item in &page {
            let at = item.receptacle.and_then(|id| names.get(&id));
            let (receptacle, state) = at.map_or(("", ""), |(name, state)| (name.as_str(), *state));
            let weight = item.scale.or(item.declared).map_or_else(String::new, |weight| weight.0.to_string());
            writer.write_record([
                item.name.to_string().as_str(),
                item.journey.as_str(),
                item.decision.as_str(),
                item.customs.as_str(),
                item.custody.as_str(),
                &weight,
                receptacle,
                state,
                codes.get(&item.id).map_or("", String::as_str),
            ])?;
        }
        page = next.await??;
    }
    writer.into_inner().context("cannot write the list of items")
}

/// Collects what is compared: summary, items, outbox and the reports.
pub fn collect(root: &Path) -> Result<Outputs> {
    let mut outputs = Outputs::new();
    for name in ["summary.json", "summary.txt", "items.csv"] {
        outputs.insert(name.to_owned(), read(&root.join(name))?);
    }
    if root.join(CUSTOMS).is_file() {
        outputs.insert(CUSTOMS.to_owned(), read(&root.join(CUSTOMS))?);
    }
    for part in ["outbox", "done", "failed"] {
        collect_below(root, &root.join(part), part != "outbox", &mut outputs)?;
    }
    Ok(outputs)
}

/// Collects an `expected/` folder whole.
pub fn expected(root: &Path) -> Result<Outputs> {
    let mut outputs = Outputs::new();
    if root.is_dir() {
        collect_below(root, root, false, &mut outputs)?;
    }
    Ok(outputs)
}

fn collect_below(root: &Path, folder: &Path, only_reports: bool, outputs: &mut Outputs) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot look into `{}`", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot look into `{}`", folder.display()))?.path();
        if path.is_dir() {
            collect_below(root, &path, only_reports, outputs)?;
        } else if !only_reports || path.to_string_lossy().ends_with(".report.json") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            outputs.insert(name, read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Writes the outputs as the new expectation, in place of the old one.
pub fn bless(folder: &Path, outputs: &Outputs) -> Result<()> {
    let write = || -> std::io::Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        for (name, bytes) in outputs {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, bytes)?;
        }
        Ok(())
    };
    write().with_context(|| format!("cannot write `{}`", folder.display()))
}

/// How many lines of a file that differs are shown.
const LINES: usize = 8;

/// Returns what differs, as lines for people; empty when nothing does.
pub fn differences(expected: &Outputs, found: &Outputs) -> Vec<String> {
    let mut lines = Vec::new();
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    for name in names {
        match (expected.get(name), found.get(name)) {
            (Some(_), None) => lines.push(format!("{name}: expected, and not there")),
            (None, Some(_)) => lines.push(format!("{name}: there, and not expected")),
            (Some(expected), Some(found)) if expected != found => {
                lines.push(format!("{name}: differs"));
                lines.extend(line_differences(expected, found));
            }
            _ => {}
        }
    }
    lines
}

fn line_differences(expected: &[u8], found: &[u8]) -> Vec<String> {
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut shown = Vec::new();
    for number in 1.. {
        let pair = (expected.next(), found.next());
        if pair == (None, None) || shown.len() >= 2 * LINES {
            break;
        }
        if pair.0 != pair.1 {
            shown.push(format!("  line {number}: - {}", pair.0.unwrap_or("(end)")));
            shown.push(format!("  line {number}: + {}", pair.1.unwrap_or("(end)")));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Outputs, differences};

    #[test]
    fn tells_what_differs_and_nothing_else() {
        let outputs = |pairs: &[(&str, &str)]| -> Outputs {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let expected = outputs(&[("a", "1\n2\n3\n"), ("b", "x"), ("c", "same")]);
        let found = outputs(&[("a", "1\n4\n3\n"), ("c", "same"), ("d", "y")]);
        let lines = differences(&expected, &found);
        assert_eq!(
            lines,
            [
                "a: differs",
                "  line 2: - 2",
                "  line 2: + 4",
                "b: expected, and not there",
                "d: there, and not expected"
            ]
        );
        assert!(differences(&expected, &expected).is_empty());
    }
}
