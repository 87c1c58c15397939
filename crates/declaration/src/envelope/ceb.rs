//! What is around the documents of China's messages, and in them beside the declarations.

use caravan_postal::Field;

use super::file::{Key, Section, Value};
use crate::ceb::layout::{Block, Element};
use crate::ceb::{
    Facts, Job, Message, Values, Wrapper, WriteError, accepted, parse_guid, placeholders, wrap,
};

/// Elements that are numbered or made, and never said.
const MADE: [&str; 2] = ["guid", "gnum"];

/// Reads `[ceb]`, and `[dxp]` when the messages are wrapped.
pub(super) fn job(root: &Section<'_, '_>, message: &'static Message, is_wrapped: bool) -> Option<Job> {
    let section = root.inner("ceb");
    let shape = "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX";
    let upper = |text: &str| parse_guid(text).map(|_| text.to_ascii_uppercase());
    let guid = section.needed("guid", section.parsed("guid", shape, upper));
    let version = section.parsed("version", "1 to 10 characters", bounded(10));
    let version = version.unwrap_or_else(|| "1.0".to_owned());
    let lines_max = section.whole("lines_max", 1, 99_999);
    let trailer = trailer(&section, message);
    let mut facts = Facts::default();
    facts.pads_commodity_codes = section.flag("pad_commodity_codes").unwrap_or_default();
    let blocks = blocks(message);
    let common = section.inner("common");
    for (key, value) in common.others() {
        fact(&common, key, value, "", &blocks, &mut facts);
    }
    for (key, _) in section.others() {
        let name = key.get_ref().as_ref();
        if !Message::all().iter().any(|message| self::blocks(message).iter().any(|block| block.name == name))
        {
            section.unknown(key);
            continue;
        }
        let inner = section.inner(name);
        let own: Vec<&Block> = blocks.iter().copied().filter(|block| block.name == name).collect();
        for (key, value) in inner.others() {
            fact(&inner, key, value, name, &own, &mut facts);
        }
    }
    if let Some((head, elements)) = Job::asked_of_envelope(message) {
        for name in elements {
            section.inner(head.name).needed(name, facts.get(head, name));
        }
    }
    let wrapper = if is_wrapped { Some(wrapper(&root.inner("dxp"), message)?) } else { None };
    let lines_max = lines_max.map(|most| most as usize);
    Some(Job { message, guid: guid?, version, facts, trailer, lines_max, wrapper })
}

/// Returns the blocks of a message that have elements, without those behind the documents.
fn blocks(message: &'static Message) -> Vec<&'static Block> {
    let document = &message.document.block;
    let inner = document.parts.iter().map(|part| &part.block);
    std::iter::once(document).chain(inner).filter(|block| block.has_elements()).collect()
}

/// Takes the value of an element; `of` is its block, or nothing for every block, and `blocks` are those of the message
/// that is written. Another message of the same file may have elements that this one lacks.
fn fact(
    section: &Section<'_, '_>,
    key: &Key<'_>,
    value: &Value<'_>,
    of: &str,
    blocks: &[&'static Block],
    facts: &mut Facts,
) {
    let name = key.get_ref().as_ref();
    let has = |block: &Block| block.elements.iter().any(|element| element.name == name);
    let is_meant = |block: &&&Block| (of.is_empty() || block.name == of) && has(block);
    let is_known = Message::all().iter().any(|message| self::blocks(message).iter().find(is_meant).is_some());
    if MADE.contains(&name) || !is_known {
        return section.unknown(key);
    }
    let Some(text) = value.get_ref().as_str() else { return section.wrong(name, value, "\"...\"") };
    match placeholders(text) {
        None => return section.wrong(name, value, "{item}, {document}, {line}"),
        Some(true) => {}
        Some(false) => {
            let found = blocks.iter().find_map(|block| {
                let element = block.elements.iter().find(|element| element.name == name)?;
                fits(section, element, block.name, text, value).err()
            });
            if found.is_some() {
                return;
            }
        }
    }
    facts.set(of, name, text);
}

/// Reports a text that cannot be the value of an element.
fn fits(
    section: &Section<'_, '_>,
    element: &'static Element,
    block: &str,
    text: &str,
    value: &Value<'_>,
) -> Result<(), ()> {
    match accepted(element, block, text, 0) {
        Err(WriteError::Refused { finding, .. }) => {
            section.report(value.span(), finding.on(Field::of(element.name)));
            Err(())
        }
        _ => Ok(()),
    }
}

/// Reads the blocks behind the documents.
fn trailer(section: &Section<'_, '_>, message: &'static Message) -> Vec<Values<'static>> {
    let mut trailer = Vec::new();
    for name in ["BaseTransfer", "BaseSubscribe", "ExtendMessage"] {
        let part = message.trailer_part(name).map(|(_, part)| part);
        let is_list = part.is_some_and(|part| part.most != Some(1));
        let tables = if is_list { section.list(name) } else { vec![section.inner(name)] };
        let Some(part) = part else { continue };
        let most = part.most.map_or(usize::MAX, |most| most as usize);
        if let Some(value) = section.value(name).filter(|_| tables.len() > most) {
            section.wrong(name, value, &format!("at most {most}"));
        }
        for table in tables.iter().filter(|table| part.least > 0 || table.is_there()) {
            trailer.push(block(table, &part.block));
        }
    }
    trailer
}

/// Reads a block whose elements are all said by the envelope.
fn block(section: &Section<'_, '_>, block: &'static Block) -> Values<'static> {
    let mut values = Values::new(block);
    for element in &block.elements {
        let said = section.value(element.name);
        let text = said.and_then(|value| value.get_ref().as_str());
        if let (Some(value), None) = (said, text) {
            section.wrong(element.name, value, "\"...\"");
        }
        // There is but one way to the exchange platform.
        let text = text.or((element.name == "dxpMode").then_some("DXP"));
        if element.is_required {
            section.needed(element.name, text);
        }
        let Some(text) = text else { continue };
        if said.is_none_or(|value| fits(section, element, block.name, text, value).is_ok()) {
            values.set(element.name, text.to_owned());
        }
    }
    section.finish();
    values
}

/// Reads `[dxp]`. The number of each message is its GUID, and its kind is its name unless another is said.
fn wrapper(section: &Section<'_, '_>, message: &Message) -> Option<Wrapper> {
    let said =
        |key: &str, most: usize| section.parsed(key, &format!("1 to {most} characters"), bounded(most));
    let sender = section.needed("SenderId", said("SenderId", 16));
    let receivers = section.all("ReceiverIds", "[\"1 to 16 characters\"]", bounded(16));
    let receivers = section.needed("ReceiverIds", receivers);
    let created = section.needed("CreatTime", section.moment_text("CreatTime"));
    let kind = said("MsgType", 30).unwrap_or_else(|| message.name.to_owned());
    let (file_name, card, conversion) = (said("FileName", 255), said("IcCard", 13), said("RecMapId", 255));
    if let Some(receivers) = receivers.as_ref().filter(|receivers| !(1..=5).contains(&receivers.len()))
        && let Some(value) = section.value("ReceiverIds")
    {
        section.wrong("ReceiverIds", value, &format!("1 to 5, not {}", receivers.len()));
    }
    section.finish();
    let wrapper = Wrapper {
        message_id: "1".to_owned(),
        sender: sender?,
        receivers: receivers?,
        created: created?,
        kind,
        file_name,
        card,
        conversion,
        ..Wrapper::default()
    };
    if let Err(WriteError::Refused { finding, .. }) = wrap(&wrapper, b"") {
        section.report_whole(finding);
    }
    Some(wrapper)
}

/// Returns a reader of texts of so many characters.
fn bounded(most: usize) -> impl Fn(&str) -> Option<String> {
    move |text| (text.chars().count() <= most).then(|| text.to_owned())
}
