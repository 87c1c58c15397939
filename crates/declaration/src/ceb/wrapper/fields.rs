//! The elements of a wrapper as data: where each stands, its type, and what it fills.

use super::{Server, Wrapper};
use crate::ceb::layout::{Element, Kind};

/// An element with a value. The path is that below `DxpMsg`, or below `DxpMsgSv` for what the server adds.
pub(super) struct Leaf {
    pub(super) path: &'static str,
    /// The type of the value; for one with an attribute, of the attribute when it has no text.
    kind: Kind,
    pub(super) is_required: bool,
    pub(super) is_time: bool,
    /// How often it may be there.
    pub(super) most: usize,
    /// The attribute that belongs to it.
    pub(super) attribute: Option<&'static str>,
    /// Its values in a wrapper, each with the value of its attribute.
    pub(super) get: fn(&Wrapper) -> Vec<(&str, &str)>,
    /// Puts one more value into a wrapper.
    pub(super) put: fn(&mut Wrapper, String, String),
}

/// The elements that hold others.
pub(super) const GROUPS: &[&str] =
    &["SvNo", "TransInfo", "TransInfo/ReceiverIds", "AddInfo", "AddInfo/BizKey"];

/// The elements in the order of the schemas.
pub(super) const LEAVES: &[Leaf] = &[
    leaf(
        "SvNo/MsgId",
        1,
        32,
        true,
        |w| one(w.server.as_ref().map(|s| &s.message_id)),
        |w, text, _| {
            server(w).message_id = text;
        },
    ),
    leaf(
        "SvNo/SubMsgId",
        1,
        1,
        false,
        |w| one(w.server.as_ref().and_then(|s| s.part.as_ref())),
        |w, text, _| {
            server(w).part = Some(text);
        },
    ),
    time("SvNo/SendTime", |w| one(w.server.as_ref().map(|s| &s.sent)), |w, text, _| server(w).sent = text),
    leaf(
        "SvNo/EndNode",
        1,
        8,
        true,
        |w| one(w.server.as_ref().map(|s| &s.end_node)),
        |w, text, _| {
            server(w).end_node = text;
        },
    ),
    leaf(
        "SvNo/StaNode",
        1,
        8,
        true,
        |w| one(w.server.as_ref().map(|s| &s.start_node)),
        |w, text, _| {
            server(w).start_node = text;
        },
    ),
    leaf("TransInfo/CopMsgId", 1, 255, true, |w| one(Some(&w.message_id)), |w, text, _| w.message_id = text),
    leaf("TransInfo/SenderId", 1, 16, true, |w| one(Some(&w.sender)), |w, text, _| w.sender = text),
    Leaf {
        most: 5,
        ..leaf(
            "TransInfo/ReceiverIds/ReceiverId",
            1,
            16,
            true,
            |w| w.receivers.iter().map(|receiver| (receiver.as_str(), "")).collect(),
            |w, text, _| w.receivers.push(text),
        )
    },
    time("TransInfo/CreatTime", |w| one(Some(&w.created)), |w, text, _| w.created = text),
    leaf("TransInfo/MsgType", 0, 30, true, |w| one(Some(&w.kind)), |w, text, _| w.kind = text),
    leaf(
        "AddInfo/FileName",
        1,
        255,
        false,
        |w| one(w.file_name.as_ref()),
        |w, text, _| {
            w.file_name = Some(text);
        },
    ),
    leaf("AddInfo/IcCard", 1, 13, false, |w| one(w.card.as_ref()), |w, text, _| w.card = Some(text)),
    Leaf {
        most: 5,
        attribute: Some("name"),
        ..leaf(
            "AddInfo/BizKey/Key",
            1,
            64,
            false,
            |w| w.keys.iter().map(|(name, key)| (key.as_str(), name.as_str())).collect(),
            |w, text, name| w.keys.push((name, text)),
        )
    },
    Leaf {
        attribute: Some("Encode"),
        ..leaf(
            "AddInfo/IsText",
            0,
            0,
            false,
            |w| w.text_encoding.iter().map(|encoding| ("", encoding.as_str())).collect(),
            |w, _, encoding| w.text_encoding = Some(encoding),
        )
    },
    leaf(
        "AddInfo/RecMapId",
        0,
        255,
        false,
        |w| one(w.conversion.as_ref()),
        |w, text, _| {
            w.conversion = Some(text);
        },
    ),
];

impl Leaf {
    /// Returns the element's own name.
    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Returns what the value has to be.
    pub(super) fn element(&self) -> Element {
        Element {
            name: self.name(),
            kind: self.kind,
            is_required: self.is_required,
            is_collapsed: false,
            fixed: None,
            codes: None,
            former: None,
        }
    }
}

type Get = fn(&Wrapper) -> Vec<(&str, &str)>;
type Put = fn(&mut Wrapper, String, String);

const fn leaf(path: &'static str, least: u32, most: u32, is_required: bool, get: Get, put: Put) -> Leaf {
    let kind = Kind::Text { least, most: Some(most) };
    Leaf { path, kind, is_required, is_time: false, most: 1, attribute: None, get, put }
}

const fn time(path: &'static str, get: Get, put: Put) -> Leaf {
    Leaf { is_time: true, ..leaf(path, 1, 64, true, get, put) }
}

fn one(text: Option<&String>) -> Vec<(&str, &str)> {
    text.into_iter().map(|text| (text.as_str(), "")).collect()
}

fn server(wrapper: &mut Wrapper) -> &mut Server {
    wrapper.server.get_or_insert_with(Server::default)
}
