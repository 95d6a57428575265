//! Searching names while typing: any part of a name, in either case, with or without spaces; and Korean by its
//! initial consonants (초성), so that ㅎㄱㄷ finds 홍길동, as does every intermediate state of typing it.
//!
//! It works by the keys of a Korean keyboard. Of the characters typed so far only the last can be unfinished: 기
//! on the way to 길, 갑 on the way to 가방, ㄳ when ㄱ and ㅅ were meant.

/// A query: the typed characters, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Vec<char>);

impl Query {
    /// Folds what was typed. An empty query finds everything.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self(folded(typed))
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text that the [`initials`] of every matching name contain; so do those of some other names.
    #[must_use]
    pub fn initials(&self) -> String {
        let Some((unfinished, whole)) = self.0.split_last() else { return String::new() };
        let mut keys = Vec::new();
        push_keys(*unfinished, &mut keys);
        whole.iter().map(|c| initial(*c).unwrap_or(*c)).chain(keys.first().copied()).collect()
    }

    /// Whether a name matches.
    #[must_use]
    pub fn finds(&self, name: &str) -> bool {
        let Some((unfinished, whole)) = self.0.split_last() else { return true };
        let mut unfinished_keys = Vec::new();
        push_keys(*unfinished, &mut unfinished_keys);
        let name = folded(name);
        let mut rest = name.as_slice();
        while !rest.is_empty() {
            if begins(rest, whole, &unfinished_keys) {
                return true;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        false
    }
}

/// A name folded, each Hangul syllable as its initial consonant: what the database stores to search by.
#[must_use]
pub fn initials(name: &str) -> String {
    folded(name).into_iter().map(|c| initial(c).unwrap_or(c)).collect()
}

fn begins(name: &[char], whole: &[char], unfinished: &[char]) -> bool {
    let Some((there, rest)) = name.split_at_checked(whole.len()) else { return false };
    for (asked, there) in whole.iter().zip(there) {
        if asked != there && Some(*asked) != initial(*there) {
            return false;
        }
    }
    // Two characters contain all the keys that one unfinished character can.
    let mut keys = Vec::new();
    for c in rest.iter().take(2) {
        push_keys(*c, &mut keys);
    }
    keys.starts_with(unfinished)
}

/// Without spaces, compound consonants split, and in lower case. Of the letters beyond ASCII only those of
/// Western Europe are lowered: tables for all of them would be a fiftieth of the WASM.
fn folded(text: &str) -> Vec<char> {
    let mut folded = Vec::new();
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => {}
            'À'..='Ö' | 'Ø'..='Þ' => folded.extend(char::from_u32(u32::from(c) + 0x20)),
            c => push_apart(c.to_ascii_lowercase(), &mut folded),
        }
    }
    folded
}

const SYLLABLES: u32 = 0xAC00;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;
/// The first vowel; the others follow it in the order of syllables.
const VOWEL: u32 = 0x314F;

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/// The final consonants, from the second on: the first is none.
const ENDS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
/// Letters without a key of their own, each with the two keys that make it.
const JOINED: &str = "ㄳㄱㅅㄵㄴㅈㄶㄴㅎㄺㄹㄱㄻㄹㅁㄼㄹㅂㄽㄹㅅㄾㄹㅌㄿㄹㅍㅀㄹㅎㅄㅂㅅㅘㅗㅏㅙㅗㅐㅚㅗㅣㅝㅜㅓㅞㅜㅔㅟㅜㅣㅢㅡㅣ";

/// Its index among the Hangul syllables.
fn syllable(c: char) -> Option<u32> {
    matches!(c, '가'..='힣').then(|| u32::from(c) - SYLLABLES)
}

/// The initial consonant of a syllable.
fn initial(c: char) -> Option<char> {
    nth(INITIALS, syllable(c)? / (VOWELS * FINALS))
}

/// Appends the keys with which a character is typed.
fn push_keys(c: char, keys: &mut Vec<char>) {
    let Some(place) = syllable(c) else {
        keys.push(c);
        return;
    };
    keys.extend(initial(c));
    if let Some(vowel) = char::from_u32(VOWEL + place / FINALS % VOWELS) {
        push_apart(vowel, keys);
    }
    if let Some(end) = (place % FINALS).checked_sub(1).and_then(|end| nth(ENDS, end)) {
        push_apart(end, keys);
    }
}

/// Keyboards combine two consonants that are typed without a vowel, and two vowels.
fn push_apart(c: char, keys: &mut Vec<char>) {
    let mut letters = JOINED.chars();
    while let (Some(joined), Some(first), Some(second)) =
        (letters.next(), letters.next(), letters.next())
    {
        if joined == c {
            keys.extend([first, second]);
            return;
        }
    }
    keys.push(c);
}

fn nth(letters: &str, place: u32) -> Option<char> {
    letters.chars().nth(usize::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(typed: &str, name: &str) -> bool {
        Query::new(typed).finds(name)
    }

    /// All states of the field while a text is typed key by key, as a Korean keyboard composes it: of each
    /// syllable its beginnings, and the next one's consonant as its final.
    fn on_the_way(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut seen = Vec::new();
        for (n, c) in chars.iter().enumerate() {
            let before: String = chars.iter().take(n).collect();
            let Some(place) = syllable(*c) else { continue };
            let open = char::from_u32(u32::from(*c) - place % FINALS).unwrap();
            seen.extend([initial(*c).unwrap(), open, *c].map(|last| format!("{before}{last}")));
            let next = chars.get(n + 1).copied().and_then(initial);
            let end = next.and_then(|next| ENDS.chars().position(|end| end == next));
            if let Some(end) = end.filter(|_| place % FINALS == 0) {
                let closed =
                    char::from_u32(u32::from(*c) + u32::try_from(end).unwrap() + 1).unwrap();
                seen.push(format!("{before}{closed}"));
            }
        }
        seen
    }

    #[test]
    fn names_are_found_as_people_look_for_them() {
        for (typed, name) in [
            ("", "홍길동"),
            ("ㅎㄱㄷ", "홍길동"),
            ("ㄱㄷ", "홍길동"),
            ("ㅎ길ㄷ", "홍길동"),
            ("홍길도", "홍길동"),
            ("길ㄷ", "홍길동"),
            ("홍 길동", "홍길동"),
            ("홍길동", "홍 길동 (동생)"),
            ("ㅄ", "박서준"),
            ("ㄱㅅ", "각시"),
            ("갃", "각시"),
            ("갑", "가방"),
            ("고", "과자"),
            ("MIN", "Kim Minji"),
            ("kimmin", "Kim Minji"),
            ("é", "ÉLODIE"),
            ("ㅋㅋ", "ㅋㅋ방"),
            ("3반", "2학년 3반"),
        ] {
            assert!(finds(typed, name), "{typed} in {name}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (typed, name) in [
            ("ㄱㄷㅎ", "홍길동"),
            ("홍기동", "홍길동"),
            ("ㄷㄱ", "홍길동"),
            ("길동이", "홍길동"),
            ("민", "김미지"),
            ("ㅏ", "가나"),
            ("x", "Kim"),
            ("a", ""),
        ] {
            assert!(!finds(typed, name), "{typed} in {name}");
        }
    }

    proptest! {
        #[test]
        fn every_part_of_a_name_finds_it(name in "[가-힣a-zA-Z0-9 ]{1,12}", from in 0usize..12, length in 1usize..12) {
            let part: String = name.chars().skip(from).take(length).collect();
            prop_assert!(finds(&part, &name));
            prop_assert!(finds(&part.to_lowercase(), &name) && finds(&part.to_uppercase(), &name));
            let initials: String = part.chars().map(|c| initial(c).unwrap_or(c)).collect();
            prop_assert!(finds(&initials, &name));
        }

        #[test]
        fn no_key_on_the_way_loses_it(name in "[가-힣]{1,6}") {
            for typed in on_the_way(&name) {
                prop_assert!(finds(&typed, &name), "{} on the way to {}", typed, name);
            }
        }

        #[test]
        fn a_name_is_only_found_by_what_begins_like_it(typed in "[가-힣]{1,4}", name in "[가-힣]{1,6}") {
            let initials = |text: &str| text.chars().filter_map(initial).collect::<String>();
            if finds(&typed, &name) {
                prop_assert!(initials(&name).contains(&initials(&typed)));
            }
        }

        #[test]
        fn what_is_found_is_found_among_the_initials(
            typed in "[가-힣ㄱ-ㅣa-zA-Z ]{0,3}", name in "[가-힣ㄱ-ㅣa-zA-Z ]{0,8}",
        ) {
            if finds(&typed, &name) {
                prop_assert!(super::initials(&name).contains(&Query::new(&typed).initials()));
            }
        }

        #[test]
        fn every_part_is_found_among_the_initials(name in any::<String>(), from in 0usize..12) {
            let part: String = name.chars().skip(from).take(5).collect();
            prop_assert!(super::initials(&name).contains(&Query::new(&part).initials()));
        }

        #[test]
        fn nothing_that_is_typed_panics(typed in any::<String>(), name in any::<String>()) {
            let _ = finds(&typed, &name);
            prop_assert!(finds(&name, &name));
        }
    }
}
