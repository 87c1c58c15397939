//! Any bytes as a message of China's cross-border platform: documents of every kind, and what receipts mean.

#![no_main]

use std::ops::ControlFlow;

use caravan_declaration::{Limits, ceb};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = ceb::read(bytes, &Limits::standard(), |document| {
        let _ = ceb::answer(&document.document);
        ControlFlow::Continue(())
    });
    read.expect("memory does not fail");
});
