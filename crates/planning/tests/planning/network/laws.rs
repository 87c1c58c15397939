//! What must hold of any way.

use caravan_planning::{End, Journey, RowId};
use chrono::Days;
use proptest::prelude::*;

use super::{day, journey, network};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A way is a chain, goes forward in time, and is never worse than the usual legs with their waits.
    #[test]
    fn any_way_holds_together(from in 0usize..100, to in 0usize..100, days in 0u64..3000, wait in 0u32..40) {
        let network = network();
        let places: Vec<&RowId> = network.places().keys().collect();
        let place = |index: usize| End::Place(places[index % places.len()].clone());
        let leaves = day("2019-01-01").checked_add_days(Days::new(days)).unwrap();
        let journey = Journey {
            from: place(from),
            to: place(to),
            leaves,
            wait_days_max: wait,
            ..journey("almaty almaty 2020-01-01 1 D")
        };
        let answer = network.answer(&journey).unwrap();
        prop_assert_eq!(&network.answer(&journey).unwrap(), &answer);
        if let Some(Ok(usual)) = &answer.usual_as_it_is {
            prop_assert!(answer.best.as_ref().is_some_and(|best| best.arrives <= usual.arrives));
        }
        let Some(path) = answer.best else { return Ok(()) };
        prop_assert!(path.arrives_earliest <= path.arrives && path.leaves == leaves);
        prop_assert_eq!(i64::from(path.days), (path.arrives - leaves).num_days());
        let mut now = leaves;
        for pair in path.legs.windows(2) {
            prop_assert_eq!(&pair[0].to, &pair[1].from);
        }
        for leg in &path.legs {
            prop_assert!(now <= leg.leaves && leg.leaves <= leg.arrives);
            prop_assert!(leg.waits.iter().all(|wait| wait.hours > 0));
            prop_assert!(path.confidence >= leg.confidence);
            now = leg.arrives;
        }
    }
}
