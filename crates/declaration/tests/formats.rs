//! The formats as their users see them: fixtures with their findings, laws that hold for every declaration, limits,
//! and the schema held against `xmllint`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod formats {
    mod answers;
    mod arbitrary;
    mod bytes;
    mod ceb;
    mod corpus;
    mod encodings;
    mod envelopes;
    mod fixtures;
    mod hostile;
    mod ics2;
    mod itmatt;
    mod json;
    mod laws;
    mod limits;
    mod messages;
    mod packing;
    mod places;
    mod sample;
    mod schema;
    mod signing;
    mod values;
    mod writing;

    use std::ops::ControlFlow;

    use caravan_declaration::{Limits, Options, Outcome, packed, read_with};
    use caravan_postal::Finding;

    /// What a reader makes of some bytes, kept beyond the reading.
    #[derive(Debug, PartialEq)]
    pub(crate) struct Readout {
        /// The items, packed, each with its findings.
        pub(crate) items: Vec<(Vec<u8>, Vec<Finding>)>,
        pub(crate) outcome: Outcome,
    }

    pub(crate) fn read_all(bytes: &[u8], limits: &Limits) -> Readout {
        read_all_with(bytes, limits, &Options::default())
    }

    pub(crate) fn read_all_with(bytes: &[u8], limits: &Limits, options: &Options<'_>) -> Readout {
        let mut items = Vec::new();
        let outcome = read_with(bytes, limits, options, |item| {
            assert_eq!(item.ordinal as usize, items.len() + 1, "items are counted from 1");
            let mut into = Vec::new();
            packed::encode(&item.declaration, &mut into);
            items.push((into, item.findings));
            ControlFlow::Continue(())
        });
        let outcome = outcome.expect("memory does not fail");
        assert_eq!(outcome.items as usize, items.len());
        Readout { items, outcome }
    }

    impl Readout {
        /// Every finding: those of the items, then those of the file.
        pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
            self.items.iter().flat_map(|(_, findings)| findings).chain(&self.outcome.findings)
        }

        /// The names of the codes of every finding.
        pub(crate) fn codes(&self) -> Vec<&'static str> {
            self.findings().map(|finding| finding.code.name).collect()
        }
    }

    /// The project's folder.
    pub(crate) fn project() -> &'static std::path::Path {
        let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        manifest.ancestors().nth(2).expect("the crate is two folders below the project")
    }

    /// Whether expectations are to be written anew.
    pub(crate) fn is_blessing() -> bool {
        std::env::var_os("CARAVAN_BLESS").is_some_and(|value| value == "1")
    }
}
