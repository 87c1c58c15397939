//! Verifying a message's signature.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use caravan_postal::Finding;
use uppsala::NodeId;

use super::document::{Message, canonical_without};
use super::{Algorithm, CANONICAL, Certificate, Digest, ENVELOPED};
use crate::findings::{
    SIGNATURE_ABSENT, SIGNATURE_ALGORITHM, SIGNATURE_CERTIFICATE, SIGNATURE_DIGEST, SIGNATURE_PART,
    SIGNATURE_UNTRUSTED, SIGNATURE_WRONG,
};

/// Whose signature is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'a> {
    /// That of one of these certificates.
    Only(&'a [Certificate]),
    /// That of whatever certificate the message brings: shows that nothing changed, and not who signed.
    Any,
}

/// A signature that holds.
#[derive(Debug, Clone)]
pub struct Verified {
    /// How the message is signed.
    pub algorithm: Algorithm,
    /// How the message's bytes became one number; in the field not always that of the algorithm.
    pub digest: Digest,
    /// The certificate's number, when the message states it.
    pub key_name: Option<String>,
    /// The certificate whose key has signed.
    pub certificate: Certificate,
}

/// Verifies the signature of a message that is decoded to a text.
///
/// # Errors
///
/// What is wrong, with its place. A message without a signature is one of them.
pub fn verify(text: &str, trust: Trust<'_>) -> Result<Verified, Finding> {
    let message = Message::parse(text)?;
    let signature = message.signature()?.ok_or_else(|| SIGNATURE_ABSENT.finding::<&str>([]))?;
    let parts = Parts::of(&message, signature)?;
    let range = message.range(signature).ok_or_else(|| part(&message, signature, "Signature"))?;
    let canonical = canonical_without(message.text(), range);
    let canonical = canonical.ok_or_else(|| part(&message, signature, "Signature"))?;
    if parts.digest.of(&canonical) != parts.digest_value {
        return Err(SIGNATURE_DIGEST.finding::<&str>([]).at(message.place(signature)));
    }
    let info = message.canonical(parts.info).ok_or_else(|| part(&message, parts.info, "SignedInfo"))?;
    let certificate = certificate(&message, signature, trust)?;
    let is_its_own = certificate.algorithm() == parts.algorithm;
    if !is_its_own || !certificate.has_signed(&info, &parts.value) {
        return Err(SIGNATURE_WRONG.finding::<&str>([]).at(message.place(signature)));
    }
    let key_info = message.child(signature, "KeyInfo");
    let key_name = key_info.and_then(|info| message.child(info, "KeyName"));
    Ok(Verified {
        algorithm: parts.algorithm,
        digest: parts.digest,
        key_name: key_name.map(|node| message.content(node).trim().to_owned()),
        certificate,
    })
}

/// The parts of a signature that decide.
struct Parts {
    info: NodeId,
    algorithm: Algorithm,
    digest: Digest,
    digest_value: Vec<u8>,
    value: Vec<u8>,
}

impl Parts {
    fn of(message: &Message<'_>, signature: NodeId) -> Result<Self, Finding> {
        let child = |of, name: &str| message.child(of, name).ok_or_else(|| part(message, of, name));
        let info = child(signature, "SignedInfo")?;
        only(message, child(info, "CanonicalizationMethod")?, CANONICAL)?;
        let method = child(info, "SignatureMethod")?;
        let algorithm = Algorithm::from_uri(message.attribute(method, "Algorithm").unwrap_or_default());
        let algorithm = algorithm.ok_or_else(|| unknown(message, method))?;
        // A second reference, or one to a part, would leave something unsigned that looks signed.
        let reference = child(info, "Reference")?;
        let is_whole = message.attribute(reference, "URI") == Some("");
        if !is_whole || message.children(info, "Reference").len() != 1 {
            return Err(part(message, reference, "Reference"));
        }
        let transforms = child(reference, "Transforms")?;
        for transform in message.children(transforms, "Transform") {
            let is_canonical = message.attribute(transform, "Algorithm") == Some(CANONICAL);
            if !is_canonical {
                only(message, transform, ENVELOPED)?;
            }
        }
        let method = child(reference, "DigestMethod")?;
        let digest = Digest::from_uri(message.attribute(method, "Algorithm").unwrap_or_default());
        let digest = digest.ok_or_else(|| unknown(message, method))?;
        let bytes =
            |node, name: &str| base64_of(&message.content(node)).ok_or_else(|| part(message, node, name));
        let digest_value = bytes(child(reference, "DigestValue")?, "DigestValue")?;
        let value = bytes(child(signature, "SignatureValue")?, "SignatureValue")?;
        Ok(Self { info, algorithm, digest, digest_value, value })
    }
}

/// Returns the certificate whose key must have signed.
fn certificate(message: &Message<'_>, signature: NodeId, trust: Trust<'_>) -> Result<Certificate, Finding> {
    let unreadable = || SIGNATURE_CERTIFICATE.finding::<&str>([]).at(message.place(signature));
    let info = message.child(signature, "KeyInfo");
    let data = info.and_then(|info| message.child(info, "X509Data"));
    let brought = data.and_then(|data| message.child(data, "X509Certificate"));
    let brought = brought.map(|node| {
        let der = base64_of(&message.content(node)).ok_or_else(unreadable)?;
        Certificate::parse(&der).map_err(|_| unreadable())
    });
    match (brought.transpose()?, trust) {
        (Some(brought), Trust::Any) => Ok(brought),
        (Some(brought), Trust::Only(known)) => {
            let is_known = known.iter().any(|known| known.der() == brought.der());
            let untrusted = || SIGNATURE_UNTRUSTED.finding::<&str>([]).at(message.place(signature));
            if is_known { Ok(brought) } else { Err(untrusted()) }
        }
        // A message that brings none is signed by the one that was agreed on.
        (None, Trust::Only([known])) => Ok(known.clone()),
        (None, Trust::Only(_) | Trust::Any) => Err(unreadable()),
    }
}

fn only(message: &Message<'_>, node: NodeId, uri: &str) -> Result<(), Finding> {
    if message.attribute(node, "Algorithm") == Some(uri) { Ok(()) } else { Err(unknown(message, node)) }
}

fn unknown(message: &Message<'_>, node: NodeId) -> Finding {
    let found = message.attribute(node, "Algorithm").unwrap_or_default();
    SIGNATURE_ALGORITHM.finding([found]).at(message.place(node))
}

fn part(message: &Message<'_>, node: NodeId, name: &str) -> Finding {
    SIGNATURE_PART.finding([name]).at(message.place(node))
}

/// Reads Base64, with white space anywhere and with its padding or without.
fn base64_of(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let text: String = text.split_ascii_whitespace().collect();
    GeneralPurpose::new(&STANDARD, config).decode(text).ok()
}
