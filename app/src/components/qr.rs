//! A text as a QR code.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// The light border that readers require, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// Draws the text in the colour of the text around it; the background should be much lighter. A text too long
/// for a QR code is not drawn.
#[component]
pub fn Qr(
    text: String,
    /// The label for screen readers.
    label: &'static str,
) -> impl IntoView {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let inside = format!("<path d=\"{}\" fill=\"currentColor\"></path>", outline(&code));
    Some(view! {
        <svg
            class="qr"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label=label
            shape-rendering="crispEdges"
            inner_html=inside
        ></svg>
    })
}

/// Every dark run of every row, as one rectangle.
fn outline(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                // Writing to a String cannot fail.
                let _ = write!(path, "M{left} {top}h{long}v1h-{long}z");
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_what_is_dark() {
        let code = QrCode::new("https://chat.example/join/0123456789abcdef").unwrap();
        let mut drawn = vec![Color::Light; code.width() * code.width()];
        for run in outline(&code).split_terminator('z') {
            let (at, long) = run.trim_start_matches('M').split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let long: usize = long.split_once('v').unwrap().0.parse().unwrap();
            let [x, y] = [x, y].map(|at| at.parse::<usize>().unwrap() - QUIET);
            drawn[y * code.width() + x..][..long].fill(Color::Dark);
        }
        assert_eq!(drawn, code.to_colors());
    }
}
