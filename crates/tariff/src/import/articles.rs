//! A table of personal articles: `code`, `name`, `rate`, and maybe `price` and `unit`, `hs` and `words` (several with `|`
//! between them). Chinese headings are known: 税号, 品名, 税率, 完税价格, 单位.
//!
//! A row without codes and words would take every piece that no other row takes; only the table's own last row may.

use std::fmt::Write as _;

use super::csv_file::{Cells, Table};
use super::{Imported, Making};

struct Columns {
    code: usize,
    name: usize,
    rate: usize,
    price: Option<usize>,
    unit: Option<usize>,
    hs: Option<usize>,
    words: Option<usize>,
}

pub(super) fn import(text: &str, mut making: Making<'_>) -> Imported {
    let mut table = Table::open(text);
    let columns = [
        table.must(&["code", "税号"], &mut making),
        table.must(&["name", "品名", "品名及规格"], &mut making),
        table.must(&["rate", "税率"], &mut making),
    ];
    let [Some(code), Some(name), Some(rate)] = columns else { return making.finish("") };
    let columns = Columns {
        code,
        name,
        rate,
        price: table.find(&["price", "完税价格"]),
        unit: table.find(&["unit", "单位"]),
        hs: table.find(&["hs"]),
        words: table.find(&["words"]),
    };
    let mut rows = String::new();
    table.each(&mut making, |cells, making| match article(cells, &columns, making) {
        Ok(row) => {
            rows.push_str(&row);
            making.lines.push(cells.of(columns.code).to_owned());
        }
        Err(expected) => making.wrong(cells.row, expected),
    });
    making.finish(&rows)
}

fn article(cells: &Cells, columns: &Columns, making: &Making<'_>) -> Result<String, &'static str> {
    let code = cells.of(columns.code);
    if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("code");
    }
    if making.lines.iter().any(|known| known == code) {
        return Err("code");
    }
    let rate = cells.of(columns.rate).trim_end_matches('%').trim();
    if crate::rates::decimal(rate).is_none() {
        return Err("rate");
    }
    let parts = |column| -> Vec<String> {
        let parts = cells.maybe(column).split('|').map(|part| part.trim().to_lowercase());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let (hs, words) = (parts(columns.hs), parts(columns.words));
    let is_prefix =
        |text: &String| (2..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !hs.iter().all(is_prefix) || (hs.is_empty() && words.is_empty()) {
        return Err("hs");
    }
    let list = |texts: &[String]| toml::Value::from(texts.to_vec());
    let mut row =
        making.row_head("personal_article", &format!("cn-article-{code}-{}", making.head.valid_from));
    let note = toml::Value::from(cells.of(columns.name));
    let order = making.lines.len() + 1;
    let written = write!(
        row,
        "article = \"code {code}\"\nnote = {note}\ncountry = \"CN\"\norder = {order}\nrate = \"{rate}%\"\nhs = {}\nwords = {}\n",
        list(&hs),
        list(&words)
    );
    written.expect("writing into a text does not fail");
    let price = cells.maybe(columns.price);
    if !price.is_empty() {
        let unit = match cells.maybe(columns.unit) {
            "kg" | "千克" | "公斤" => "kg",
            "" => return Err("unit"),
            _ => "unit",
        };
        crate::rates::decimal(price).ok_or("price")?;
        writeln!(row, "list_price = \"{price} CNY\"\nlist_unit = \"{unit}\"")
            .expect("writing into a text does not fail");
    }
    row.push('\n');
    Ok(row)
}
