//! The order of names. Hangul is ordered by 가나다, which is the order of Unicode; Latin by its letters,
//! regardless of case and accents. Which of the two comes first depends on the reader's language.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The script at the top of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptFirst {
    Hangul,
    Latin,
}

/// A key by which names are compared, byte by byte: each letter after its class, then the name as written,
/// which decides between names that differ in case or accents alone. A database can store it and sort by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey(String);

/// The kind of a character, in the order of the list.
#[derive(Debug, Clone, Copy)]
enum Class {
    Space,
    Digit,
    FirstScript,
    SecondScript,
    Other,
    Sign,
}

/// Separates the letters from the name as written. It is less than every class: of two names of which one is
/// the beginning of the other, the shorter comes first.
const END: char = '\u{1}';

impl Class {
    const fn sign(self) -> char {
        match self {
            Self::Space => '0',
            Self::Digit => '1',
            Self::FirstScript => '2',
            Self::SecondScript => '3',
            Self::Other => '4',
            Self::Sign => '5',
        }
    }
}

impl SortKey {
    #[must_use]
    pub fn new(name: &str, first: ScriptFirst) -> Self {
        let letters = name.chars().flat_map(letters);
        let mut key: String = letters.flat_map(|c| [class(c, first).sign(), c]).collect();
        key.push(END);
        key.push_str(name);
        Self(key)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A Hangul syllable as it is; of anything else the base letters in lower case.
fn letters(c: char) -> Vec<char> {
    if is_hangul(c) {
        return vec![c];
    }
    let base = c.nfkd().filter(|c| !is_combining_mark(*c));
    base.flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).collect()
}

fn class(c: char, first: ScriptFirst) -> Class {
    let scripts = match first {
        ScriptFirst::Hangul => [Class::FirstScript, Class::SecondScript],
        ScriptFirst::Latin => [Class::SecondScript, Class::FirstScript],
    };
    match c {
        c if c.is_whitespace() => Class::Space,
        c if c.is_numeric() => Class::Digit,
        c if is_hangul(c) => scripts[0],
        'a'..='z' | '\u{DF}'..='\u{24F}' => scripts[1],
        c if c.is_alphabetic() => Class::Other,
        _ => Class::Sign,
    }
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㆎ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(first: ScriptFirst, mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by_key(|name| SortKey::new(name, first));
        names
    }

    const NAMES: [&str; 12] = [
        "😀",
        "홍길동",
        "émile",
        "Zoe",
        "가람",
        "2학년",
        "adam",
        "Emil",
        "강 산",
        "강산",
        "李",
        "Ада",
    ];

    #[test]
    fn a_korean_reader_finds_korean_names_first() {
        assert_eq!(
            sorted(ScriptFirst::Hangul, NAMES.to_vec()),
            [
                "2학년",
                "가람",
                "강 산",
                "강산",
                "홍길동",
                "adam",
                "Emil",
                "émile",
                "Zoe",
                "Ада",
                "李",
                "😀"
            ]
        );
    }

    #[test]
    fn an_english_reader_finds_latin_names_first() {
        assert_eq!(
            sorted(ScriptFirst::Latin, NAMES.to_vec()),
            [
                "2학년",
                "adam",
                "Emil",
                "émile",
                "Zoe",
                "가람",
                "강 산",
                "강산",
                "홍길동",
                "Ада",
                "李",
                "😀"
            ]
        );
    }

    #[test]
    fn of_names_that_begin_alike_the_shorter_is_the_first() {
        for first in [ScriptFirst::Hangul, ScriptFirst::Latin] {
            let names = ["가", "가 나", "가1", "가나", "가a", "가😀", "a", "a b", "aa"];
            let (hangul, latin) = names.split_at(6);
            assert!(
                hangul.is_sorted_by_key(|name| SortKey::new(name, first))
                    || first == ScriptFirst::Latin
            );
            assert!(latin.is_sorted_by_key(|name| SortKey::new(name, first)));
        }
    }

    proptest! {
        #[test]
        fn names_that_differ_have_an_order(a in any::<String>(), b in any::<String>()) {
            for first in [ScriptFirst::Hangul, ScriptFirst::Latin] {
                let equal = SortKey::new(&a, first) == SortKey::new(&b, first);
                prop_assert_eq!(equal, a == b);
            }
        }

        #[test]
        fn case_does_not_part_neighbours(name in "[a-z]{1,8}", other in "[a-z]{1,8}") {
            prop_assume!(name != other);
            let key = |text: &str| SortKey::new(text, ScriptFirst::Latin);
            prop_assert_eq!(key(&name) < key(&other), key(&name.to_uppercase()) < key(&other));
        }
    }
}
