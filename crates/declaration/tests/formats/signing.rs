//! Signatures: what we sign others verify, and what was changed is noticed.
//!
//! The keys and certificates in `tests/signature` were made for this suite with `openssl` and sign nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use caravan_declaration::signature::{
    Algorithm, Certificate, Digest, KeyError, SignError, Signer, SigningKey, Sm2Form, Trust, verify,
};

/// An export list as short as it can be, with white space, a comment and an `ExtendMessage`.
const EXPORT: &str = "<ceb:CEB603Message guid=\"A0\" version=\"1.0\" xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\" \
                      xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n\
                      <ceb:Inventory><ceb:InventoryHead><ceb:note>\u{8033}\u{673a} &amp; &lt;5&gt;</ceb:note>\
                      </ceb:InventoryHead></ceb:Inventory><!-- not signed -->\n\
                      <ceb:BaseTransfer><ceb:copCode>1</ceb:copCode></ceb:BaseTransfer>\n\
                      <ceb:ExtendMessage><ceb:name>n</ceb:name></ceb:ExtendMessage></ceb:CEB603Message>\n";

fn import() -> String {
    EXPORT.replace("CEB603", "CEB621")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/signature")
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn signer(name: &str, form: Sm2Form) -> Signer {
    let key = String::from_utf8(bytes(&format!("{name}-key.pem"))).unwrap();
    Signer {
        key: SigningKey::from_pem(&key).unwrap(),
        certificate: Certificate::parse(&bytes(&format!("{name}.pem"))).unwrap(),
        key_name: "No. 1 & 2".to_owned(),
        form,
    }
}

fn code(text: &str) -> &'static str {
    verify(text, Trust::Any).unwrap_err().code.name
}

#[test]
fn what_is_signed_is_verified() {
    for (name, form, algorithm, digest) in [
        ("rsa", Sm2Form::Plain, Algorithm::RsaSha1, Digest::Sha1),
        ("sm2", Sm2Form::Plain, Algorithm::Sm2Sm3, Digest::Sm3),
        ("sm2", Sm2Form::Der, Algorithm::Sm2Sm3, Digest::Sm3),
    ] {
        let signer = signer(name, form);
        let signed = signer.sign(EXPORT).unwrap();
        assert_eq!(signed, signer.sign(EXPORT).unwrap(), "the same message is signed the same");
        let known = [Certificate::parse(&bytes("rsa.pem")).unwrap(), signer.certificate.clone()];
        for trust in [Trust::Any, Trust::Only(&known)] {
            let verified = verify(&signed, trust).unwrap();
            assert_eq!((verified.algorithm, verified.digest), (algorithm, digest));
            assert_eq!(verified.key_name.as_deref(), Some("No. 1 & 2"));
            assert_eq!(verified.certificate.der(), signer.certificate.der());
        }
        // What the canonical form does not see may change.
        let otherwise = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{signed}");
        let otherwise = otherwise.replace("guid=\"A0\" version=\"1.0\"", "version='1.0'   guid='A0'");
        verify(&otherwise.replace("<!-- not signed -->", ""), Trust::Any).unwrap();
    }
}

#[test]
fn one_changed_byte_is_noticed() {
    for name in ["rsa", "sm2"] {
        let signed = signer(name, Sm2Form::Plain).sign(EXPORT).unwrap();
        let certificates = [signer(name, Sm2Form::Plain).certificate];
        let from = signed.find("<ds:KeyInfo").unwrap();
        let to = signed.find("</ds:KeyInfo>").unwrap();
        let comment = signed.find("<!-- ").unwrap() + 4..signed.find("-->").unwrap();
        let mut changed_bytes = 0;
        for (at, character) in signed.trim_end().char_indices() {
            // Which key is meant is not signed; with another one nothing fits.
            if (from..to).contains(&at) || comment.contains(&at) {
                continue;
            }
            let other = if character == 'x' { "y" } else { "x" };
            let changed = [&signed[..at], other, &signed[at + character.len_utf8()..]].concat();
            if let Ok(verified) = verify(&changed, Trust::Only(&certificates)) {
                panic!("byte {at}, `{character}`, of\n{changed}\n{verified:?}");
            }
            changed_bytes += 1;
        }
        assert!(changed_bytes > 1000, "{changed_bytes}");
    }
}

#[test]
fn the_signature_stands_where_the_schema_wants_it() {
    let signer = signer("sm2", Sm2Form::Plain);
    let export = signer.sign(EXPORT).unwrap();
    assert!(export.contains("</ds:Signature><ceb:ExtendMessage>"));
    let import = signer.sign(&import()).unwrap();
    assert!(import.contains("</ceb:ExtendMessage><ds:Signature"));
    let without = EXPORT.replace("<ceb:ExtendMessage><ceb:name>n</ceb:name></ceb:ExtendMessage>", "");
    assert!(signer.sign(&without).unwrap().contains("</ds:Signature></ceb:CEB603Message>"));
    assert_eq!(export.len() - EXPORT.len(), import.len() - EXPORT.len(), "nothing else changes");
}

#[test]
fn every_fault_of_a_signature_is_told() {
    let signed = signer("rsa", Sm2Form::Plain).sign(EXPORT).unwrap();
    let at = signed.find("<ds:Signature ").unwrap();
    let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let twice = [&signed[..end], &signed[at..]].concat();
    let other = signer("sm2", Sm2Form::Plain).sign(EXPORT).unwrap();
    let of = |text: &str, from: &str, to: &str| {
        let from_at = text.find(from).unwrap();
        text[from_at..text[from_at..].find(to).unwrap() + from_at].to_owned()
    };
    let value = of(&signed, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let cases = [
        (EXPORT.to_owned(), "signature-absent"),
        (twice, "signature-twice"),
        (format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{signed}"), "xml-doctype"),
        (signed[..signed.len() - 10].to_owned(), "xml-markup"),
        (signed.replace(&value, ""), "xml-markup"),
        (signed.replace(&format!("{value}</ds:SignatureValue>"), ""), "signature-part"),
        (signed.replace(&value, "<ds:SignatureValue>!"), "signature-part"),
        (signed.replace(&value, "<ds:SignatureValue>AAAA"), "signature-wrong"),
        (signed.replace("URI=\"\"", "URI=\"#a\""), "signature-part"),
        (signed.replace("#rsa-sha1", "#rsa-sha256"), "signature-algorithm"),
        (signed.replace("#enveloped-signature", "#base64"), "signature-algorithm"),
        (signed.replace("\u{8033}", "\u{9f3b}"), "signature-digest"),
        (signed.replace("X509Certificate>", "X509Crl>"), "signature-certificate"),
        (
            signed.replace(
                &of(&signed, "<ds:X509Certificate>", "</ds:X509C"),
                &of(&other, "<ds:X509Certificate>", "</ds:X509C"),
            ),
            "signature-wrong",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(code(&text), expected, "{text}");
    }
    let known = [Certificate::parse(&bytes("sm2.pem")).unwrap()];
    assert_eq!(verify(&signed, Trust::Only(&known)).unwrap_err().code.name, "signature-untrusted");
    let place = verify(&signed, Trust::Only(&known)).unwrap_err().place.to_string();
    assert_eq!(place, "4:1");
}

#[test]
fn a_message_without_a_certificate_is_that_of_the_one_agreed_on() {
    let signer = signer("rsa", Sm2Form::Plain);
    let signed = signer.sign(EXPORT).unwrap();
    let (from, to) = (signed.find("<ds:X509Data>").unwrap(), signed.find("</ds:KeyInfo>").unwrap());
    let bare = [&signed[..from], &signed[to..]].concat();
    let certificates = [signer.certificate];
    assert!(verify(&bare, Trust::Only(&certificates)).is_ok());
    assert_eq!(code(&bare), "signature-certificate");
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let rsa = signer("rsa", Sm2Form::Plain);
    let signed = rsa.sign(EXPORT).unwrap();
    assert_eq!(rsa.sign(&signed), Err(SignError::Signed));
    assert_eq!(rsa.sign("<a"), Err(SignError::Unreadable));
    assert_eq!(rsa.sign("<!DOCTYPE a><a></a>"), Err(SignError::Unreadable));
    let mixed = Signer { certificate: signer("sm2", Sm2Form::Plain).certificate, ..rsa };
    assert_eq!(mixed.sign(EXPORT), Err(SignError::Mismatch));
    assert_eq!(Certificate::parse(b"no certificate").unwrap_err(), KeyError::NoCertificate);
    assert_eq!(SigningKey::from_pem("no key").unwrap_err(), KeyError::NoKey);
}

/// The judge of RSA: the xmlsec library, which knows nothing of ours.
#[test]
fn xmlsec_verifies_what_is_signed_with_rsa() {
    let folder_of_message = tempfile::tempdir().unwrap();
    for (name, message) in [("export.xml", EXPORT.to_owned()), ("import.xml", import())] {
        let path = folder_of_message.path().join(name);
        let signed = signer("rsa", Sm2Form::Plain).sign(&message).unwrap();
        for (text, is_good) in [(signed.clone(), true), (signed.replace("copCode>1<", "copCode>2<"), false)] {
            fs::write(&path, text).unwrap();
            let mut xmlsec = Command::new("xmlsec1");
            xmlsec.arg("--verify").arg("--pubkey-cert-pem").arg(folder().join("rsa.pem")).arg(&path);
            let output = xmlsec.output().expect("xmlsec1 is installed");
            assert_eq!(output.status.success(), is_good, "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// The judge of SM2: OpenSSL, over a canonical form that is written out here by hand.
#[test]
fn openssl_verifies_what_is_signed_with_sm2() {
    use base64::Engine as _;
    let signed = signer("sm2", Sm2Form::Der).sign(EXPORT).unwrap();
    let between = |from: &str, to: &str| {
        let start = signed.find(from).unwrap() + from.len();
        signed[start..start + signed[start..].find(to).unwrap()].to_owned()
    };
    let info = between("<ds:SignedInfo>", "</ds:SignedInfo>");
    // Canonical XML writes the names in scope on the outermost element, by prefix.
    let canonical = format!(
        "<ds:SignedInfo xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{info}</ds:SignedInfo>"
    );
    let value = between("<ds:SignatureValue>", "</ds:SignatureValue>");
    let value = base64::engine::general_purpose::STANDARD.decode(value).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    fs::write(path("info"), canonical).unwrap();
    fs::write(path("value"), value).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-pubkey", "-noout", "-in"]).arg(folder().join("sm2.pem"));
    fs::write(path("key"), openssl.output().expect("openssl is installed").stdout).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args([
        "pkeyutl",
        "-verify",
        "-rawin",
        "-digest",
        "sm3",
        "-pkeyopt",
        "distid:1234567812345678",
        "-pubin",
    ]);
    openssl.arg("-inkey").arg(path("key")).arg("-in").arg(path("info")).arg("-sigfile").arg(path("value"));
    let output = openssl.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
