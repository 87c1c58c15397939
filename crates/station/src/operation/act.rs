//! What can happen, one by one.

mod about;

use caravan_postal::{Grams, Impc, Money, ReceptacleKind, S8, S9};
use chrono::NaiveDate;

use super::{Reassessment, ReceptacleName, Redeclaration, Remains};
use crate::advice::AdvisedReceptacle;
use crate::customs::{CaseAnswer, CustomsAnswer};
use crate::gate::GateFault;
use crate::heard::Heard;
use crate::item::{Disposition, ItemName};

/// What the papers of another office's container say of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consigned {
    /// The office that it comes from.
    pub origin: Option<Impc>,
    /// The office that it goes to; the end of its departure's route, where nothing is said.
    pub destination: Option<Impc>,
    /// Its type, as the tables name it.
    pub equipment: Option<String>,
    /// What it weighs empty.
    pub tare: Option<Grams>,
}

/// As which of the vehicles that the route of a departure promises a container is announced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnouncedAs {
    /// Whether it comes beside those that the route promises, and is like the first of its type.
    pub is_extra: bool,
    /// Its type, as the tables name it; any, where nothing is said.
    pub equipment: Option<String>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// An item was scanned and weighed on the belt.
    Scan {
        /// The item.
        item: ItemName,
        /// What the scale showed.
        scale: Grams,
    },
    /// Customs decided about an item; or about a receptacle or a container as it is, whose items may be unknown here.
    Dispose {
        /// The item; where none of this name is known, a receptacle's S9 or a container's number.
        item: ItemName,
        /// What customs decided.
        disposition: Disposition,
    },
    /// A supervisor took an item out of its receptacle, whose dispatch is still open.
    TakeOut {
        /// The item.
        item: ItemName,
    },
    /// A further version of an item's declaration was kept.
    Redeclare(Box<Redeclaration>),
    /// The sender has confirmed what the version in force changes.
    Confirm {
        /// The item.
        item: ItemName,
        /// The reference of the confirmation: a letter, a call, an order.
        reference: String,
    },
    /// The answer about a declaration that is known has changed.
    Reassess {
        /// The item.
        item: ItemName,
        /// What validation and tariff say now.
        answer: Reassessment,
    },
    /// An item was handed back to its sender.
    HandBack {
        /// The item.
        item: ItemName,
    },
    /// A receptacle that was waiting for the scale was weighed.
    WeighReceptacle {
        /// The number on its tag.
        tag: i64,
        /// What the scale showed.
        scale: Grams,
    },
    /// A supervisor looked into a disputed receptacle and stands for the scale's weight.
    SettleReceptacle {
        /// The number on its tag.
        tag: i64,
    },
    /// Another office's receptacle arrived to pass through.
    ReceiveReceptacle {
        /// Its identifier.
        s9: S9,
        /// What the scale showed.
        scale: Grams,
        /// The number of its seal, where it was read.
        seal: Option<String>,
    },
    /// A container or truck stands ready for a departure.
    Announce {
        /// Its number or plate.
        container: String,
        /// The departure.
        departure: String,
        /// As which of the vehicles of its route.
        as_what: AnnouncedAs,
    },
    /// Another office's sealed container arrived to pass through.
    ReceiveContainer {
        /// Its number.
        container: String,
        /// The departure that it is to leave on.
        departure: String,
        /// Its gross weight of mail.
        gross: Grams,
        /// How many receptacles its papers state.
        receptacles: u32,
        /// The seal that it arrived with.
        seal: String,
        /// What its papers say beside that.
        consigned: Consigned,
    },
    /// The papers of another office's sealed container list a receptacle that is in it.
    ListReceptacle {
        /// Its identifier, which also says what it weighs.
        s9: S9,
        /// What it is.
        kind: ReceptacleKind,
        /// The container.
        container: String,
    },
    /// A seal was put on a container.
    Seal {
        /// The container.
        container: String,
        /// The seal's number.
        seal: String,
    },
    /// Customs gave the number under which a container goes to the exit.
    TransferNumber {
        /// The container.
        container: String,
        /// The number.
        number: String,
    },
    /// The carrier signed for a container.
    Sign {
        /// The container.
        container: String,
    },

    // Corrections, and customs' acts on what is closed.
    /// Customs opened a closed receptacle, and closed it again under another seal.
    CustomsOpening {
        /// The receptacle.
        receptacle: ReceptacleName,
        /// What the scale shows now.
        scale: Grams,
        /// The number of the new seal.
        seal: String,
    },
    /// Customs opened a sealed container.
    OpenContainer {
        /// The container.
        container: String,
    },
    /// Customs released an item without some of its contents.
    ReleaseInPart {
        /// The item.
        item: ItemName,
        /// The numbers of the pieces that customs keeps, as the declaration counts them from 1.
        withheld: Vec<u16>,
        /// What that leaves of the declaration.
        remains: Remains,
    },
    /// A container stays behind when its train leaves, as it stands.
    Cut {
        /// The container.
        container: String,
        /// The departure that takes it; the next of its route when nothing is said.
        departure: Option<String>,
    },
    /// A container that was announced does not come.
    Withdraw {
        /// The container.
        container: String,
    },
    /// The sender asked for an item back (UPU Convention, withdrawal from the post; form CN 17).
    Recall {
        /// The item.
        item: ItemName,
    },

    // Mail that comes in, and mail that goes or comes back.
    /// Another office advised a dispatch for this one, or advised it anew: what it no longer names is withdrawn.
    Advise {
        /// The dispatch.
        dispatch: S8,
        /// Its receptacles.
        receptacles: Vec<AdvisedReceptacle>,
    },
    /// A receptacle that has come for this office was opened.
    OpenReceptacle {
        /// Its identifier.
        s9: S9,
    },
    /// A person says that of a dispatch for this office all has come that has come.
    CloseArrival {
        /// The dispatch.
        dispatch: S8,
    },
    /// Customs said what is due on an item from abroad.
    DutyDue {
        /// The item.
        item: ItemName,
        /// How much.
        amount: Money,
    },
    /// What is due on an item was paid.
    Pay {
        /// The item.
        item: ItemName,
        /// The number of the receipt.
        receipt: String,
    },
    /// An item from abroad was handed on inland.
    Forward {
        /// The item.
        item: ItemName,
        /// The inland run.
        run: String,
    },
    /// The addressee of an item from abroad refused it.
    Refuse {
        /// The item.
        item: ItemName,
    },

    // What is heard back.
    /// A partner or a carrier says something of what was sent.
    Hear(Box<Heard>),
    /// A person says that no further answer for a dispatch is waited for: what was not answered for is missing.
    SettleDispatch {
        /// The dispatch.
        dispatch: S8,
    },
    /// A person says that what differs of a dispatch has been dealt with.
    ResolveDispatch {
        /// The dispatch.
        dispatch: S8,
    },
    /// Nothing more is to do about operations that named something and were not carried out.
    ResolveOperation {
        /// What they named, or the file that they stood in.
        name: String,
    },
    /// Nothing more is to do about what differs of a consignment, or about one that is not known.
    ResolveConsignment {
        /// The number of its delivery bill CN 37.
        consignment: String,
    },

    /// A person says that what a partner told of an item has been dealt with.
    ResolveItem {
        /// The item.
        item: ItemName,
    },

    // What customs says by message.
    /// Customs answered about the list of an item.
    AnswerList {
        /// The item.
        item: ItemName,
        /// What it said.
        answer: Box<CustomsAnswer>,
    },
    /// Customs answered about the case of an item.
    AnswerCase {
        /// The item.
        item: ItemName,
        /// What it said.
        answer: Box<CaseAnswer>,
    },
    /// Customs answered a message of the station's.
    AnswerFiling {
        /// The message, as [`crate::Filing::name`] has it.
        filing: String,
        /// Which of the times that it was filed customs answers, where it says so.
        attempt: Option<u32>,
        /// What it said.
        answer: Box<CustomsAnswer>,
    },
    /// A person mended what customs turned down and has it filed again.
    FileAgain {
        /// The message, as [`crate::Filing::name`] has it.
        filing: String,
    },

    // The network: borders, other ways and what dispatchers decide.
    /// Somebody said that a border is closed; what was said of it before no longer holds.
    CloseBorder {
        /// The border, as the network names it.
        border: String,
        /// The first day; today where it is not said.
        from: Option<NaiveDate>,
        /// The last day, included; `None` until further notice.
        until: Option<NaiveDate>,
    },
    /// Somebody said that a border that was said to be closed is open.
    OpenBorder {
        /// The border.
        border: String,
    },
    /// A dispatcher decides that a receptacle goes in a container, or not at all.
    Lock {
        /// The receptacle.
        receptacle: ReceptacleName,
        /// The container.
        container: String,
    },
    /// A dispatcher decides that a receptacle goes in any container.
    Unlock {
        /// The receptacle.
        receptacle: ReceptacleName,
    },
    /// A dispatcher decides that a container takes nothing but what is locked to it.
    LockContainer {
        /// The container.
        container: String,
    },
    /// A dispatcher decides that a container takes what comes.
    UnlockContainer {
        /// The container.
        container: String,
    },
    /// A dispatcher sends a container by another departure.
    Reroute {
        /// The container.
        container: String,
        /// The departure.
        departure: String,
    },

    // What carries it.
    /// Somebody said which train, or which run of a truck, a departure is.
    Conveyance {
        /// The departure.
        departure: String,
        /// The number of the train or run.
        number: String,
    },
    /// Somebody said on which wagon or truck a container stands.
    Vehicle {
        /// The container.
        container: String,
        /// The number of the wagon, or the plate of the truck.
        vehicle: String,
    },

    // At the stand.
    /// An operator put all that is in a receptacle into another.
    Merge {
        /// The receptacle that is put away.
        from: ReceptacleName,
        /// The one that takes its items.
        into: ReceptacleName,
    },
    /// A person says that an item is none: its identifier was misread when it was scanned.
    VoidItem {
        /// The item.
        item: ItemName,
    },

    // Custody.
    /// An item was handed to customs, who look into it.
    WithCustoms {
        /// The item.
        item: ItemName,
    },
    /// A person says that an item is lost.
    Lose {
        /// The item.
        item: ItemName,
    },
    /// An item was destroyed.
    Destroy {
        /// The item.
        item: ItemName,
    },

    // Papers that somebody asks for.
    /// A person reports that an item is damaged (form CN 24).
    DamageReport {
        /// The item.
        item: ItemName,
    },

    // The gate.
    /// A supervisor lets a container out although something speaks against it.
    Allow {
        /// The container.
        container: String,
        /// What does not count for its departure.
        fault: GateFault,
    },
}
