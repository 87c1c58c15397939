//! Where the conversion goes: one file, several with numbers, or the standard output; never onto an input.

use std::fs::{self, File, Metadata};
use std::io::{BufWriter, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// What is written, known before anything is.
pub(super) struct Output<'o> {
    path: Option<&'o Path>,
    /// What the inputs are, whatever their names.
    inputs: Vec<(u64, u64)>,
}

impl<'o> Output<'o> {
    /// Makes sure that every input is there.
    pub(super) fn new(path: Option<&'o Path>, inputs: &[PathBuf]) -> Result<Self> {
        let identity = |path: &PathBuf| {
            let found = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            Ok(identity(&found))
        };
        let output = Self { path, inputs: inputs.iter().map(identity).collect::<Result<_>>()? };
        path.into_iter().try_for_each(|path| output.spare_inputs(path))?;
        Ok(output)
    }

    /// Returns whether a file was named.
    pub(super) fn is_file(&self) -> bool {
        self.path.is_some()
    }

    /// Opens the one file, or the standard output.
    pub(super) fn one(&mut self) -> Result<Box<dyn Write>> {
        match self.path {
            Some(path) => Ok(Box::new(BufWriter::new(self.create(path)?))),
            None => Ok(Box::new(BufWriter::new(std::io::stdout().lock()))),
        }
    }

    /// Writes the file of a number, `lists-2.xml` of `lists.xml`, and returns its name.
    pub(super) fn numbered(&self, number: usize, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.path.context("several files need a name")?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut name = format!("{stem}-{number}");
        if let Some(extension) = path.extension() {
            name.extend([".", &extension.to_string_lossy()]);
        }
        let path = path.with_file_name(name);
        let written = self.create(&path)?.write_all(bytes);
        written.with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(path)
    }

    fn create(&self, path: &Path) -> Result<File> {
        self.spare_inputs(path)?;
        File::create(path).with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Makes sure that what is written is no input.
    fn spare_inputs(&self, path: &Path) -> Result<()> {
        let found = fs::metadata(path).ok().filter(Metadata::is_file);
        if found.is_some_and(|found| self.inputs.contains(&identity(&found))) {
            bail!("`{}` would be written over while it is read\nhint: name another file", path.display());
        }
        Ok(())
    }
}

fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}
