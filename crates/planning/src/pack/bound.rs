//! How few bins are possible at all.

use super::instance::Vector;

/// Returns a number of bins that no packing of `items` can stay below.
///
/// Each dimension by itself is a packing in one dimension, and the greatest of their bounds holds for all together:
/// the sum over the capacity, bound L2 of Martello and Toth (1990), which also sees that big items cannot share, and the
/// rounding of Fekete and Schepers (2001), which sees that a bin takes two items of a little over a third.
pub(super) fn of_vectors<const D: usize>(items: &[Vector<D>], capacity: &Vector<D>) -> usize {
    let bounds = (0..D).map(|d| {
        let mut sizes: Vec<u64> = items.iter().map(|item| item[d]).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        l2(&sizes, capacity[d]).max(rounded(&sizes, capacity[d]))
    });
    // Items that take up nothing still lie somewhere.
    bounds.max().unwrap_or(0).max(usize::from(!items.is_empty()))
}

/// Returns bound L2 for sizes in descending order, none over the capacity.
///
/// For a threshold `k` of at most half the capacity: items over half (there are `halves`) each need their own bin, and
/// of these the ones over `capacity - k` (`alone`) leave no room for any item of `k` or more. What items between `k`
/// and half the capacity take up beyond the room of the other `halves` needs bins of its own.
fn l2(sizes: &[u64], capacity: u64) -> usize {
    if capacity == 0 {
        return 0;
    }
    let halves = sizes.partition_point(|size| *size > capacity / 2);
    let mut sums = Vec::with_capacity(sizes.len() + 1);
    sums.push(0u128);
    for size in sizes {
        sums.push(sums[sums.len() - 1] + u128::from(*size));
    }
    let whole = u128::from(capacity);
    let mut most = halves;
    let mut end = halves;
    while end < sizes.len() {
        let threshold = sizes[end];
        end += sizes[end..].partition_point(|size| *size == threshold);
        let alone = sizes[..halves].partition_point(|size| *size > capacity - threshold);
        let room = (halves - alone) as u128 * whole - (sums[halves] - sums[alone]);
        let beyond = (sums[end] - sums[halves]).saturating_sub(room).div_ceil(whole);
        most = most.max(halves + usize::try_from(beyond).unwrap_or(usize::MAX - halves));
    }
    most
}

/// Sizes are rounded to halves, thirds and so on to this part.
const PARTS_MAX: u128 = 24;

/// Returns the greatest bound by rounded sizes, for sizes in descending order, none over the capacity.
///
/// For each `k` a size counts as the `k`th parts of a bin that it has `k + 1`th parts of, rounded down, or as what it is
/// where that is a whole number: what fits into a bin counts as one bin at most (Fekete and Schepers, 2001).
fn rounded(sizes: &[u64], capacity: u64) -> usize {
    if capacity == 0 {
        return 0;
    }
    let bound = |k: u128| {
        let (mut parts, mut exact) = (0, 0);
        for part in 1..=k + 1 {
            let limit = part * u128::from(capacity);
            let at_least = sizes.partition_point(|size| u128::from(*size) * (k + 1) >= limit);
            let above = sizes[..at_least].partition_point(|size| u128::from(*size) * (k + 1) > limit);
            let equal = (at_least - above) as u128;
            parts += at_least as u128;
            exact += part * equal;
        }
        // In parts of `k (k + 1)` to a bin.
        let all = (parts - exact) * (k + 1) + exact * k;
        usize::try_from(all.div_ceil(k * (k + 1))).unwrap_or(usize::MAX)
    };
    (1..=PARTS_MAX).map(bound).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{l2, rounded};

    /// Weighs the definition itself: every threshold, every sum by hand.
    fn by_definition(sizes: &[u64], capacity: u64) -> usize {
        let thresholds = (0..=capacity / 2).map(|threshold| {
            let over_half: Vec<u64> = sizes.iter().copied().filter(|size| *size > capacity / 2).collect();
            let shared = over_half.iter().filter(|size| **size <= capacity - threshold);
            let room: u64 = shared.map(|size| capacity - size).sum();
            let small: u64 = sizes.iter().filter(|size| **size <= capacity / 2 && **size >= threshold).sum();
            over_half.len() + usize::try_from(small.saturating_sub(room).div_ceil(capacity)).unwrap()
        });
        thresholds.max().unwrap()
    }

    #[test]
    fn sees_what_the_sum_does_not() {
        for (sizes, capacity, bound) in [
            (&[][..], 10, 0),
            (&[6, 6, 6], 10, 3),
            (&[7, 7, 4, 4], 10, 3),
            (&[5, 5, 5], 10, 2),
            (&[10, 1], 10, 2),
            (&[4, 4, 4, 4], 10, 2),
            (&[9, 9, 2, 1, 1], 10, 3),
        ] {
            assert_eq!(l2(sizes, capacity), bound, "{sizes:?}");
        }
    }

    #[test]
    fn sees_how_many_of_a_size_go_into_a_bin() {
        for (sizes, capacity, bound) in [
            (&[][..], 10, 0),
            (&[7; 9][..], 20, 5),
            (&[5; 9], 20, 3),
            (&[6; 9], 20, 3),
            (&[4; 11], 19, 3),
            (&[20, 7, 7, 7, 3], 20, 3),
            (&[u64::MAX, u64::MAX / 2, u64::MAX / 2], u64::MAX, 2),
        ] {
            assert_eq!(rounded(sizes, capacity), bound, "{sizes:?}");
        }
    }

    /// Whatever fits into one bin counts as one bin at most.
    #[test]
    fn rounds_no_content_of_a_bin_to_more() {
        for a in 0..=24u64 {
            for b in 0..=a.min(24 - a) {
                for c in 0..=b.min(24 - a - b) {
                    let rest = vec![1; usize::try_from(24 - a - b - c).unwrap()];
                    let mut sizes = [&[a, b, c][..], &rest].concat();
                    sizes.sort_unstable_by(|a, b| b.cmp(a));
                    assert!(rounded(&sizes, 24) <= 1, "{sizes:?}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_its_definition(mut sizes in proptest::collection::vec(0u64..=20, 0..30), capacity in 20u64..30) {
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            proptest::prop_assert_eq!(l2(&sizes, capacity), by_definition(&sizes, capacity));
        }
    }
}
