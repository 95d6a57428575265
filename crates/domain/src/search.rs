//! Finding names as one types: any part of a name, in either case, with or without spaces; and Korean
//! by its initial consonants (초성), so that ㅎㄱㄷ finds 홍길동, as does every key on the way to it.
//!
//! It goes by the keys of a Korean keyboard. What has been typed is a row of characters, of which only
//! the last can be unfinished: 기 on the way to 길, 갑 on the way to 가방, ㄳ when ㄱ and ㅅ were meant.

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// All characters but the last, then the keys of the last.
    whole: Vec<char>,
    unfinished: Vec<char>,
}

impl Query {
    /// Reads what was typed. What is empty finds everything.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let mut whole: Vec<char> = folded(typed).collect();
        let unfinished = whole.pop().map(keys).unwrap_or_default();
        Self { whole, unfinished }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.unfinished.is_empty()
    }

    /// Whether a name holds what is looked for.
    #[must_use]
    pub fn finds(&self, name: &str) -> bool {
        let name: Vec<char> = folded(name).collect();
        self.is_empty()
            || (0..name.len()).any(|from| self.begins(name.get(from..).unwrap_or_default()))
    }

    fn begins(&self, name: &[char]) -> bool {
        let Some((whole, rest)) = name.split_at_checked(self.whole.len()) else { return false };
        let same =
            |(asked, there): (&char, &char)| asked == there || Some(*asked) == initial(*there);
        if !self.whole.iter().zip(whole).all(same) {
            return false;
        }
        // Two characters hold all the keys that one unfinished character can.
        let keys = rest.iter().take(2).copied().flat_map(keys).collect::<Vec<_>>();
        keys.starts_with(&self.unfinished)
    }
}

/// Without spaces, joined consonants taken apart, and in one case. Of the letters beyond ASCII only those of Western Europe have one:
/// the tables for all of them would be a fiftieth of the WASM.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(apart).map(|c| match c {
        'À'..='Ö' | 'Ø'..='Þ' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        c => c.to_ascii_lowercase(),
    })
}

const SYLLABLES: u32 = 0xAC00;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/// As they are typed, key by key, in the order of Unicode.
const VOWEL_KEYS: &str =
    "ㅏ,ㅐ,ㅑ,ㅒ,ㅓ,ㅔ,ㅕ,ㅖ,ㅗ,ㅗㅏ,ㅗㅐ,ㅗㅣ,ㅛ,ㅜ,ㅜㅓ,ㅜㅔ,ㅜㅣ,ㅠ,ㅡ,ㅡㅣ,ㅣ";
const FINAL_KEYS: &str = ",ㄱ,ㄲ,ㄱㅅ,ㄴ,ㄴㅈ,ㄴㅎ,ㄷ,ㄹ,ㄹㄱ,ㄹㅁ,ㄹㅂ,ㄹㅅ,ㄹㅌ,ㄹㅍ,ㄹㅎ,ㅁ,ㅂ,ㅂㅅ,ㅅ,ㅆ,ㅇ,ㅈ,ㅊ,ㅋ,ㅌ,ㅍ,ㅎ";

/// Its place among the syllables of Korean.
fn syllable(c: char) -> Option<u32> {
    matches!(c, '가'..='힣').then(|| u32::from(c) - SYLLABLES)
}

/// The consonant with which a syllable begins.
fn initial(c: char) -> Option<char> {
    nth(INITIALS.chars(), syllable(c)? / (VOWELS * FINALS))
}

/// The keys with which a character is typed.
fn keys(c: char) -> Vec<char> {
    let Some(place) = syllable(c) else { return vec![c] };
    let vowel = nth(VOWEL_KEYS.split(','), place / FINALS % VOWELS).unwrap_or_default();
    let last = nth(FINAL_KEYS.split(','), place % FINALS).unwrap_or_default();
    initial(c).into_iter().chain(vowel.chars()).chain(last.chars()).collect()
}

/// Keyboards join two consonants that are typed without a vowel.
fn apart(c: char) -> Vec<char> {
    const JOINED: &str = "ㄳㄱㅅㄵㄴㅈㄶㄴㅎㄺㄹㄱㄻㄹㅁㄼㄹㅂㄽㄹㅅㄾㄹㅌㄿㄹㅍㅀㄹㅎㅄㅂㅅ";
    let mut joined = JOINED.chars().step_by(3);
    match joined.position(|joined| joined == c) {
        Some(nth) => JOINED.chars().skip(nth * 3 + 1).take(2).collect(),
        None => vec![c],
    }
}

fn nth<T>(mut items: impl Iterator<Item = T>, place: u32) -> Option<T> {
    items.nth(usize::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(typed: &str, name: &str) -> bool {
        Query::new(typed).finds(name)
    }

    /// Everything that stands in the field while a text is typed key by key, as a Korean keyboard composes
    /// it: of each syllable its beginnings, and the next one's consonant as its end.
    fn on_the_way(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut seen = Vec::new();
        for (n, c) in chars.iter().enumerate() {
            let before: String = chars.iter().take(n).collect();
            let Some(place) = syllable(*c) else { continue };
            let open = char::from_u32(u32::from(*c) - place % FINALS).unwrap();
            seen.extend([initial(*c).unwrap(), open, *c].map(|last| format!("{before}{last}")));
            let next = chars.get(n + 1).copied().and_then(initial);
            let end = next
                .and_then(|next| FINAL_KEYS.split(',').position(|keys| keys == next.to_string()));
            if let Some(end) = end.filter(|_| place % FINALS == 0) {
                let closed = char::from_u32(u32::from(*c) + u32::try_from(end).unwrap()).unwrap();
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
        fn nothing_that_is_typed_panics(typed in any::<String>(), name in any::<String>()) {
            let _ = finds(&typed, &name);
            prop_assert!(finds(&name, &name));
        }
    }
}
