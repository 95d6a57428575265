//! Finds the links in a message. Only `http:` and `https:` become links; all else stays text.
//!
//! Korean writes its particles straight after a word, an address included: in
//! `https://example.com에서 봐요` the link ends before 에서, while 사랑방 in
//! `https://ko.wikipedia.org/wiki/사랑방` belongs to it.

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
    while let Some((before, link, after)) = next_link(rest) {
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

/// The first link: what stands before it, it, and what follows.
fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("http")?;
        let (before, tail) = text.split_at(start);
        let inside_a_word = before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        match link_length(tail) {
            Some(length) if !inside_a_word => {
                let (link, after) = tail.split_at(length);
                return Some((before, link, after));
            }
            _ => from = start + "http".len(),
        }
    }
}

/// How many bytes of `tail` are a link, if it starts with one.
fn link_length(tail: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| tail.starts_with(scheme))?;
    let candidate = tail.get(scheme.len()..)?.split(ends_a_link).next()?;
    let kept = trim_end(candidate);
    let starts_a_host = kept.chars().next().is_some_and(char::is_alphanumeric);
    starts_a_host.then_some(scheme.len() + kept.len())
}

fn ends_a_link(c: char) -> bool {
    let quotes = matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '^' | '{' | '}');
    quotes
        || c.is_whitespace()
        || c.is_control()
        || matches!(c, '“' | '”' | '‘' | '’' | '「' | '」')
}

/// Takes off what belongs to the sentence: punctuation, a bracket that was opened before the link,
/// a Korean particle.
fn trim_end(candidate: &str) -> &str {
    let mut link = candidate;
    loop {
        let shorter = trim_particle(trim_punctuation(link));
        if shorter.len() == link.len() {
            return link;
        }
        link = shorter;
    }
}

fn trim_punctuation(link: &str) -> &str {
    let opened_outside = |open: char, close: char| {
        link.ends_with(close) && link.matches(close).count() > link.matches(open).count()
    };
    if opened_outside('(', ')') || opened_outside('[', ']') {
        return link.get(..link.len() - 1).unwrap_or(link);
    }
    link.trim_end_matches(['.', ',', '!', '?', ';', ':', '…', '。', '、', '~', '*', '_'])
}

fn trim_particle(link: &str) -> &str {
    let before = link.trim_end_matches(is_hangul);
    let run = link.get(before.len()..).unwrap_or_default();
    let glued = before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ')'));
    let in_the_host = !before.contains('/');
    if glued && !run.is_empty() && (in_the_host || PARTICLES.contains(&run)) {
        before
    } else {
        link
    }
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㆎ')
}

/// What is commonly written straight after a noun.
const PARTICLES: [&str; 36] = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "에게",
    "로",
    "으로",
    "와",
    "과",
    "랑",
    "이랑",
    "하고",
    "도",
    "만",
    "부터",
    "까지",
    "보다",
    "처럼",
    "이나",
    "나",
    "라고",
    "이라고",
    "입니다",
    "이에요",
    "예요",
    "이야",
    "야",
    "인데",
    "이고",
    "요",
    "임",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<&str> {
        let link = |piece| if let Piece::Link(link) = piece { Some(link) } else { None };
        pieces(text).into_iter().filter_map(link).collect()
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        for (text, link) in [
            ("보세요 https://example.com/a?b=c#d.", "https://example.com/a?b=c#d"),
            ("https://example.com에서 봐요", "https://example.com"),
            ("https://example.com/a를 보세요", "https://example.com/a"),
            ("https://example.com/입니다!", "https://example.com/"),
            ("https://ko.wikipedia.org/wiki/사랑방", "https://ko.wikipedia.org/wiki/사랑방"),
            ("(http://a.example/b_(c))", "http://a.example/b_(c)"),
            ("http://localhost:3000/room/1,", "http://localhost:3000/room/1"),
            ("<https://a.example>", "https://a.example"),
        ] {
            assert_eq!(links(text), [link], "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "http://",
            "https:// a",
            "xhttp://a.example",
            "ftp://a.example",
            "http",
        ] {
            assert_eq!(links(text), [] as [&str; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(https?://|[가-힣a-z./()?!,<>\" ]|\\PC){0,40}") {
            let joined: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece { Piece::Text(text) | Piece::Link(text) => text })
                .collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn a_link_is_http_and_has_no_space(text in "(https?://|javascript:|[가-힣a-z./ ]|\\PC){0,40}") {
            for link in links(&text) {
                prop_assert!(link.starts_with("http://") || link.starts_with("https://"));
                prop_assert!(!link.contains(char::is_whitespace));
            }
        }
    }
}
