//! Where a row is written.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use toml::Spanned;

use crate::tables::row::Layer;

/// A row with its place.
#[derive(Debug, Clone)]
pub(crate) struct Placed<R> {
    row: R,
    pub(crate) place: Place,
}

/// File, line and layer of a row.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
    pub(crate) layer: Layer,
}

/// A text whose rows get their places.
pub(crate) struct Text<'a> {
    file: Arc<str>,
    layer: Layer,
    content: &'a str,
}

impl<R> Deref for Placed<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl<'a> Text<'a> {
    pub(crate) fn new(name: &str, text: &'a str, layer: Layer) -> Self {
        Self { file: Arc::from(name), layer, content: text }
    }

    /// Returns the line of a place in the text, counted from 1.
    pub(crate) fn line(&self, span: &Range<usize>) -> u32 {
        let before = self.content.get(..span.start).unwrap_or(self.content);
        u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn place<R>(&self, row: Spanned<R>) -> Placed<R> {
        let place = Place { file: Arc::clone(&self.file), line: self.line(&row.span()), layer: self.layer };
        Placed { row: row.into_inner(), place }
    }
}
