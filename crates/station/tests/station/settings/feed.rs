//! `[[feed]]`: what is read, and when and where a feed is asked.

use caravan_station::{Config, FeedSettings};
use chrono::NaiveDateTime;

use crate::{folder, settings_in};

/// Returns the settings with a feed whose lines are given.
fn feed(lines: &str) -> Result<FeedSettings, String> {
    let settings = settings_in(&folder());
    let config = Config::parse(&format!("{settings}\n[[feed]]\n{lines}\n"), "");
    config.map(|config| config.feeds[0].clone()).map_err(|error| error.to_string())
}

#[test]
fn names_what_is_wrong_with_a_feed() {
    let right = "name = \"ecb\"\nurl = \"https://a.b/c\"\nevery_hours = 24";
    assert!(feed(right).is_ok());
    let in_braces = "an address with a day in braces like {%d.%m.%Y}";
    let address = "an address that begins with https:// or http://";
    for (instead_of, text, expected) in [
        (
            "ecb",
            "boe",
            "`boe` cannot be `feed.name`: ecb, nbk, cbr, hmrc, cfets, nbkr, cbu or nbp".to_owned(),
        ),
        ("https://a.b/c", "ftp://a.b/c", format!("`ftp://a.b/c` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://", format!("`https://` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://a b", format!("`https://a b` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://a/{%d", format!("`https://a/{{%d` cannot be `feed.url`: {in_braces}")),
        ("https://a.b/c", "https://a/{%Q}", format!("`https://a/{{%Q}}` cannot be `feed.url`: {in_braces}")),
        ("https://a.b/c", "https://a/{%H}", format!("`https://a/{{%H}}` cannot be `feed.url`: {in_braces}")),
        ("24", "0", "`0` cannot be `feed.every_hours`: 1 to 168 hours".to_owned()),
        ("24", "169", "`169` cannot be `feed.every_hours`: 1 to 168 hours".to_owned()),
        ("24", "24\nat = \"24:00\"", "`24:00` cannot be `feed.at`: a time like 16:30".to_owned()),
        (
            right,
            &format!("{right}\n[[feed]]\n{right}"),
            "`ecb` cannot be `feed.name`: a name that no other [[feed]] has".to_owned(),
        ),
    ] {
        assert_eq!(feed(&right.replacen(instead_of, text, 1)), Err(expected));
    }
}

#[test]
fn a_feed_knows_its_address_and_its_next_time() {
    let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    for (at, every, fetched, expected) in [
        ("", 6, "2026-11-22 10:05", "2026-11-22 16:05"),
        ("at = \"16:30\"", 24, "2026-11-22 16:29", "2026-11-22 16:30"),
        ("at = \"16:30\"", 24, "2026-11-22 16:30", "2026-11-23 16:30"),
        ("at = \"23:30\"", 6, "2026-11-22 10:05", "2026-11-22 11:30"),
        ("at = \"00:00\"", 168, "2026-11-22 10:05", "2026-11-29 00:00"),
    ] {
        let url = "http://a/{%d.%m.%Y}/{%-m}?x";
        let feed = feed(&format!("name = \"nbk\"\nurl = \"{url}\"\nevery_hours = {every}\n{at}")).unwrap();
        assert_eq!(feed.next_after(time(fetched)), time(expected), "{at} every {every} h after {fetched}");
        assert_eq!(feed.url_on(time(fetched).date()), "http://a/22.11.2026/11?x");
    }
}
