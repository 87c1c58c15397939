//! The JSON Schema of a layout, draft 2020-12.

use serde_json::{Map, Value, json};

use super::notation::GUID;
use super::{Holds, Layout, Node, Type};

/// Returns the schema of a document: one record, or a list of records.
pub fn json_schema(layout: &Layout) -> String {
    let mut record = group(layout.record.children());
    record.insert("description".into(), layout.record.says.clone().into());
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": layout.namespace,
        "title": layout.name,
        "description": format!("{}. {}", layout.standard, layout.basis),
        "oneOf": [{ "$ref": "#/$defs/record" }, { "type": "array", "items": { "$ref": "#/$defs/record" } }],
        "$defs": { "record": record },
    });
    let mut text = serde_json::to_string_pretty(&schema).expect("a value can be written");
    text.push('\n');
    text
}

fn group(children: &[Node]) -> Map<String, Value> {
    let mut properties = Map::new();
    for node in children {
        let mut one = match &node.content {
            Holds::Group(children) => group(children),
            Holds::Value(value) => scalar(*value),
        };
        if node.is_repeated() {
            let mut list = Map::new();
            list.insert("type".into(), "array".into());
            list.insert("items".into(), one.into());
            if let Some(most) = node.most {
                list.insert("maxItems".into(), most.into());
            }
            one = list;
        }
        // A member that is `null` is not there.
        if let Some(kind) = one.get("type").filter(|_| node.least == 0).cloned() {
            one.insert("type".into(), json!([kind, "null"]));
        }
        one.insert("description".into(), node.says.clone().into());
        properties.insert(node.name.clone(), one.into());
    }
    let required: Vec<&str> =
        children.iter().filter(|node| node.least > 0).map(|node| node.name.as_str()).collect();
    let mut group = Map::new();
    group.insert("type".into(), "object".into());
    group.insert("properties".into(), properties.into());
    if !required.is_empty() {
        group.insert("required".into(), required.into());
    }
    group.insert("additionalProperties".into(), false.into());
    group
}

fn scalar(value: Type) -> Map<String, Value> {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": format!("^{pattern}$") });
    let schema = match value {
        Type::Text { least, most, is_letters: false } => {
            json!({ "type": "string", "minLength": least, "maxLength": most })
        }
        Type::Text { least, most, is_letters: true } => pattern(&format!("[A-Z]{{{least},{most}}}")),
        Type::Lines(most) => json!({ "type": "string", "minLength": 1, "maxLength": most }),
        Type::Digits { least, most } => pattern(&format!("[0-9]{{{least},{most}}}")),
        Type::Decimal { .. } => json!({ "type": "number", "minimum": 0 }),
        Type::Int => json!({ "type": "integer" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Date => pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Type::DateTime => pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}.*"),
        Type::Utc => pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
        Type::Guid => pattern(GUID),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => unreachable!("every schema above is an object"),
    }
}
