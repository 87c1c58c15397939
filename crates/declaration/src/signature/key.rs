//! Keys and certificates, from the bytes of their files.

use rsa::pkcs1v15;
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use x509_cert::der::{Decode, DecodePem, Encode};

use super::{Algorithm, Sm2Form};

/// The name under which SM2 signs when nobody has another (GB/T 35276).
const DEFAULT_ID: &str = "1234567812345678";

/// A certificate, and the public key in it.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: PublicKey,
}

#[derive(Debug, Clone)]
enum PublicKey {
    Rsa(RsaPublicKey),
    Sm2(sm2::PublicKey),
}

/// A private key.
#[derive(Debug)]
pub enum SigningKey {
    /// For RSA with SHA-1.
    Rsa(Box<RsaPrivateKey>),
    /// For SM2 with SM3.
    Sm2(sm2::SecretKey),
}

/// Why a key or a certificate cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no certificate.
    #[error("this is no X.509 certificate, neither as PEM nor as DER")]
    NoCertificate,
    /// The certificate holds a key of another kind.
    #[error("the certificate's key is neither of RSA nor of SM2")]
    KindUnknown,
    /// The text is no private key.
    #[error("this is no private key of RSA or SM2 as PKCS #8 in PEM")]
    NoKey,
}

impl Certificate {
    /// Reads a certificate, as PEM or as DER.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let read =
            x509_cert::Certificate::from_pem(bytes).or_else(|_| x509_cert::Certificate::from_der(bytes));
        let certificate = read.map_err(|_| KeyError::NoCertificate)?;
        let info = &certificate.tbs_certificate.subject_public_key_info;
        let der = info.to_der().map_err(|_| KeyError::NoCertificate)?;
        let rsa = <RsaPublicKey as rsa::pkcs8::DecodePublicKey>::from_public_key_der(&der);
        let sm2 = || <sm2::PublicKey as sm2::pkcs8::DecodePublicKey>::from_public_key_der(&der);
        let key = match rsa {
            Ok(key) => PublicKey::Rsa(key),
            Err(_) => PublicKey::Sm2(sm2().map_err(|_| KeyError::KindUnknown)?),
        };
        let der = certificate.to_der().map_err(|_| KeyError::NoCertificate)?;
        Ok(Self { der, key })
    }

    /// Returns the certificate as DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Returns the algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        match self.key {
            PublicKey::Rsa(_) => Algorithm::RsaSha1,
            PublicKey::Sm2(_) => Algorithm::Sm2Sm3,
        }
    }

    /// Returns whether a signature over some bytes is that of the certificate's key.
    pub(super) fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            PublicKey::Rsa(key) => {
                let Ok(signature) = pkcs1v15::Signature::try_from(signature) else { return false };
                pkcs1v15::VerifyingKey::<Sha1>::new(key.clone()).verify(bytes, &signature).is_ok()
            }
            PublicKey::Sm2(key) => {
                use sm2::dsa::signature::Verifier as _;
                let plain = sm2::dsa::Signature::from_slice(signature);
                let Ok(signature) = plain.or_else(|_| sm2::dsa::Signature::from_der(signature)) else {
                    return false;
                };
                let key = sm2::dsa::VerifyingKey::new(DEFAULT_ID, *key);
                key.is_ok_and(|key| key.verify(bytes, &signature).is_ok())
            }
        }
    }
}

impl SigningKey {
    /// Reads a private key: PKCS #8 as PEM, without a password.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        if let Ok(key) = <RsaPrivateKey as rsa::pkcs8::DecodePrivateKey>::from_pkcs8_pem(text) {
            return Ok(Self::Rsa(Box::new(key)));
        }
        let sm2 = <sm2::SecretKey as sm2::pkcs8::DecodePrivateKey>::from_pkcs8_pem(text);
        sm2.map(Self::Sm2).map_err(|_| KeyError::NoKey)
    }

    /// Returns the algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::RsaSha1,
            Self::Sm2(_) => Algorithm::Sm2Sm3,
        }
    }

    /// Signs some bytes; the same bytes give the same signature.
    pub(super) fn sign(&self, bytes: &[u8], form: Sm2Form) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => {
                let key = pkcs1v15::SigningKey::<Sha1>::new((**key).clone());
                key.try_sign(bytes).ok().map(|signature| signature.to_vec())
            }
            Self::Sm2(key) => {
                use sm2::dsa::signature::Signer as _;
                let key = sm2::dsa::SigningKey::new(DEFAULT_ID, key).ok()?;
                let signature: sm2::dsa::Signature = key.try_sign(bytes).ok()?;
                Some(match form {
                    Sm2Form::Plain => signature.to_bytes().to_vec(),
                    Sm2Form::Der => signature.to_der().as_bytes().to_vec(),
                })
            }
        }
    }
}
