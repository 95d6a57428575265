//! Which emphasis is open where a link begins: its signs at the end of the link close it, and do not belong to
//! the address. Read once, from left to right, by the rules of Markdown as far as chat messages use them.

use super::is_letter;

const SIGNS: [char; 3] = ['*', '_', '~'];

/// Stands for a link among the signs beside it.
const LINK: char = '\0';

/// Emphasis of one kind.
#[derive(Debug, Clone, Copy)]
struct Kind {
    sign: char,
    /// How many signs have opened it in this paragraph and are not closed.
    open: usize,
    /// How many of them are in the run of signs that is being read.
    run: usize,
}

/// The emphasis that is open at a place in a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Emphasis {
    kinds: [Kind; 3],
    /// The character before the run of signs.
    before: char,
}

impl Emphasis {
    /// At the beginning of a message.
    pub(super) fn new() -> Self {
        Self { kinds: SIGNS.map(|sign| Kind { sign, open: 0, run: 0 }), before: ' ' }
    }

    /// Reads the text between the previous link, or the beginning, and the next link.
    pub(super) fn read(&mut self, text: &str) {
        for c in text.chars() {
            match self.kind(c) {
                Some(kind) => kind.run += 1,
                None => self.end_run(c),
            }
        }
        self.end_run(LINK);
    }

    fn kind(&mut self, sign: char) -> Option<&mut Kind> {
        self.kinds.iter_mut().find(|kind| kind.sign == sign)
    }

    fn end_run(&mut self, after: char) {
        let is_paragraph = after == '\n' && self.before == '\n';
        for kind in &mut self.kinds {
            if is_paragraph {
                kind.open = 0;
            }
            if kind.open > 0 && closes(kind.sign, self.before, after) {
                kind.open = kind.open.saturating_sub(kind.run);
            } else if opens(*kind, self.before, after) {
                kind.open += kind.run;
            }
            kind.run = 0;
        }
        self.before = after;
    }

    /// Whether `**` or `~~` of this sign is open: no address contains those.
    pub(super) fn is_double(mut self, sign: char) -> bool {
        sign != '_' && self.kind(sign).is_some_and(|kind| kind.open > 1)
    }

    /// Closes what one sign has opened, if anything.
    pub(super) fn end(&mut self, sign: char) -> bool {
        let Some(kind) = self.kind(sign) else { return false };
        let is_open = kind.open > 0;
        kind.open = kind.open.saturating_sub(1);
        is_open
    }
}

/// `*` within a word opens as well; `_` there is part of a name, and one `~` between two numbers means "to".
fn opens(kind: Kind, before: char, after: char) -> bool {
    if after == LINK {
        return true;
    }
    // `~/` is a folder.
    let is_free = kind.sign == '*' || kind.sign == '~' && kind.run > 1;
    !after.is_whitespace() && (is_free || begins_a_word(before) && after != '/')
}

/// Whether a word may begin after this character. After other signs `_` is a face, or part of a path.
fn begins_a_word(before: char) -> bool {
    match before {
        '(' | '[' | '{' | '"' | '\'' | ':' | ',' | '!' | '?' => true,
        before => before.is_whitespace() || !before.is_ascii() && !is_letter(before),
    }
}

fn closes(sign: char, before: char, after: char) -> bool {
    let begins = before.is_whitespace()
        || matches!(before, '(' | '[' | '{' | '（' | '「' | '《' | '“' | '‘');
    let within_a_word = sign == '_' && after.is_ascii_alphanumeric();
    !begins && !within_a_word
}
