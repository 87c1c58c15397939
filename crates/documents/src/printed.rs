//! Identifiers as documents print them for people: in groups, separated by spaces.

use std::fmt::Write;

use caravan_postal::{S8, S9, S10};

/// Returns a dispatch identifier in its parts: `CNURCA KZALAA C CN 6 0001`.
pub fn s8(id: S8) -> String {
    grouped(&id.to_string(), &[6, 6, 1, 2, 1, 4])
}

/// Returns a receptacle identifier in its parts: `CNURCA KZALAA C CN 6 0001 001 0 0 0253`.
pub fn s9(id: S9) -> String {
    grouped(&id.to_string(), &[6, 6, 1, 2, 1, 4, 3, 1, 1, 4])
}

/// Returns an item identifier in its parts: `RR 4731 2482 9 CN`.
pub fn s10(id: S10) -> String {
    id.printed()
}

/// Returns hectograms as kilograms with one decimal, as labels and bills print weight: `25.3`.
pub(crate) fn kilograms(hectograms: u64) -> String {
    format!("{}.{}", hectograms / 10, hectograms % 10)
}

fn grouped(text: &str, lengths: &[usize]) -> String {
    let mut printed = String::with_capacity(text.len() + lengths.len());
    let mut from = 0;
    for length in lengths {
        let separator = if from == 0 { "" } else { " " };
        write!(printed, "{separator}{}", &text[from..from + length]).expect("writing to a string succeeds");
        from += length;
    }
    assert_eq!(from, text.len(), "the groups hold the whole identifier");
    printed
}

#[cfg(test)]
mod tests {
    use caravan_postal::{S8, S9, S10};

    #[test]
    fn groups_lose_nothing() {
        let s9 = S9::parse("CNURCAKZALAACCN60001001000253").unwrap();
        let s10 = S10::parse("RR473124829CN").unwrap();
        for (printed, expected) in [
            (super::s8(s9.dispatch), "CNURCA KZALAA C CN 6 0001"),
            (super::s9(s9), "CNURCA KZALAA C CN 6 0001 001 0 0 0253"),
            (super::s10(s10), "RR 4731 2482 9 CN"),
        ] {
            assert_eq!(printed, expected);
        }
        assert_eq!(S9::parse(&super::s9(s9).replace(' ', "")), Some(s9));
        assert_eq!(S8::parse(&super::s8(s9.dispatch).replace(' ', "")), Some(s9.dispatch));
    }
}
