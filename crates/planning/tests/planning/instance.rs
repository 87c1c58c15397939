//! The schema of packing problems against files that are right and files that are not.

use serde_json::Value;

const SCHEMA: &str = include_str!("../../../../schemas/plan-instance.schema.json");
const README: &str = include_str!("../../README.md");

const RIGHT: &[&str] = &[
    r#"{"capacities": [10], "items": [5, 4, 4, 3, 2, 2]}"#,
    r#"{"capacity": 10, "items": [[5], {"size": 3}, {"sizes": [2], "quantity": 2}]}"#,
    r#"{"capacities": [10, 10], "items": [[9, 1], [1, 9]]}"#,
    r#"{"capacities": {"w": 10, "count": 2}, "items": [{"w": 1, "id": 7}, {"size": {"w": 1}, "group": null}]}"#,
    r#"{"capacities": [10], "items": []}"#,
    r#"{"capacity": 18446744073709551615, "items": [18446744073709551615]}"#,
    r#"{"capacity": 10, "items": [1, 2], "groups": ["x", null]}"#,
    r#"{"capacity": 10, "items": [1, 2], "groups": [["a", 1], [0]]}"#,
    r#"{"capacity": 10, "items": [1, 2], "groups": {"x": [0, 1], "y": ["b"]}}"#,
    r#"{"capacity": 10, "groups": [{"name": "x", "items": [2, 2]}, {"group": "y", "items": [{"size": 2}]}]}"#,
    r#"{"capacity": 10, "groups": {"x": [[2], [2]], "y": [2]}}"#,
];

const WRONG: &[&str] = &[
    "[1, 2]",
    r#"{"items": [1]}"#,
    r#"{"capacity": 10}"#,
    r#"{"capacity": 10, "capacities": [10], "items": []}"#,
    r#"{"capacities": [], "items": []}"#,
    r#"{"capacities": {}, "items": []}"#,
    r#"{"capacities": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], "items": []}"#,
    r#"{"capacity": -1, "items": []}"#,
    r#"{"capacity": 10, "items": [1.5]}"#,
    r#"{"capacity": 10, "items": [null]}"#,
    r#"{"capacity": 10, "items": {"a": 1}}"#,
    r#"{"capacity": 10, "items": [{"size": -3}]}"#,
    r#"{"capacity": 10, "items": [{"size": 1, "quantity": "x"}]}"#,
    r#"{"capacity": 10, "items": [{"size": 1, "id": [1]}]}"#,
    r#"{"capacity": 10, "items": [1], "groups": 7}"#,
    r#"{"capacity": 10, "items": [1], "groups": {"x": 0}}"#,
];

#[test]
fn the_schema_takes_what_is_right_and_nothing_else() {
    let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let takes = |text: &str| schema.is_valid(&serde_json::from_str::<Value>(text).unwrap());
    let (_, example) = README.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    for text in RIGHT.iter().chain([&example]) {
        assert!(takes(text), "{text}");
    }
    for text in WRONG {
        assert!(!takes(text), "{text}");
    }
}
