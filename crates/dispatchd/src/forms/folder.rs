//! The folder of a departure: all its papers in one.

use std::collections::BTreeSet;

use caravan_documents::form::{DepartureFolder, FolderPart};
use caravan_postal::Language;
use caravan_station::Departure;

use super::{Contents, Forms, Loaded};

impl Forms<'_> {
    /// Draws all papers of a departure, container by container: CN 37, the papers of the dispatches that begin in it,
    /// loading list, customs transfer sheet, and what the carrier's note is filled in from.
    pub(crate) fn folder(
        self,
        departure: &Departure,
        containers: &[Loaded<'_>],
        dispatches: &[Contents],
        language: Language,
    ) -> DepartureFolder {
        let mut told = BTreeSet::new();
        let mut parts = Vec::new();
        for loaded in containers {
            let mut papers = vec![self.draw_delivery_bill(loaded, language)];
            for contents in dispatches {
                let id = contents.dispatch.id;
                let is_here = loaded.inside.iter().any(|receptacle| receptacle.dispatch == Some(id));
                if is_here && told.insert(id) {
                    papers
                        .extend(self.dispatch_papers(contents, language).into_iter().map(|(_, drawn)| drawn));
                }
            }
            papers.extend(self.empty_bill(loaded).map(|bill| bill.draw(language)));
            papers.extend(self.loading(loaded).map(|loading| loading.list().draw(language)));
            papers.extend(self.container_papers(loaded, language).map(|(_, drawn)| drawn));
            parts.push(FolderPart { name: loaded.container.number.clone(), papers });
        }
        DepartureFolder {
            office: self.own_office(),
            departure: departure.key.clone(),
            route: departure.route.clone(),
            carrier: self.carrier(&departure.key),
            departs_at: self.local(departure.departs_ms),
            parts,
        }
    }
}

/// Returns the name of a departure's folder in the outbox: colons are left out of the time.
pub(crate) fn name(departure: &str) -> String {
    format!("departure/{}", departure.replace(':', ""))
}
