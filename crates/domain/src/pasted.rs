//! Finds the target of an address in pasted text: the address whole, without its beginning, or inside another
//! one (`?next=`), with or without words, signs and particles around it. An ambiguous text has none.

mod spelling;

use crate::{
    ids::{NotAnId, RoomId},
    invitation_links::SecretToken,
};
use percent_encoding::percent_decode_str;
use std::iter;

/// How many times a text may be percent-encoded: once for each address that contains another.
const MAX_ENCODINGS: usize = 3;

impl RoomId {
    /// Finds the room in what a user pasted: a link to the room or to a page of it, or the id alone, with or without
    /// words, signs and particles around it.
    ///
    /// # Errors
    /// [`NotAnId`] when there is none, or more than one.
    pub fn from_pasted(raw: &str) -> Result<Self, NotAnId> {
        room(raw).ok_or(NotAnId)
    }
}

impl SecretToken {
    /// Finds an invitation link in what a user pasted, with or without words, signs and particles around it; or the
    /// address of the page that shows one. None when there are two.
    #[must_use]
    pub fn from_pasted(raw: &str) -> Option<Self> {
        invitation(raw)
    }
}

/// The room of a link to it or to a page of it, or of an id that stands alone.
fn room(raw: &str) -> Option<RoomId> {
    only(raw, |text| text.split_whitespace().flat_map(rooms_of_word).collect())
}

/// The secret of an invitation link, or of the page that shows one.
fn invitation(raw: &str) -> Option<SecretToken> {
    only(raw, |text| {
        let tokens = runs(text).filter(|run| run.is_behind("join") || run.is_behind("invite"));
        tokens.filter_map(|run| SecretToken::parse(run.text).ok()).collect()
    })
}

/// What is found in the text once all layers of percent-encoding are removed, or else as many as leave
/// something to find: `%` may also precede an id. None for several results that differ.
fn only<T: PartialEq>(raw: &str, find: impl Fn(&str) -> Vec<T>) -> Option<T> {
    let decoded = |text: &String| {
        let decoded = spelling::narrow(&percent_decode_str(text).decode_utf8_lossy());
        (decoded != *text).then_some(decoded)
    };
    let texts = iter::successors(Some(spelling::narrow(raw)), decoded);
    let found = texts.take(1 + MAX_ENCODINGS).map(|text| {
        let mut found = find(&text);
        found.extend(find(&spelling::mended(&text)));
        found
    });
    let mut found = found.filter(|found| !found.is_empty()).last()?.into_iter();
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// `word` contains no space. Beside the link of a room, ids in its query and fragment are ignored.
fn rooms_of_word(word: &str) -> Vec<RoomId> {
    let rooms = runs(word).filter_map(|run| Some((run.room()?, run)));
    let (linked, others): (Vec<_>, Vec<_>) = rooms.partition(|(_, run)| run.is_behind("room"));
    let is_link = !linked.is_empty();
    let alone = others.into_iter().filter(|(_, run)| run.is_alone(is_link));
    linked.into_iter().chain(alone).map(|(room, _)| room).collect()
}

/// A run of the characters that ids consist of.
struct Run<'a> {
    before: &'a str,
    text: &'a str,
    after: &'a str,
}

fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut from = 0;
    text.split_inclusive(|c| !is_of_word(c)).filter_map(move |piece| {
        let run = piece.trim_end_matches(|c| !is_of_word(c));
        let (before, rest) = text.split_at_checked(from)?;
        let (_, after) = rest.split_at_checked(run.len())?;
        from += piece.len();
        // Each run looks back over the signs before it; empty runs are skipped, so that those signs are not
        // read again for each sign.
        (!run.is_empty()).then(|| Run { before, text: run.trim_matches('-'), after })
    })
}

impl Run<'_> {
    /// The id that it is, possibly after a prefix such as `room-`. The places of its hyphens do not matter: a
    /// soft hyphen in place of one has been removed.
    fn room(&self) -> Option<RoomId> {
        let text = self.text.strip_prefix("room-").unwrap_or(self.text);
        let text = text.strip_prefix("id-").unwrap_or(text);
        RoomId::parse(&text.replace('-', "")).ok()
    }

    /// Whether it follows this segment of an address. The segment may be the beginning of the text, but no part
    /// of another word, such as `classroom/`.
    fn is_behind(&self, step: &str) -> bool {
        let address = self.before.trim_end_matches('/');
        let before = address.strip_suffix(step).map(|before| before.trim_end_matches('_'));
        address.len() < self.before.len()
            && before.is_some_and(|before| !before.ends_with(is_of_word))
    }

    /// Whether it is no segment of an address, and no part of a name such as `id_thumbnail`.
    fn is_alone(&self, is_in_link: bool) -> bool {
        let after = self.after.trim_start_matches('_');
        let begins_a_name = after.len() < self.after.len() && after.starts_with(is_of_word);
        let is_of_query = is_in_link && self.before.ends_with(['?', '&', '=', '#']);
        self.is_free_before() && !begins_a_name && !is_of_query
    }

    /// Whether the text before it makes it part of no other address or name. `/` alone, `방/`, `id_` and
    /// `room_id_` do not.
    fn is_free_before(&self) -> bool {
        let before = self.before.trim_end_matches(['/', '_']);
        if before.len() == self.before.len() {
            return true;
        }
        let before = before.strip_suffix("id").unwrap_or(before);
        let before = before.strip_suffix("uu").unwrap_or(before).trim_end_matches(['_', '-']);
        let before = before.strip_suffix("room").unwrap_or(before).trim_end_matches('_');
        let before = before.trim_end_matches(|c: char| !c.is_ascii());
        !before.ends_with(|c| is_of_word(c) || matches!(c, '/' | '.' | ':' | '%' | '@'))
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests;
