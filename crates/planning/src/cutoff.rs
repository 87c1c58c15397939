//! The chain of cut-offs before a departure, counted backwards.

/// How many minutes each step ends before the next one.
///
/// Every lead is counted from the step after it, so that the steps cannot change places whatever the settings. By rail
/// they add up to half a day to a day and a half, by road to a few hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leads {
    /// From the container at the yard, its note accepted, to the departure: 6 to 24 hours by rail, 1 to 2 by road.
    pub gate_in_min: u32,
    /// From the customs release of the container to gate-in.
    pub customs_min: u32,
    /// From the sealed container with its final CN 37 to the customs release.
    pub sealed_min: u32,
    /// From the close of the dispatch, its bill and PREDES, to the sealed container.
    pub dispatch_close_min: u32,
    /// From the close of the last bag to the close of the dispatch.
    pub last_bag_min: u32,
    /// From the last item taken for sorting and customs to the close of the last bag.
    pub item_min: u32,
}

/// The last moment of each step before a departure, in milliseconds UTC, latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CutOffs {
    /// The departure itself.
    pub leaves_ms: i64,
    /// The container is at the yard, its note accepted.
    pub gate_in_ms: i64,
    /// Customs has released the container.
    pub customs_ms: i64,
    /// The container is sealed, its CN 37 final.
    pub sealed_ms: i64,
    /// The dispatch is closed, bill and PREDES made; receptacles ready later stay behind.
    pub dispatch_close_ms: i64,
    /// The last bag is closed.
    pub last_bag_ms: i64,
    /// Items released and present by then are sure to come into a bag of this departure.
    pub item_ms: i64,
}

impl Leads {
    /// Returns the cut-offs of a departure.
    pub fn before(&self, leaves_ms: i64) -> CutOffs {
        let gate_in_ms = earlier(leaves_ms, self.gate_in_min);
        let customs_ms = earlier(gate_in_ms, self.customs_min);
        let sealed_ms = earlier(customs_ms, self.sealed_min);
        let dispatch_close_ms = earlier(sealed_ms, self.dispatch_close_min);
        let last_bag_ms = earlier(dispatch_close_ms, self.last_bag_min);
        let item_ms = earlier(last_bag_ms, self.item_min);
        CutOffs { leaves_ms, gate_in_ms, customs_ms, sealed_ms, dispatch_close_ms, last_bag_ms, item_ms }
    }
}

fn earlier(time_ms: i64, minutes: u32) -> i64 {
    time_ms.saturating_sub(i64::from(minutes) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::Leads;

    #[test]
    fn counts_back_from_the_departure() {
        let leads = Leads {
            gate_in_min: 720,
            customs_min: 180,
            sealed_min: 60,
            dispatch_close_min: 60,
            last_bag_min: 30,
            item_min: 150,
        };
        let hours = |ms: i64| (100 * 3_600_000 - ms) / 1_800_000;
        let cut_offs = leads.before(100 * 3_600_000);
        let half_hours = [
            cut_offs.leaves_ms,
            cut_offs.gate_in_ms,
            cut_offs.customs_ms,
            cut_offs.sealed_ms,
            cut_offs.dispatch_close_ms,
            cut_offs.last_bag_ms,
            cut_offs.item_ms,
        ]
        .map(hours);
        assert_eq!(half_hours, [0, 24, 30, 32, 34, 35, 40]);
    }

    #[test]
    fn stops_at_the_beginning_of_time() {
        let most = u32::MAX;
        let leads = Leads {
            gate_in_min: most,
            customs_min: most,
            sealed_min: most,
            dispatch_close_min: most,
            last_bag_min: most,
            item_min: most,
        };
        assert_eq!(leads.before(i64::MIN + 1).item_ms, i64::MIN);
    }
}
