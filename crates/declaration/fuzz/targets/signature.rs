//! Any text as a signed message.

#![no_main]

use caravan_declaration::signature::{Trust, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = verify(text, Trust::Any);
});
