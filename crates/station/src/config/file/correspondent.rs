//! `[[correspondent]]`: who files come from.

use caravan_declaration::Encoding;
use serde::Deserialize;

use super::{beside, fault, value};
use crate::config::{ConfigError, Correspondent};

/// How long the name of a correspondent's folder may be: its files have it before their own names.
const FOLDER_BYTES: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrespondentTable {
    folder: String,
    encoding: Option<String>,
    #[serde(default)]
    mappings: Vec<String>,
    sheet: Option<String>,
    #[serde(default)]
    certificates: Vec<String>,
}

pub(super) fn correspondent(table: &CorrespondentTable) -> Result<Correspondent, ConfigError> {
    if table.folder == "duplicates" {
        return Err(fault("correspondent.folder", &table.folder, "a name that `done/` does not use itself"));
    }
    let folder = value("correspondent.folder", &table.folder, "small letters, digits and hyphens", |name| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (!name.is_empty() && name.len() <= FOLDER_BYTES && name.bytes().all(is_plain))
            .then(|| name.to_owned())
    })?;
    let encoding = |name: &String| {
        value("correspondent.encoding", name, "utf-8, gb18030, windows-1251 or windows-1252", Encoding::parse)
    };
    let files = |field: &str, names: &[String]| {
        names.iter().map(|name| beside(field, name)).collect::<Result<Vec<_>, _>>()
    };
    Ok(Correspondent {
        folder,
        encoding: table.encoding.as_ref().map(encoding).transpose()?,
        mappings: files("correspondent.mappings", &table.mappings)?,
        sheet: table.sheet.clone(),
        certificates: files("correspondent.certificates", &table.certificates)?,
    })
}
