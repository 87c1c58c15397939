//! The tables that come with the program.

use super::TableText;

/// Declares the texts by file name.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        /// The tables that come with the program, in the order in which they are read.
        pub const BUILTIN: &[TableText<'static>] =
            &[$(TableText { name: $name, text: include_str!(concat!("../../tables/", $name)) }),+];
    };
}

texts![
    "authorities.toml",
    "data.toml",
    "limits.toml",
    "descriptions.toml",
    "articles-union.toml",
    "articles-china.toml",
    "articles-eaeu.toml",
    "articles-destinations.toml",
    "dangerous-goods.toml",
    "batteries.toml",
    "procedure.toml",
    "vat.toml",
    "regimes-eaeu.toml",
    "regimes-uzbekistan.toml",
    "regimes-union.toml",
    "regimes-kingdom.toml",
    "regimes-china.toml",
    "personal-articles-china.toml",
    "lists.toml",
    "hs-2022.txt",
    "duty-2021.csv",
    "offices-2020.txt",
];
