//! Groups out of the file, in the forms they are written in.
//!
//! With `items` beside them, groups say which items they hold: as a list with the group of each item, or as lists of
//! ids or positions. Without, they hold their items themselves.

use std::collections::BTreeMap;

use super::node::Node;
use super::read::Reader;

const HINT: &str = "`groups` is a list with the group of each item, a list of objects with `group` and `items`, or an \
                    object with a list of items for each name";

const GROUP_MEMBERS: &[&str] = &["group", "name", "id", "items"];

/// Reads the groups; `has_items` says whether they refer to items.
pub(super) fn read(reader: &mut Reader, node: &Node, has_items: bool) {
    let positions = has_items.then(|| {
        let ids = reader.items.iter().enumerate();
        ids.filter_map(|(index, item)| Some((item.id.clone()?, index))).collect()
    });
    let positions: Option<&BTreeMap<String, usize>> = positions.as_ref();
    match node {
        Node::Object(members) => {
            for (name, items) in members {
                group(reader, items, &format!("groups.{name}"), name, positions);
            }
        }
        Node::List(list)
            if has_items && list.iter().all(|node| node.name().is_some() || *node == Node::Null) =>
        {
            of_each(reader, list);
        }
        Node::List(list) => {
            for (index, node) in list.iter().enumerate() {
                let place = format!("groups[{index}]");
                let name = ["group", "name", "id"].into_iter().find_map(|member| node.get(member)?.name());
                let name = name.unwrap_or_else(|| index.to_string());
                match node.get("items") {
                    Some(items) => {
                        reader.unread.note(node, &place, |name| GROUP_MEMBERS.contains(&name));
                        group(reader, items, &format!("{place}.items"), &name, positions);
                    }
                    None => group(reader, node, &place, &name, positions),
                }
            }
        }
        other => reader.fault("groups", format!("{} holds no groups", other.show()), HINT),
    }
}

/// Reads a list with the group of each item.
fn of_each(reader: &mut Reader, list: &[Node]) {
    if list.len() != reader.items.len() {
        let problem = format!("{} groups, and {} items", list.len(), reader.items.len());
        return reader.fault("groups", problem, HINT);
    }
    for (index, name) in list.iter().map(Node::name).enumerate() {
        if let Some(name) = name {
            assign(reader, index, &name, &format!("groups[{index}]"));
        }
    }
}

/// Reads the items of one group.
fn group(
    reader: &mut Reader,
    node: &Node,
    place: &str,
    name: &str,
    positions: Option<&BTreeMap<String, usize>>,
) {
    let Node::List(list) = node else {
        return reader.fault(place, format!("{} is no list of items", node.show()), HINT);
    };
    for (index, node) in list.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let found = match (node, positions) {
            (Node::Object(_), _) | (_, None) => None,
            (node, Some(positions)) => {
                Some(node.name().and_then(|id| positions.get(&id).copied()).or_else(|| {
                    let Node::Whole(position) = node else { return None };
                    usize::try_from(*position).ok().filter(|position| *position < reader.items.len())
                }))
            }
        };
        match found {
            None => reader.item(node, &place, Some(name)),
            Some(Some(position)) => assign(reader, position, name, &place),
            Some(None) => {
                let hint = "beside `items`, a group names items by id or by position from 0";
                reader.fault(&place, format!("there is no item `{}`", node.show()), hint);
            }
        }
    }
}

/// Puts an item into a group; it can be named once, and be in one group only.
fn assign(reader: &mut Reader, item: usize, name: &str, place: &str) {
    let is_named_again = !reader.grouped.insert(item);
    match &reader.items[item].group {
        Some(other) if is_named_again || other != name => {
            let problem = format!("item {item} is in group `{other}` already");
            reader.fault(place, problem, "an item is in one group, and named there once");
        }
        _ => reader.items[item].group = Some(name.to_owned()),
    }
}
