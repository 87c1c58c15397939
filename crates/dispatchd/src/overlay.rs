//! A station's own tables of the tariff: the files of a folder, laid over those that come with the program.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use caravan_tariff::{BUILTIN, Engine, TableText};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// The folder of a station in which its own tables lie; there may be none.
pub const FOLDER: &str = "tariff";

/// How many bytes the tables of an assessment have at the most.
const UNPACKED_MAX: u64 = 64 << 20;

/// What a file of a table is called at its end.
const ENDINGS: [&str; 3] = ["toml", "csv", "txt"];

/// The texts of tables, by their path below their folder.
#[derive(Debug, Default)]
pub struct Overlay {
    texts: Vec<(String, String)>,
}

impl Overlay {
    /// Reads the tables below a folder; without the folder there are none.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut overlay = Self::default();
        if folder.is_dir() {
            overlay.collect(folder, folder)?;
        }
        Ok(overlay)
    }

    /// Lays other tables over these.
    #[must_use]
    pub fn under(mut self, later: Self) -> Self {
        self.texts.extend(later.texts);
        self
    }

    /// Returns the engine over the program's tables and these.
    pub fn engine(&self) -> Result<Engine> {
        let texts: Vec<TableText<'_>> =
            self.texts.iter().map(|(name, text)| TableText { name, text }).collect();
        Ok(Engine::load(&texts)?)
    }

    /// Returns the program's tables and these as bytes that [`Overlay::unpack`] reads: what an assessment was made with.
    pub fn pack(&self) -> Vec<u8> {
        let builtin = BUILTIN.iter().map(|table| (table.name, table.text));
        let own = self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let texts: Vec<(&str, &str)> = builtin.chain(own).collect();
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        serde_json::to_writer(&mut packed, &texts).expect("texts are JSON, and memory does not fail");
        packed.finish().expect("memory does not fail")
    }

    /// Returns the engine over exactly the tables of packed bytes.
    pub fn unpack(packed: &[u8]) -> Result<Engine> {
        let texts = ZlibDecoder::new(packed).take(UNPACKED_MAX);
        let texts: Vec<(String, String)> =
            serde_json::from_reader(texts).context("cannot unpack the tables of an assessment")?;
        let texts: Vec<TableText<'_>> = texts.iter().map(|(name, text)| TableText { name, text }).collect();
        Ok(Engine::exactly(&texts)?)
    }

    /// Returns every text by its path below the folder.
    pub fn texts(&self) -> &[(String, String)] {
        &self.texts
    }

    fn collect(&mut self, root: &Path, folder: &Path) -> Result<()> {
        let look = || format!("cannot look into `{}`", folder.display());
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).with_context(look)? {
            paths.push(entry.with_context(look)?.path());
        }
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.collect(root, &path)?;
            } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                self.texts.push((name, text));
            }
        }
        Ok(())
    }
}
