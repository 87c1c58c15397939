//! What a leg may carry.

use caravan_postal::Country;
use chrono::NaiveDate;

use super::journey::{Agreements, MailKind, Refusal};
use super::{Cargo, Leg, Network, Permission, Verdict};
use crate::table::Row;

impl Network {
    /// Returns the rows that permit the mail on the leg on a day, or why it may not go there.
    ///
    /// Every country of the leg is asked for everything in the mail that needs permission, so the strictest decides.
    pub(super) fn permit(
        &self,
        leg: &Leg,
        mail: &MailKind,
        agreements: &Agreements,
        day: NaiveDate,
    ) -> Result<Vec<&Row>, Refusal> {
        if !mail.category.is_surface() {
            return Err(Refusal::AirMail(mail.category));
        }
        let mut rows = Vec::new();
        for cargo in &mail.cargo {
            for country in &leg.countries {
                let Some(permission) = self.permission(leg, *cargo, *country, day) else {
                    if *cargo == Cargo::ClosedTransit {
                        // Freedom of transit is the rule of the union: only a row takes it away.
                        continue;
                    }
                    return Err(Refusal::NotKnown(*cargo, *country));
                };
                let is_agreed =
                    agreements.legs.contains(&leg.row.id) || agreements.countries.contains(country);
                match permission.verdict {
                    Verdict::Barred => {
                        return Err(Refusal::Barred(*cargo, *country, permission.row.id.clone()));
                    }
                    Verdict::Agreed if !is_agreed => {
                        return Err(Refusal::NotAgreed(*cargo, *country, permission.row.id.clone()));
                    }
                    Verdict::Agreed | Verdict::Allowed => rows.push(&permission.row),
                }
            }
        }
        rows.dedup_by(|a, b| a.id == b.id);
        Ok(rows)
    }

    /// Returns the row that decides: one that names the country before one for all, then the strictest.
    fn permission(&self, leg: &Leg, cargo: Cargo, country: Country, day: NaiveDate) -> Option<&Permission> {
        let holds = |permission: &&Permission| {
            permission.row.covers(day)
                && permission.cargo.contains(&cargo)
                && permission.mode.is_none_or(|mode| mode == leg.carriage.mode())
                && (permission.countries.is_empty() || permission.countries.contains(&country))
        };
        let found = self.permissions.iter().filter(holds);
        found.max_by_key(|permission| (!permission.countries.is_empty(), permission.verdict))
    }
}
