//! The header of an ITMATT interchange.

use caravan_edi::{Address, Charset, Header, SyntaxVersion};

use super::file::Section;

/// What an interchange says beside its items.
#[derive(Debug, Clone)]
pub struct Interchange {
    /// UNB.
    pub header: Header,
    /// The reference of the first message; each item is one, and they are counted on from it.
    pub first_message: u32,
}

pub(super) fn interchange(section: &Section<'_, '_>) -> Option<Interchange> {
    let names: Vec<&str> = Charset::ALL.iter().map(|charset| charset.as_str()).collect();
    let sender = address(section, "sender");
    let recipient = address(section, "recipient");
    let bounded = |text: &str| (text.chars().count() <= 14).then(|| text.to_owned());
    let reference = section.parsed("reference", "1 to 14 characters", bounded);
    let reference = section.needed("reference", reference);
    let prepared_at = section.needed("prepared_at", section.moment("prepared_at"));
    let charset = section.needed("charset", section.parsed("charset", &names.join(", "), Charset::parse));
    let version = section.parsed("syntax_version", "1, 2, 3, 4", SyntaxVersion::parse);
    let is_test = section.flag("test").unwrap_or_default();
    let first_message = section.whole("first_message", 1, 999_999_999).unwrap_or(1);
    section.finish();
    let header = Header {
        charset: charset?,
        version: version.unwrap_or(SyntaxVersion::Three),
        sender: sender?,
        recipient: recipient?,
        prepared_at: prepared_at?,
        reference: reference?,
        is_test,
    };
    Some(Interchange { header, first_message })
}

fn address(section: &Section<'_, '_>, key: &str) -> Option<Address> {
    let bounded = |most: usize| move |text: &str| (text.chars().count() <= most).then(|| text.to_owned());
    let id = section.needed(key, section.parsed(key, "1 to 35 characters", bounded(35)));
    let qualifier = section.parsed(&format!("{key}_qualifier"), "1 to 4 characters", bounded(4));
    Some(Address { id: id?, qualifier: qualifier.unwrap_or_default() })
}
