//! Numbers of rows. They mean something only inside the station's own database and never leave it: outside, an item is
//! its S10, a dispatch its S8, a receptacle its S9, a departure its key.

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub i64);
        )+
    };
}

ids! {
    /// An item.
    ItemId,
    /// A receptacle.
    ReceptacleId,
    /// A dispatch.
    DispatchId,
    /// A container or truck body.
    ContainerId,
    /// A departure.
    DepartureId,
    /// A message to customs.
    FilingId,
    /// A border.
    BorderId,
}

impl ItemId {
    /// Returns the id of item `ordinal` (from 1) of file `file`: known before anything is written, so that keeping a
    /// file again after a crash meets the same rows.
    pub fn of_file(file: i64, ordinal: u32) -> Self {
        Self((file << 32) | i64::from(ordinal))
    }

    /// Returns which item of its file it is, from 1; of one that a scan created, its number among those.
    pub fn ordinal(self) -> u32 {
        u32::try_from(self.0 & i64::from(u32::MAX)).expect("the lower half fits")
    }
}
