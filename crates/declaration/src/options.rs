//! What is known of who sent a file, beside the file.

use crate::csv::Mapping;
use crate::encoding::Encoding;

/// What the partner's settings say about the files that come from there; nothing, by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'o> {
    /// The encoding to take where the bytes of a file could have several.
    pub encoding: Option<Encoding>,
    /// What the columns of the partner's tables mean; the heading row tells which mapping it is.
    pub mappings: &'o [Mapping],
    /// The sheet of a workbook that is read; the first, when not said.
    pub sheet: Option<&'o str>,
}
