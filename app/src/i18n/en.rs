//! English.

use super::{
    Words,
    ko::{grouped, hour12},
};
use domain::events::EventKind;
use jiff::civil::{Date, Weekday};

pub static WORDS: Words = Words {
    app_name: "Sarangbang",
    skip_to_content: "Skip to the content",
    page_broken: "Something on this page broke.",
    reload: "Reload",

    sign_out: "Sign out",

    settings: "Settings",
    language: "Language",
    theme: "Appearance",
    theme_system: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    everybody: "People",
    profiles: "Your profiles",
    account: "Account and devices",

    my_rooms: "My rooms",
    find_room: "Find a room",
    no_rooms: "You have not entered any room yet.",
    no_lines: "Nothing said yet",
    enter_of: |title, short| format!("Enter {title} ({short})"),
    enter_short: |short| format!("Enter {short}"),
    unread: |count| format!("{count} unread"),
    welcome: |name| format!("Welcome, {name}"),
    welcome_hint: "Make a room and start talking, or enter one that you were invited to.",
    create_room: "Make a room",
    create_room_hint: "Give it a name and share the link.",
    create: "Make it",
    room_title: "Name of the room",
    join_room: "Enter a room",
    enter_room_hint: "Paste the link or the id that you were given.",
    room_id: "Link or id of the room",
    enter: "Enter",
    back: "Rooms",
    users: |count| if count == 1 { "1 person".into() } else { format!("{count} people") },
    invite: "Invite",
    invited: "Invited",
    invited_by: |name| format!("{name} invited you"),
    me: "you",
    room_link: "Link to this room",
    room_link_hint: "Whoever has this link can sign in and enter.",
    copy: "Copy",
    copied: "Copied",

    conversation: "Conversation",
    older: "Earlier",
    newer: "Later",
    newest: "To the latest",
    new_messages: "New messages",
    quiet_room: "It is quiet in here",
    quiet_room_hint: "Say the first word.",
    message: "Message",
    write_here: "Write a message",
    send: "Send",
    sending: "Sending",
    not_sent: "Not sent",
    retry: "Retry",
    unsent: "Unsent",
    waited_long: "It has waited for more than a day.",
    discard: "Delete",
    reconnecting: "Reconnecting…",
    offline: "You are offline",

    note_to_self: "Note to self",
    left_member: "Former member",
    room_settings: "Room settings",
    open_rooms: "Browse open rooms",
    who_enters: "Who can come in",
    access_open: "Everybody",
    access_private: "By invitation",
    event,

    not_found_title: "There is nothing here",
    not_found: "The address may have changed, or it was mistyped.",
    room_not_found: "No room has this address. Check the link once more.",
    to_home: "To the rooms",
    loading: "Loading…",
    try_again: "Try again",

    too_long,
    unreachable: "The server cannot be reached. Check the connection and try again.",
    time,
    day,
    day_short: |date| format!("{} {}", &short_month(date), date.day()),
    day_of_year: |date| format!("{} {}, {}", short_month(date), date.day(), date.year()),
};

pub(super) fn too_long(most: u32) -> String {
    format!("At most {} characters.", grouped(most))
}

const fn event(what: EventKind) -> &'static str {
    match what {
        EventKind::Joined => "② came in",
        EventKind::Left => "② left",
        EventKind::Removed => "① removed ②",
        EventKind::Banned => "① banned ②",
        EventKind::OwnershipTransferred => "① handed the room over to ②",
        EventKind::Renamed => "① changed the room’s name",
    }
}

fn time(hour: i8, minute: i8) -> String {
    let pending = if hour < 12 { "AM" } else { "PM" };
    format!("{}:{minute:02} {pending}", hour12(hour))
}

fn day(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    format!("{weekday}, {} {}, {}", month(date), date.day(), date.year())
}

fn month(date: Date) -> &'static str {
    match date.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

fn short_month(date: Date) -> String {
    month(date).chars().take(3).collect()
}
