//! How the trade's codes stand in a manifest: as their text, checked when it is read.

use std::fmt::Display;

use caravan_postal::{
    ContainerNumber, Currency, Handling, Impc, MailCategory, MailClass, MailSubclass, Money, ReceptacleKind,
    S8, S9, SizeType,
};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// A code with one text form.
pub(crate) trait Code: Display + Sized {
    /// Reads the text.
    fn read(text: &str) -> Option<Self>;
}

macro_rules! codes {
    ($($name:ident),+) => {
        $(impl Code for $name {
            fn read(text: &str) -> Option<Self> {
                Self::parse(text)
            }
        })+
    };
}
codes!(Currency, Handling, Impc, MailCategory, MailClass, MailSubclass, ReceptacleKind, S8, S9, SizeType);

impl Code for ContainerNumber {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

pub(crate) fn serialize<C: Code, S: Serializer>(code: &C, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(code)
}

pub(crate) fn deserialize<'de, C: Code, D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
    let text = String::deserialize(deserializer)?;
    C::read(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no such code")))
}

/// The same for a code that may be absent.
pub(crate) mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Code;

    #[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
    pub(crate) fn serialize<C: Code, S: Serializer>(
        code: &Option<C>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        code.as_ref().map(ToString::to_string).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, C: Code, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<C>, D::Error> {
        #[derive(Deserialize)]
        #[serde(bound = "C: Code")]
        struct Present<C: Code>(#[serde(with = "super")] C);
        Ok(Option::<Present<C>>::deserialize(deserializer)?.map(|present| present.0))
    }
}

/// Money as a decimal in major units and its currency: no reader has to know minor units, no number is a float.
pub(crate) mod money {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Currency, Money};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Amount {
        amount: String,
        #[serde(with = "super")]
        currency: Currency,
    }

    pub(crate) mod list {
        use super::{Amount, Deserialize, Deserializer, Error, Money, Serializer};

        pub(crate) fn serialize<S: Serializer>(all: &[Money], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(
                all.iter().map(|money| Amount { amount: money.decimal(), currency: money.currency }),
            )
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Vec<Money>, D::Error> {
            let mut all = Vec::new();
            for amount in Vec::<Amount>::deserialize(deserializer)? {
                all.push(Money::parse(&amount.amount, amount.currency).map_err(D::Error::custom)?);
            }
            Ok(all)
        }
    }
}
