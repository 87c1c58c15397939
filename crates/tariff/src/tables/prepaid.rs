//! How the numbers of schemes of prepaid tax look.

use super::Row;

/// The shape of a scheme's numbers.
#[derive(Debug)]
pub(crate) struct PrepaidNumber {
    pub(crate) row: Row,
    /// The scheme as declarations name it: `IOSS`.
    pub(crate) scheme: Box<str>,
    pub(crate) shape: Shape,
}

/// A text in which `#` stands for a digit and anything else for itself: `IM##########`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape(Box<str>);

impl Shape {
    /// Returns the shape, unless it is empty or longer than any number may be.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_shape = (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_shape.then(|| Self(Box::from(text)))
    }

    /// Returns the shape as it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a number has the shape, blanks at its ends aside.
    pub(crate) fn fits(&self, number: &str) -> bool {
        let number = number.trim();
        let is_fit = |(wanted, found): (u8, u8)| wanted == found || wanted == b'#' && found.is_ascii_digit();
        number.len() == self.0.len() && self.0.bytes().zip(number.bytes()).all(is_fit)
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn knows_a_number_from_its_nearest_wrong_neighbours() {
        let shape = Shape::parse("IM##########").expect("a shape");
        for good in ["IM2760000742", " IM0123456789 "] {
            assert!(shape.fits(good), "{good}");
        }
        for bad in [
            "",
            "IM",
            "IM276000074",
            "IM27600007421",
            "im2760000742",
            "DE2760000742",
            "IM276000074X",
            "IM２760000742",
        ] {
            assert!(!shape.fits(bad), "{bad}");
        }
        assert_eq!((Shape::parse(""), Shape::parse("a b")), (None, None));
    }
}
