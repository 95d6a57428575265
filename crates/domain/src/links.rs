//! Finds the links in a message. Only `http:` and `https:` become links; everything else stays text.
//!
//! One pass over the text: a character is read when a link is scanned, and at most once more when the end of
//! that link is trimmed. The end of a link is found in `links/end.rs`, the emphasis around it in
//! `links/emphasis.rs`.

mod emphasis;
mod end;

use crate::text::is_visible;
use emphasis::Emphasis;

/// The most links in a message; what follows them stays text. Each is an element of the page.
pub const MAX_LINKS: usize = 50;

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    Text(&'a str),
    /// Both the address and what is shown.
    Link(&'a str),
}

/// Splits a text into parts that concatenate to the text again.
#[must_use]
pub fn linkify(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut rest = text;
    let mut emphasis = Emphasis::new();
    for _ in 0..MAX_LINKS {
        let Some((before, link, after)) = next_link(rest, &mut emphasis) else { break };
        if !before.is_empty() {
            segments.push(Segment::Text(before));
        }
        segments.push(Segment::Link(link));
        rest = after;
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest));
    }
    segments
}

/// The first link: the text before it, the link, and the text after it. `emphasis` is what is open at the
/// beginning of the text.
fn next_link<'a>(text: &'a str, emphasis: &mut Emphasis) -> Option<(&'a str, &'a str, &'a str)> {
    let mut from = 0;
    loop {
        let colon = from + text.get(from..)?.find("://")?;
        from = colon + "://".len();
        let (before, _) = text.split_at(colon);
        let (_, body) = text.split_at(from);
        let Some(start) = link_start(before, body) else { continue };
        let (before, tail) = text.split_at(start);
        emphasis.read(before);
        let (body, _) = body.split_at(scan(body, *emphasis));
        let length = from - start + end::trim(*emphasis, body).len();
        let (link, after) = tail.split_at(length);
        return Some((before, link, after));
    }
}

/// The start of the link whose scheme ends `before`, if there is one. What is no link is recognized by the
/// characters around `://`, before anything is scanned.
fn link_start(before: &str, body: &str) -> Option<usize> {
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let begins_a_host = body.starts_with(|c: char| is_letter(c) && belongs(c)) || is_ipv6(body);
    (is_scheme(before.get(start..)?) && begins_a_host).then_some(start)
}

fn is_scheme(word: &str) -> bool {
    word.eq_ignore_ascii_case("http") || word.eq_ignore_ascii_case("https")
}

/// Whether the address begins with an IPv6 address in brackets, as in `http://[::1]:3000/`.
fn is_ipv6(body: &str) -> bool {
    let rest =
        body.trim_start_matches(|c: char| c.is_ascii_hexdigit() || matches!(c, '[' | ':' | '.'));
    let address = body.strip_suffix(rest).unwrap_or_default();
    rest.starts_with(']') && address.starts_with('[') && address.bytes().any(|byte| byte == b':')
}

/// The most that an address may include: up to a character that no address contains, a bracket or emphasis that
/// was opened before it, a particle behind its host, a remark in brackets, or the next address.
fn scan(body: &str, emphasis: Emphasis) -> usize {
    let (mut round, mut square) = (0, 0);
    let mut before = '/';
    let mut in_host = true;
    // Where the path's segment begins, and whether it contains Hangul.
    let (mut step, mut has_hangul) = (0, false);
    // What follows the last separator behind which another address may begin.
    let mut word = 0;
    for (at, c) in body.char_indices() {
        round += i32::from(c == '(') - i32::from(c == ')');
        square += i32::from(c == '[') - i32::from(c == ']');
        let rest = body.get(at..).unwrap_or_default();
        let is_next =
            word > 0 && rest.starts_with("://") && body.get(word..at).is_some_and(is_scheme);
        if is_next {
            return word;
        }
        let is_remark = matches!(c, '(' | '[')
            && !has_hangul
            && before.is_ascii_alphanumeric()
            && second(rest).is_some_and(is_hangul)
            && body.get(step..at).is_some_and(|step| !end::is_title(step));
        let is_apostrophe = c == '\'' && !in_host && continues_a_title(rest);
        // 3·1_운동 is a title; after a Latin letter the sentence continues.
        let parts = is_joint(c) && before.is_ascii_alphabetic();
        let is_part = belongs(c) || is_apostrophe;
        if round < 0 || square < 0 || !is_part || parts || is_remark {
            return at;
        }
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
        if end::begins_name(c) {
            (step, has_hangul) = (at + 1, false);
        }
        if separates(c) {
            word = at + c.len_utf8();
        }
        has_hangul |= is_hangul(c);
        before = c;
    }
    body.len()
}

/// Whether the text after an apostrophe belongs to the same title, as in `Who's_on_First`, `Rock_'n'_Roll`,
/// `L'Île`.
fn continues_a_title(quote: &str) -> bool {
    second(quote).is_some_and(|c| c == '_' || c < '\u{250}' && is_letter(c))
}

fn second(text: &str) -> Option<char> {
    text.chars().nth(1)
}

/// Whether another address may begin after this character. After `/` or `=` an address is part of the one
/// around it.
const fn separates(c: char) -> bool {
    matches!(c, ',' | ';' | '!' | '*' | ')' | ']') || is_joint(c) || is_hangul(c)
}

/// What an address may contain: of ASCII all that needs no quoting, else letters, digits and their marks. So it
/// ends at full-width brackets and signs, emoji, and invisible characters.
fn belongs(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || is_ascii_sign(c);
    }
    let letter = is_letter(c) && is_visible(c);
    // Circled and squared letters and digits are signs that users write after an address.
    let enclosed = matches!(c, '①'..='⓿' | '\u{1F100}'..='\u{1F2FF}');
    letter && !enclosed || is_other(c) || is_joint(c)
}

/// A letter or a digit: those of ASCII and Arabic, and the full-width ones. The digits of other scripts are
/// listed with their marks; a table of all of them would add to the WASM.
fn is_letter(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' | '０'..='９')
        || c.is_alphabetic()
}

const fn is_ascii_sign(c: char) -> bool {
    c.is_ascii_punctuation()
        && !matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '^' | '{' | '}')
}

/// Signs of titles such as `x²`, `½`, `H₂O`, `10℃` and `C♯`; and marks and digits of Latin, of the scripts from
/// India to Java, and of kana: some of them are no letters. First and last of each range.
const OTHERS: [(u16, u16); 17] = [
    (0xB0, 0xB3),
    (0xB9, 0xB9),
    (0xBC, 0xBE),
    (0xD7, 0xD7),
    (0x300, 0x36F),
    (0x900, 0x963),
    (0x966, 0xF0C),
    (0xF18, 0xF39),
    (0xF3E, 0x1049),
    (0x17C9, 0x17D3),
    (0x17E0, 0x17E9),
    (0x1A20, 0x1DFF),
    (0x2070, 0x209C),
    (0x2100, 0x215F),
    (0x266D, 0x266F),
    (0x3099, 0x309A),
    (0xA800, 0xABFF),
];

fn is_other(c: char) -> bool {
    let c = u32::from(c);
    OTHERS.iter().any(|(first, last)| (u32::from(*first)..=u32::from(*last)).contains(&c))
}

/// Occurs within a title such as `3·1_운동` or, in Persian, `می‌خواهم`, and never at its end.
const fn is_joint(c: char) -> bool {
    matches!(c, '·' | '・' | 'ㆍ' | '\u{200C}' | '\u{200D}' | '\u{2010}'..='\u{2013}')
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
