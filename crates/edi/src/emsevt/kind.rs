//! The event codes of EMSEVT version 3.

/// Declares the events: each with its code, the side that tells it, and its step in the order of events, if it has one.
macro_rules! events {
    ($($(#[$meta:meta])* $variant:ident = $code:literal, $side:ident, $step:expr;)+) => {
        /// What happened to an item.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind { $($(#[$meta])* $variant),+ }

        impl EventKind {
            /// Every event, in the order of an item's way.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the event for its code.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// Returns the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Returns who tells it.
            pub fn side(self) -> Side {
                match self { $(Self::$variant => Side::$side),+ }
            }

            /// Returns its step in the order of events: none of a lower step happens after it. Steps that are the same
            /// come in any order; an event without a step may come at any time.
            pub fn step(self) -> Option<u8> {
                match self { $(Self::$variant => $step),+ }
            }
        }
    };
}

/// Who tells an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The post of origin.
    Origin,
    /// A post that the item passes through.
    Transit,
    /// The post of destination.
    Destination,
}

events! {
    /// Posting or collection.
    Posting = "EMA", Origin, Some(0);
    /// Arrival at the outward office of exchange.
    OutwardArrival = "EMB", Origin, Some(1);
    /// Presented to export customs or security.
    ExportPresented = "EXA", Origin, Some(2);
    /// Held by export customs or security.
    ExportHeld = "EXB", Origin, Some(3);
    /// Returned from export customs or security.
    ExportReturned = "EXC", Origin, Some(3);
    /// Held at the outward office of exchange.
    OutwardHeld = "EXD", Origin, None;
    /// Export cancelled.
    ExportCancelled = "EXX", Origin, None;
    /// Departure from the outward office of exchange.
    OutwardDeparture = "EMC", Origin, Some(4);
    /// Arrival at a transit office of exchange.
    TransitArrival = "EMJ", Transit, None;
    /// Departure from a transit office of exchange.
    TransitDeparture = "EMK", Transit, None;
    /// Arrival at the inward office of exchange.
    InwardArrival = "EMD", Destination, Some(5);
    /// Held at the inward office of exchange.
    InwardHeld = "EDA", Destination, None;
    /// Presented to import customs.
    ImportPresented = "EDB", Destination, Some(6);
    /// Held by import customs.
    ImportHeld = "EME", Destination, Some(7);
    /// Returned from import customs.
    ImportReturned = "EDC", Destination, Some(7);
    /// Departure from the inward office of exchange.
    InwardDeparture = "EMF", Destination, Some(8);
    /// Arrival at a sorting centre.
    SortingArrival = "EDD", Destination, None;
    /// Departure from a sorting centre.
    SortingDeparture = "EDE", Destination, None;
    /// Arrival at the delivery office.
    DeliveryArrival = "EMG", Destination, Some(9);
    /// Held at the delivery depot.
    DeliveryHeld = "EDF", Destination, None;
    /// Out for delivery.
    OutForDelivery = "EDG", Destination, None;
    /// Arrival at a collection point.
    CollectionArrival = "EDH", Destination, None;
    /// An attempt of delivery failed.
    NotDelivered = "EMH", Destination, Some(10);
    /// Delivered.
    Delivered = "EMI", Destination, Some(10);
    /// Import terminated.
    ImportTerminated = "EDX", Destination, None;
}

impl EventKind {
    /// Returns the list that its reason is a code of; an event with a list must have a reason.
    pub fn reasons(self) -> Option<&'static str> {
        match self {
            Self::ExportHeld | Self::OutwardHeld | Self::InwardHeld | Self::ImportHeld => {
                Some("retention-reason")
            }
            Self::NotDelivered => Some("non-delivery-reason"),
            Self::Posting
            | Self::OutwardArrival
            | Self::ExportPresented
            | Self::ExportReturned
            | Self::ExportCancelled
            | Self::OutwardDeparture
            | Self::TransitArrival
            | Self::TransitDeparture
            | Self::InwardArrival
            | Self::ImportPresented
            | Self::ImportReturned
            | Self::InwardDeparture
            | Self::SortingArrival
            | Self::SortingDeparture
            | Self::DeliveryArrival
            | Self::DeliveryHeld
            | Self::OutForDelivery
            | Self::CollectionArrival
            | Self::Delivered
            | Self::ImportTerminated => None,
        }
    }
}
