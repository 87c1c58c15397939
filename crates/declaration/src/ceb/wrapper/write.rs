//! Writing a wrapper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{LEAVES, Leaf};
use super::walk::is_time;
use super::{DXP_NAMESPACE, Wrapper};
use crate::builder::clip;
use crate::ceb::write::{WriteError, accepted, escape};
use crate::findings;

/// Wraps a message: as `DxpMsgSv` when the wrapper has what the server adds, else as `DxpMsg`.
///
/// # Errors
///
/// When a value is none that the schema admits.
pub fn wrap(wrapper: &Wrapper, message: &[u8]) -> Result<Vec<u8>, WriteError> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let namespace = format!(" xmlns:dxp=\"{DXP_NAMESPACE}\" ver=\"1.0\">");
    if wrapper.server.is_some() {
        text.extend(["<dxp:DxpMsgSv", &namespace, "<dxp:SvNo Ver=\"1.0\">"]);
        leaves(wrapper, "SvNo", &mut text)?;
        text.push_str("</dxp:SvNo><dxp:DxpMsg ver=\"1.0\">");
    } else {
        text.extend(["<dxp:DxpMsg", &namespace]);
    }
    text.push_str("<dxp:TransInfo>");
    leaves(wrapper, "TransInfo", &mut text)?;
    text.push_str("</dxp:TransInfo><dxp:Data>");
    STANDARD.encode_string(message, &mut text);
    text.push_str("</dxp:Data>");
    let before = text.len();
    text.push_str("<dxp:AddInfo>");
    let opened = text.len();
    leaves(wrapper, "AddInfo", &mut text)?;
    if text.len() == opened {
        text.truncate(before);
    } else {
        text.push_str("</dxp:AddInfo>");
    }
    text.push_str("</dxp:DxpMsg>");
    if wrapper.server.is_some() {
        text.push_str("</dxp:DxpMsgSv>");
    }
    text.push('\n');
    Ok(text.into_bytes())
}

/// Writes the values of one group, with the element that encloses repeated ones.
fn leaves(wrapper: &Wrapper, group: &str, into: &mut String) -> Result<(), WriteError> {
    for leaf in LEAVES.iter().filter(|leaf| leaf.path.split('/').next() == Some(group)) {
        let inner = leaf.path.split('/').nth(1).filter(|inner| *inner != leaf.name());
        let values = (leaf.get)(wrapper);
        if values.len() > leaf.most {
            let most = leaf.most.to_string();
            let finding = findings::CEB_BLOCK_SURPLUS.finding([leaf.name().to_owned(), most]);
            return Err(WriteError::Refused { document: 0, finding });
        }
        if values.is_empty() && leaf.is_required {
            let finding = findings::CEB_VALUE_MISSING.finding([leaf.name(), group]);
            return Err(WriteError::Refused { document: 0, finding });
        }
        if let Some(inner) = inner.filter(|_| !values.is_empty()) {
            into.extend(["<dxp:", inner, ">"]);
        }
        for (text, attribute) in &values {
            value(leaf, text, attribute, into)?;
        }
        if let Some(inner) = inner.filter(|_| !values.is_empty()) {
            into.extend(["</dxp:", inner, ">"]);
        }
    }
    Ok(())
}

fn value(leaf: &Leaf, text: &str, attribute: &str, into: &mut String) -> Result<(), WriteError> {
    let refused = |finding| Err(WriteError::Refused { document: 0, finding });
    let element = leaf.element();
    let text = if text.is_empty() && !leaf.is_required && leaf.attribute.is_some() {
        text.into()
    } else {
        accepted(&element, leaf.path.split('/').next().unwrap_or_default(), text, 0)?
    };
    if leaf.is_time && !is_time(&text) {
        return refused(findings::CEB_TIME_SHAPE.finding([clip(&text), "YYYY-MM-DDThh:mm:ss".to_owned()]));
    }
    into.extend(["<dxp:", leaf.name()]);
    if let Some(name) = leaf.attribute.filter(|_| !attribute.is_empty()) {
        if attribute.chars().count() > 32 {
            return refused(
                findings::TEXT_TOO_LONG.finding([attribute.chars().count().to_string(), "32".into()]),
            );
        }
        into.extend([" ", name, "=\""]);
        escape(attribute, into);
        into.push('"');
    }
    into.push('>');
    escape(&text, into);
    into.extend(["</dxp:", leaf.name(), ">"]);
    Ok(())
}
