//! Signatures of China's customs messages: XML-DSig, enveloped, over the whole message.
//!
//! Source: message specification of the cross-border e-commerce unified version, edition 202205, section 6; XML
//! Signature Syntax and Processing (W3C, 2008). One reference to the whole document, the enveloped-signature transform,
//! Canonical XML 1.0 without comments; RSA with SHA-1, or SM2 with SM3 (GB/T 32918, GB/T 32905).
//!
//! How an SM2 signature lies in `SignatureValue` the specification does not say: both forms are read, and which one is
//! written is a setting of the signer.

mod document;
mod key;
mod sign;
mod verify;

pub use key::{Certificate, KeyError, SigningKey};
pub use sign::{SignError, Signer};
pub use verify::{Trust, Verified, verify};

/// The namespace of XML signatures.
const NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Canonical XML 1.0 without comments.
const CANONICAL: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
/// The transform that leaves out the signature itself.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// RSA, PKCS #1 version 1.5, over SHA-1.
    RsaSha1,
    /// SM2 over SM3.
    Sm2Sm3,
}

/// How a message's bytes become one short number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// SHA-1.
    Sha1,
    /// SM3.
    Sm3,
}

/// How an SM2 signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Sm2Form {
    /// The two numbers of 32 bytes one behind the other, as XML Signature writes other elliptic curves.
    #[default]
    Plain,
    /// A sequence of two integers in DER.
    Der,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: &[Self] = &[Self::RsaSha1, Self::Sm2Sm3];

    /// Returns the name that people use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha1 => "RSA and SHA-1",
            Self::Sm2Sm3 => "SM2 and SM3",
        }
    }

    /// Returns the name that is written.
    pub fn uri(self) -> &'static str {
        match self {
            Self::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sm2Sm3 => "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3",
        }
    }

    /// Reads a name; of SM2 also the one that is seen in the field.
    pub fn from_uri(uri: &str) -> Option<Self> {
        if uri == "http://www.w3.org/2000/09/xmldsig#sm2-sm3" {
            return Some(Self::Sm2Sm3);
        }
        Self::ALL.iter().copied().find(|algorithm| algorithm.uri() == uri)
    }

    /// Returns the digest that goes with the algorithm when it is written.
    pub fn digest(self) -> Digest {
        match self {
            Self::RsaSha1 => Digest::Sha1,
            Self::Sm2Sm3 => Digest::Sm3,
        }
    }
}

impl Digest {
    /// Every digest.
    pub const ALL: &[Self] = &[Self::Sha1, Self::Sm3];

    /// Returns the name that is written.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sm3 => "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3",
        }
    }

    /// Reads a name.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|digest| digest.uri() == uri)
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => <sha1::Sha1 as sha1::Digest>::digest(bytes).to_vec(),
            Self::Sm3 => <sm3::Sm3 as sm3::Digest>::digest(bytes).to_vec(),
        }
    }
}
