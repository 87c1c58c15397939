//! What the readers of this crate can say about an input.
//!
//! *Invariant:* an argument never holds a person's data: texts of names, addresses and contents stay in the input,
//! and a finding points there.

use caravan_postal::text::Source;

caravan_postal::codes! {
    // The file as bytes.
    /// Nothing in the file.
    FILE_EMPTY = "file-empty", Fatal, [];
    /// More bytes than a file may have.
    FILE_TOO_LARGE = "file-too-large", Fatal, [limit];
    /// No format that is read here.
    FORMAT_UNKNOWN = "format-unknown", Fatal, [];
    /// An encoding that is not read, by a mark, a pattern or a declaration.
    ENCODING_UNSUPPORTED = "encoding-unsupported", Fatal, [encoding];
    /// A byte that stands for nothing in the encoding of the file.
    ENCODING_BROKEN = "encoding-broken", Fatal, [byte];
    /// The file ends in the middle.
    FILE_CUT = "file-cut", Fatal, [];
    /// Not one item in the file.
    ITEMS_NONE = "items-none", Warning, [];

    // Bounds.
    /// One item or one text is longer than it may be.
    ITEM_TOO_LARGE = "item-too-large", Fatal, [limit];
    /// More items than a file may have.
    ITEMS_TOO_MANY = "items-too-many", Fatal, [limit];
    /// A file of EDIFACT holds more interchanges than one file may.
    INTERCHANGES_TOO_MANY = "interchanges-too-many", Fatal, [limit];
    /// More content pieces than an item may have; the rest was left out.
    PIECES_TOO_MANY = "pieces-too-many", Hold, [limit];
    /// More documents than an item may have; the rest was left out.
    DOCUMENTS_TOO_MANY = "documents-too-many", Hold, [limit];
    /// More extra fields than an item may have; the rest was left out.
    EXTRAS_TOO_MANY = "extras-too-many", Hold, [limit];
    /// More attributes than an element may have.
    ATTRIBUTES_TOO_MANY = "attributes-too-many", Fatal, [limit];
    /// More columns than a CSV file may have.
    COLUMNS_TOO_MANY = "columns-too-many", Fatal, [limit];
    /// Elements enclose each other more often than they may.
    NESTING_TOO_DEEP = "nesting-too-deep", Fatal, [limit];
    /// More findings of an item than are listed.
    FINDINGS_MORE = "findings-more", Hold, [count];
    /// More findings of the file than are listed.
    FILE_FINDINGS_MORE = "file-findings-more", Warning, [count];

    // Encodings other than UTF-8.
    /// The encoding of the file, when it is not UTF-8.
    ENCODING_DETECTED = "encoding-detected", Remark, [encoding];
    /// The file declares another encoding than its bytes have; that of the bytes holds.
    ENCODING_DIFFERS = "encoding-differs", Warning, [stated, found];
    /// The bytes could have several encodings; the partner's setting has decided.
    ENCODING_CHOSEN = "encoding-chosen", Warning, [possible, taken];
    /// The bytes could have several encodings, and nothing decides.
    ENCODING_AMBIGUOUS = "encoding-ambiguous", Fatal, [possible];

    // XML as such.
    /// A document type declaration: never read, because it can do harm and is not needed.
    XML_DOCTYPE = "xml-doctype", Fatal, [];
    /// A reference to an entity that XML does not define by itself, or to a character that does not exist.
    XML_ENTITY = "xml-entity", Hold, [name];
    /// A version of XML other than 1.0.
    XML_VERSION = "xml-version", Warning, [found];
    /// An XML declaration that is malformed or not at the beginning.
    XML_DECLARATION = "xml-declaration", Fatal, [];
    /// An end tag of another element than the open one.
    XML_END_MISMATCH = "xml-end-mismatch", Fatal, [expected, found];
    /// Markup that is none: `<` without a name, `<!` without a known word.
    XML_MARKUP = "xml-markup", Fatal, [];
    /// `&` that begins no reference.
    XML_AMPERSAND = "xml-ampersand", Fatal, [];
    /// An attribute that is malformed or written twice.
    XML_ATTRIBUTE = "xml-attribute", Fatal, [element];
    /// Something other than comments behind the root element.
    XML_AFTER_ROOT = "xml-after-root", Fatal, [];
    /// `]]>` in a text or `--` in a comment.
    XML_SEQUENCE = "xml-sequence", Warning, [found];

    // The elements of our format.
    /// The root element is another one.
    ROOT_UNKNOWN = "root-unknown", Fatal, [found];
    /// The namespace is another one.
    NAMESPACE_UNKNOWN = "namespace-unknown", Fatal, [found];
    /// No namespace is stated; ours is assumed.
    NAMESPACE_MISSING = "namespace-missing", Warning, [];
    /// A namespace declared inside an item that takes its elements out of our format.
    NAMESPACE_INNER = "namespace-inner", Hold, [element];
    /// An element that the format does not have; it was left out.
    ELEMENT_UNKNOWN = "element-unknown", Warning, [element, parent];
    /// An element of the format in a place where it does not belong; it was left out.
    ELEMENT_MISPLACED = "element-misplaced", Hold, [element, parent];
    /// An element behind one that should follow it.
    ELEMENT_ORDER = "element-order", Remark, [element];
    /// An element that may be there once, a second time; the second was left out.
    ELEMENT_DUPLICATE = "element-duplicate", Hold, [element];
    /// An element without content: taken as not there.
    ELEMENT_EMPTY = "element-empty", Remark, [element];
    /// A part without which the rest of its group means nothing; the group was left out.
    PART_MISSING = "part-missing", Hold, [part, group];
    /// An attribute that the format does not have; it was left out.
    ATTRIBUTE_UNKNOWN = "attribute-unknown", Warning, [attribute, element];
    /// Text between elements; it was left out.
    TEXT_MISPLACED = "text-misplaced", Warning, [parent];

    // CSV as such.
    /// A column that the format does not have; it was left out.
    COLUMN_UNKNOWN = "column-unknown", Warning, [column];
    /// A column that is there twice; the second was left out.
    COLUMN_DUPLICATE = "column-duplicate", Warning, [column];
    /// A column that most declarations need.
    COLUMN_MISSING = "column-missing", Warning, [column];
    /// More cells in a row than there are columns; the rest was left out.
    CELLS_EXTRA = "cells-extra", Hold, [found, expected];
    /// Fewer cells in a row than there are columns; the rest counts as empty.
    CELLS_MISSING = "cells-missing", Warning, [found, expected];
    /// A later row of an item says something else about the item than its first row; the first holds.
    CELL_DIFFERS = "cell-differs", Hold, [];

    // JSON as such.
    /// Something that JSON does not allow here.
    JSON_SYNTAX = "json-syntax", Fatal, [expected];
    /// An escape that stands for no character: half of a pair of UTF-16. The text was left out.
    JSON_ESCAPE = "json-escape", Hold, [found];
    /// A value that is written as another type; it was read all the same.
    JSON_TYPE = "json-type", Remark, [expected, found];
    /// A value that cannot be what is meant; it was left out.
    JSON_VALUE = "json-value", Hold, [expected, found];
    /// White space around a value; it is no part of it.
    JSON_SPACED = "json-spaced", Remark, [];

    // Mapping files.
    /// Not TOML.
    MAPPING_SYNTAX = "mapping-syntax", Fatal, [];
    /// A key that mapping files do not have.
    MAPPING_KEY_UNKNOWN = "mapping-key-unknown", Fatal, [key];
    /// A value that its key cannot have.
    MAPPING_VALUE = "mapping-value", Fatal, [key, expected];
    /// A key without which there is no mapping.
    MAPPING_MISSING = "mapping-missing", Fatal, [key];
    /// A column that the format does not have.
    MAPPING_TARGET_UNKNOWN = "mapping-target-unknown", Fatal, [column];
    /// A column of which two things are said.
    MAPPING_TARGET_TWICE = "mapping-target-twice", Fatal, [column];

    // Envelopes: what messages need beside declarations.
    /// The file is not TOML.
    ENVELOPE_SYNTAX = "envelope-syntax", Fatal, [];
    /// A key that envelope files do not have.
    ENVELOPE_KEY_UNKNOWN = "envelope-key-unknown", Fatal, [key];
    /// A value that is not what its key can have.
    ENVELOPE_VALUE = "envelope-value", Fatal, [key, expected];
    /// A key without which there is no message.
    ENVELOPE_MISSING = "envelope-missing", Fatal, [key];

    // Workbooks.
    /// A workbook is larger than it may be.
    PACKAGE_TOO_LARGE = "package-too-large", Fatal, [limit];
    /// A workbook has more parts than it may have.
    PACKAGE_PARTS_TOO_MANY = "package-parts-too-many", Fatal, [limit];
    /// The parts of a workbook are larger, decompressed, than they may be.
    PACKAGE_TEXT_TOO_LARGE = "package-text-too-large", Fatal, [limit];
    /// A workbook that cannot be read to its end.
    PACKAGE_BROKEN = "package-broken", Fatal, [];
    /// A workbook without the sheet that is asked for.
    SHEET_UNKNOWN = "sheet-unknown", Fatal, [sheet];
    /// A workbook with more sheets than the first, and nothing says which is meant; the others were left out.
    SHEETS_UNREAD = "sheets-unread", Warning, [sheet, others];

    // Values.
    /// A text longer than its field; it was left out.
    TEXT_TOO_LONG = "text-too-long", Hold, [length, limit];
    /// A control character in a text; the text was left out.
    TEXT_CONTROL = "text-control", Hold, [character];
    /// Line breaks or tabs inside a text of one line; each run was taken as a space.
    TEXT_JOINED = "text-joined", Remark, [];
    /// Not a decimal number with a point.
    NUMBER_SHAPE = "number-shape", Hold, [found];
    /// More decimals than the unit has.
    NUMBER_DECIMALS = "number-decimals", Hold, [found];
    /// A number below zero.
    NUMBER_NEGATIVE = "number-negative", Hold, [found];
    /// A number beyond anything that can be meant.
    NUMBER_TOO_LARGE = "number-too-large", Hold, [found];
    /// An amount without its currency.
    CURRENCY_MISSING = "currency-missing", Hold, [];
    /// A currency code that ISO 4217 does not have.
    CURRENCY_UNKNOWN = "currency-unknown", Hold, [found];
    /// A country code that ISO 3166-1 does not have.
    COUNTRY_UNKNOWN = "country-unknown", Hold, [found];
    /// A code that its list does not have.
    CODE_UNKNOWN = "code-unknown", Hold, [found, expected];
    /// Not an office of exchange of UPU S34.
    OFFICE_SHAPE = "office-shape", Warning, [found];
    /// Not a day of the calendar as `2026-07-01`.
    DATE_SHAPE = "date-shape", Warning, [found];
    /// Not a commodity code of 6, 8 or 10 digits.
    HS_SHAPE = "hs-shape", Hold, [found];
    /// A commodity code with dots or spaces; they were skipped.
    HS_PUNCTUATED = "hs-punctuated", Remark, [found];
    /// An identifier with spaces; they were skipped.
    S10_SPACED = "s10-spaced", Remark, [found];
    /// An identifier that has not thirteen characters.
    S10_LENGTH = "s10-length", Hold, [length];
    /// An identifier that is not two letters, nine digits, two letters.
    S10_SHAPE = "s10-shape", Hold, [found];
    /// An identifier with a reserved first letter.
    S10_RESERVED = "s10-reserved", Hold, [found];
    /// An identifier whose check digit does not follow from its serial number.
    S10_CHECK_DIGIT = "s10-check-digit", Hold, [found, expected];
    /// An identifier whose last letters are no country.
    S10_COUNTRY = "s10-country", Hold, [found];
    /// A local number beside a valid identifier; it was left out.
    LOCAL_IDENTIFIER_UNUSED = "local-identifier-unused", Warning, [];
    /// A volume that is not that of the dimensions; the stated volume holds.
    VOLUME_DIFFERS = "volume-differs", Warning, [stated, computed];

    // Signatures.
    /// No signature where one is wanted.
    SIGNATURE_ABSENT = "signature-absent", Fatal, [];
    /// Two signatures of one message.
    SIGNATURE_TWICE = "signature-twice", Fatal, [];
    /// A part of the signature that is missing or cannot be read.
    SIGNATURE_PART = "signature-part", Fatal, [part];
    /// A method that the signature may not use, or that is not known.
    SIGNATURE_ALGORITHM = "signature-algorithm", Fatal, [found];
    /// No certificate in the signature, or one that cannot be read.
    SIGNATURE_CERTIFICATE = "signature-certificate", Fatal, [];
    /// A certificate that is none of those agreed on.
    SIGNATURE_UNTRUSTED = "signature-untrusted", Fatal, [];
    /// The message is not the one that was signed.
    SIGNATURE_DIGEST = "signature-digest", Fatal, [];
    /// The signature is not that of the certificate's key.
    SIGNATURE_WRONG = "signature-wrong", Fatal, [];

    // Messages of China's cross-border e-commerce platform.
    /// A byte-order mark, which the format does not ask for.
    BYTE_ORDER_MARK = "byte-order-mark", Remark, [];
    /// Another encoding than UTF-8 is declared, and the text was read all the same.
    ENCODING_DECLARED = "encoding-declared", Remark, [encoding];
    /// Neither the root nor what is in it says which message it is.
    CEB_MESSAGE_UNKNOWN = "ceb-message-unknown", Fatal, [found];
    /// The root has another name than its message; it was read as that.
    CEB_ROOT_NAME = "ceb-root-name", Remark, [found, message];
    /// An attribute that the root has to have is not there, or not what it has to be.
    CEB_ATTRIBUTE = "ceb-attribute", Hold, [attribute];
    /// A block that has to be there.
    CEB_BLOCK_MISSING = "ceb-block-missing", Hold, [block, parent];
    /// A block behind the documents a second time, with the same content.
    CEB_BLOCK_DOUBLED = "ceb-block-doubled", Remark, [block];
    /// A block more often than the schema admits.
    CEB_BLOCK_SURPLUS = "ceb-block-surplus", Warning, [block, limit];
    /// More lines than are read of one document; the rest was left out.
    CEB_LINES_TOO_MANY = "ceb-lines-too-many", Hold, [limit];
    /// An element that has to have a value.
    CEB_VALUE_MISSING = "ceb-value-missing", Hold, [element, block];
    /// An element that has to be there is empty, as the schema admits.
    CEB_REQUIRED_EMPTY = "ceb-required-empty", Remark, [element];
    /// A value that the edition of 2018 admits and 202205 does not.
    CEB_EDITION = "ceb-edition", Warning, [element];
    /// A code that the specification does not name, though the schema admits it.
    CEB_CODE_UNKNOWN = "ceb-code-unknown", Warning, [found, expected];
    /// Digits that are no time of the calendar; they were kept as they are.
    CEB_TIME_SHAPE = "ceb-time-shape", Warning, [found, expected];
    /// A GUID in lower case; it was taken in upper case.
    CEB_GUID_CASE = "ceb-guid-case", Remark, [];
    /// A signature: kept as it stands and not checked here.
    CEB_SIGNATURE_KEPT = "ceb-signature-kept", Remark, [];
    /// The signature that the schema asks for is not there.
    CEB_SIGNATURE_MISSING = "ceb-signature-missing", Warning, [];
    /// An extension that is not one element, or whose names need declarations from outside it; it was left out.
    CEB_EXTENSION = "ceb-extension", Warning, [];
    /// A message that has no declarations.
    CEB_NO_DECLARATIONS = "ceb-no-declarations", Remark, [message];
    /// A wrapper of the exchange platform whose content is not Base64, or not there.
    DXP_DATA_BROKEN = "dxp-data-broken", Fatal, [];
    /// A text shorter than its field asks for; it was left out.
    TEXT_TOO_SHORT = "text-too-short", Hold, [length, limit];
    /// White space around a text; it was left off.
    TEXT_TRIMMED = "text-trimmed", Remark, [];
    // ITMATT.
    /// The message of the item says that what was said of it before does not hold any more.
    MESSAGE_CANCELS = "message-cancels", Hold, [];
    // Messages whose layout is a profile.
    /// A file of another kind than what was asked for: answers instead of declarations, or the other way round.
    FORMAT_OTHER = "format-other", Fatal, [format];
    /// A value that its type does not have; it was kept as an extra field.
    VALUE_SHAPE = "value-shape", Warning, [element, expected];
    /// A name in other capitals than the format has.
    NAME_CASE = "name-case", Remark, [found, expected];
    /// A value where an object or a list should be, or the other way round; it was left out.
    JSON_KIND = "json-kind", Hold, [member, expected];
    /// A number in quotes, a text without them and the like; it was read all the same.
    JSON_SPELLING = "json-spelling", Remark, [member, expected];

    // The conditions of the Union's import control for mail.
    /// C3025: no commodity code, although not both parties are natural persons.
    ICS2_COMMODITY_MISSING = "ics2-commodity-missing", Hold, [rule];
    /// R3019: a commodity code of more than eight digits.
    ICS2_COMMODITY_LONG = "ics2-commodity-long", Hold, [rule];
    /// C3034: no postcode, although the country has them.
    ICS2_POSTCODE_MISSING = "ics2-postcode-missing", Hold, [rule];
    /// C3037: neither the kind of goods nor a fiscal reference.
    ICS2_GOODS_TYPE_MISSING = "ics2-goods-type-missing", Hold, [rule];
    /// C3038: no value of a line, or no postage.
    ICS2_VALUE_MISSING = "ics2-value-missing", Hold, [rule];
    /// CL729: not said whether a party is a natural person.
    ICS2_PERSON_MISSING = "ics2-person-missing", Hold, [rule];
    /// R3002: an address without a number.
    ICS2_NUMBER_MISSING = "ics2-number-missing", Hold, [rule];
    /// R3006: a telephone number of another shape.
    ICS2_TELEPHONE = "ics2-telephone", Hold, [rule];
    /// What a value that was not understood was probably meant to be.
    VALUE_SUGGESTED = "value-suggested", Remark, [meant];
}

/// The codes of this crate with what they say.
pub const MESSAGES: Source = Source {
    codes: CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};

#[cfg(test)]
mod tests {
    use caravan_postal::Catalogue;

    #[test]
    fn messages_fit_their_codes() {
        assert_eq!(Catalogue::new(&[super::MESSAGES]).faults(), Vec::<String>::new());
    }
}
