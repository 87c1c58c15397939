//! Each form in each language through one door: see [`crate::pdf::tests::check`].

mod label;
