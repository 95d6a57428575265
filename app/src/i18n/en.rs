//! English.

use super::{
    Language, Words,
    ko::{grouped, hour12},
    quotas,
};
use domain::{
    error::{AppError, Field},
    events::EventKind,
    text::ValidationError,
};
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
    no_answer: "The server does not answer.",
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

    field_error,
    error,
    time,
    day,
    day_short: |date| format!("{} {}", &short_month(date), date.day()),
    day_of_year: |date| format!("{} {}, {}", short_month(date), date.day(), date.year()),
};

fn field_error(field: Field, error: ValidationError) -> String {
    match (field, error) {
        (Field::Email, ValidationError::Empty) => "Enter your e-mail address.".into(),
        (Field::Email, ValidationError::Taken) => "This address has an account already.".into(),
        (Field::Email, _) => "Check the e-mail address.".into(),
        (Field::Name, ValidationError::Empty) => "Enter a name.".into(),
        (Field::Title, ValidationError::Empty) => "Enter a name for the room.".into(),
        (Field::Room, ValidationError::Empty) => "Paste a link or an id.".into(),
        (Field::Room, _) => "This is neither a link nor an id of a room.".into(),
        (Field::Text, ValidationError::Empty) => "Write a message first.".into(),
        (_, ValidationError::TooLong { most }) => format!("At most {} characters.", grouped(most)),
        (_, ValidationError::TooShort { least }) => format!("At least {least} characters."),
        (_, ValidationError::Control) => "There are characters in it that cannot be used.".into(),
        // Of passwords the catalogue of the gate tells more.
        _ => "Check this.".into(),
    }
}

fn error(error: &AppError) -> String {
    match error {
        AppError::Invalid { .. } => "Check what you have entered.".into(),
        AppError::Malformed => "The request made no sense. Reload the page and try again.".into(),
        AppError::WrongCredentials => "The e-mail address or the password is wrong.".into(),
        AppError::Suspended => "This account is suspended. Ask an administrator.".into(),
        AppError::SignUpClosed => "You cannot sign up here now without an invitation.".into(),
        AppError::SignedOut => "Sign in first.".into(),
        AppError::NotFound => "There is no such room.".into(),
        AppError::NotAllowed => "You cannot do that in this room.".into(),
        AppError::Gone => "This link can no longer be used. Ask for a new one.".into(),
        AppError::Conflict => "This was sent before with other words. Send it once more.".into(),
        AppError::SlowDown { seconds: 1 } => "Slow down a little. Try again in a second.".into(),
        AppError::SlowDown { seconds } => {
            format!("Slow down a little. Try again in {seconds} seconds.")
        }
        AppError::QuotaReached { quota, most } => quotas::sentence(Language::En, *quota, *most),
        // Sign-in itself says more: see `i18n::auth`.
        AppError::Busy | AppError::OnlyKnownDevices => {
            "That did not work just now. Try again in a moment.".into()
        }
        AppError::TooLarge => "That is too much to send at once.".into(),
        AppError::CrossSite => "The request came from another site and was refused.".into(),
        AppError::Unreachable => {
            "The server cannot be reached. Check the connection and try again.".into()
        }
        AppError::Internal { id } => {
            format!("Something broke on our side. If you tell us, mention this number: {id}.")
        }
    }
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
