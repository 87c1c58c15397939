//! Which published exchange rate counts on which days: the rules of customs authorities, as functions of the calendar.
//!
//! Holidays are not in here: on a holiday nothing is published, and what was published is what the rules look at.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// How an authority's publications count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateRule {
    /// The rate for the day on which the declaration is registered (Customs Code of the EAEU, art. 8).
    RegistrationDay,
    /// The rate that was published before the day.
    PreviousBankingDay,
    /// The rate of the penultimate Wednesday of a month, or the latest before it, for the whole next month
    /// (Implementing Regulation (EU) 2015/2447, art. 146).
    PenultimateWednesday,
    /// The rate of the third Wednesday of a month, or of the fourth when that is a holiday, for the whole next month
    /// (China Customs).
    ThirdWednesday,
    /// A file for a calendar month.
    MonthlyFile,
    /// From a weekday on for seven days.
    Weekly(Weekday),
    /// For a calendar quarter.
    Quarterly,
}

/// A publication with the days on which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The day for which or on which it was published.
    pub published_on: NaiveDate,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
    /// The last day; `None` while it counts until the next one.
    pub valid_to: Option<NaiveDate>,
}

/// How far before the day of its rule a publication may lie: a longer gap is one of ours, not a holiday.
const GAP_DAYS_MAX: i64 = 7;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("weekly-monday", Weekday::Mon),
    ("weekly-tuesday", Weekday::Tue),
    ("weekly-wednesday", Weekday::Wed),
    ("weekly-thursday", Weekday::Thu),
    ("weekly-friday", Weekday::Fri),
    ("weekly-saturday", Weekday::Sat),
    ("weekly-sunday", Weekday::Sun),
];

impl RateRule {
    /// Returns the rule of a name in table `authority`: `penultimate-wednesday`, `weekly-tuesday`.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "registration-day" => Self::RegistrationDay,
            "previous-banking-day" => Self::PreviousBankingDay,
            "penultimate-wednesday" => Self::PenultimateWednesday,
            "third-wednesday" => Self::ThirdWednesday,
            "monthly-file" => Self::MonthlyFile,
            "quarterly" => Self::Quarterly,
            _ => Self::Weekly(WEEKDAYS.iter().find(|(known, _)| *known == name)?.1),
        })
    }

    /// Returns the name in table `authority`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RegistrationDay => "registration-day",
            Self::PreviousBankingDay => "previous-banking-day",
            Self::PenultimateWednesday => "penultimate-wednesday",
            Self::ThirdWednesday => "third-wednesday",
            Self::MonthlyFile => "monthly-file",
            Self::Quarterly => "quarterly",
            Self::Weekly(weekday) => WEEKDAYS[weekday.num_days_from_monday() as usize].0,
        }
    }

    /// Returns the day whose publication counts on a day; `None` at the ends of the calendar.
    pub fn rate_day(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::RegistrationDay => Some(day),
            Self::PreviousBankingDay => day.pred_opt(),
            Self::PenultimateWednesday => penultimate_wednesday(month_before(day)?),
            Self::ThirdWednesday => third_wednesday(month_before(day)?),
            Self::MonthlyFile => day.with_day(1),
            Self::Weekly(weekday) => {
                let days = day.weekday().days_since(weekday);
                day.checked_sub_days(Days::new(u64::from(days)))
            }
            Self::Quarterly => quarter(day),
        }
    }

    /// Returns when publications count, by first day; `published_on` may be in any order and holds days twice.
    ///
    /// A rule that waits for a day yields nothing for it before that day or a later one has been published: until
    /// then nobody can know that there will be no publication on the day itself.
    pub fn periods(self, published_on: impl IntoIterator<Item = NaiveDate>) -> Vec<Period> {
        let mut days: Vec<NaiveDate> = published_on.into_iter().collect();
        days.sort_unstable();
        days.dedup();
        match self {
            Self::RegistrationDay => days.iter().filter_map(|day| open(*day, Some(*day))).collect(),
            Self::PreviousBankingDay => days.iter().filter_map(|day| open(*day, day.succ_opt())).collect(),
            Self::PenultimateWednesday => by_month(&days, |first| {
                let wanted = penultimate_wednesday(first)?;
                let later = days.partition_point(|day| *day <= wanted);
                let latest = *days[..later].last()?;
                let is_known = days.last().is_some_and(|last| *last >= wanted);
                (is_known && (wanted - latest).num_days() <= GAP_DAYS_MAX).then_some(latest)
            }),
            Self::ThirdWednesday => by_month(&days, |first| {
                let third = third_wednesday(first)?;
                let fourth = third.checked_add_days(Days::new(7))?;
                [third, fourth].into_iter().find(|wanted| days.binary_search(wanted).is_ok())
            }),
            Self::MonthlyFile => {
                spans(&days, |day| Some((day.with_day(1)?, last_of_month(day)?)), Take::First)
            }
            Self::Quarterly => spans(&days, |day| Some((quarter(day)?, last_of_quarter(day)?)), Take::First),
            Self::Weekly(weekday) => {
                let span = |day: NaiveDate| {
                    let wait = weekday.days_since(day.weekday());
                    let from = day.checked_add_days(Days::new(u64::from(wait)))?;
                    Some((from, from.checked_add_days(Days::new(6))?))
                };
                spans(&days, span, Take::Last)
            }
        }
    }
}

impl fmt::Display for RateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which of several publications for the same days counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    First,
    Last,
}

fn open(published_on: NaiveDate, valid_from: Option<NaiveDate>) -> Option<Period> {
    Some(Period { published_on, valid_from: valid_from?, valid_to: None })
}

/// Chooses one publication a month, which counts for the whole next month.
fn by_month(days: &[NaiveDate], choose: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Vec<Period> {
    let mut firsts: Vec<NaiveDate> = days.iter().filter_map(|day| day.with_day(1)).collect();
    firsts.dedup();
    let period = |first: NaiveDate| {
        let valid_from = first.checked_add_months(Months::new(1))?;
        let valid_to = last_of_month(valid_from);
        Some(Period { published_on: choose(first)?, valid_from, valid_to })
    };
    firsts.into_iter().filter_map(period).collect()
}

fn spans(
    days: &[NaiveDate],
    span: impl Fn(NaiveDate) -> Option<(NaiveDate, NaiveDate)>,
    take: Take,
) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    for day in days {
        let Some((valid_from, last)) = span(*day) else { continue };
        let period = Period { published_on: *day, valid_from, valid_to: Some(last) };
        match periods.last_mut().filter(|known| known.valid_from == valid_from) {
            Some(known) if take == Take::Last => *known = period,
            Some(_) => {}
            None => periods.push(period),
        }
    }
    periods
}

fn month_before(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_sub_months(Months::new(1))
}

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

fn quarter(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)
}

fn last_of_quarter(day: NaiveDate) -> Option<NaiveDate> {
    quarter(day)?.checked_add_months(Months::new(3))?.pred_opt()
}

fn penultimate_wednesday(first: NaiveDate) -> Option<NaiveDate> {
    let last = last_of_month(first)?;
    let back = last.weekday().days_since(Weekday::Wed) + 7;
    last.checked_sub_days(Days::new(u64::from(back)))
}

fn third_wednesday(first: NaiveDate) -> Option<NaiveDate> {
    let wait = Weekday::Wed.days_since(first.weekday()) + 14;
    first.checked_add_days(Days::new(u64::from(wait)))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::RateRule;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_the_day_whose_publication_counts() {
        for (rule, on, expected) in [
            ("registration-day", "2026-11-22", "2026-11-22"),
            ("previous-banking-day", "2026-03-01", "2026-02-28"),
            // November 2026 has four Wednesdays, December five, and in May 2028 the last day is one.
            ("penultimate-wednesday", "2026-12-01", "2026-11-18"),
            ("penultimate-wednesday", "2026-12-31", "2026-11-18"),
            ("penultimate-wednesday", "2027-01-01", "2026-12-23"),
            ("penultimate-wednesday", "2028-06-15", "2028-05-24"),
            // The first of July 2026 is a Wednesday itself.
            ("third-wednesday", "2026-08-31", "2026-07-15"),
            ("third-wednesday", "2026-12-01", "2026-11-18"),
            ("monthly-file", "2026-11-22", "2026-11-01"),
            ("weekly-tuesday", "2026-11-24", "2026-11-24"),
            ("weekly-tuesday", "2026-11-23", "2026-11-17"),
            ("weekly-sunday", "2026-11-28", "2026-11-22"),
            ("quarterly", "2026-12-31", "2026-10-01"),
            ("quarterly", "2027-01-01", "2027-01-01"),
        ] {
            let rule = RateRule::parse(rule).unwrap();
            assert_eq!(rule.rate_day(day(on)), Some(day(expected)), "{rule} on {on}");
        }
    }

    /// Lists periods as `published from..to`.
    fn periods(rule: &str, published: &[&str]) -> Vec<String> {
        let periods = RateRule::parse(rule).unwrap().periods(published.iter().map(|text| day(text)));
        let to = |to: Option<NaiveDate>| to.map_or_else(String::new, |day| day.to_string());
        periods
            .iter()
            .map(|one| format!("{} {}..{}", one.published_on, one.valid_from, to(one.valid_to)))
            .collect()
    }

    #[test]
    fn lays_publications_over_the_days_on_which_they_count() {
        for (rule, published, expected) in [
            (
                "registration-day",
                &["2026-11-20", "2026-11-18"][..],
                &["2026-11-18 2026-11-18..", "2026-11-20 2026-11-20.."][..],
            ),
            ("previous-banking-day", &["2026-11-20"], &["2026-11-20 2026-11-21.."]),
            // The Wednesday itself, also when it is the last that is known.
            ("penultimate-wednesday", &["2026-11-17", "2026-11-18"], &["2026-11-18 2026-12-01..2026-12-31"]),
            // Without it the latest before, as soon as a later one shows that it will not come.
            (
                "penultimate-wednesday",
                &["2026-11-16", "2026-11-17", "2026-11-19"],
                &["2026-11-17 2026-12-01..2026-12-31"],
            ),
            ("penultimate-wednesday", &["2026-11-16", "2026-11-17"], &[]),
            // The nearest neighbours: seven days are a gap that a holiday can make, eight are not.
            ("penultimate-wednesday", &["2026-11-11", "2026-11-19"], &["2026-11-11 2026-12-01..2026-12-31"]),
            ("penultimate-wednesday", &["2026-11-10", "2026-11-19"], &[]),
            ("penultimate-wednesday", &["2026-11-19"], &[]),
            (
                "third-wednesday",
                &["2026-11-17", "2026-11-18", "2026-11-25"],
                &["2026-11-18 2026-12-01..2026-12-31"],
            ),
            ("third-wednesday", &["2026-11-17", "2026-11-25"], &["2026-11-25 2026-12-01..2026-12-31"]),
            ("third-wednesday", &["2026-11-17", "2026-11-19"], &[]),
            ("monthly-file", &["2026-02-03", "2026-02-17"], &["2026-02-03 2026-02-01..2026-02-28"]),
            // Monday's publication waits for Tuesday; Tuesday's takes its place; Wednesday's waits for the next.
            ("weekly-tuesday", &["2026-11-16"], &["2026-11-16 2026-11-17..2026-11-23"]),
            (
                "weekly-tuesday",
                &["2026-11-16", "2026-11-17", "2026-11-18"],
                &["2026-11-17 2026-11-17..2026-11-23", "2026-11-18 2026-11-24..2026-11-30"],
            ),
            ("quarterly", &["2026-10-02", "2026-10-01"], &["2026-10-01 2026-10-01..2026-12-31"]),
            ("quarterly", &[], &[]),
        ] {
            assert_eq!(periods(rule, published), expected, "{rule} {published:?}");
        }
    }

    #[test]
    fn every_day_of_a_period_asks_for_its_publication() {
        let published = (1..=30).map(|number| NaiveDate::from_ymd_opt(2026, 11, number).unwrap());
        for name in ["registration-day", "previous-banking-day", "penultimate-wednesday", "third-wednesday"] {
            let rule = RateRule::parse(name).unwrap();
            let periods = rule.periods(published.clone());
            assert!(!periods.is_empty());
            for period in periods {
                for on in [period.valid_from, period.valid_to.unwrap_or(period.valid_from)] {
                    assert_eq!(rule.rate_day(on), Some(period.published_on), "{rule} on {on}");
                }
            }
        }
    }

    #[test]
    fn names_read_back_and_the_ends_of_the_calendar_are_no_panic() {
        let names = [
            "registration-day",
            "previous-banking-day",
            "penultimate-wednesday",
            "third-wednesday",
            "monthly-file",
            "quarterly",
            "weekly-monday",
            "weekly-sunday",
        ];
        for name in names {
            let rule = RateRule::parse(name).unwrap();
            assert_eq!(rule.as_str(), name);
            for end in [NaiveDate::MIN, NaiveDate::MAX] {
                let _ = rule.rate_day(end);
                let _ = rule.periods([end]);
            }
        }
        for wrong in ["", "weekly", "weekly-tue", "Quarterly", "daily"] {
            assert_eq!(RateRule::parse(wrong), None, "{wrong:?}");
        }
    }
}
