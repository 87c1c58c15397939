//! A declaration as one short run of bytes: what the database keeps of it.
//!
//! Layout of version 1. All numbers are varints (LEB128, seven bits a byte, the low ones first); signed ones are
//! zigzag. A text is its length in bytes and UTF-8.
//!
//! 1. The version, one byte.
//! 2. The presence bits of the declaration, one varint; the bits are the constants `HAS_...` of this module.
//! 3. For each bit that is set, lowest first, its value. Codes of closed lists are their index in the list, one byte;
//!    countries, subclasses and offices are their letters; a day is counted from 2020-01-01; an S10 identifier is its
//!    key. An amount begins with the three letters of its currency, or with one zero byte when it is that of the
//!    amount before; then its minor units.
//! 4. A party is a varint of presence bits and its fields in the order of the model; a content piece the same. Lists
//!    begin with their count.
//!
//! *Invariant:* a version that was ever written stays readable; `tests/packed/` keeps a sample of each.
//! *Invariant:* decoding never panics and never takes more memory than a small multiple of the bytes.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode;

/// The version that is written.
pub const VERSION: u8 = 1;

/// Why bytes are no packed declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackedError {
    /// The first byte is a version that this program does not know.
    #[error("unknown version `{0}` of a packed declaration")]
    Version(u8),
    /// The bytes end too early.
    #[error("packed declaration ends too early")]
    Cut,
    /// Bytes are left behind the last field.
    #[error("packed declaration has bytes behind its end")]
    Surplus,
    /// A field holds what it cannot hold.
    #[error("packed declaration has an impossible `{0}`")]
    Field(&'static str),
}

/// The day from which days are counted: 2020-01-01, as days of the common era.
const FIRST_DAY: i32 = 737_425;

// Bits of the declaration.
const HAS_S10: u64 = 1;
const HAS_OTHER_IDENTIFIER: u64 = 1 << 1;
const HAS_DOMESTIC_WAYBILL: u64 = 1 << 2;
const HAS_FORM: u64 = 1 << 3;
const HAS_CLASS: u64 = 1 << 4;
const HAS_CATEGORY: u64 = 1 << 5;
const HAS_SUBCLASS: u64 = 1 << 6;
const HAS_HANDLING: u64 = 1 << 7;
const HAS_ORIGIN_OFFICE: u64 = 1 << 8;
const HAS_DESTINATION_OFFICE: u64 = 1 << 9;
const HAS_POSTED_ON: u64 = 1 << 10;
const HAS_NATURE: u64 = 1 << 11;
const HAS_NATURE_TEXT: u64 = 1 << 12;
const HAS_GROSS_WEIGHT: u64 = 1 << 13;
const HAS_SENDER: u64 = 1 << 14;
const HAS_ADDRESSEE: u64 = 1 << 15;
const HAS_PIECES: u64 = 1 << 16;
const HAS_POSTAGE: u64 = 1 << 17;
const HAS_TOTAL_VALUE: u64 = 1 << 18;
const HAS_INSURED_VALUE: u64 = 1 << 19;
const HAS_VOLUME: u64 = 1 << 20;
const HAS_SENDER_REFERENCE: u64 = 1 << 21;
const HAS_IMPORTER_REFERENCE: u64 = 1 << 22;
const HAS_PREPAID_TAX: u64 = 1 << 23;
const HAS_DOCUMENTS: u64 = 1 << 24;
const HAS_COMMENTS: u64 = 1 << 25;
const HAS_SIGNED_ON: u64 = 1 << 26;
const HAS_RETURN_WISH: u64 = 1 << 27;
/// No value follows: the bit is the wish itself.
const WANTS_RETURN: u64 = 1 << 28;
const HAS_EXTRAS: u64 = 1 << 29;
const ALL_BITS: u64 = (1 << 30) - 1;

// Bits of a party.
const HAS_KIND: u64 = 1;
const HAS_NAME: u64 = 1 << 1;
const HAS_STREET: u64 = 1 << 2;
const HAS_CITY: u64 = 1 << 3;
const HAS_POSTCODE: u64 = 1 << 4;
const HAS_COUNTRY: u64 = 1 << 5;
const HAS_TELEPHONE: u64 = 1 << 6;
const HAS_BUSINESS: u64 = 1 << 7;
const HAS_REGION: u64 = 1 << 8;
const HAS_EMAIL: u64 = 1 << 9;
const HAS_IDENTITY: u64 = 1 << 10;
const ALL_PARTY_BITS: u64 = (1 << 11) - 1;

// Bits of a content piece.
const HAS_DESCRIPTION: u64 = 1;
const HAS_UNITS: u64 = 1 << 1;
const HAS_NET_WEIGHT: u64 = 1 << 2;
const HAS_VALUE: u64 = 1 << 3;
const HAS_HS: u64 = 1 << 4;
const HAS_ORIGIN: u64 = 1 << 5;
const HAS_BATTERY: u64 = 1 << 6;
const ALL_PIECE_BITS: u64 = (1 << 7) - 1;
