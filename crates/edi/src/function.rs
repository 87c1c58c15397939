//! What a message does to those sent before it about the same thing.

/// The function of a message (UN/EDIFACT data element 1225), with the values that dispatches and consignments use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// The first word about it.
    Original,
    /// It does not come.
    Cancellation,
    /// Some of what was said changes.
    Change,
    /// Everything that was said is replaced.
    Replacement,
    /// What was said holds.
    Confirmation,
    /// Nothing more will be said.
    Final,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 6] = [
        Self::Original,
        Self::Cancellation,
        Self::Change,
        Self::Replacement,
        Self::Confirmation,
        Self::Final,
    ];

    /// Returns the function for its code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.as_str() == text)
    }

    /// Returns the code of UN/EDIFACT data element 1225.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Original => "9",
            Self::Cancellation => "1",
            Self::Change => "4",
            Self::Replacement => "5",
            Self::Confirmation => "6",
            Self::Final => "47",
        }
    }
}
