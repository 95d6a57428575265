//! A text as a square that a phone's camera reads. Only the server draws it.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// How many light modules cameras want around the dark ones.
const MARGIN: usize = 4;

/// Nothing, if the text is longer than a code can hold (some 2,300 bytes): it is always there to be read too.
#[component]
pub fn Qr(
    text: String,
    /// What it is, for whoever does not see it.
    label: &'static str,
) -> impl IntoView {
    drawn(&text).map(|(side, drawing)| {
        let view_box = format!("0 0 {side} {side}");
        view! {
            <svg class="qr" viewBox=view_box role="img" aria-label=label focusable="false">
                <path d=drawing></path>
            </svg>
        }
        .into_any()
    })
}

/// How many modules wide it is, and a rectangle for each run of dark ones.
fn drawn(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let colours = code.to_colors();
    let mut drawing = String::new();
    for (y, row) in colours.chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                let (left, top) = (x + MARGIN, y + MARGIN);
                drawing.push_str(&format!("M{left} {top}h{length}v1h-{length}z"));
            }
            x += run.len();
        }
    }
    Some((code.width() + 2 * MARGIN, drawing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_nothing_else() {
        let text = "https://chat.example/invitation/b7Yx0Q2-9kq";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let (side, drawing) = drawn(text).unwrap();
        assert_eq!(side, code.width() + 8);
        let mut dark = 0;
        for run in drawing.split_terminator('z') {
            let (place, length) = run.split_once('h').unwrap();
            let length: usize = length.split_once('v').unwrap().0.parse().unwrap();
            let (x, y) = place.trim_start_matches('M').split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            for x in x..x + length {
                assert_eq!(code[(x - MARGIN, y - MARGIN)], Color::Dark);
                dark += 1;
            }
        }
        let all = code.to_colors().into_iter().filter(|colour| *colour == Color::Dark);
        assert_eq!(dark, all.count());
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert!(drawn(&"가".repeat(2_000)).is_none());
    }
}
