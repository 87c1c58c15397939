//! Capacities and items out of the file.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::DIMENSIONS_MAX;
use serde_json::Value;

use super::groups;
use super::node::Node;
use super::unread::Unread;

/// A file has this many items at most, a quantity counted as so many.
pub(super) const ITEMS_MAX: usize = 5_000_000;

/// A packing problem.
pub(super) struct Instance {
    /// The names of the dimensions, where they have any.
    pub(super) dimensions: Option<Vec<String>>,
    /// What a bin takes, by dimension.
    pub(super) capacity: Vec<u64>,
    /// The items in the order of the file, a quantity as one.
    pub(super) items: Vec<Item>,
    /// The items by group, a quantity as so many.
    pub(super) groups: Vec<Group>,
    /// What the form does not know.
    pub(super) unread: Unread,
}

/// Items of one size.
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) sizes: Vec<u64>,
    pub(super) quantity: usize,
    pub(super) group: Option<String>,
}

/// Items that may share bins with each other and with no others.
pub(super) struct Group {
    pub(super) name: Option<String>,
    /// Positions of items.
    pub(super) items: Vec<usize>,
}

/// What is wrong, where, and what to do.
pub(super) struct Fault {
    pub(super) place: String,
    pub(super) problem: String,
    pub(super) hint: &'static str,
}

impl Fault {
    pub(super) fn new(place: &str, problem: String, hint: &'static str) -> Self {
        Self { place: place.to_owned(), problem, hint }
    }
}

impl Instance {
    /// Reads the whole file, or tells every fault.
    pub(super) fn read(file: &Node) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader {
            faults: Vec::new(),
            dimensions: None,
            capacity: Vec::new(),
            items: Vec::new(),
            unread: Unread::default(),
            grouped: BTreeSet::new(),
        };
        if !matches!(file, Node::Object(_)) {
            let problem = format!("the file is {}, not an object", file.show());
            return Err(vec![Fault::new("file", problem, "write {\"capacities\": …, \"items\": […]}")]);
        }
        reader.unread.note(file, "", |name| FILE_MEMBERS.contains(&name));
        reader.capacities(file);
        if !reader.faults.is_empty() {
            return Err(reader.faults);
        }
        match file.get("items") {
            Some(Node::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    reader.item(item, &format!("items[{index}]"), None);
                }
            }
            Some(other) => reader.fault("items", format!("{} is no list", other.show()), ITEMS_HINT),
            None if file.get("groups").is_none() => {
                reader.fault("file", "there are no `items`".into(), ITEMS_HINT);
            }
            None => {}
        }
        if let Some(node) = file.get("groups") {
            groups::read(&mut reader, node, file.get("items").is_some());
        }
        reader.end()
    }

    /// Returns how an item is called in the plan: its id, or its position in the file from 0.
    pub(super) fn name(&self, item: usize) -> Value {
        self.items[item].id.clone().map_or_else(|| Value::from(item), Value::from)
    }
}

const FILE_MEMBERS: &[&str] = &["capacities", "capacity", "items", "groups"];
const ITEM_MEMBERS: &[&str] = &["id", "quantity", "group"];
const ITEMS_HINT: &str = "`items` is a list: of numbers, of lists of numbers, or of objects with an amount for each \
                          capacity";
const WHOLE_HINT: &str = "amounts are whole numbers from 0 to 18446744073709551615: take a smaller unit, grams for \
                          kilograms";
const CAPACITY_HINT: &str =
    "`capacities` is a number, a list of numbers, or an object with a number for each name";

/// What was read so far.
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    dimensions: Option<Vec<String>>,
    capacity: Vec<u64>,
    pub(super) items: Vec<Item>,
    pub(super) unread: Unread,
    /// The positions of the items that `groups` has named.
    pub(super) grouped: BTreeSet<usize>,
}

impl Reader {
    pub(super) fn fault(&mut self, place: &str, problem: String, hint: &'static str) {
        self.faults.push(Fault::new(place, problem, hint));
    }

    fn whole(&mut self, node: &Node, place: &str) -> u64 {
        node.whole().unwrap_or_else(|| {
            self.fault(place, format!("`{}` is no whole number", node.show()), WHOLE_HINT);
            0
        })
    }

    fn capacities(&mut self, file: &Node) {
        let (place, node) = match (file.get("capacities"), file.get("capacity")) {
            (Some(node), None) => ("capacities", node),
            (None, Some(node)) => ("capacity", node),
            (None, None) => return self.fault("file", "there are no `capacities`".into(), CAPACITY_HINT),
            (Some(_), Some(_)) => {
                return self.fault("capacity", "there are `capacities` too".into(), "leave one of them out");
            }
        };
        match node {
            Node::List(list) => {
                for (index, node) in list.iter().enumerate() {
                    let capacity = self.whole(node, &format!("{place}[{index}]"));
                    self.capacity.push(capacity);
                }
            }
            Node::Object(members) => {
                for (name, node) in members {
                    let capacity = self.whole(node, &format!("{place}.{name}"));
                    self.capacity.push(capacity);
                }
                self.dimensions = Some(members.iter().map(|member| member.0.clone()).collect());
            }
            node => {
                let capacity = self.whole(node, place);
                self.capacity.push(capacity);
            }
        }
        if !(1..=DIMENSIONS_MAX).contains(&self.capacity.len()) {
            let problem = format!("there are {} dimensions", self.capacity.len());
            self.fault(
                place,
                problem,
                const {
                    assert!(DIMENSIONS_MAX == 16);
                    "there may be 1 to 16"
                },
            );
        }
    }

    /// Reads one item.
    pub(super) fn item(&mut self, node: &Node, place: &str, group: Option<&str>) {
        let mut item = Item { id: None, sizes: Vec::new(), quantity: 1, group: group.map(str::to_owned) };
        if let Node::Object(_) = node {
            item.id = self.label(node, "id", place);
            if let Some(quantity) = node.get("quantity") {
                let place = format!("{place}.quantity");
                item.quantity = usize::try_from(self.whole(quantity, &place)).unwrap_or(usize::MAX);
            }
            if let Some(own) = self.label(node, "group", place) {
                if group.is_some_and(|group| group != own) {
                    let problem = format!("the item is listed in another group than `{own}`");
                    self.fault(&format!("{place}.group"), problem, "leave the `group` of the item out");
                }
                item.group = Some(own);
            }
            let sizes = node.get("sizes").map(|sizes| ("sizes", sizes));
            let sizes = sizes.or_else(|| node.get("size").map(|size| ("size", size)));
            let dimensions = self.dimensions.as_deref().unwrap_or_default();
            self.unread.note(node, place, |name| {
                ITEM_MEMBERS.contains(&name)
                    || sizes.map_or_else(
                        || dimensions.iter().any(|dimension| dimension == name),
                        |(sizes, _)| sizes == name,
                    )
            });
            let (place, node) = match sizes {
                Some((name, sizes)) => {
                    let place = format!("{place}.{name}");
                    self.unread
                        .note(sizes, &place, |name| dimensions.iter().any(|dimension| dimension == name));
                    (place, sizes)
                }
                None => (place.to_owned(), node),
            };
            item.sizes = self.sizes(node, &place);
        } else {
            item.sizes = self.sizes(node, place);
        }
        self.items.push(item);
    }

    /// Reads a member that is a name.
    fn label(&mut self, node: &Node, member: &str, place: &str) -> Option<String> {
        let value = node.get(member).filter(|value| **value != Node::Null)?;
        let label = value.name();
        if label.is_none() {
            let problem = format!("{} is no name", value.show());
            self.fault(&format!("{place}.{member}"), problem, "a name is a text or a whole number");
        }
        label
    }

    fn sizes(&mut self, node: &Node, place: &str) -> Vec<u64> {
        match node {
            Node::List(list) if list.len() == self.capacity.len() => {
                let place = |index: usize| format!("{place}[{index}]");
                list.iter().enumerate().map(|(index, node)| self.whole(node, &place(index))).collect()
            }
            Node::List(list) => {
                let problem = format!("{} amounts, and {} capacities", list.len(), self.capacity.len());
                self.fault(place, problem, "an item has one amount for each capacity, in their order");
                Vec::new()
            }
            Node::Object(_) => self.named_sizes(node, place),
            node if self.capacity.len() == 1 => vec![self.whole(node, place)],
            node => {
                let problem = format!(
                    "{} is one amount, and there are {} capacities",
                    node.show(),
                    self.capacity.len()
                );
                self.fault(place, problem, "an item has one amount for each capacity, in their order");
                Vec::new()
            }
        }
    }

    fn named_sizes(&mut self, node: &Node, place: &str) -> Vec<u64> {
        let Some(names) = self.dimensions.clone() else {
            let hint = "name the capacities, or give the item a `size` with an amount for each of them";
            self.fault(place, "the capacities have no names".into(), hint);
            return Vec::new();
        };
        let amount = |name: &String| match node.get(name) {
            Some(amount) => self.whole(amount, &format!("{place}.{name}")),
            // What is not said counts as one piece; a weight or a volume is never guessed.
            None if name == "count" => 1,
            None => {
                let hint = "an item has an amount for each capacity; write 0 where it has none of it";
                self.fault(place, format!("there is no `{name}`"), hint);
                0
            }
        };
        names.iter().map(amount).collect()
    }

    /// Puts the items into their groups, the group of the first item first.
    fn end(mut self) -> Result<Instance, Vec<Fault>> {
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        let mut twice = Vec::new();
        for (index, id) in
            self.items.iter().enumerate().filter_map(|(index, item)| Some((index, item.id.as_deref()?)))
        {
            if let Some(first) = ids.insert(id, index) {
                twice.push((index, format!("`{id}` is the id of item {first} too")));
            }
        }
        for (index, problem) in twice {
            self.fault(&format!("item {index}"), problem, "give each item an id of its own, or a quantity");
        }
        let items = self.items.iter().fold(0usize, |sum, item| sum.saturating_add(item.quantity));
        if items > ITEMS_MAX {
            let problem = format!("there are {items} items");
            let hint = const {
                assert!(ITEMS_MAX == 5_000_000);
                "a file has 5000000 at most: write several files"
            };
            self.fault("items", problem, hint);
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut place_of: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let place = *place_of.entry(item.group.as_deref()).or_insert_with(|| {
                groups.push(Group { name: item.group.clone(), items: Vec::new() });
                groups.len() - 1
            });
            groups[place].items.extend(std::iter::repeat_n(index, item.quantity));
        }
        Ok(Instance {
            dimensions: self.dimensions,
            capacity: self.capacity,
            items: self.items,
            groups,
            unread: self.unread,
        })
    }
}
