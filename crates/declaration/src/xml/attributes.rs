//! The attributes of a start tag.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use crate::builder::clip;

/// What is wrong with the attributes of a tag as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// XML forbids them as they are.
    Malformed,
    /// More than the limit.
    TooMany,
    /// A value refers to this entity, which XML does not define.
    Entity(String),
}

/// One attribute, its value with references resolved.
pub(crate) type Attribute<'t> = (&'t str, Cow<'t, str>);

/// Returns the attributes of a tag.
pub(crate) fn attributes<'t>(tag: &'t BytesStart<'_>, limit: u16) -> Result<Vec<Attribute<'t>>, Fault> {
    let raw = tag.attributes_raw();
    if raw.bytes().filter(|byte| *byte == b'=').take(usize::from(limit) + 1).count() > usize::from(limit) {
        return Err(Fault::TooMany);
    }
    if !is_well_formed(raw) {
        return Err(Fault::Malformed);
    }
    let mut all: Vec<Attribute<'t>> = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| Fault::Malformed)?;
        let key = attribute.key.into_inner();
        let value = attribute.normalized_value(XmlVersion::Explicit1_0);
        let value = value.map_err(|_| Fault::Entity(clip(&attribute.value)))?;
        all.push((key, value));
    }
    Ok(all)
}

/// Returns whether XML 1.0 (fifth edition) production 41 allows the text between a tag's name and its end: names, `=`
/// and quoted values without `<`, each attribute behind white space.
pub(crate) fn is_well_formed(raw: &str) -> bool {
    let mut rest = raw;
    loop {
        let trimmed = rest.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return true;
        }
        if trimmed.len() == rest.len() {
            return false;
        }
        let Some((name, behind)) = trimmed.split_once('=') else { return false };
        let name = name.trim_end_matches(is_space);
        let value = behind.trim_start_matches(is_space);
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return false };
        let Some((text, behind)) = value[1..].split_once(quote) else { return false };
        if !is_name(name) || text.contains('<') {
            return false;
        }
        rest = behind;
    }
}

/// Returns whether XML 1.0 (fifth edition) production 5 allows a name. Of the characters beyond ASCII it lets through a
/// few that no name may have; they only ever make a name unknown.
pub(crate) fn is_name(name: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || matches!(c, ':' | '_') || c > '\u{B6}';
    let is_inner = |c: char| is_start(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
    name.starts_with(is_start) && name.chars().all(is_inner)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn knows_attributes_from_their_nearest_wrong_neighbours() {
        for good in ["", " ", " a=\"1\"", " a = '1'\n b:c=\"'\"", " a=\">\"", " a=''"] {
            assert!(is_well_formed(good), "{good:?}");
        }
        for bad in [
            "a=\"1\"",
            " a",
            " a=",
            " a=1",
            " a=\"1",
            " a=\"1\"b=\"2\"",
            " a=\"<\"",
            " =\"1\"",
            " 1a=\"1\"",
            " a b=\"1\"",
        ] {
            assert!(!is_well_formed(bad), "{bad:?}");
        }
    }
}
