//! Feeds of exchange rates, fetched from a publisher on this machine that answers from `fixtures/feeds`.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use caravan_dispatchd::fetch::{Bounds, FetchError, Fetcher, News, held};
use caravan_dispatchd::folder::Folder;
use caravan_dispatchd::intake::Desk;
use caravan_dispatchd::scenario::settings;
use caravan_tariff::feeds::Feed;
use serde_json::Value;

use crate::mail::{Item, declarations};
use crate::support::{Station, fixture, run, wait_for};

/// 2026-11-20, noon in Xinjiang.
const NOW_MS: i64 = 1_795_147_200_000;

/// What the publisher does with one request.
enum Answer {
    /// Sends bytes, made of a status, more headers and a body.
    Sends(&'static str, &'static str, Vec<u8>),
    /// Takes the request and says nothing.
    Silence,
}

/// A publisher that answers one request after the other, then is gone.
struct Publisher {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Publisher {
    fn with(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/rates?day={{%d.%m.%Y}}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&requests);
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                heard.lock().unwrap().push(request(&mut stream));
                match answer {
                    Answer::Sends(status, headers, body) => {
                        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
                        // Who has heard enough hangs up.
                        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
                    }
                    Answer::Silence => silent.push(stream),
                }
            }
            // A silent connection stays open as long as the other side wants it.
            for mut stream in silent {
                let _ = stream.read(&mut [0]);
            }
        });
        Self { url, requests }
    }

    fn heard(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}

fn file(case: &str) -> Vec<u8> {
    fs::read(fixture("feeds").join(case).join("input.xml")).unwrap()
}

fn good() -> Answer {
    Answer::Sends("200 OK", "ETag: \"one\"\r\n", file("nbk-day"))
}

/// A station that fetches a feed from a publisher.
fn station(publisher: &Publisher) -> Station {
    let feed = format!("\n[[feed]]\nname = \"nbk\"\nurl = \"{}\"\nevery_hours = 6\n", publisher.url);
    Station::with(|settings| settings.replace("language = \"zh\"", "language = \"en\"") + &feed)
}

fn bounds() -> Bounds {
    Bounds { attempts: 2, backoff: Duration::ZERO, ..Bounds::standard() }
}

async fn fetch(station: &Station, bounds: Bounds) -> Result<News, FetchError> {
    let folder = Folder::open(&station.root()).unwrap();
    let desk = Arc::new(Desk::open(settings(folder.root()).unwrap().0, folder.root()).unwrap());
    let fetcher = Fetcher::new(&folder, &desk, bounds).unwrap();
    fetcher.fetch(&desk.config.feeds[0], NOW_MS).await
}

fn held_of(station: &Station) -> Option<String> {
    fs::read_to_string(station.path("rates/nbk.toml")).ok()
}

#[tokio::test]
async fn what_is_fetched_is_held_and_laid_over_the_settings() {
    let publisher = Publisher::with(vec![good()]);
    let station = station(&publisher);
    assert_eq!(fetch(&station, bounds()).await.unwrap(), News::Rates { read: 4, held: 4 });
    let heard = publisher.heard();
    assert!(heard[0].starts_with("GET /rates?day=20.11.2026 HTTP/1.1\r\n"), "{heard:?}");
    let held = held::read(&held::path(&station.root(), Feed::Nbk)).unwrap().unwrap();
    assert_eq!((held.fetched.at().as_str(), held.fetched.etag.as_str()), ("2026-11-20T04:00:00Z", "\"one\""));
    let rates = settings(&station.root()).unwrap().0.rates;
    let of_day: Vec<String> = rates
        .quotations()
        .filter(|rate| &*rate.source == "feed nbk of 2026-11-20")
        .map(|rate| format!("{} {} = {} {}", rate.units, rate.currency, rate.value, rate.counter))
        .collect();
    assert_eq!(of_day, ["1 CNY = 75 KZT", "1 EUR = 600 KZT", "100 UZS = 4.4 KZT", "1 XDR = 700 KZT"]);
    assert!(rates.quotations().count() > of_day.len(), "the station's own rates are still there");
}

#[tokio::test]
async fn asks_for_what_is_newer_only() {
    let same = Answer::Sends("304 Not Modified", "", Vec::new());
    let publisher = Publisher::with(vec![good(), same]);
    let station = station(&publisher);
    fetch(&station, bounds()).await.unwrap();
    let before = held_of(&station).unwrap();
    assert_eq!(fetch(&station, bounds()).await.unwrap(), News::Same);
    let [first, second] = &publisher.heard()[..] else { panic!("two requests") };
    assert!(!first.to_lowercase().contains("if-none-match"), "{first}");
    assert!(second.to_lowercase().contains("if-none-match: \"one\"\r\n"), "{second}");
    assert_eq!(held_of(&station), Some(before));
}

#[tokio::test]
async fn tries_again_after_a_fault_that_passes() {
    for fault in ["500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests"] {
        let publisher = Publisher::with(vec![Answer::Sends(fault, "", Vec::new()), good()]);
        let station = station(&publisher);
        assert!(fetch(&station, bounds()).await.is_ok(), "{fault}");
        assert_eq!(publisher.heard().len(), 2, "{fault}");
    }
    // Not more often than the bounds say, and not at all where it is of no use.
    for (fault, requests) in [("500 Internal Server Error", 2), ("404 Not Found", 1)] {
        let faults = (0..requests).map(|_| Answer::Sends(fault, "", Vec::new()));
        let publisher = Publisher::with(faults.collect());
        let station = station(&publisher);
        let error = fetch(&station, bounds()).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the publisher answers with status {}", &fault[..3]));
        assert_eq!(publisher.heard().len(), requests, "{fault}");
    }
}

#[tokio::test]
async fn the_last_good_rates_stay_whatever_comes() {
    let long = |headers| Answer::Sends("200 OK", headers, file("nbk-day"));
    let small = Bounds { bytes_max: file("nbk-day").len() - 1, ..bounds() };
    let short = Bounds { answer: Duration::from_millis(100), attempts: 1, ..bounds() };
    let page = file("nbk-day").into_iter().take(200).collect();
    for (answer, bounds, expected) in [
        (long(""), small.clone(), "the answer is longer than"),
        (long("Content-Length: 99999999999\r\n"), small, "the answer is longer than"),
        (Answer::Silence, short, "cannot reach the publisher"),
        (
            Answer::Sends("200 OK", "Content-Length: 5000\r\n", vec![b' '; 10]),
            bounds(),
            "cannot reach the publisher",
        ),
        (Answer::Sends("200 OK", "", page), bounds(), "the answer cannot be used: answer:"),
        (Answer::Sends("200 OK", "", Vec::new()), bounds(), "the answer cannot be used: answer:"),
        (Answer::Sends("304 Not Modified", "", Vec::new()), bounds(), ""),
    ] {
        let publisher = Publisher::with(vec![good(), answer]);
        let station = station(&publisher);
        fetch(&station, self::bounds()).await.unwrap();
        let before = held_of(&station).unwrap();
        match fetch(&station, Bounds { attempts: 1, ..bounds }).await {
            Ok(news) => assert_eq!((news, expected), (News::Same, "")),
            Err(error) => assert!(!expected.is_empty() && error.to_string().starts_with(expected), "{error}"),
        }
        assert_eq!(held_of(&station), Some(before), "{expected}");
    }
    // Without any, a failure leaves nothing behind.
    let publisher = Publisher::with(vec![Answer::Sends("200 OK", "", b"<html>".to_vec())]);
    let station = station(&publisher);
    assert!(fetch(&station, bounds()).await.is_err());
    assert_eq!(held_of(&station), None);
}

#[test]
fn lists_what_is_held_and_how_old_it_is() {
    let publisher = Publisher::with(vec![good()]);
    let station = station(&publisher);
    let root = station.root();
    let list = |arguments: &[&str]| {
        run(["reference", "rates", "--station", root.to_str().unwrap()].iter().chain(arguments))
    };
    let fetched = list(&["--fetch", "--on", "2026-11-30", "--json"]);
    assert!(fetched.stderr.contains("nbk: 4 rates read, 4 held"), "{fetched:?}");
    let find = |output: &str, authority: &str| -> Value {
        let all = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        all.into_iter().find(|one| one["authority"] == authority).unwrap()
    };
    let nbk = find(&fetched.ok(), "nbk");
    assert_eq!((nbk["latest"].as_str(), nbk["days"].as_i64()), (Some("2026-11-20"), Some(10)), "{nbk}");
    assert_eq!(nbk["is_old"], false, "ten days are what its authority allows");
    assert!(nbk["fetched"].is_string());
    let nbk = find(&list(&["--on", "2026-12-01", "--json"]).ok(), "nbk");
    assert_eq!((nbk["days"].as_i64(), nbk["is_old"].as_bool()), (Some(11), Some(true)), "{nbk}");
    let text = list(&["--on", "2026-12-01"]).ok();
    assert!(text.contains("nbk "), "{text}");
    assert!(text.contains("latest of 2026-11-20, 11 days, too old, feed nbk of 2026-11-20, "), "{text}");
    assert!(text.contains(" are examples, fetched "), "{text}");
    // The publisher is gone: what is held is listed all the same, and the exit code tells.
    let again = list(&["--fetch", "--on", "2026-12-01", "--json"]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(find(&again.stdout, "nbk")["is_old"].as_bool().unwrap());
}

#[test]
fn a_silent_publisher_does_not_keep_the_inbox_waiting() {
    let publisher = Publisher::with(vec![Answer::Silence]);
    let station = station(&publisher);
    let daemon = station.open();
    wait_for("the request", || (!publisher.heard().is_empty()).then_some(()));
    station.drop_file("one.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
    station.report("done", "one.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

/// Returns whether a parcel to Kazakhstan finds the rates of its bank.
fn finds_rates(station: &Station, file: &str, serial: u32) -> bool {
    station.drop_file(file, declarations(&[Item::parcel(serial, "KZ", 950)]));
    let report = station.report("done", file);
    let findings = report["findings"].as_array().unwrap();
    !findings
        .iter()
        .any(|finding| finding["code"] == "rate-missing" && finding["says"].to_string().contains("nbk"))
}

#[test]
fn a_daemon_assesses_by_what_it_has_fetched() {
    let forget = |station: &Station| {
        let rates = fs::read_to_string(station.path("rates.toml")).unwrap();
        fs::write(station.path("rates.toml"), rates.replace("\"nbk\"", "\"forgotten\"")).unwrap();
    };
    let without = Station::new();
    forget(&without);
    let daemon = without.open();
    assert!(!finds_rates(&without, "one.xml", 1));
    daemon.kill();

    let publisher = Publisher::with(vec![good()]);
    let station = station(&publisher);
    forget(&station);
    let daemon = station.open();
    let fetched = || station.log().contains("fetched exchange rates: 4 rates read, 4 held").then_some(());
    wait_for("the rates", fetched);
    assert!(finds_rates(&station, "one.xml", 1));
    daemon.kill();
    // The next daemon finds them in the folder; the publisher is gone.
    let daemon = station.open();
    assert!(finds_rates(&station, "two.xml", 2));
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(publisher.heard().len(), 1, "the hours are counted from the last fetch");
    station.assert_sound();
}
