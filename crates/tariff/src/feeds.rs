//! Published exchange rates as their authorities publish them: bytes in, dated rates and findings out.
//!
//! Each feed has a reader of its own. A rate that cannot be read is left out and reported at its place; only what is no
//! feed of its kind at all yields nothing. Which day a publication counts on is not known here: [`lay`] applies the
//! rule of the authority.

mod cbr;
mod cbu;
mod cfets;
mod ecb;
mod gather;
mod hmrc;
mod nbk;
mod nbkr;
mod nbp;
mod text;
mod xml;

use std::sync::Arc;

use caravan_postal::{Currency, Finding, Ratio, Severity};
use chrono::NaiveDate;

use crate::codes::{FEED_EMPTY, FEED_LARGE};
use crate::rates::{Authority, Rates};
use crate::trace::Quotation;
use gather::Gather;
use text::Text;

/// A feed with a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feed {
    /// European Central Bank: `eurofxref-daily`, `-hist-90d` and `-hist`, as XML or CSV.
    Ecb,
    /// National Bank of Kazakhstan: `get_rates.cfm` and `rates_all.xml`.
    Nbk,
    /// Bank of Russia: `XML_daily.asp`.
    Cbr,
    /// HM Revenue and Customs: the monthly XML file.
    Hmrc,
    /// China Foreign Exchange Trade System: `ccpr.json` and the history `CcprHisNew`.
    Cfets,
    /// National Bank of the Kyrgyz Republic: `daily.xml` and `weekly.xml`.
    Nbkr,
    /// Central Bank of Uzbekistan: the JSON of its archive of rates.
    Cbu,
    /// National Bank of Poland: tables A and B of its web service, as JSON or XML.
    Nbp,
}

/// The bounds of reading a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLimits {
    /// The longest file, in bytes. The longest published one (`eurofxref-hist.xml`) has some 8 million.
    pub bytes_max: usize,
    /// The most rates that are kept.
    pub rates_max: usize,
    /// The most findings that are kept.
    pub findings_max: usize,
}

/// A rate as it was published: `units` of `currency` are `value` of `counter`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The quoted currency.
    pub currency: Currency,
    /// How many units of it are quoted.
    pub units: u32,
    /// What they are worth.
    pub value: Ratio,
    /// In which currency.
    pub counter: Currency,
    /// The day for which the feed publishes it.
    pub on: NaiveDate,
    /// The last day, where the feed itself says for how long.
    pub to: Option<NaiveDate>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The rates, in the order of the file.
    pub rates: Vec<Published>,
    /// What is to be said about the file, by place.
    pub findings: Vec<Finding>,
}

impl Feed {
    /// Every feed.
    pub const ALL: [Self; 8] =
        [Self::Ecb, Self::Nbk, Self::Cbr, Self::Hmrc, Self::Cfets, Self::Nbkr, Self::Cbu, Self::Nbp];

    /// Returns the feed of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feed| feed.as_str() == name)
    }

    /// Returns the name: `ecb`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ecb => "ecb",
            Self::Nbk => "nbk",
            Self::Cbr => "cbr",
            Self::Hmrc => "hmrc",
            Self::Cfets => "cfets",
            Self::Nbkr => "nbkr",
            Self::Cbu => "cbu",
            Self::Nbp => "nbp",
        }
    }

    /// Returns the authority whose rates it publishes, by its id in table `authority`.
    pub fn authority(self) -> &'static str {
        match self {
            // China's customs take the central parity that the trade system publishes.
            Self::Cfets => "gacc",
            other => other.as_str(),
        }
    }
}

impl FeedLimits {
    /// Returns the bounds that every published file keeps with room to spare.
    pub fn standard() -> Self {
        Self { bytes_max: 16 << 20, rates_max: 500_000, findings_max: 100 }
    }
}

impl Reading {
    /// Returns whether there is anything to be used.
    pub fn is_good(&self) -> bool {
        !self.rates.is_empty() && self.findings.iter().all(|finding| finding.severity() < Severity::Fatal)
    }
}

/// Reads a feed.
pub fn read(feed: Feed, bytes: &[u8], limits: &FeedLimits) -> Reading {
    if bytes.len() > limits.bytes_max {
        let finding = FEED_LARGE.finding([limits.bytes_max.to_string()]);
        return Reading { rates: Vec::new(), findings: vec![finding] };
    }
    let text = Text::decode(bytes);
    let mut gather = Gather::new(&text, limits);
    match feed {
        Feed::Ecb => ecb::read(&text, &mut gather),
        Feed::Nbk => nbk::read(&text, &mut gather),
        Feed::Cbr => cbr::read(&text, &mut gather),
        Feed::Hmrc => hmrc::read(&text, &mut gather),
        Feed::Cfets => cfets::read(&text, &mut gather),
        Feed::Nbkr => nbkr::read(&text, &mut gather),
        Feed::Cbu => cbu::read(&text, &mut gather),
        Feed::Nbp => nbp::read(&text, &mut gather),
    }
    let mut reading = gather.into_reading();
    if reading.rates.is_empty() && reading.findings.is_empty() {
        reading.findings.push(FEED_EMPTY.finding([""; 0]));
    }
    reading.findings.sort();
    reading
}

/// Returns published rates with the days on which they count by the rule of their authority.
pub fn lay(published: &[Published], feed: Feed, authority: &Authority) -> Rates {
    let quotation = |rate: &Published, valid_from: NaiveDate, valid_to: Option<NaiveDate>| Quotation {
        authority: Arc::clone(&authority.id),
        currency: rate.currency,
        units: rate.units,
        value: rate.value,
        counter: rate.counter,
        valid_from,
        valid_to,
        source: Arc::from(format!("feed {} of {}", feed.as_str(), rate.on)),
        is_example: false,
    };
    let mut laid: Vec<Quotation> = Vec::new();
    for rate in published.iter().filter(|rate| rate.to.is_some()) {
        laid.push(quotation(rate, rate.on, rate.to));
    }
    let mut days: Vec<&Published> = published.iter().filter(|rate| rate.to.is_none()).collect();
    let Some(rule) = authority.rule else {
        laid.extend(days.into_iter().map(|rate| quotation(rate, rate.on, None)));
        return Rates::of(laid);
    };
    days.sort_by_key(|rate| rate.on);
    for period in rule.periods(days.iter().map(|rate| rate.on)) {
        let start = days.partition_point(|rate| rate.on < period.published_on);
        let of_day = days[start..].iter().take_while(|rate| rate.on == period.published_on);
        laid.extend(of_day.map(|rate| quotation(rate, period.valid_from, period.valid_to)));
    }
    Rates::of(laid)
}
