//! Exchange rates: what is read, what is refused, which row counts on a day.

use caravan_tariff::Rates;

fn rate(line: &str) -> String {
    let mut fields = std::collections::BTreeMap::from([
        ("authority", "\"ecb\""),
        ("units", "1"),
        ("currency", "\"EUR\""),
        ("value", "\"8.1250\""),
        ("in", "\"CNY\""),
        ("valid_from", "2026-07-01"),
        ("source", "\"feed\""),
    ]);
    let (name, value) = line.split_once(" = ").expect("a field");
    fields.insert(name, value);
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("[[rate]]\n{}\n", fields.join("\n"))
}

#[test]
fn reads_rows_in_the_order_of_authority_pair_and_day() {
    let text = [
        rate("valid_from = 2026-08-01"),
        rate("authority = \"nbp\""),
        rate("valid_from = 2026-07-01"),
        rate("valid_to = 2026-07-01"),
    ];
    let rates = Rates::parse(&text.concat()).expect("the rates are right");
    let read: Vec<String> = rates
        .quotations()
        .map(|one| format!("{} {} {:?}", one.authority, one.valid_from, one.valid_to))
        .collect();
    let expected = [
        "ecb 2026-07-01 None",
        "ecb 2026-07-01 Some(2026-07-01)",
        "ecb 2026-08-01 None",
        "nbp 2026-07-01 None",
    ];
    assert_eq!(read, expected);
    assert_eq!(Rates::parse("").expect("no rates are rates").quotations().count(), 0);
}

#[test]
fn names_what_is_wrong_with_a_row() {
    for (line, expected) in [
        ("currency = \"EURO\"", "rate 1: `currency` is not a currency"),
        ("in = \"RMB\"", "rate 1: `in` is not a currency"),
        ("in = \"EUR\"", "rate 1: `currency` and `in` are the same"),
        ("authority = \"\"", "rate 1: `authority` is empty"),
        ("units = 0", "rate 1: `units` is not between 1 and 1000000"),
        ("units = 1000001", "rate 1: `units` is not between 1 and 1000000"),
        ("value = \"0\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"-1\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"1,5\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("value = \"1234567.123456\"", "rate 1: `value` is not a positive decimal of at most twelve digits"),
        ("valid_from = 2026-07-01T10:00:00Z", "rate 1: `valid_from` is not a date"),
        ("valid_to = 2026-06-30", "rate 1: `valid_to` is not a date after `valid_from`"),
        ("value = 8.125", "cannot read the exchange rates"),
        ("colour = 1", "cannot read the exchange rates"),
    ] {
        assert_eq!(Rates::parse(&rate(line)).expect_err(line).to_string(), expected, "{line}");
    }
}
