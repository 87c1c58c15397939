//! The messages of one conversion as files: one under its own name, several with numbers.

use std::io::Write;

use anyhow::{Context, Result};

use super::ConvertError;
use super::output::Output;

/// Writes messages one by one. The first waits for the second: only then is it known that there are several.
pub(super) struct Messages<'o> {
    output: Output<'o>,
    first: Option<Vec<u8>>,
    count: usize,
}

impl<'o> Messages<'o> {
    pub(super) fn new(output: Output<'o>) -> Self {
        Self { output, first: None, count: 0 }
    }

    pub(super) fn push(&mut self, message: Vec<u8>) -> Result<()> {
        self.count += 1;
        if self.count == 1 {
            self.first = Some(message);
            return Ok(());
        }
        if !self.output.is_file() {
            let why = "the items take several messages\n\
                       hint: name a file with `--output`; each message gets a number";
            return Err(ConvertError::Call(why.to_owned()).into());
        }
        if let Some(first) = self.first.take() {
            self.numbered(1, &first)?;
        }
        self.numbered(self.count, &message)
    }

    /// Ends the conversion; returns whether there was a message.
    pub(super) fn finish(mut self) -> Result<bool> {
        if let Some(only) = self.first.take() {
            let mut file = self.output.one()?;
            file.write_all(&only).and_then(|()| file.flush()).context("cannot write the message")?;
        }
        Ok(self.count > 0)
    }

    fn numbered(&self, number: usize, message: &[u8]) -> Result<()> {
        let path = self.output.numbered(number, message)?;
        writeln!(std::io::stdout(), "{}", path.display()).context("cannot say what was written")
    }
}
