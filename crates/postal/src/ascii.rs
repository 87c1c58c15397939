//! Short codes of a fixed length, kept as bytes and always upper-case ASCII.

/// Declares a copyable code type of exactly `$len` ASCII bytes, with `as_str`, `Display`, `Debug` and `FromStr`.
///
/// The type's own `parse(&str) -> Option<Self>` is written beside its declaration, because each code has its own shape.
macro_rules! ascii_code {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Returns the code as text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("only ASCII bytes are ever stored")
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }
    };
}
pub(crate) use ascii_code;

/// Returns the bytes of `text` when it is exactly `N` bytes long and each byte passes `allowed`.
pub(crate) fn exact<const N: usize>(text: &str, allowed: fn(&u8) -> bool) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(allowed).then_some(bytes)
}
