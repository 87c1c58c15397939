//! One item as a tree, for who takes its members in another order than the file has them.

use bumpalo::Bump;
use bumpalo::collections::Vec;

use super::parser::{Fault, Head, Parser, Scalar};
use crate::place::Mark;

/// A value.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Scalar(Scalar<'a>),
    Array(Vec<'a, Entry<'a>>),
    Object(Vec<'a, Member<'a>>),
}

/// A value with its place.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) value: Value<'a>,
    pub(super) mark: Mark,
}

/// A member of an object with the place of its name.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) value: Value<'a>,
    pub(super) mark: Mark,
}

/// Reads the members of the object at hand.
pub(super) fn members<'a>(parser: &mut Parser<'a>, arena: &'a Bump) -> Result<Vec<'a, Member<'a>>, Fault> {
    let mut members = Vec::new_in(arena);
    parser.open()?;
    while let Some((name, mark)) = parser.member()? {
        members.push(Member { name, value: value(parser, arena)?, mark });
    }
    Ok(members)
}

fn value<'a>(parser: &mut Parser<'a>, arena: &'a Bump) -> Result<Value<'a>, Fault> {
    Ok(match parser.head() {
        Head::Object => Value::Object(members(parser, arena)?),
        Head::Array => {
            let mut entries = Vec::new_in(arena);
            parser.open()?;
            while parser.entry()? {
                let mark = parser.mark();
                entries.push(Entry { value: value(parser, arena)?, mark });
            }
            Value::Array(entries)
        }
        Head::Scalar => Value::Scalar(parser.scalar()?),
    })
}
