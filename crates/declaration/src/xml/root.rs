//! The start tag of a root element.

use caravan_postal::Finding;
use quick_xml::events::BytesStart;

use super::attributes::{Attribute, Fault, attributes};
use super::events::Stop;
use super::item::declared_prefix;
use crate::builder::clip;
use crate::findings;
use crate::place::Mark;

/// Returns the attributes of a root, without which nothing of the document can be trusted.
pub(crate) fn root_attributes<'t>(
    start: &'t BytesStart<'_>,
    limit: u16,
    mark: Mark,
) -> Result<Vec<Attribute<'t>>, Stop> {
    attributes(start, limit).map_err(|fault| {
        let finding = match fault {
            Fault::TooMany => findings::ATTRIBUTES_TOO_MANY.finding([limit.to_string()]),
            Fault::Malformed | Fault::Entity(_) => {
                findings::XML_ATTRIBUTE.finding([clip(start.name().into_inner())])
            }
        };
        Stop::Fatal(mark, finding)
    })
}

/// Returns what there is to say about the namespace that the root declares for its prefix; another than `expected` ends
/// the reading, and so does a prefix without one.
pub(crate) fn namespace_finding(
    all: &[Attribute<'_>],
    prefix: &str,
    expected: &str,
    mark: Mark,
) -> Result<Option<Finding>, Stop> {
    let namespace =
        all.iter().find(|(key, _)| declared_prefix(key) == Some(prefix)).map(|(_, value)| &**value);
    match namespace {
        Some(namespace) if namespace == expected => Ok(None),
        None if prefix.is_empty() => Ok(Some(findings::NAMESPACE_MISSING.finding::<&str>([]))),
        found => {
            let found = clip(found.unwrap_or_default());
            Err(Stop::Fatal(mark, findings::NAMESPACE_UNKNOWN.finding([found])))
        }
    }
}

/// Returns whether an attribute is there for XML's own sake: it declares a namespace, or says where a schema is.
pub(crate) fn is_of_xml(key: &str) -> bool {
    let is_schema_hint =
        matches!(key.split_once(':'), Some((_, "schemaLocation" | "noNamespaceSchemaLocation")));
    is_schema_hint || declared_prefix(key).is_some()
}
