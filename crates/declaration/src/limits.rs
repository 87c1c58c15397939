//! The bounds of reading: what one file, one item and one list of findings may grow to.

/// How much a reader takes before it stops or cuts, each bound with its own finding.
///
/// The caller fills every field; [`Limits::standard`] is what a station uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file; reading ends there with `file-too-large`.
    pub file_bytes: u64,
    /// Bytes of one item, of one text and of anything else that has to be seen whole; reading ends with
    /// `item-too-large`. The reader's memory is a small multiple of it at most, and about a mebibyte when items are
    /// of the ordinary size.
    pub item_bytes: usize,
    /// Items of one file; reading ends with `items-too-many`.
    pub items: u32,
    /// Interchanges of one file; nothing of a file counts that has more (`interchanges-too-many`).
    pub interchanges: u32,
    /// Content pieces of one item; the rest is left out with `pieces-too-many`.
    pub pieces: u16,
    /// Documents of one item; the rest is left out with `documents-too-many`.
    pub documents: u16,
    /// Extra fields of one item; the rest is left out with `extras-too-many`.
    pub extras: u16,
    /// Attributes of one XML element, or columns of one CSV file; reading ends with `attributes-too-many` or
    /// `columns-too-many`.
    pub attributes: u16,
    /// Elements that enclose each other in XML, the root counted as 1; reading ends with `nesting-too-deep`.
    pub depth: u16,
    /// Findings of one item; the rest is counted in one `findings-more`.
    pub findings_per_item: u32,
    /// Findings of the file itself, those of its items not counted; the rest is counted in one
    /// `file-findings-more`.
    pub findings_per_file: u32,
    /// Lines of one document of a CEB message; the rest is left out with `ceb-lines-too-many`.
    pub lines: u32,
    /// Bytes of one EDIFACT segment; reading ends with `edi-limit`.
    pub segment_bytes: usize,
    /// Data elements of one EDIFACT segment; reading ends with `edi-limit`.
    pub segment_elements: u16,
    /// Components of one EDIFACT segment, over all its elements; reading ends with `edi-limit`.
    pub segment_components: u16,
    /// Bytes of a workbook, which is kept in memory; reading ends with `package-too-large`. As many bytes may the texts
    /// have that its cells share.
    pub package_bytes: usize,
    /// Parts of a workbook; reading ends with `package-parts-too-many`.
    pub package_parts: u16,
    /// Bytes of all parts of a workbook that are read, decompressed; reading ends with `package-text-too-large`. The
    /// rows of the sheet are not kept in memory.
    pub package_text_bytes: u64,
}

impl Limits {
    /// Returns the bounds that a station uses.
    pub fn standard() -> Self {
        Self {
            file_bytes: 16 << 30,
            item_bytes: 4 << 20,
            items: 5_000_000,
            interchanges: 10_000,
            pieces: 999,
            documents: 99,
            extras: 2000,
            attributes: 128,
            depth: 16,
            findings_per_item: 100,
            findings_per_file: 1000,
            lines: 50_000,
            segment_bytes: 16_384,
            segment_elements: 99,
            segment_components: 999,
            package_bytes: 64 << 20,
            package_parts: 1000,
            package_text_bytes: 512 << 20,
        }
    }
}
