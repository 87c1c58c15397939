//! One item at the station: where it is, what customs says of it, and which way that leaves open.

use caravan_planning::Stream;
use caravan_postal::{Country, Grams, Handling, S10, Volume};
use caravan_tariff::{Channel, Decision, PhysicalOutcome};

use crate::advice::Inbound;
use crate::customs::Answered;
use crate::{FilingId, ItemId, ReceptacleId};

/// What the station knows of an item and changes as it moves. What its sender declared is in its declarations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its row.
    pub id: ItemId,
    /// Its identifier.
    pub name: ItemName,
    /// What validation and tariff said of the declaration in force.
    pub decision: Decision,
    /// Why the station holds it whatever an assessment says.
    pub own_hold: Option<OwnHold>,
    /// Where a refused item goes.
    pub physical: Option<PhysicalOutcome>,
    /// The stream that it is sorted into; `None` when no partner office takes it.
    pub stream: Option<Stream>,
    /// Which way it goes.
    pub journey: Journey,
    /// The customs procedure that it goes by.
    pub channel: Channel,
    /// The country that it comes from.
    pub origin: Option<Country>,
    /// The country that it goes to.
    pub destination: Option<Country>,
    /// How it is handled: registered and insured items travel under a red label.
    pub handling: Handling,
    /// The declared gross weight.
    pub declared: Option<Grams>,
    /// The station's scale, which wins on labels, bills and messages.
    pub scale: Option<Grams>,
    /// The measured volume, where dimensions were declared.
    pub volume: Option<Volume>,
    /// Which lithium batteries its declaration states.
    pub lithium: Lithium,
    /// Whether the assessment knows its contents as dangerous goods, lithium batteries aside.
    pub is_dangerous: bool,
    /// Where it is.
    pub custody: Custody,
    /// Where its case with the station's customs stands.
    pub customs: Disposition,
    /// The filing in which its arrival is reported to customs; what is in one has its list with customs.
    pub arrival: Option<FilingId>,
    /// The last answer of customs about its list.
    pub answer: Option<Box<Answered>>,
    /// The receptacle that it lies in.
    pub receptacle: Option<ReceptacleId>,
    /// Whether its sender has asked for it back.
    pub is_recalled: bool,
    /// The declaration version in force.
    pub version: u32,
    /// While the version in force changes what only the sender may change, and its sender has not confirmed that: the last
    /// version that its sender stands for.
    pub confirmed: Option<u32>,
    /// What only mail from abroad has.
    pub inbound: Inbound,
    /// How many events it has.
    pub events: u32,
}

/// What an item is called outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemName {
    /// Its S10 identifier.
    S10(S10),
    /// What stands on an item that has none.
    Other(String),
}

macro_rules! states {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $number:literal, $text:literal);+ $(;)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every state, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the number under which rows hold the state; numbers are never given a new meaning.
            pub fn number(self) -> i64 {
                match self { $(Self::$variant => $number),+ }
            }

            /// Returns the state of a number.
            pub fn from_number(number: i64) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }

            /// Returns the stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Returns the state of a stable name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use states;

states! {
    /// Which way an item goes, seen from the station.
    Journey {
        /// Declared here and sent abroad.
        Export = 0, "export";
        /// Come open from another post, and dispatched again under this office's own numbers: transit à découvert.
        Transit = 1, "transit";
        /// Come from abroad for this country.
        Import = 2, "import";
        /// On its way back to its sender.
        Return = 3, "return";
    }
}

states! {
    /// Why the station itself holds an item, until another version of its declaration comes.
    OwnHold {
        /// Its identifier seems to be another item's, stands twice in one file, or has had all the versions there are.
        Identifier = 1, "identifier";
        /// It lies in a receptacle for somewhere else than its declaration says.
        Receptacle = 2, "receptacle";
        /// Customs was told of another procedure than its declaration says.
        Channel = 3, "channel";
    }
}

states! {
    /// Which lithium batteries an item holds, as declared; what needs more permission is the greater.
    Lithium {
        /// None that anybody declared.
        No = 0, "none";
        /// In equipment, or packed with it: UN 3481 and UN 3091.
        InEquipment = 1, "in-equipment";
        /// Alone: UN 3480 and UN 3090.
        Alone = 2, "alone";
    }
}

states! {
    /// Where an item is.
    Custody {
        /// Declared, not seen yet.
        Expected = 0, "expected";
        /// At the station.
        Present = 1, "present";
        /// In a receptacle, and from then on wherever its receptacle is.
        Bagged = 2, "bagged";
        /// Handed back to the sender.
        Returned = 3, "returned-to-sender";
        /// Taken by customs or police.
        Seized = 4, "seized";
        /// Handed on inland, to the office that delivers it.
        Forwarded = 5, "forwarded";
        /// Left to the state, and destroyed or sold.
        Disposed = 6, "disposed";
        /// Announced as being in a receptacle, and not found in it.
        Missing = 7, "missing";
        /// In a receptacle that has come from abroad and is not opened yet.
        Arrived = 8, "arrived";
        /// At the station again after it had left: to be cleared, and handed back to its sender.
        Back = 9, "returned-from-abroad";
        /// Never there: a scan misread another item's identifier.
        Voided = 10, "voided";
        /// Handed over to customs, who look into it; a scan says that it is back.
        WithCustoms = 11, "with-customs";
        /// Not to be found any more, as somebody has said.
        Lost = 12, "lost";
        /// Destroyed by an act.
        Destroyed = 13, "destroyed";
    }
}

states! {
    /// Where a customs case stands.
    Disposition {
        /// Customs has not answered yet; mail is declared between the head offices.
        NotFiled = 0, "not-filed";
        /// Documents are wanted.
        DocumentsWanted = 1, "documents-wanted";
        /// To be opened and looked at.
        Inspect = 2, "inspect";
        /// Held.
        Held = 3, "held";
        /// Free to go.
        Released = 4, "released";
        /// To be handed back to the sender.
        ReturnToSender = 5, "return-to-sender";
        /// Taken.
        Seized = 6, "seized";
        /// Filed, and not answered yet.
        Filed = 7, "filed";
        /// Free to go once the duty that is due is paid.
        DutyDue = 8, "duty-due";
        /// The duty is paid; customs has not released it yet.
        Paid = 9, "paid";
        /// Free to go without some of its contents, once a declaration without them is kept.
        ReleasedInPart = 10, "released-in-part";
        /// Not admitted as mail: it goes by the procedure for goods.
        GoodsProcedure = 11, "goods-procedure";
        /// Given up by its addressee and its sender.
        Abandoned = 12, "abandoned";
    }
}

impl Disposition {
    /// Returns whether customs has still to decide: whether the item may go, or what is to be paid for it.
    pub fn is_open(self) -> bool {
        let is_asked = matches!(self, Self::DocumentsWanted | Self::Inspect | Self::Held);
        is_asked || matches!(self, Self::NotFiled | Self::Filed | Self::DutyDue | Self::Paid)
    }

    /// Returns whether the item must stay until the same case is released.
    pub fn is_hold(self) -> bool {
        !matches!(self, Self::NotFiled | Self::Filed | Self::Released)
    }

    /// Returns whether it lifts what customs has decided before, or gives back what customs has seized. That something is
    /// due, and then paid, is the course of a case and no hold of this kind, and so is that wanted documents are filed.
    pub fn lifts(self, before: Self) -> bool {
        let is_kept = |one: Self| one.is_hold() && !matches!(one, Self::DutyDue | Self::Paid);
        let is_answered = before == Self::DocumentsWanted && self == Self::Filed;
        is_kept(before) && !is_answered && (!is_kept(self) || (before == Self::Seized && self != before))
    }
}

impl Item {
    /// Returns an item of which nothing but its name is known, as it stands before anyone has seen it: it waits for its
    /// data.
    pub fn unknown(id: ItemId, name: ItemName) -> Self {
        Self {
            id,
            name,
            decision: Decision::Hold,
            own_hold: None,
            physical: None,
            stream: None,
            journey: Journey::Export,
            channel: Channel::PostalArticle,
            origin: None,
            destination: None,
            handling: Handling::Normal,
            declared: None,
            scale: None,
            volume: None,
            lithium: Lithium::No,
            is_dangerous: false,
            custody: Custody::Expected,
            customs: Disposition::NotFiled,
            arrival: None,
            answer: None,
            receptacle: None,
            is_recalled: false,
            version: 0,
            confirmed: None,
            inbound: Inbound::default(),
            events: 0,
        }
    }

    /// Returns the weight that bills and limits reckon with: the scale's, or the declared one before it was weighed.
    pub fn weight(&self) -> Grams {
        self.scale.or(self.declared).unwrap_or_default()
    }

    /// Returns whether the item is registered or insured.
    pub fn is_registered(&self) -> bool {
        self.handling != Handling::Normal
    }

    /// Returns the custody of the item when it is here and in no receptacle: what customs has seized is theirs.
    pub(crate) fn custody_here(&self) -> Custody {
        match self.customs {
            Disposition::Seized => Custody::Seized,
            Disposition::Abandoned => Custody::Disposed,
            _ => Custody::Present,
        }
    }

    /// Returns what holds of an assessment's decision: what the station holds itself does not go.
    pub fn decided(&self, decision: Decision) -> Decision {
        if self.own_hold.is_some() { decision.max(Decision::Hold) } else { decision }
    }

    /// Returns whether nothing keeps the item from its bag but its presence. What came in open for another country needs
    /// no case with customs here, and what customs sends back needs no other word of theirs.
    pub fn may_go(&self) -> bool {
        let is_cleared = match self.journey {
            Journey::Export => self.customs == Disposition::Released,
            Journey::Transit => matches!(self.customs, Disposition::NotFiled | Disposition::Released),
            Journey::Import => false,
            Journey::Return => self.is_going_back(),
        };
        is_cleared && self.stream.is_some() && !self.is_stopped()
    }

    /// Returns whether the item must not leave: refused, held by the station's checks or by customs, wanted back, or changed
    /// without its sender.
    pub fn is_stopped(&self) -> bool {
        // Who asked for it gets what goes back.
        let is_kept = (self.customs.is_hold() || self.is_recalled) && !self.is_going_back();
        self.decision != Decision::Go || is_kept || self.confirmed.is_some()
    }

    /// Returns the version of its declaration that its sender stands for: what others are told of.
    pub fn told_version(&self) -> u32 {
        self.confirmed.unwrap_or(self.version)
    }

    /// Returns whether the item came from abroad and goes back there by the word of customs.
    pub fn is_going_back(&self) -> bool {
        self.journey == Journey::Return
            && self.customs == Disposition::ReturnToSender
            && self.destination.is_some()
            && self.destination == self.origin
    }

    /// Returns whether the item came in open for another country, and customs sends it back from here.
    pub(crate) fn is_sent_back_open(&self) -> bool {
        self.journey == Journey::Transit
            && self.customs == Disposition::ReturnToSender
            && self.custody == Custody::Present
            && self.scale.is_some()
    }

    /// Returns whether the item is taken to be here because a receptacle's list names it: nobody has had it in hand.
    pub fn is_inferred(&self) -> bool {
        matches!(self.custody, Custody::Present | Custody::Back) && self.scale.is_none()
    }
}

impl std::fmt::Display for ItemName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::S10(s10) => s10.fmt(f),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl ItemName {
    /// Reads what a scanner or a message calls an item; a text that is no S10 is a name of its own.
    pub fn parse(text: &str) -> Self {
        S10::parse(text).map_or_else(|_| Self::Other(text.to_owned()), Self::S10)
    }

    /// Returns whether it is no name at all: the item bears nothing, and cannot be told from others like it.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Other(name) if name.is_empty())
    }
}
