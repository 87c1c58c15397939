//! The tables that come with the program.

use super::TableText;

/// Declares the texts by their path in `data`.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        /// The tables that come with the program, in the order in which they are read.
        pub const BUILTIN: &[TableText<'static>] =
            &[$(TableText { name: $name, text: include_str!(concat!("../../data/", $name)) }),+];
    };
}

texts![
    "authorities.toml",
    "checks/data.toml",
    "checks/limits.toml",
    "checks/descriptions.toml",
    "checks/filings.toml",
    "checks/goods-figures.csv",
    "articles/postal-union.toml",
    "articles/china.toml",
    "articles/eaeu.toml",
    "articles/destinations.toml",
    "articles/neighbours.toml",
    "articles/overseas.toml",
    "checks/dangerous-goods.toml",
    "checks/batteries.toml",
    "procedure.toml",
    "vat.toml",
    "regimes/eaeu.toml",
    "regimes/uzbekistan.toml",
    "regimes/tajikistan.toml",
    "regimes/turkmenistan.toml",
    "regimes/pakistan.toml",
    "regimes/iran.toml",
    "regimes/mongolia.toml",
    "regimes/azerbaijan.toml",
    "regimes/georgia.toml",
    "regimes/ukraine.toml",
    "regimes/turkey.toml",
    "regimes/union.toml",
    "regimes/kingdom.toml",
    "regimes/new-zealand.toml",
    "regimes/union-entry.toml",
    "regimes/union-fees.toml",
    "regimes/gulf.toml",
    "regimes/india.toml",
    "regimes/korea.toml",
    "regimes/japan.toml",
    "regimes/australia.toml",
    "regimes/canada.toml",
    "regimes/united-states.toml",
    "regimes/norway.toml",
    "regimes/switzerland.toml",
    "regimes/china.toml",
    "regimes/china-articles.toml",
    "regimes/china-retail.toml",
    "lists/lists.toml",
    "lists/hs-2022.txt",
    "lists/hs-2022-names.txt",
    "lists/hs-terms.csv",
    "lists/duty-2021.csv",
    "lists/offices-2020.txt",
];
