//! The draft of a verification note about a dispatch of this office: what its partner's answers and the pre-advice do not
//! agree in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use caravan_postal::MailClass;
use caravan_station::{DispatchId, ReceptacleId, ReceptacleState, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::papers::outbound;

impl Flow {
    /// Drafts the note anew, with all that is found so far. Letters have the form CN 43, parcels CP 78.
    pub(super) async fn claim_note(&mut self, id: DispatchId) -> Result<Option<Outbound>> {
        let state = self.station.state();
        let dispatch = &state.dispatches[&id];
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
        let came: BTreeSet<String> = came.map(caravan_station::Receptacle::name).collect();
        let mut lines: Vec<(&str, String)> = Vec::new();
        for line in found.iter().filter_map(|(code, arguments)| line(code, arguments)) {
            let is_back = line.0 == MISSING && came.contains(&line.1);
            if !is_back && !lines.contains(&line) {
                lines.push(line);
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let series = dispatch.series;
        let form = if series.subclass.class() == MailClass::Parcels { "CP 78" } else { "CN 43" };
        let (origin, destination) = (self.office(series.origin), self.office(series.destination));
        let mut text = format!("VERIFICATION NOTE {form} (DRAFT)\n");
        for (name, value) in [
            ("dispatch", dispatch.s8.to_string()),
            ("from", format!("{} {}", origin.code, origin.name)),
            ("to", format!("{} {}", destination.code, destination.name)),
            ("heard", self.desk.config.stamp(self.station.now_ms())),
        ] {
            writeln!(text, "{name:<22}{}", value.trim_end()).expect("a text takes any line");
        }
        text.push('\n');
        for (what, which) in lines {
            writeln!(text, "{what:<22}{which}").expect("a text takes any line");
        }
        Ok(Some(outbound(format!("verification/{}.txt", dispatch.s8), text)))
    }
}

const MISSING: &str = "receptacle missing";

/// Returns a finding as a line of the note; nothing of what is no irregularity between two posts.
fn line(code: &str, arguments: &[String]) -> Option<(&'static str, String)> {
    let line = match (code, arguments) {
        ("match-missing" | "match-lost", [receptacle, _]) => (MISSING, receptacle.clone()),
        ("match-extra", [receptacle, _]) => ("receptacle in excess", receptacle.clone()),
        ("match-mis-sent", [receptacle, office, _]) => {
            ("receptacle mis-sent", format!("{receptacle}  is for {office}"))
        }
        ("match-weight", [receptacle, told, received]) => {
            ("weight differs", format!("{receptacle}  advised {told} kg, reported {received} kg"))
        }
        ("match-flag", [receptacle, flag, told, received]) if flag != "@highest-flag" => {
            ("handling differs", format!("{receptacle}  advised {told}, reported {received}"))
        }
        _ => return None,
    };
    Some(line)
}
