//! `sign` and `verify`: the signatures of customs messages, with the keys of the formats' own suite.

use std::fs;

use crate::support::{project, run};

const MESSAGE: &str =
    "<ceb:CEB603Message xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\"><ceb:a>1</ceb:a></ceb:CEB603Message>";

#[test]
fn what_is_signed_is_verified_and_what_was_changed_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let keys = project().join("crates/declaration/tests/signature");
    let key = |name: &str| keys.join(name).to_string_lossy().into_owned();
    fs::write(path("603.xml"), MESSAGE).unwrap();
    for (name, method) in [("rsa", "RSA and SHA-1"), ("sm2", "SM2 and SM3")] {
        let (private, certificate) = (key(&format!("{name}-key.pem")), key(&format!("{name}.pem")));
        let signed = path(&format!("{name}.xml"));
        let with = ["--key", &private, "--certificate", &certificate, "--key-name", "0123"];
        run(["sign", &path("603.xml"), "-o", &signed].iter().chain(&with)).ok();
        run(["verify", &signed, "--certificate", &certificate]).check(
            folder.path(),
            &format!(
                "exit 0
--- stdout
DIR/{name}.xml: signed with {method}, key `0123`, of a certificate given
--- stderr"
            ),
        );
        let changed = fs::read_to_string(&signed).unwrap().replace("<ceb:a>1<", "<ceb:a>2<");
        fs::write(path("changed.xml"), changed).unwrap();
        let ran = run(["verify", &path("changed.xml"), &signed]);
        assert_eq!(ran.code, Some(1));
        assert!(
            ran.stdout.contains("changed.xml: 1:80: fatal[signature-digest]: The message was changed"),
            "{ran:#?}"
        );
        assert!(ran.stdout.contains(&format!("{name}.xml: signed with {method}")), "{ran:#?}");
        let again = run(["sign", &signed].iter().chain(&with));
        assert!(again.stderr.contains("the message is signed already"), "{again:#?}");
    }
    let mixed = ["--key", &key("rsa-key.pem"), "--certificate", &key("sm2.pem"), "--key-name", "0123"];
    let ran = run(["sign", &path("603.xml")].iter().chain(&mixed));
    assert!(
        ran.code == Some(70) && ran.stderr.contains("the certificate is not that of the key"),
        "{ran:#?}"
    );
}
