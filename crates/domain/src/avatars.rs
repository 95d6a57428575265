//! Avatars: what may be uploaded, and which square of it is kept.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The most bytes in an upload.
pub const MAX_UPLOAD_BYTES: usize = 8 * 1024 * 1024;
/// The most pixels in an upload.
pub const MAX_PIXELS: u64 = 40_000_000;

/// How large an upload may be, of what it is too large in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageLimit {
    Bytes(u32),
    Pixels(u32),
}

with_all! {
    /// The sizes in which every avatar is kept, by the length of a side in pixels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Size {
        Small,
        Large,
    }
}

impl Size {
    #[must_use]
    pub const fn side(self) -> u32 {
        match self {
            Self::Small => 64,
            Self::Large => 256,
        }
    }

    /// Parses the last segment of an avatar's path.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        match raw {
            "64" => Some(Self::Small),
            "256" => Some(Self::Large),
            _ => None,
        }
    }
}

/// The square that the user chose, in pixels of the upright image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    left: u32,
    top: u32,
    side: u32,
}

/// The text is no square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a square")]
pub struct NotASquare;

impl Crop {
    /// Parses `left,top,side`. An empty text is the largest centred square.
    ///
    /// # Errors
    ///
    /// [`NotASquare`] for anything but three numbers, the last of which is not 0.
    pub fn parse(raw: &str) -> Result<Option<Self>, NotASquare> {
        if raw.trim().is_empty() {
            return Ok(None);
        }
        let numbers = raw.split(',').map(|number| number.trim().parse::<u32>());
        let numbers = numbers.collect::<Result<Vec<_>, _>>().map_err(|_| NotASquare)?;
        match *numbers.as_slice() {
            [left, top, side] if side > 0 => Ok(Some(Self { left, top, side })),
            _ => Err(NotASquare),
        }
    }

    /// The largest centred square of an image.
    #[must_use]
    pub fn middle(width: u32, height: u32) -> Self {
        let side = width.min(height).max(1);
        Self {
            left: (width.saturating_sub(side)) / 2,
            top: (height.saturating_sub(side)) / 2,
            side,
        }
    }

    /// The same square, moved and made smaller until it lies within an image: left, top, side.
    #[must_use]
    pub fn within(self, width: u32, height: u32) -> (u32, u32, u32) {
        let side = self.side.min(width).min(height);
        (self.left.min(width - side), self.top.min(height - side), side)
    }
}

impl fmt::Display for Crop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.left, self.top, self.side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_square_is_brought_inside(left: u32, top: u32, side in 1u32.., width in 1u32..9_000, height in 1u32..9_000) {
            let crop = Crop::parse(&format!("{left},{top},{side}")).unwrap().unwrap();
            for crop in [crop, Crop::middle(width, height)] {
                let (left, top, side) = crop.within(width, height);
                prop_assert!(side >= 1 && left + side <= width && top + side <= height);
                prop_assert_eq!(Crop::parse(&crop.to_string()), Ok(Some(crop)));
            }
        }

        #[test]
        fn no_text_panics(raw in any::<String>()) {
            let _ = Crop::parse(&raw);
        }
    }

    #[test]
    fn the_middle_is_the_largest_square() {
        assert_eq!(Crop::middle(400, 300).within(400, 300), (50, 0, 300));
        assert_eq!(Crop::middle(3, 10).within(3, 10), (0, 3, 3));
    }

    #[test]
    fn what_is_no_square_is_refused() {
        assert_eq!(Crop::parse(" "), Ok(None));
        for odd in ["1,2", "1,2,0", "a,b,c", "-1,2,3", "1,2,3,4", "1.5,2,3"] {
            assert_eq!(Crop::parse(odd), Err(NotASquare), "{odd}");
        }
    }

    #[test]
    fn an_address_names_a_size_that_there_is() {
        for size in Size::ALL {
            assert_eq!(Size::parse(&size.side().to_string()), Some(size));
        }
        assert_eq!(Size::parse("128"), None);
    }
}
