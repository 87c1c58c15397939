//! `caravan whatif`: past declarations under another date or other tables.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::{Declaration, ReadItem, packed, read_with};
use caravan_postal::Language;
use caravan_station::ItemId;
use caravan_store::Store;
use chrono::NaiveDate;
use clap::Args;

use super::{FOUND, day, language, settings};
use crate::folder::Folder;
use crate::intake::Desk;
use crate::overlay::{FOLDER, Overlay};
use crate::scenario::{Arrival, Scenario};
use crate::whatif::WhatIf;

/// Judge past declarations by another date or other tables, and show what changes.
///
/// Every declaration is judged as it was, on the day on which it came, and otherwise; what is the same is not shown. It
/// ends with 1 when an answer changes.
#[derive(Debug, Args)]
pub(super) struct Whatif {
    /// A scenario, or a station folder with its database.
    folder: PathBuf,
    /// The day on which all of them would be filed.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, required_unless_present = "tables")]
    on: Option<NaiveDate>,
    /// A folder of tables that are laid over the program's and the station's own.
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
    /// The address of the database, where it is not in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Only the sums.
    #[arg(long)]
    sums: bool,
    /// The language: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Print JSON: an object for each item that changes, and one with the sums.
    #[arg(long)]
    json: bool,
}

impl Whatif {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let desk = Desk::open(settings(&self.folder)?, &self.folder)?;
        let other = match &self.tables {
            Some(tables) if !tables.is_dir() => {
                let error = io::Error::from(io::ErrorKind::NotFound);
                return Err(error).with_context(|| format!("`{}` is no folder of tables", tables.display()));
            }
            Some(tables) => {
                let engine =
                    Overlay::read(&self.folder.join(FOLDER))?.under(Overlay::read(tables)?).engine()?;
                let checked = engine.check(&desk.config.options);
                checked.with_context(|| {
                    format!("`[tariff]` of `station.toml`, by the tables of `{}`", tables.display())
                })?;
                Some(engine)
            }
            None => None,
        };
        let mut whatif = WhatIf::new(&desk, other, self.on);
        let mut output = BufWriter::new(io::stdout().lock());
        if self.folder.join("scenario.toml").is_file() {
            self.scenario(&desk, &mut whatif, &mut output)?;
        } else {
            self.station(&desk, &mut whatif, &mut output).await?;
        }
        if self.json {
            writeln!(output, "{}", whatif.sums.json())?;
        } else {
            write!(output, "{}", whatif.sums.text(self.language))?;
        }
        output.flush()?;
        if whatif.sums.declarations == 0 {
            eprintln!("`{}` has no declarations to judge", self.folder.display());
        }
        Ok(if whatif.sums.changed > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }

    fn scenario(&self, desk: &Desk, whatif: &mut WhatIf<'_>, output: &mut impl Write) -> Result<()> {
        let scenario = Scenario::read(&self.folder, &desk.config)?;
        // A declaration that comes again replaces the one before: the last one counts, and it counts once.
        let (mut last, mut counting) = (HashMap::new(), Vec::new());
        for arrival in &scenario.arrivals {
            let mut items = Vec::new();
            let is_whole = each_item(desk, arrival, |item| {
                items.push((item.declaration.name(), (counting.len(), item.ordinal)));
                Ok(())
            })?;
            // Nothing counts of a file that breaks off.
            if is_whole {
                last.extend(items);
                counting.push(arrival);
            }
        }
        for (index, arrival) in counting.into_iter().enumerate() {
            let day = desk.config.day(arrival.at_ms);
            each_item(desk, arrival, |item| {
                let name = item.declaration.name();
                let is_last = name.is_empty() || last.get(&name) == Some(&(index, item.ordinal));
                if is_last { self.judge(whatif, &item.declaration, day, output) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    async fn station(&self, desk: &Desk, whatif: &mut WhatIf<'_>, output: &mut impl Write) -> Result<()> {
        let folder = Folder::open(&self.folder)?;
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let mut behind = ItemId(0);
        loop {
            let page = store.declarations_behind(behind).await?;
            let Some(last) = page.last() else { break };
            behind = last.item;
            for kept in &page {
                let declaration = packed::decode(&kept.packed).context("cannot unpack a declaration")?;
                self.judge(whatif, &declaration, desk.config.day(kept.kept_ms), output)?;
            }
        }
        store.close().await;
        Ok(())
    }

    fn judge(
        &self,
        whatif: &mut WhatIf<'_>,
        declaration: &Declaration<'_>,
        filed_on: NaiveDate,
        output: &mut impl Write,
    ) -> Result<()> {
        let difference = whatif.judge(declaration, filed_on).filter(|_| !self.sums);
        let Some(difference) = difference else { return Ok(()) };
        if self.json {
            writeln!(output, "{}", serde_json::to_string(&difference).expect("a difference is JSON"))?;
        } else {
            writeln!(output, "{}", difference.text(self.language))?;
        }
        Ok(())
    }
}

/// Reads the items of a file that arrives, until one of them fails; returns whether the file was read to its end.
fn each_item(
    desk: &Desk,
    arrival: &Arrival,
    mut each: impl FnMut(&ReadItem<'_>) -> Result<()>,
) -> Result<bool> {
    let path = arrival.path.display();
    let input = File::open(&arrival.path).with_context(|| format!("cannot read `{path}`"))?;
    let mut done = Ok(());
    let options = desk.correspondents.of(&arrival.name).options();
    let outcome = read_with(input, &desk.limits, &options, |item| {
        done = each(&item);
        if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let outcome = outcome.with_context(|| format!("cannot read `{path}`"))?;
    done.map(|()| outcome.is_whole)
}
