//! Our JSON against its schema: what is written passes it, and what it rejects has a finding.

use caravan_declaration::{Limits, json};
use jsonschema::Validator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::{arbitrary, packing, project, read_all, sample};

fn schema() -> Validator {
    let text = std::fs::read_to_string(project().join("schemas/declaration-1.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn what_is_written_passes_the_schema() {
    let schema = schema();
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(arbitrary::declaration(), 1..6);
    for number in 0..60 {
        let declarations = match number {
            0 => vec![packing::complete(), sample::typical(1)],
            _ => strategy.new_tree(&mut runner).unwrap().current(),
        };
        let bytes = json::write(Vec::new(), json::Layout::Array, &declarations).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

/// What the schema rejects has a finding: the reader is lenient, but not silent.
#[test]
fn no_invalid_file_is_read_without_a_finding() {
    let schema = schema();
    let bytes = json::write(Vec::new(), json::Layout::Array, &[packing::complete()]).unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let (mut mutants, mut rejected) = (0, 0);
    for mutant in mutants_of(&document) {
        mutants += 1;
        if schema.is_valid(&mutant) {
            continue;
        }
        rejected += 1;
        let text = mutant.to_string();
        let readout = read_all(text.as_bytes(), &Limits::standard());
        assert!(readout.findings().next().is_some(), "{text}");
    }
    assert!(mutants > 400 && rejected * 2 > mutants, "{rejected} of {mutants}");
}

/// Every value, at every depth, replaced by what it may not be, left out, renamed.
fn mutants_of(document: &Value) -> Vec<Value> {
    let others = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(1.5),
        Value::from(""),
        Value::from(" CN "),
        Value::from("?"),
        Value::from("x".repeat(2000)),
        Value::Array(vec![]),
        serde_json::json!({ "a": 1 }),
    ];
    let mut all: Vec<Value> = others.to_vec();
    match document {
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                let change = |value: Value| {
                    let mut changed = entries.clone();
                    changed[index] = value;
                    Value::Array(changed)
                };
                all.extend(mutants_of(entry).into_iter().map(change));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let change = |value: Value| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), value);
                    Value::Object(changed)
                };
                all.extend(mutants_of(member).into_iter().map(change));
                let mut without = members.clone();
                without.remove(name);
                all.push(Value::Object(without.clone()));
                without.insert(format!("{name}-"), member.clone());
                all.push(Value::Object(without));
            }
        }
        _ => {}
    }
    all
}
