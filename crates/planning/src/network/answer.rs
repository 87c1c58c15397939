//! The answer to a journey: the best way, and what it costs against the usual one.

use std::collections::BTreeSet;

use caravan_postal::Finding;
use chrono::NaiveDate;

use super::Network;
use super::calendar::Calendar;
use super::journey::{End, Journey, JourneyError, Path, Rejected};
use crate::codes;
use crate::table::RowId;

/// The best way, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The way with the earliest arrival; `None` where there is none.
    pub best: Option<Path>,
    /// The way that would be taken were nothing closed by date and nowhere a queue.
    pub usual: Option<Path>,
    /// How the usual way would go as things are: with its waits, or the leg at which it ends.
    pub usual_as_it_is: Option<Result<Path, Rejected>>,
    /// Where there is no way: every leg that was reached and could not be taken.
    pub rejected: Vec<Rejected>,
}

/// How a way of given legs goes on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Along {
    /// As things are: with its waits, or the leg at which it ends.
    pub as_it_is: Result<Path, Rejected>,
    /// Were nothing closed by date and nowhere a queue.
    pub usual: Result<Path, Rejected>,
}

/// A way planned anew for mail that is under way or closed already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reroute {
    /// The answer from where the mail is.
    pub answer: Answer,
    /// The legs that were not planned before; each has been asked for its permissions on its new day.
    pub new_legs: Vec<RowId>,
    /// How many days later than planned it arrives; less than zero is earlier, `None` where there is no way.
    pub days_lost: Option<i64>,
}

impl Network {
    /// Returns the best way for a journey.
    pub fn answer(&self, journey: &Journey) -> Result<Answer, JourneyError> {
        let (from, to) = (self.end(&journey.from)?, self.end(&journey.to)?);
        let found = self.search(journey, &from, &to, Calendar::AsItIs);
        let usual = self.search(journey, &from, &to, Calendar::Usual).path;
        let legs = usual.as_ref().map(|path| path.leg_ids().cloned().collect::<Vec<_>>());
        let usual_as_it_is = legs.map(|legs| self.walk(journey, &legs, Calendar::AsItIs));
        // Who comes to a closed border too early may wait longer than is allowed, where the usual way comes in time.
        let waiting = usual_as_it_is.as_ref().and_then(|walked| walked.as_ref().ok());
        let best = match (found.path, waiting) {
            (Some(best), Some(waiting)) if waiting.arrives < best.arrives => Some(waiting.clone()),
            (None, Some(waiting)) => Some(waiting.clone()),
            (best, _) => best,
        };
        let rejected = if best.is_none() { found.rejected } else { Vec::new() };
        Ok(Answer { best, usual, usual_as_it_is, rejected })
    }

    /// Plans the rest of a way anew: `journey` as it was asked at first, `from` where the mail is on the day `leaves`, and
    /// `planned` the legs that were still to come and the day on which they would have ended.
    ///
    /// A closed dispatch keeps its office of destination and its category, so both are the journey's own.
    pub fn reroute(
        &self,
        journey: &Journey,
        from: End,
        leaves: NaiveDate,
        planned: (&[RowId], NaiveDate),
    ) -> Result<Reroute, JourneyError> {
        let (legs, arrives) = planned;
        if let Some(unknown) = legs.iter().find(|leg| !self.legs.contains_key(*leg)) {
            return Err(JourneyError::UnknownLeg(unknown.clone()));
        }
        let answer = self.answer(&Journey { from, leaves, ..journey.clone() })?;
        let known: BTreeSet<&RowId> = legs.iter().collect();
        let new_legs = answer.best.iter().flat_map(Path::leg_ids).filter(|leg| !known.contains(leg));
        let new_legs = new_legs.cloned().collect();
        let days_lost = answer.best.as_ref().map(|path| (path.arrives - arrives).num_days());
        Ok(Reroute { answer, new_legs, days_lost })
    }

    /// Returns how a journey goes by given legs, each beginning where the one before it ends.
    pub fn along(&self, journey: &Journey, legs: &[RowId]) -> Result<Along, JourneyError> {
        if let Some(unknown) = legs.iter().find(|leg| !self.legs.contains_key(*leg)) {
            return Err(JourneyError::UnknownLeg(unknown.clone()));
        }
        let walk = |calendar| self.walk(journey, legs, calendar);
        Ok(Along { as_it_is: walk(Calendar::AsItIs), usual: walk(Calendar::Usual) })
    }

    fn end(&self, end: &End) -> Result<RowId, JourneyError> {
        match end {
            End::Office(office) => {
                let place = self.place_of(*office).ok_or(JourneyError::UnknownOffice(*office))?;
                Ok(place.row.id.clone())
            }
            End::Place(id) if self.places.contains_key(id) => Ok(id.clone()),
            End::Place(id) => Err(JourneyError::UnknownPlace(id.clone())),
        }
    }
}

impl Answer {
    /// Returns whether the best way has other legs than the usual one.
    pub fn is_detour(&self) -> bool {
        match (&self.best, &self.usual) {
            (Some(best), Some(usual)) => !best.leg_ids().eq(usual.leg_ids()),
            _ => false,
        }
    }

    /// Returns how many days more the best way takes than the usual one.
    pub fn days_lost(&self) -> Option<u32> {
        let (best, usual) = (self.best.as_ref()?, self.usual.as_ref()?);
        Some(best.days.saturating_sub(usual.days))
    }

    /// Returns what people should know: a detour and its cost, waits, or every leg that stands in the way.
    pub fn findings(&self) -> Vec<Finding> {
        let Some(best) = &self.best else {
            let rejected = self.rejected.iter().map(Rejected::finding);
            return std::iter::once(codes::WAY_NONE.finding([""; 0])).chain(rejected).collect();
        };
        let mut findings = Vec::new();
        if self.is_detour() {
            let days = self.days_lost().unwrap_or(0).to_string();
            findings.push(codes::WAY_DETOUR.finding([days]));
            match &self.usual_as_it_is {
                Some(Err(rejected)) => findings.push(rejected.finding()),
                Some(Ok(waiting)) => findings.extend(waiting.findings()),
                None => {}
            }
        }
        findings.extend(best.findings());
        findings
    }
}
