//! The draft of a verification note about a dispatch of this office: what its partner's answers and the pre-advice do not
//! agree in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use caravan_postal::Impc;
use caravan_station::{Dispatch, DispatchId, Receptacle, ReceptacleId, ReceptacleState, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::papers::outbound;
use crate::forms::{Difference, Note, differences, form};

impl Flow {
    /// Drafts the note anew, with all that is found so far.
    pub(super) async fn claim_note(&mut self, id: DispatchId) -> Result<Vec<Outbound>> {
        let state = self.station.state();
        let dispatch = state.dispatches[&id].clone();
        let own: BTreeSet<ReceptacleId> =
            state.receptacles.values().filter(|one| one.dispatch == Some(id)).map(|one| one.id).collect();
        let kept = self.store.differences_of(id).await?;
        let mut found: Vec<(String, Vec<String>)> =
            kept.into_iter().map(|row| (row.code, row.arguments)).collect();
        for new in &self.station.changes().findings {
            let is_its = match new.subject {
                Subject::Dispatch(subject) => subject == id,
                Subject::Receptacle(subject) => own.contains(&subject),
                _ => false,
            };
            if is_its {
                let arguments = new.finding.arguments.iter().map(ToString::to_string).collect();
                found.push((new.finding.code.name.to_owned(), arguments));
            }
        }
        let came = state.receptacles.values().filter(|one| one.state == ReceptacleState::Acknowledged);
        let differences = differences(&found, &came.map(Receptacle::name).collect());
        let (to, at_ms) = (dispatch.series.destination, self.station.now_ms());
        Ok(self.draft(&dispatch, to, ("heard", at_ms), &differences))
    }

    /// Writes the draft of a note about a dispatch to an office; nothing where nothing differs.
    pub(super) fn draft(
        &mut self,
        dispatch: &Dispatch,
        to: Impc,
        (when, at_ms): (&str, i64),
        differences: &[Difference],
    ) -> Vec<Outbound> {
        if differences.is_empty() {
            return Vec::new();
        }
        let series = dispatch.series;
        let form = form(series.subclass.class());
        let number = self.station.number_form(form, Subject::Dispatch(dispatch.id));
        let (origin, destination) =
            (self.forms().office(series.origin), self.forms().office(series.destination));
        let mut text = format!("VERIFICATION NOTE {form} (DRAFT)\n");
        for (name, value) in [
            ("number", number.clone()),
            ("dispatch", dispatch.s8.to_string()),
            ("from", format!("{} {}", origin.code, origin.name)),
            ("to", format!("{} {}", destination.code, destination.name)),
            (when, self.desk.config.stamp(at_ms)),
        ] {
            writeln!(text, "{name:<22}{}", value.trim_end()).expect("a text takes any line");
        }
        text.push('\n');
        for (what, which) in differences.iter().map(Difference::line) {
            writeln!(text, "{what:<22}{which}").expect("a text takes any line");
        }
        let key = format!("verification/{}", dispatch.s8);
        let drawn = |flow: &Self, language| {
            let note = Note {
                number,
                s8: dispatch.s8,
                to: flow.forms().office(to),
                at_ms,
                own: (series.origin == flow.desk.config.office.code).then_some(dispatch),
                irregularities: differences.iter().map(Difference::irregularity).collect(),
                is_forwarded: false,
            };
            flow.forms().verification_note(note).draw(language)
        };
        let printed = self.printed(Subject::Dispatch(dispatch.id), format!("{key}.pdf"), drawn);
        [outbound(format!("{key}.txt"), text)].into_iter().chain(printed).collect()
    }
}
