//! Borders that people have said to be closed, beside what the calendar of the network knows.

use caravan_planning::{BorderClosure, RowId};
use chrono::NaiveDate;

use crate::BorderId;

/// A border of which somebody has said something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Border {
    /// Its row.
    pub id: BorderId,
    /// Its name in the network.
    pub name: String,
    /// When it is closed; `None` once it is open again.
    pub closed: Option<Closed>,
    /// How many events it has.
    pub events: u32,
}

/// The days on which a border is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included; `None` until further notice.
    pub until: Option<NaiveDate>,
    /// Why, as it was told.
    pub reason: String,
}

impl Border {
    /// Returns the closure as the network takes it.
    pub(crate) fn closure(&self) -> Option<BorderClosure> {
        Some(self.closed.as_ref()?.closure(&self.name))
    }
}

impl Closed {
    /// Returns the closure of a border as the network takes it.
    pub(crate) fn closure(&self, border: &str) -> BorderClosure {
        BorderClosure {
            crossing: RowId::new(border),
            from: self.from,
            until: self.until,
            note: self.reason.clone(),
        }
    }

    /// Returns what of the days lies before one of them.
    pub(crate) fn before(self, day: NaiveDate) -> Option<Self> {
        let yesterday = day.pred_opt()?;
        let until = self.until.map_or(yesterday, |until| until.min(yesterday));
        (self.from <= until).then_some(Self { until: Some(until), ..self })
    }
}
