//! The beginning and the end of a message.

use caravan_postal::Severity;
use quick_xml::events::{BytesDecl, BytesStart};

use super::{Hearer, MessageReader, Stage};
use crate::builder::clip;
use crate::ceb::NAMESPACE;
use crate::ceb::root::{attribute, by_name};
use crate::ceb::value::check;
use crate::findings;
use crate::place::Mark;
use crate::xml::attributes::attributes;
use crate::xml::events::Stop;
use crate::xml::root::{is_of_xml, namespace_finding, root_attributes};

impl MessageReader<'_> {
    /// Takes the root element: its name, its namespace, its GUID and version.
    pub(super) fn open_root(
        &mut self,
        start: &BytesStart<'_>,
        mark: Mark,
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let all = root_attributes(start, self.limits.attributes, mark)?;
        if let Some(finding) = namespace_finding(&all, prefix, NAMESPACE, mark)? {
            hearer.report(mark, finding);
        }
        self.message = by_name(local);
        if let Some(message) = self.message.filter(|message| message.name != local) {
            hearer.report(mark, findings::CEB_ROOT_NAME.finding([clip(name), message.name.to_owned()]));
        }
        name.clone_into(&mut self.root);
        prefix.clone_into(&mut self.prefix);
        for (key, value) in &all {
            match *key {
                "guid" | "version" => self.attribute(key, value, mark, hearer),
                _ if is_of_xml(key) => {}
                _ => hearer.report(mark, findings::ATTRIBUTE_UNKNOWN.finding([clip(key), clip(name)])),
            }
        }
        for (name, value) in [("guid", &self.envelope.guid), ("version", &self.envelope.version)] {
            if value.is_empty() {
                hearer.report(mark, findings::CEB_ATTRIBUTE.finding([name]));
            }
        }
        Ok(())
    }

    /// Takes an attribute of the root.
    fn attribute(&mut self, name: &str, value: &str, mark: Mark, hearer: &mut Hearer<'_, '_>) {
        let element = attribute(name);
        let checked = check(element, "", value.into());
        for finding in checked.findings {
            // That there is no value is said once, below.
            if finding.severity() < Severity::Hold {
                hearer.report(mark, finding);
            }
        }
        let into = if name == "guid" { &mut self.envelope.guid } else { &mut self.envelope.version };
        *into = checked.text.unwrap_or_default().into_owned();
    }

    /// Takes the end of the root: what had to be there?
    pub(super) fn close(&mut self, mark: Mark, hearer: &mut Hearer<'_, '_>) -> Result<(), Stop> {
        self.stage = Stage::Behind;
        let Some(message) = self.message else {
            return Err(Stop::Fatal(mark, findings::CEB_MESSAGE_UNKNOWN.finding([clip(&self.root)])));
        };
        if self.documents == 0 {
            let missing = [message.document.block.name, message.name];
            hearer.report(mark, findings::CEB_BLOCK_MISSING.finding(missing));
        }
        for (index, part) in message.trailer.iter().enumerate() {
            if self.counts.get(index).copied().unwrap_or(0) >= part.least {
                continue;
            }
            let finding = match part.block.name {
                "Signature" => findings::CEB_SIGNATURE_MISSING.finding::<&str>([]),
                name => findings::CEB_BLOCK_MISSING.finding([name, message.name]),
            };
            hearer.report(mark, finding);
        }
        Ok(())
    }
}

/// Takes the XML declaration: at the very beginning, version 1.0. Its encoding was looked at before.
pub(super) fn declared(
    declaration: &BytesDecl<'_>,
    mark: Mark,
    hearer: &mut Hearer<'_, '_>,
) -> Result<(), Stop> {
    let malformed = || Stop::Fatal(mark, findings::XML_DECLARATION.finding::<&str>([]));
    let tag = BytesStart::from_content(&**declaration, "xml".len());
    let all = attributes(&tag, 3).map_err(|_| malformed())?;
    let keys: Vec<&str> = all.iter().map(|(key, _)| *key).collect();
    let is_shaped = matches!(
        keys[..],
        ["version"] | ["version", "encoding" | "standalone"] | ["version", "encoding", "standalone"]
    );
    if !hearer.lines.is_start(mark) || !is_shaped {
        return Err(malformed());
    }
    if all[0].1 != "1.0" {
        hearer.report(mark, findings::XML_VERSION.finding([clip(&all[0].1)]));
    }
    Ok(())
}
