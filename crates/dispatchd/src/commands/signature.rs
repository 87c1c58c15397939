//! `caravan sign` and `caravan verify`: the signatures of China's customs messages.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::slice;

use anyhow::{Context, Result};
use caravan_declaration::signature::{Signer, SigningKey, Sm2Form, Trust, verify};
use caravan_declaration::{Limits, ceb};
use caravan_postal::Language;
use clap::Args;

use super::{FOUND, language};
use crate::correspondent::certificates;
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// Sign a customs message.
///
/// The method follows from the key: RSA with SHA-1, or SM2 with SM3. The signature goes to the place that the schema
/// wants; nothing else of the message changes.
#[derive(Debug, Args)]
pub(super) struct Sign {
    /// The message, in UTF-8.
    file: PathBuf,
    /// The private key: PKCS #8 in PEM, without a password.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The certificate of the key, as PEM or DER.
    #[arg(long, value_name = "FILE")]
    certificate: PathBuf,
    /// The number of the certificate, as customs knows it.
    #[arg(long, value_name = "NUMBER")]
    key_name: String,
    /// Write an SM2 signature as DER; which of the two customs wants is to be asked of the local office.
    #[arg(long)]
    der: bool,
    /// Where to write; the standard output when not said.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Verify the signatures of customs messages.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The messages; one in a wrapper of the exchange platform is taken out of it.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A certificate that may have signed; any certificate in the message when not said, which shows only that nothing
    /// was changed.
    #[arg(long, value_name = "FILE")]
    certificate: Vec<PathBuf>,
    /// The language of the sentences: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
}

impl Sign {
    pub(super) fn run(self) -> Result<ExitCode> {
        let key = SigningKey::from_pem(&text(&self.key)?).with_context(|| at(&self.key))?;
        let certificate = certificates(slice::from_ref(&self.certificate))?.remove(0);
        let form = if self.der { Sm2Form::Der } else { Sm2Form::Plain };
        let signer = Signer { key, certificate, key_name: self.key_name, form };
        let signed = signer.sign(&text(&self.file)?).with_context(|| at(&self.file))?;
        match &self.output {
            Some(path) => {
                fs::write(path, signed).with_context(|| format!("cannot write `{}`", path.display()))?;
            }
            None => print!("{signed}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode> {
        let certificates = certificates(&self.certificate)?;
        let trust = if certificates.is_empty() { Trust::Any } else { Trust::Only(&certificates) };
        let mut is_good = true;
        for path in &self.files {
            let name = path.display().to_string();
            let input = File::open(path).with_context(|| format!("cannot read `{name}`"))?;
            let text =
                ceb::text(input, &Limits::standard()).with_context(|| format!("cannot read `{name}`"))?;
            match text.and_then(|text| verify(&text, trust)) {
                Ok(verified) => {
                    let key = verified.key_name.unwrap_or_default();
                    let of = if certificates.is_empty() {
                        "the certificate it brings"
                    } else {
                        "a certificate given"
                    };
                    println!("{name}: signed with {}, key `{key}`, of {of}", verified.algorithm.as_str());
                }
                Err(finding) => {
                    is_good = false;
                    println!("{}", FindingView::of(&finding, &CATALOGUE, self.language).line(&name));
                }
            }
        }
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
    }
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn at(path: &Path) -> String {
    format!("`{}`", path.display())
}
