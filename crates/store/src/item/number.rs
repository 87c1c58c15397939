//! The numbers under which rows hold what the tariff and the trade give names to; none is ever given a new meaning.

use caravan_postal::Handling;
use caravan_tariff::{Channel, Decision, PhysicalOutcome};

pub(crate) fn decision_number(decision: Decision) -> i64 {
    match decision {
        Decision::Go => 0,
        Decision::Hold => 1,
        Decision::Refuse => 2,
    }
}

pub(super) fn decision(number: i64) -> Option<Decision> {
    Decision::ALL.iter().copied().find(|decision| decision_number(*decision) == number)
}

pub(super) fn channel_number(channel: Channel) -> i64 {
    match channel {
        Channel::PostalArticle => 0,
        Channel::Ecommerce9610 => 1,
        Channel::BusinessExport9710 => 2,
        Channel::OverseasWarehouse9810 => 3,
        Channel::Bonded1210 => 4,
        Channel::GeneralTrade => 5,
    }
}

pub(super) fn channel(number: i64) -> Option<Channel> {
    Channel::ALL.iter().copied().find(|channel| channel_number(*channel) == number)
}

pub(super) fn handling_number(handling: Handling) -> i64 {
    match handling {
        Handling::Normal => 0,
        Handling::Registered => 1,
        Handling::Insured => 2,
    }
}

pub(super) fn handling(number: i64) -> Option<Handling> {
    Handling::ALL.iter().copied().find(|handling| handling_number(*handling) == number)
}

pub(super) fn physical_number(physical: PhysicalOutcome) -> i64 {
    match physical {
        PhysicalOutcome::BackToSender => 0,
        PhysicalOutcome::DangerousGoodsCage => 1,
        PhysicalOutcome::Police => 2,
    }
}

pub(super) fn physical(number: i64) -> Option<PhysicalOutcome> {
    PhysicalOutcome::ALL.iter().copied().find(|physical| physical_number(*physical) == number)
}
