//! Any bytes through the one door: recognised, read, and every item that is handed over packed and unpacked again.

#![no_main]

use std::ops::ControlFlow;

use caravan_declaration::{Limits, packed, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let outcome = read(bytes, &Limits::standard(), |item| {
        let mut into = Vec::new();
        packed::encode(&item.declaration, &mut into);
        assert_eq!(packed::decode(&into).expect("what was packed is read"), item.declaration);
        ControlFlow::Continue(())
    });
    outcome.expect("memory does not fail");
});
