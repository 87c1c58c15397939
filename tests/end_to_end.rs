//! The whole program from outside: every test drives the built binary in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod arriving;
mod bagging;
mod cases;
#[path = "../crates/store/tests/conformance/cluster.rs"]
mod cluster;
mod converting;
mod corrections;
mod correspondents;
mod crash;
mod customs;
mod enveloped;
mod feeds;
mod heard;
mod inbox;
mod init;
mod mail;
mod plan;
mod printing;
mod reading;
mod reassess;
mod reference;
mod replay;
mod robust;
mod sending;
mod signing;
mod support;
mod whatif;
