//! Mail for the tests: declarations with identifiers that check out, and the operations on them.

use std::fmt::Write as _;

/// Returns an identifier (UPU S10) with its check digit.
pub(crate) fn s10(indicator: &str, serial: u32) -> String {
    let digits = format!("{serial:08}");
    let weights = [8, 6, 4, 2, 3, 5, 9, 7];
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    format!("{indicator}{digits}{check}CN")
}

/// An item to be declared.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) identifier: String,
    pub(crate) form: &'static str,
    pub(crate) class: &'static str,
    pub(crate) country: &'static str,
    pub(crate) weight_g: u32,
    pub(crate) description: &'static str,
    pub(crate) hs: &'static str,
    /// By what the addressee differs from others.
    pub(crate) addressee: u32,
}

impl Item {
    /// Returns a parcel to a person in a country.
    pub(crate) fn parcel(serial: u32, country: &'static str, weight_g: u32) -> Self {
        Self {
            identifier: s10("CP", serial),
            form: "CN23",
            class: "C",
            country,
            weight_g,
            description: "Knitted cotton T-shirt",
            hs: "610910",
            addressee: serial,
        }
    }

    /// Returns a registered letter with goods to a person in Kazakhstan.
    pub(crate) fn letter(serial: u32) -> Self {
        Self { identifier: s10("RR", serial), form: "CN22", class: "U", ..Self::parcel(serial, "KZ", 350) }
    }

    /// Returns an express item to a person in Kazakhstan, too large for a receptacle.
    pub(crate) fn express(serial: u32) -> Self {
        Self { identifier: s10("EE", serial), class: "E", ..Self::parcel(serial, "KZ", 25_000) }
    }

    /// Returns the same item with a power bank in it, which is held until its papers are there.
    pub(crate) fn with_power_bank(self) -> Self {
        Self { description: "Power bank 20000 mAh lithium battery", hs: "850760", ..self }
    }

    /// Returns its declaration as one element.
    pub(crate) fn xml(&self) -> String {
        let (name, city, street) = match self.country {
            "KZ" => ("Айгүл Сәрсенова", "Алматы", "Абай даңғылы"),
            "UZ" => ("Dilnoza Karimova", "Tashkent", "Amir Temur"),
            _ => ("Айбек Уулу", "Бишкек", "Чүй проспектиси"),
        };
        let kg = |grams: u32| format!("{}.{:03}", grams / 1000, grams % 1000);
        format!(
            "  <item>\n    <identifier>{}</identifier>\n    <form>{}</form>\n    <class>{}</class>\n    \
             <posted-on>2025-03-01</posted-on>\n    <nature>31</nature>\n    <gross-weight>{}</gross-weight>\n    \
             <sender><kind>person</kind><name>Wang Xiaoming</name><street>Renmin Road 1</street>\
             <city>Urumqi</city><postcode>830000</postcode><country>CN</country>\
             <telephone>+86 991 123 4567</telephone></sender>\n    \
             <addressee><kind>person</kind><name>{name} {}</name><street>{street} 10</street>\
             <city>{city}</city><postcode>050000</postcode><country>{}</country>\
             <telephone>+7 727 123 4567</telephone></addressee>\n    \
             <piece><description>{}</description><units>1</units><net-weight>{}</net-weight>\
             <value currency=\"CNY\">20.00</value><hs>{}</hs><origin>CN</origin></piece>\n  </item>\n",
            self.identifier,
            self.form,
            self.class,
            kg(self.weight_g),
            letters(self.addressee),
            self.country,
            self.description,
            kg(self.weight_g * 9 / 10),
            self.hs,
        )
    }
}

/// Returns a number as letters, for names have no digits.
fn letters(mut number: u32) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b"abcdefghij"[(number % 10) as usize]));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

/// Returns a file that declares items.
pub(crate) fn declarations(items: &[Item]) -> String {
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<declarations xmlns=\"urn:caravan:declaration:1\">\n"
            .to_owned();
    for item in items {
        text.push_str(&item.xml());
    }
    text.push_str("</declarations>\n");
    text
}

/// A table of operations, in the making.
#[derive(Debug)]
pub(crate) struct Table {
    text: String,
}

impl Table {
    /// Begins a table.
    pub(crate) fn new() -> Self {
        Self { text: "at,operation,subject,value,departure,seal,note\n".to_owned() }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, at: &str, operation: &str, subject: &str, rest: &str) {
        writeln!(self.text, "{at},{operation},{subject},{rest}").unwrap();
    }

    /// Scans an item that weighs so much, and lets customs release it.
    pub(crate) fn scan_and_release(&mut self, at: &str, item: &Item) {
        self.line(at, "scan", &item.identifier, &item.weight_g.to_string());
        self.line(at, "released", &item.identifier, "");
    }

    /// Returns the table.
    pub(crate) fn text(self) -> String {
        self.text
    }
}
