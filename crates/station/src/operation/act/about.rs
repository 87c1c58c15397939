//! What an act is about: its name, and the item, container or dispatch that is admitted before it.

use caravan_postal::{Impc, S8};

use super::Act;
use crate::item::{Disposition, ItemName};

impl Act {
    /// Returns the name that tables and findings call the act by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scan { .. } => "scan",
            Self::Dispose { disposition, .. } => disposition.as_str(),
            Self::TakeOut { .. } => "take-out",
            Self::Redeclare(_) => "redeclare",
            Self::Confirm { .. } => "confirm",
            Self::Reassess { .. } => "reassess",
            Self::HandBack { .. } => "hand-back",
            Self::WeighReceptacle { .. } => "weigh-receptacle",
            Self::SettleReceptacle { .. } => "settle-receptacle",
            Self::ReceiveReceptacle { .. } => "receive-receptacle",
            Self::Announce { .. } => "announce",
            Self::ReceiveContainer { .. } => "receive-container",
            Self::ListReceptacle { .. } => "list-receptacle",
            Self::Seal { .. } => "seal",
            Self::TransferNumber { .. } => "transfer-number",
            Self::Sign { .. } => "sign",
            Self::CustomsOpening { .. } => "customs-opening",
            Self::OpenContainer { .. } => "open-container",
            Self::ReleaseInPart { .. } => Disposition::ReleasedInPart.as_str(),
            Self::Cut { .. } => "cut",
            Self::Withdraw { .. } => "withdraw",
            Self::Recall { .. } => "recall",
            Self::Advise { .. } => "advise",
            Self::OpenReceptacle { .. } => "open-receptacle",
            Self::CloseArrival { .. } => "close-arrival",
            Self::DutyDue { .. } => "duty-due",
            Self::Pay { .. } => "paid",
            Self::Forward { .. } => "forward",
            Self::Refuse { .. } => "refused",
            Self::Hear(heard) => heard.said.name(),
            Self::SettleDispatch { .. } => "settle-dispatch",
            Self::ResolveDispatch { .. } => "resolve-dispatch",
            Self::ResolveOperation { .. } => "resolve-operation",
            Self::ResolveConsignment { .. } => "resolve-consignment",
            Self::ResolveItem { .. } => "resolve-item",
            Self::AnswerList { .. } => "answer-list",
            Self::AnswerCase { .. } => "answer-case",
            Self::AnswerFiling { .. } => "answer-filing",
            Self::FileAgain { .. } => "file-again",
            Self::CloseBorder { .. } => "close-border",
            Self::OpenBorder { .. } => "open-border",
            Self::Reroute { .. } => "reroute",
            Self::Lock { .. } | Self::LockContainer { .. } => "lock",
            Self::Allow { .. } => "allow",
            Self::VoidItem { .. } => "void",
            Self::Unlock { .. } | Self::UnlockContainer { .. } => "unlock",
            Self::Merge { .. } => "merge",
            Self::WithCustoms { .. } => "with-customs",
            Self::Lose { .. } => "lost",
            Self::Destroy { .. } => "destroyed",
            Self::DamageReport { .. } => "damage-report",
            Self::Conveyance { .. } => "conveyance",
            Self::Vehicle { .. } => "vehicle",
        }
    }

    /// Returns the item that the act is about, when it is about one.
    pub fn item(&self) -> Option<&ItemName> {
        match self {
            Self::Scan { item, .. }
            | Self::Dispose { item, .. }
            | Self::TakeOut { item }
            | Self::Reassess { item, .. }
            | Self::AnswerList { item, .. }
            | Self::AnswerCase { item, .. }
            | Self::HandBack { item }
            | Self::ReleaseInPart { item, .. }
            | Self::Confirm { item, .. }
            | Self::Recall { item }
            | Self::DutyDue { item, .. }
            | Self::Pay { item, .. }
            | Self::Forward { item, .. }
            | Self::VoidItem { item }
            | Self::DamageReport { item }
            | Self::WithCustoms { item }
            | Self::Lose { item }
            | Self::Destroy { item }
            | Self::ResolveItem { item }
            | Self::Refuse { item } => Some(item),
            Self::Redeclare(redeclaration) => Some(&redeclaration.item.name),
            Self::WeighReceptacle { .. }
            | Self::SettleReceptacle { .. }
            | Self::ReceiveReceptacle { .. }
            | Self::Announce { .. }
            | Self::ReceiveContainer { .. }
            | Self::ListReceptacle { .. }
            | Self::Seal { .. }
            | Self::TransferNumber { .. }
            | Self::Sign { .. }
            | Self::CustomsOpening { .. }
            | Self::OpenContainer { .. }
            | Self::Cut { .. }
            | Self::Withdraw { .. }
            | Self::Advise { .. }
            | Self::OpenReceptacle { .. }
            | Self::CloseArrival { .. }
            | Self::Hear(..)
            | Self::SettleDispatch { .. }
            | Self::ResolveDispatch { .. }
            | Self::ResolveOperation { .. }
            | Self::ResolveConsignment { .. }
            | Self::AnswerFiling { .. }
            | Self::FileAgain { .. }
            | Self::CloseBorder { .. }
            | Self::OpenBorder { .. }
            | Self::Lock { .. }
            | Self::Unlock { .. }
            | Self::LockContainer { .. }
            | Self::UnlockContainer { .. }
            | Self::Reroute { .. }
            | Self::Conveyance { .. }
            | Self::Vehicle { .. }
            | Self::Merge { .. }
            | Self::Allow { .. } => None,
        }
    }

    /// Returns the container that the act changes: where none of its number is here, the last one that was is admitted before
    /// the act.
    pub fn container(&self) -> Option<&str> {
        match self {
            Self::ListReceptacle { container, .. }
            | Self::Seal { container, .. }
            | Self::TransferNumber { container, .. }
            | Self::Sign { container }
            | Self::OpenContainer { container }
            | Self::Cut { container, .. }
            | Self::Withdraw { container }
            | Self::Lock { container, .. }
            | Self::LockContainer { container }
            | Self::UnlockContainer { container }
            | Self::Reroute { container, .. }
            | Self::Vehicle { container, .. }
            | Self::Allow { container, .. } => Some(container),
            Self::Scan { .. }
            | Self::Dispose { .. }
            | Self::TakeOut { .. }
            | Self::Redeclare(..)
            | Self::Confirm { .. }
            | Self::Reassess { .. }
            | Self::HandBack { .. }
            | Self::WeighReceptacle { .. }
            | Self::SettleReceptacle { .. }
            | Self::ReceiveReceptacle { .. }
            | Self::Announce { .. }
            | Self::ReceiveContainer { .. }
            | Self::CustomsOpening { .. }
            | Self::ReleaseInPart { .. }
            | Self::Recall { .. }
            | Self::Advise { .. }
            | Self::OpenReceptacle { .. }
            | Self::CloseArrival { .. }
            | Self::DutyDue { .. }
            | Self::Pay { .. }
            | Self::Forward { .. }
            | Self::Refuse { .. }
            | Self::Hear(..)
            | Self::SettleDispatch { .. }
            | Self::ResolveDispatch { .. }
            | Self::ResolveOperation { .. }
            | Self::ResolveConsignment { .. }
            | Self::ResolveItem { .. }
            | Self::AnswerList { .. }
            | Self::AnswerCase { .. }
            | Self::AnswerFiling { .. }
            | Self::FileAgain { .. }
            | Self::CloseBorder { .. }
            | Self::OpenBorder { .. }
            | Self::Unlock { .. }
            | Self::Conveyance { .. }
            | Self::Merge { .. }
            | Self::VoidItem { .. }
            | Self::WithCustoms { .. }
            | Self::Lose { .. }
            | Self::Destroy { .. }
            | Self::DamageReport { .. } => None,
        }
    }

    /// Returns the dispatch for an office that the act is about: its receptacles, also those that are opened or missing,
    /// are admitted before the act.
    pub fn arrival(&self, office: Impc) -> Option<S8> {
        let dispatch = match self {
            Self::Advise { dispatch, .. } | Self::CloseArrival { dispatch } => *dispatch,
            Self::ReceiveReceptacle { s9, .. } | Self::OpenReceptacle { s9 } => s9.dispatch,
            _ => return None,
        };
        (dispatch.series().destination == office).then_some(dispatch)
    }
}
