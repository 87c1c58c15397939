//! The compact form of an assessment for storage. Findings are not in it: they are stored as rows of their own.
//!
//! The first byte is the version of the form. Every version ever written is read; the newest is written. Numbers are
//! little-endian groups of seven bits, signed ones with the sign in the lowest bit; a text is its length and its bytes.

mod reader;
mod writer;

use crate::Assessment;

use reader::{Reader, Version};

/// The version that is written.
pub const VERSION: u8 = 2;

/// The bit of the byte of the physical outcome that says dangerous goods; answers from before it was said have it unset.
const DANGEROUS: u8 = 0x80;

/// Why bytes are no packed assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackedError {
    /// The bytes end too early.
    #[error("the packed assessment ends too early")]
    Short,
    /// A version that this program does not know.
    #[error("packed assessments of version {0} are not known")]
    Version(u8),
    /// A value that its field cannot have.
    #[error("the packed assessment has no valid {0}")]
    Value(&'static str),
    /// Bytes behind the end.
    #[error("the packed assessment is longer than its content")]
    Long,
}

/// Appends the packed form of an assessment; findings and arithmetic are not in it.
pub fn encode(assessment: &Assessment, bytes: &mut Vec<u8>) {
    bytes.push(VERSION);
    writer::assessment(assessment, bytes);
}

/// Reads a packed assessment; its findings are empty, and so is the arithmetic unless version 1 wrote it.
pub fn decode(bytes: &[u8]) -> Result<Assessment, PackedError> {
    let mut reader = Reader::new(bytes);
    let version = match reader.byte()? {
        1 => Version::One,
        VERSION => Version::Two,
        other => return Err(PackedError::Version(other)),
    };
    let assessment = reader.assessment(version)?;
    if reader.is_at_end() { Ok(assessment) } else { Err(PackedError::Long) }
}

#[cfg(test)]
mod tests;
