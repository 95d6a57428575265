//! Undoes what programs do to an address or an id on its way to the clipboard.

use crate::text::is_visible;

/// In lower case, and full-width letters, digits and signs as those of ASCII.
pub(super) fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

fn narrow_char(c: char) -> char {
    const WIDER_BY: u32 = 0xFEE0;
    let narrow = match c {
        '！'..='～' => char::from_u32(u32::from(c) - WIDER_BY).unwrap_or(c),
        c => c,
    };
    narrow.to_ascii_lowercase()
}

/// Without line breaks and invisible characters, and with ASCII hyphens for those that keyboards write. A line
/// break may also separate an id from what follows it, so the text is read unchanged, too.
pub(super) fn mended(text: &str) -> String {
    let lines = text.split(is_line_break).map(str::trim);
    lines.flat_map(str::chars).filter(|c| !is_blank(*c)).map(hyphen).collect()
}

fn hyphen(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        c => c,
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    !is_visible(c) && !c.is_whitespace()
}
