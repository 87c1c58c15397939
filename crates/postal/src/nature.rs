//! Nature of the transaction: the category ticked on CN 22 and CN 23.

use crate::mail::code_list;

code_list! {
    /// Nature of the transaction, UPU code list 136.
    ///
    /// Only 31 is confirmed by a source that was read; 991 (mixed content) is unsure and not in the list.
    Nature {
        /// Sale of goods.
        Sale = "11",
        /// Returned goods.
        Returned = "21",
        /// Gift.
        Gift = "31",
        /// Commercial sample.
        Sample = "32",
        /// Documents.
        Documents = "91",
        /// Other.
        Other = "999",
    }
}

impl Nature {
    /// Returns whether the goods are commercial: sold, or a commercial sample.
    pub fn is_commercial(self) -> bool {
        matches!(self, Self::Sale | Self::Sample)
    }
}
