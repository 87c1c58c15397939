//! An answer that a station keeps, reckoned again by the tables that it was made with.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_postal::S10;
use caravan_station::ItemName;
use caravan_store::Store;
use caravan_tariff::{Decision, Engine, Question};

use super::super::FOUND;
use super::Assess;
use crate::folder::Folder;
use crate::intake::Desk;
use crate::overlay::Overlay;
use crate::scenario::settings;

impl Assess {
    /// Shows the answer about a kept item with every row behind it.
    pub(super) async fn kept(&self, identifier: &str) -> Result<ExitCode> {
        let station = self.station.as_deref().context("a station is named with the item")?;
        let folder = Folder::open(station)?;
        let desk = Desk::open(settings(folder.root())?.0, folder.root())?;
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let name =
            S10::parse(identifier).map_or_else(|_| ItemName::Other(identifier.to_owned()), ItemName::S10);
        let found = store.items(&[name]).await?;
        let absent = || io::Error::new(io::ErrorKind::NotFound, format!("there is no item `{identifier}`"));
        let item = found.first().ok_or_else(absent).context("cannot show the answer")?;
        let declared = store.declaration_of(item.id).await?;
        let declared = declared.ok_or_else(absent).context("nothing was declared for it")?;
        let revision = match declared.assessed {
            Some((id, _)) => store.revision(id).await?,
            None => None,
        };
        store.close().await;
        let engine = match &revision {
            Some((_, tables)) => Overlay::unpack(tables)?,
            None => Engine::builtin(),
        };
        if revision.as_ref().is_none_or(|(name, _)| name != engine.revision()) {
            eprintln!("the program reads tables in another way than when the answer was made: it may differ");
        }
        let declaration = packed::decode(&declared.packed).context("cannot unpack a declaration")?;
        let filing = desk.filing(desk.config.day(declared.kept_ms));
        let mut question = filing.question(&declaration);
        if let Some((_, accepted_on)) = declared.assessed {
            question = Question { accepted_on, ..question };
        }
        let mut explanation = engine.explain(&question);
        let known =
            caravan_tariff::packed::decode(&declared.assessment).context("cannot unpack an assessment")?;
        // What reading found is part of the decision that is kept, and of nothing that is reckoned here.
        explanation.assessment.decision = known.decision;
        explanation.assessment.physical = known.physical;
        let sums = |charges: &[caravan_tariff::Charge]| -> Vec<_> {
            charges.iter().map(|charge| (charge.row.clone(), charge.amount)).collect()
        };
        if sums(&explanation.assessment.charges) != sums(&known.charges) {
            eprintln!("the answer that is kept has other charges: rates or settings have changed since");
        }
        let mut output = io::stdout().lock();
        self.print(&mut output, declared.item.ordinal(), identifier.to_owned(), Vec::new(), &explanation)?;
        output.flush()?;
        let is_stopped = known.decision != Decision::Go;
        Ok(if is_stopped { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }
}
