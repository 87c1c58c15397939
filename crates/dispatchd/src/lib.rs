#![doc = include_str!("../README.md")]

pub mod commands;
pub mod correspondent;
pub mod findings;
pub mod flow;
pub mod folder;
pub mod inbox;
pub mod intake;
pub mod outputs;
pub mod overlay;
pub mod progress;
pub mod replay;
pub mod scenario;
pub mod summary;
pub mod texts;
pub mod timings;
pub mod whatif;
