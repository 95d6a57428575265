//! What the instance says, in Korean and in English.

pub mod account;
pub mod admin;
pub mod auth;
mod catalogue;
mod en;
pub mod errors;
pub mod invitations;
mod ko;
mod language;
pub mod misdirected;
mod named;
pub mod not_read;
pub mod notices;
pub mod other_user;
pub mod profiles;
mod quotas;
pub mod rooms;
pub mod setup;
pub mod two_factor;
pub mod users;

pub use language::Language;
pub use named::Named;

use crate::page_context::page_context;
use catalogue::{Text, catalogue};
use domain::{
    clock::{Clock, Millis},
    events::EventKind,
    text::Isolated,
};
use jiff::civil::Date;

/// The catalogue of the page's language.
#[must_use]
pub fn words() -> &'static Words {
    page_context().words()
}

catalogue! {
    /// Every sentence of the pages that come alive. Those of the pages that the server draws alone stand
    /// in catalogues of their own, out of the WASM.
    Words {
        app_name: Text,
        skip_to_content: Text,
        page_broken: Text,
        reload: Text,

        sign_out: Text,

        settings: Text,
        language: Text,
        theme: Text,
        theme_system: Text,
        theme_light: Text,
        theme_dark: Text,
        account: Text,
        everybody: Text,
        profiles: Text,

        my_rooms: Text,
        no_rooms: Text,
        find_room: Text,
        no_lines: Text,
        /// What a link in the list of rooms says to a screen reader: title, first eight of the id.
        enter_of: fn(Isolated<'_>, &str) -> String,
        /// The same without the title, as the second line of a card.
        enter_short: fn(&str) -> String,
        unread: fn(&str) -> String,
        welcome: fn(Isolated<'_>) -> String,
        welcome_hint: Text,
        create_room: Text,
        create_room_hint: Text,
        create: Text,
        room_title: Text,
        join_room: Text,
        enter_room_hint: Text,
        room_id: Text,
        enter: Text,
        back: Text,
        users: fn(usize) -> String,
        invite: Text,
        /// On the list, in the place of a count and of the last line.
        invited: Text,
        invited_by: fn(Isolated<'_>) -> String,
        me: Text,
        room_link: Text,
        room_link_hint: Text,
        copy: Text,
        copied: Text,

        conversation: Text,
        older: Text,
        newer: Text,
        newest: Text,
        new_messages: Text,
        quiet_room: Text,
        quiet_room_hint: Text,
        message: Text,
        write_here: Text,
        send: Text,
        sending: Text,
        not_sent: Text,
        retry: Text,
        unsent: Text,
        waited_long: Text,
        discard: Text,
        reconnecting: Text,
        offline: Text,

        /// A room of one's own.
        note_to_self: Text,
        /// Whoever has deleted their account.
        left_member: Text,
        room_settings: Text,
        open_rooms: Text,
        who_enters: Text,
        access_open: Text,
        access_private: Text,
        /// What happened, with ① for who did it and ② for whom it concerns.
        event: fn(EventKind) -> Text,

        not_found_title: Text,
        not_found: Text,
        room_not_found: Text,
        to_home: Text,
        loading: Text,
        try_again: Text,

        /// Of a text: how many characters there may be.
        too_long: fn(u32) -> String,
        /// The server did not answer.
        unreachable: Text,
        /// A time of day: hour (0 to 23) and minute.
        time: fn(i8, i8) -> String,
        /// A day in full.
        day: fn(Date) -> String,
        /// A day of this year, short.
        day_short: fn(Date) -> String,
        /// A day of another year, short.
        day_of_year: fn(Date) -> String,
    }
}

impl Words {
    /// What happened, as a sentence with names in it.
    #[must_use]
    pub fn format_event(&self, what: EventKind, by: &str, user: &str) -> String {
        let (by, user) = (Isolated(by).to_string(), Isolated(user).to_string());
        let mut sentence = String::new();
        for letter in (self.event)(what).chars() {
            match letter {
                '①' => sentence.push_str(&by),
                '②' => sentence.push_str(&user),
                letter => sentence.push(letter),
            }
        }
        sentence
    }

    #[must_use]
    pub fn time_of(&self, clock: &Clock, at: Millis) -> String {
        let local = clock.local(at);
        (self.time)(local.hour(), local.minute())
    }

    /// When something happened, as short as it is clear: the time today, the day before that.
    #[must_use]
    pub fn moment(&self, clock: &Clock, at: Millis, now: Millis) -> String {
        let (then, today) = (clock.local(at).date(), clock.local(now).date());
        if then == today {
            self.time_of(clock, at)
        } else if then.year() == today.year() {
            (self.day_short)(then)
        } else {
            (self.day_of_year)(then)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::ZoneOffset;

    #[test]
    fn times_read_as_people_write_them() {
        let seoul = Clock::new(vec![ZoneOffset { since: Millis(0), minutes: 540 }]);
        let (ko, en) = (Language::Ko.words(), Language::En.words());
        let evening = Millis(1_795_338_300_000); // 2026-11-22T09:05:00Z
        let later = Millis(evening.0 + 3_600_000);
        assert_eq!(ko.moment(&seoul, evening, later), "오후 6:05");
        assert_eq!(en.moment(&seoul, evening, later), "6:05 PM");
        let next_week = Millis(evening.0 + 7 * 86_400_000);
        assert_eq!(ko.moment(&seoul, evening, next_week), "11월 22일");
        assert_eq!(en.moment(&seoul, evening, next_week), "Nov 22");
        let next_year = Millis(evening.0 + 300 * 86_400_000);
        assert_eq!(ko.moment(&seoul, evening, next_year), "2026. 11. 22.");
        assert_eq!(en.moment(&seoul, evening, next_year), "Nov 22, 2026");
        let day = seoul.local(evening).date();
        assert_eq!((ko.day)(day), "2026년 11월 22일 일요일");
        assert_eq!((en.day)(day), "Sunday, November 22, 2026");
        assert_eq!((en.time)(0, 0), "12:00 AM");
        assert_eq!((ko.time)(12, 30), "오후 12:30");
    }

    #[test]
    fn what_happened_is_told_of_those_whom_it_concerns() {
        let (ko, en) = (Language::Ko.words(), Language::En.words());
        assert_eq!(ko.format_event(EventKind::Removed, "①", "②"), "①님이 ②님을 내보냈습니다");
        assert_eq!(
            en.format_event(EventKind::OwnershipTransferred, "Minji", "준호"),
            "Minji handed the room over to 준호"
        );
        for what in EventKind::ALL {
            for words in [ko, en] {
                let alone =
                    matches!(what, EventKind::Joined | EventKind::Left | EventKind::Renamed);
                let names = (words.event)(what).matches(['①', '②']).count();
                assert_eq!(names, if alone { 1 } else { 2 }, "{what:?}");
            }
        }
    }
}

#[cfg(test)]
mod isolation;
