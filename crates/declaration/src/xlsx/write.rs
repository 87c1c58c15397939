//! Writing a workbook: one sheet with every column, one row a content piece, every cell a text.
//!
//! Numbers are texts too: a spreadsheet would keep them as floats. The same declarations give the same bytes. The
//! package is written from its first byte to its last, so that a pipe can take it.

use std::io::{self, Write};

use caravan_postal::Field;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use crate::csv::{Pages, columns};
use crate::model::Declaration;
use crate::write::{Unwritable, WriteError};

/// The parts before the sheet.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"declarations\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
];

/// The rows of a sheet, the heading among them: what spreadsheet programs open.
const ROWS_MAX: usize = 1 << 20;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Writes a file item by item.
pub struct Writer<W: Write> {
    output: ZipWriter<StreamWriter<W>>,
    pages: Pages,
    row: usize,
    text: String,
}

/// Writes a whole file.
pub fn write<'d, W: Write>(
    output: W,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = Writer::new(output)?;
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(output: W) -> Result<Self, WriteError> {
        let mut output = ZipWriter::new_stream(output);
        for (name, text) in PARTS {
            begin(&mut output, name)?;
            output.write_all(text.as_bytes()).map_err(WriteError::Output)?;
        }
        begin(&mut output, "xl/worksheets/sheet1.xml")?;
        let head =
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
        output.write_all(head.as_bytes()).map_err(WriteError::Output)?;
        let mut writer = Self { output, pages: Pages::default(), row: 0, text: String::new() };
        let names: Vec<String> = columns().into_iter().map(|column| column.name).collect();
        writer.row(&names);
        writer.put()?;
        Ok(writer)
    }

    /// Writes one item, or nothing of it when a value cannot be written; what CSV cannot keep apart, a sheet cannot
    /// either.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        let rows = self.pages.rows(declaration)?;
        if self.row + rows.len() > ROWS_MAX {
            return Err(WriteError::Unwritable { field: Field::of("identifier"), reason: Unwritable::Rows });
        }
        for row in rows {
            self.row(&row);
        }
        self.put()
    }

    /// Ends the file and returns the output.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.output.write_all(b"</sheetData></worksheet>").map_err(WriteError::Output)?;
        let mut output = self.output.finish().map_err(output_error)?.into_inner();
        output.flush().map_err(WriteError::Output)?;
        Ok(output)
    }

    fn row(&mut self, cells: &[String]) {
        self.row += 1;
        let row = self.row.to_string();
        self.text.extend(["<row r=\"", &row, "\">"]);
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let letters = letters(column);
            self.text.extend([
                "<c r=\"",
                &letters,
                &row,
                "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
            ]);
            crate::xml::escape(cell, &mut self.text);
            self.text.push_str("</t></is></c>");
        }
        self.text.push_str("</row>");
    }

    fn put(&mut self) -> Result<(), WriteError> {
        self.output.write_all(self.text.as_bytes()).map_err(WriteError::Output)?;
        self.text.clear();
        Ok(())
    }
}

fn begin<W: Write>(output: &mut ZipWriter<StreamWriter<W>>, name: &str) -> Result<(), WriteError> {
    output.start_file(name, SimpleFileOptions::default()).map_err(output_error)?;
    output.write_all(DECLARATION.as_bytes()).map_err(WriteError::Output)
}

/// Returns the letters of a column counted from 0: `A`, `Z`, `AA`.
fn letters(column: usize) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).expect("one of 26 letters");
        letters.insert(0, char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters
}

fn output_error(error: zip::result::ZipError) -> WriteError {
    WriteError::Output(io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (16_383, "XFD")] {
            assert_eq!(letters(column), expected);
        }
    }
}
