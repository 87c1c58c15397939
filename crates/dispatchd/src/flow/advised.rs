//! Dispatches that partners advise: the pre-advice PREDES becomes an operation of the station, and what its numbers leave
//! out becomes work for a person.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use caravan_edi::codes::MATCH_SERIAL_GAP;
use caravan_edi::predes::{self, Advice as Advised, Function};
use caravan_postal::{ReceptacleKind, S8};
use caravan_station::operation::MATCH_SENDER;
use caravan_station::{
    Act, Advice, AdvisedReceptacle, Dispatch, DispatchId, DispatchState, Operation, Subject,
};
use caravan_store::AnsweredDispatch;

use super::Flow;
use super::heard::new_gaps;

/// Returns what a pre-advice tells the station; nothing when nobody can tell of which dispatch it is. A cancellation
/// withdraws all its receptacles.
pub(super) fn act(advised: Advised) -> Option<Act> {
    let dispatch = advised.s8?;
    let is_cancelled = advised.function == Some(Function::Cancellation);
    let receptacle = |one: predes::AdvisedReceptacle| AdvisedReceptacle {
        s9: one.s9,
        kind: one.kind.unwrap_or(ReceptacleKind::Bag),
        seal: one.seal,
        advice: Advice {
            gross: one.gross_weight,
            count: one.item_count,
            items: one.items.iter().map(|item| item.s10).collect(),
        },
    };
    let receptacles = advised.receptacles.into_iter().map(receptacle);
    Some(Act::Advise { dispatch, receptacles: if is_cancelled { Vec::new() } else { receptacles.collect() } })
}

impl Flow {
    /// Lets the station take note of an advice, with what it is about at hand.
    pub(super) async fn advise(&mut self, act: Act, sender: &str, at_ms: i64) -> Result<()> {
        let Act::Advise { dispatch: s8, receptacles } = &act else { return Ok(()) };
        let s8 = *s8;
        if !self.station.speaks_for(sender, s8.series().origin) {
            let known = self.arriving(s8).map_or(Subject::Station, |dispatch| Subject::Dispatch(dispatch.id));
            let said = ["predes".to_owned(), s8.to_string(), sender.to_owned()];
            self.station.find(known, MATCH_SENDER.finding(said));
            return Ok(());
        }
        let named: BTreeSet<u32> =
            receptacles.iter().filter(|one| one.s9.dispatch == s8).map(|one| one.s9.serial()).collect();
        let operation = Operation { at_ms, act, note: String::new() };
        self.admit(std::slice::from_ref(&operation)).await?;
        let before = self.arriving(s8).map(|dispatch| (dispatch.id, self.advised_of(dispatch)));
        self.station.apply(&operation);
        let Some(dispatch) = self.arriving(s8).cloned() else { return Ok(()) };
        let known = before.filter(|(id, _)| *id == dispatch.id).map(|(_, serials)| serials);
        let told = known.as_ref().map(serial_gaps).unwrap_or_default();
        for (from, to) in serial_gaps(&named).into_iter().filter(|gap| !told.contains(gap)) {
            let numbers = [s8.to_string(), format!("{from:03}"), format!("{to:03}")];
            self.station.find(Subject::Dispatch(dispatch.id), MATCH_SERIAL_GAP.finding(numbers));
        }
        if known.is_none() {
            self.tell_unadvised(&dispatch).await?;
        }
        Ok(())
    }

    /// Says which dispatches of a partner's series nobody has advised though later ones have been, when that is new with
    /// this one. What came before the first one that is known here is nobody's gap.
    async fn tell_unadvised(&mut self, dispatch: &Dispatch) -> Result<()> {
        let (series, year, serial) = (dispatch.series, dispatch.year, dispatch.s8.serial());
        let kept = self.store.answered(series, year).await?;
        let mut ids: BTreeMap<u32, DispatchId> = kept.into_iter().map(|one| (one.serial, one.id)).collect();
        let here = self.station.state().dispatches.values();
        let here = here.filter(|one| (one.series, one.year) == (series, year));
        ids.extend(here.map(|one| (one.s8.serial(), one.id)));
        let first = ids.keys().next().copied().unwrap_or(serial);
        // Each of them was advised, and only this one is new.
        let known = ids.into_iter().map(|(number, id)| AnsweredDispatch {
            id,
            serial: number,
            state: DispatchState::Advised,
            is_answered: number != serial,
        });
        let known: Vec<AnsweredDispatch> = known.collect();
        for fault in new_gaps(first, &known, serial) {
            self.station.find(Subject::Dispatch(dispatch.id), fault.finding(series, year));
        }
        Ok(())
    }

    /// Returns the dispatch for this office of an identifier, the latest where it has come before.
    fn arriving(&self, s8: S8) -> Option<&Dispatch> {
        let dispatches = self.station.state().dispatches.values().filter(|one| one.s8 == s8);
        dispatches.max_by_key(|one| one.year)
    }

    /// Returns the numbers of the receptacles of a dispatch that were advised.
    fn advised_of(&self, dispatch: &Dispatch) -> BTreeSet<u32> {
        let own = self.station.state().receptacles.values().filter(|one| one.dispatch == Some(dispatch.id));
        own.filter(|one| one.advice.is_some()).filter_map(|one| Some(one.s9?.serial())).collect()
    }
}

/// Returns the runs of numbers from 1 on that are left out of a set.
pub(super) fn serial_gaps(serials: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let (mut gaps, mut expected) = (Vec::new(), 1);
    for serial in serials {
        if *serial > expected {
            gaps.push((expected, serial - 1));
        }
        expected = serial + 1;
    }
    gaps
}

#[cfg(test)]
mod tests {
    use caravan_edi::{Content, Interchange, Layouts, Limits};
    use caravan_station::Act;

    use super::act;

    const ADVICE: &str = include_str!("../../../../fixtures/chongqing-inbound/declarations/predes.edi");

    /// The one door: reads a file, and returns each dispatch with its receptacles and listed items, and what was found.
    fn check(text: &str, expected: &[(&str, usize, usize)], codes: &[&str]) {
        let interchange = Interchange::read(text.as_bytes(), &Limits::USUAL);
        let mut findings = interchange.findings.clone();
        let layouts = Layouts::default();
        let read =
            interchange.messages.iter().filter_map(|message| Content::read(&layouts, message, &mut findings));
        let advices = read.filter_map(|content| match content {
            Content::Predes(advice) => act(advice),
            other => panic!("{other:?}"),
        });
        let told: Vec<_> = advices.collect();
        let told = told.iter().map(|act| match act {
            Act::Advise { dispatch, receptacles } => {
                let items = receptacles.iter().map(|receptacle| receptacle.advice.items.len()).sum();
                (dispatch.to_string(), receptacles.len(), items)
            }
            other => panic!("{other:?}"),
        });
        let expected = expected
            .iter()
            .map(|(dispatch, receptacles, items)| ((*dispatch).to_owned(), *receptacles, *items));
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        assert_eq!(findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn reads_advices_cancellations_and_what_is_neither() {
        let (parcels, letters, transit) =
            ("DEFRAACNCKGACCN60042", "DEFRAACNCKGACUN60117", "DEFRAACNCKGACCA60003");
        check(ADVICE, &[(parcels, 4, 10), (letters, 1, 2), (transit, 1, 1)], &[]);
        let cancelled = ADVICE.replace(&format!("{letters}+9'"), &format!("{letters}+1'"));
        check(&cancelled, &[(parcels, 4, 10), (letters, 0, 0), (transit, 1, 1)], &[]);
        let other = ADVICE.replace("UNH+3+PREDES", "UNH+3+CONTRL");
        check(&other, &[(parcels, 4, 10), (letters, 1, 2)], &["edi-message-foreign"]);
        let unnamed = ADVICE.replace(&format!("BGM++{letters}"), "BGM++X");
        check(&unnamed, &[(parcels, 4, 10), (transit, 1, 1)], &["edi-dispatch-unreadable"]);
    }
}
