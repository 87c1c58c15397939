//! Papers as PDF, where the station prints them. What could not be printed as it was meant is found.

use caravan_documents::pdf::{self, Drawn};
use caravan_postal::Language;
use caravan_station::Subject;
use caravan_store::Outbound;

use super::Flow;

impl Flow {
    /// Prints a form about a subject in the language of the office; nothing where the station prints none.
    pub(super) fn printed(
        &mut self,
        subject: Subject,
        key: String,
        draw: impl FnOnce(Language) -> Drawn,
    ) -> Option<Outbound> {
        if !self.desk.config.papers.pdf {
            return None;
        }
        let language = self.desk.config.office.language;
        let drawn = draw(language);
        for finding in &drawn.findings {
            self.station.find(subject, finding.clone());
        }
        match pdf::print(&drawn.name, language, std::slice::from_ref(&drawn)) {
            Ok(body) => Some(Outbound { key, body }),
            Err(error) => {
                self.not_written(subject, &drawn.name, &error);
                None
            }
        }
    }
}
