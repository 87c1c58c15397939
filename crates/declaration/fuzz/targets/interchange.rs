//! Any bytes as EDIFACT interchanges.

#![no_main]

use caravan_edi::{Interchange, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Interchange::read_all(bytes, &Limits::USUAL);
});
