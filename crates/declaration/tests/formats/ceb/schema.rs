//! The committed schemas are those of the layouts.

use caravan_declaration::ceb::layout::Direction;
use caravan_declaration::ceb::schema::schema;

use super::own_name;
use crate::formats::{is_blessing, project};

#[test]
fn the_committed_schemas_are_fresh() {
    for direction in [Direction::Export, Direction::Import] {
        let (name, text) = (own_name(direction), schema(direction));
        let path = project().join("schemas").join(name);
        if is_blessing() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "schemas/{name} is stale; run the tests with CARAVAN_BLESS=1 and look at the diff"
        );
    }
}
