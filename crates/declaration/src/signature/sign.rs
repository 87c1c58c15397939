//! Signing a message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::document::Message;
use super::{Algorithm, CANONICAL, Certificate, ENVELOPED, NAMESPACE, SigningKey, Sm2Form};
use crate::xml::escape;

/// The import messages whose signature stands behind `ExtendMessage`; in those of export it stands before it.
const SIGNED_LAST: [&str; 8] = [
    "CEB311Message",
    "CEB411Message",
    "CEB511Message",
    "CEB513Message",
    "CEB621Message",
    "CEB623Message",
    "CEB625Message",
    "CEB711Message",
];

/// Who signs.
#[derive(Debug)]
pub struct Signer {
    /// The private key.
    pub key: SigningKey,
    /// The certificate of the key, which goes into the message.
    pub certificate: Certificate,
    /// The certificate's number, as `KeyName`.
    pub key_name: String,
    /// How an SM2 signature is written.
    pub form: Sm2Form,
}

/// Why a message is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// It is no well-formed XML, or has a document type declaration.
    #[error("the message cannot be read as XML")]
    Unreadable,
    /// It has a signature already.
    #[error("the message is signed already")]
    Signed,
    /// Key and certificate do not belong together.
    #[error("the certificate is not that of the key")]
    Mismatch,
    /// The key cannot sign: it is too short for its digest.
    #[error("the key cannot sign")]
    Key,
}

impl Signer {
    /// Returns the message with its signature at the place that the schema wants. Nothing else of it changes.
    pub fn sign(&self, text: &str) -> Result<String, SignError> {
        let message = Message::parse(text).map_err(|_| SignError::Unreadable)?;
        if message.signature().map_err(|_| SignError::Signed)?.is_some() {
            return Err(SignError::Signed);
        }
        let at = place(&message).ok_or(SignError::Unreadable)?;
        let text = message.text();
        let algorithm = self.key.algorithm();
        // Without a signature the message is what is signed.
        let canonical = super::document::canonical_without(text, at..at).ok_or(SignError::Unreadable)?;
        let digest = STANDARD.encode(algorithm.digest().of(&canonical));
        let unsigned = insert(text, at, &self.element(algorithm, &digest, ""));
        let value = {
            let message = Message::parse(&unsigned).map_err(|_| SignError::Unreadable)?;
            let signature = message.signature().ok().flatten().ok_or(SignError::Unreadable)?;
            let info = message.child(signature, "SignedInfo").ok_or(SignError::Unreadable)?;
            let bytes = message.canonical(info).ok_or(SignError::Unreadable)?;
            let value = self.key.sign(&bytes, self.form).ok_or(SignError::Key)?;
            if !self.certificate.has_signed(&bytes, &value) {
                return Err(SignError::Mismatch);
            }
            value
        };
        Ok(insert(text, at, &self.element(algorithm, &digest, &STANDARD.encode(value))))
    }

    fn element(&self, algorithm: Algorithm, digest: &str, value: &str) -> String {
        let (method, digest_method) = (algorithm.uri(), algorithm.digest().uri());
        let mut name = String::new();
        escape(&self.key_name, &mut name);
        let certificate = STANDARD.encode(self.certificate.der());
        format!(
            "<ds:Signature xmlns:ds=\"{NAMESPACE}\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"{CANONICAL}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod>\
             <ds:Reference URI=\"\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"{digest_method}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>\
             <ds:SignatureValue>{value}</ds:SignatureValue>\
             <ds:KeyInfo><ds:KeyName>{name}</ds:KeyName><ds:X509Data>\
             <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        )
    }
}

/// Returns the byte before which the signature goes.
fn place(message: &Message<'_>) -> Option<usize> {
    if !SIGNED_LAST.contains(&message.root_name())
        && let Some(range) = message.own_child("ExtendMessage").and_then(|node| message.range(node))
    {
        return Some(range.start);
    }
    message.end_of_root()
}

fn insert(text: &str, at: usize, part: &str) -> String {
    [&text[..at], part, &text[at..]].concat()
}
