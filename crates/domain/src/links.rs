//! Finds the links in a message. Only `http:` and `https:` become links; all else stays text.
//!
//! One pass over the text: a character is looked at when a link is scanned, and at most once more when the end
//! of that link is trimmed. Where a link ends is in `links/end.rs`, which emphasis it stands in in `links/emphasis.rs`.

mod emphasis;
mod end;

use crate::text::is_visible;
use emphasis::Emphasis;

/// The most links in a message; what follows stays text. Each is an element of the page.
pub const MAX_LINKS: usize = 50;

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// A stretch of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// Both the address and what is shown.
    Link(&'a str),
}

/// Cuts a text into stretches that together are the text again.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut emphasis = Emphasis::new();
    for _ in 0..MAX_LINKS {
        let Some((before, link, after)) = next_link(rest, &mut emphasis) else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link(link));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The first link: what stands before it, it, and what follows. `emphasis` is what is open where the text begins.
fn next_link<'a>(text: &'a str, emphasis: &mut Emphasis) -> Option<(&'a str, &'a str, &'a str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("http")?;
        let (before, tail) = text.split_at(start);
        if let Some(scheme) = link_scheme(before, tail) {
            emphasis.read(before);
            let (scheme, body) = tail.split_at(scheme.len());
            let (body, _) = body.split_at(scan(body, *emphasis));
            let length = scheme.len() + end::trim(*emphasis, body).len();
            let (link, after) = tail.split_at(length);
            return Some((before, link, after));
        }
        from = start + "http".len();
    }
}

/// The scheme of the link that `tail` starts with, if it does. What is none is known by the characters around the
/// scheme, before anything is scanned.
fn link_scheme(before: &str, tail: &str) -> Option<&'static str> {
    let scheme = scheme(tail)?;
    let body = tail.get(scheme.len()..)?;
    let inside_a_word = before.ends_with(|c: char| c.is_ascii_alphanumeric());
    let begins_a_host = body.starts_with(|c: char| is_letter(c) && belongs(c));
    (begins_a_host && !inside_a_word).then_some(scheme)
}

fn scheme(text: &str) -> Option<&'static str> {
    SCHEMES.into_iter().find(|scheme| text.starts_with(scheme))
}

/// How far an address may reach at most: up to what cannot be part of one, a bracket or emphasis that was opened
/// before it, a particle behind its host, or the next address.
fn scan(body: &str, emphasis: Emphasis) -> usize {
    let (mut round, mut square) = (0_u32, 0_u32);
    let mut before = '/';
    let mut in_host = true;
    for (at, c) in body.char_indices() {
        let opened = match c {
            '(' => Some(round + 1),
            ')' => round.checked_sub(1),
            _ => Some(round),
        };
        let opened = opened.zip(match c {
            '[' => Some(square + 1),
            ']' => square.checked_sub(1),
            _ => Some(square),
        });
        let next = separates(before) && body.get(at..).and_then(scheme).is_some();
        // 3·1_운동 is a title; after a letter the sentence goes on.
        let parts = is_joint(c) && before.is_ascii_alphabetic();
        let Some(opened) = opened.filter(|_| belongs(c) && !next && !parts) else { return at };
        if c == before && emphasis.is_double(c) {
            return at - c.len_utf8();
        }
        if in_host && end::AFTER_HOST.contains(&c) {
            in_host = false;
            let host = body.get(..at).unwrap_or_default();
            let end = end::of_host(host);
            if end < host.len() {
                return end;
            }
        }
        (round, square) = opened;
        before = c;
    }
    body.len()
}

/// Whether another address begins behind it. Behind `/` or `=` an address is part of the one around it.
const fn separates(c: char) -> bool {
    matches!(c, ',' | ';' | '!' | '*' | ')' | ']') || is_joint(c) || is_hangul(c)
}

/// What an address may consist of: of ASCII all that needs no quoting, else letters, digits and their marks.
/// So it ends at full-width brackets and signs, emoji, and what draws nothing.
fn belongs(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || is_ascii_sign(c);
    }
    let letter = is_letter(c) && is_visible(c);
    // Circled and squared letters and digits are signs that people put behind an address.
    let enclosed = matches!(c, '①'..='⓿' | '\u{1F100}'..='\u{1F2FF}');
    letter && !enclosed || is_mark(c) || is_joint(c)
}

/// A letter or a digit: those of ASCII and Arabic, and the full-width ones. The digits of other scripts stand among
/// their marks; a table of all of them would be weight in the WASM.
fn is_letter(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' | '０'..='９')
        || c.is_alphabetic()
}

const fn is_ascii_sign(c: char) -> bool {
    c.is_ascii_punctuation()
        && !matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '^' | '{' | '}')
}

/// Combining marks of Latin, of the Indian scripts with Thai and Lao, and of kana: some of them are no letters.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{963}' | '\u{966}'..='\u{EFF}' | '\u{3099}' | '\u{309A}')
}

/// What stands within a title such as `3·1_운동`, and never at its end.
const fn is_joint(c: char) -> bool {
    matches!(c, '·' | '・' | 'ㆍ' | '\u{2010}'..='\u{2013}')
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣') || is_loose_jamo(c)
}

/// As in ㅋㅋㅋ and ㅠㅠ.
const fn is_loose_jamo(c: char) -> bool {
    matches!(c, 'ㄱ'..='ㆎ') && !is_joint(c)
}

#[cfg(test)]
mod tests;
