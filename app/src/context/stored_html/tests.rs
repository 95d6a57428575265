//! A page with stored HTML in it equals the page that is rendered without, byte for byte, for every reader.

use super::StoredHtml;
use crate::{
    context::{Assets, write_document},
    i18n::Language,
    page_context::{PageContext, Theme},
    shell::Document,
};
use domain::{
    clock::{Clock, Millis, ZoneOffset},
    events::{Event, EventKind},
    history::HistoryPage,
    ids::{AvatarId, ClientId, Epoch, MessageId, RoomId, UserId},
    messages::{Message, MessageText, Rev, Seq},
    rooms::{LastMessage, Member, Room, RoomKind, RoomSummary, RoomTitle},
    users::{CurrentUser, DisplayName},
};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use leptos_router::location::RequestUrl;
use proptest::{prelude::*, sample::select, strategy::ValueTree};
use uuid::Uuid;

const DAY: i64 = 24 * 60 * 60 * 1_000;
const NOW: i64 = 20_783 * DAY + 3 * 60 * 60 * 1_000;
const TEXTS: [&str; 7] = [
    "안녕하세요 여러분",
    "<b>&\"' </li><!--",
    "see https://example.org/?a=1&b=2 and www",
    "👍👍",
    "👩‍👩‍👧",
    "two\nlines",
    "{e}",
];
const NAMES: [&str; 4] = ["홍길동", "Minji Kim", "<i>", "😀"];

fn uuid(number: u8) -> Uuid {
    Uuid::from_u128(0x0191_d1f0_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

fn user(number: u8) -> UserId {
    UserId::from_uuid(uuid(number))
}

fn name() -> impl Strategy<Value = DisplayName> {
    select(&NAMES[..]).prop_map(|name| DisplayName::parse(name).unwrap())
}

fn text() -> impl Strategy<Value = MessageText> {
    select(&TEXTS[..]).prop_map(|text| MessageText::parse(text).unwrap())
}

fn avatar() -> impl Strategy<Value = Option<AvatarId>> {
    prop::option::of((0..2_u8).prop_map(|number| AvatarId::from_uuid(uuid(number))))
}

fn clock() -> impl Strategy<Value = Clock> {
    let zones = [vec![], vec![(0, 540)], vec![(0, -480), (NOW - DAY, -420)]];
    select(zones.to_vec()).prop_map(|offsets| {
        let offset = |(since, minutes)| ZoneOffset { since: Millis(since), minutes };
        Clock::new(offsets.into_iter().map(offset).collect())
    })
}

fn member(number: u8) -> impl Strategy<Value = Member> {
    (prop::option::of(name()), avatar(), any::<bool>()).prop_map(move |(name, avatar, gone)| {
        Member { user: user(number), name, avatar, gone, rev: Rev(1) }
    })
}

/// What stands at a place: a message, or an event.
fn entry() -> impl Strategy<Value = (u8, i64, Result<MessageText, EventKind>)> {
    let content = prop_oneof![
        4 => text().prop_map(Ok),
        1 => select(&EventKind::ALL[..]).prop_map(Err),
    ];
    // Close enough for groups, and now and then another day.
    (0..3_u8, prop_oneof![4 => 0..10 * 60_000_i64, 1 => 0..DAY], content)
}

fn page() -> impl Strategy<Value = HistoryPage> {
    let members = (member(0), member(1), member(2));
    let entries = prop::collection::vec(entry(), 0..12);
    (members, entries, any::<bool>(), any::<bool>()).prop_map(
        |((a, b, c), entries, has_older, has_newer)| {
            let (mut messages, mut events, mut at) = (Vec::new(), Vec::new(), NOW - 3 * DAY);
            for (seq, (author, later, content)) in (1_u8..).zip(entries) {
                at += later;
                let (place, at) = (Seq(seq.into()), Millis(at));
                match content {
                    Ok(text) => messages.push(Message {
                        id: MessageId::from_uuid(uuid(seq)),
                        client_id: ClientId::from_uuid(uuid(100 + seq)),
                        author: user(author),
                        text,
                        at,
                        seq: place,
                        rev: place.into(),
                    }),
                    Err(kind) => events.push(Event {
                        seq: place,
                        at,
                        kind,
                        actor: user(author),
                        target: user(0),
                    }),
                }
            }
            let title = RoomTitle::parse("공부방").ok();
            HistoryPage {
                details: Room {
                    id: room(0),
                    kind: RoomKind::Open,
                    title,
                    avatar: None,
                    rev: Rev(1),
                },
                members: vec![a, b, c],
                messages,
                events,
                has_older,
                has_newer,
                through: Rev(99),
                epoch: Epoch::from_uuid(uuid(0)),
            }
        },
    )
}

fn room(number: u8) -> RoomId {
    RoomId::from_uuid(uuid(200 + number))
}

fn summary(number: u8) -> impl Strategy<Value = RoomSummary> {
    let title = prop::option::of(select(&["공부방", "<room>"][..]));
    let with = prop::option::of((0..3_u8).prop_map(user));
    let last = prop::option::of(text());
    let unread = select(&[0, 1, 99, 100][..]);
    let invited_by = prop::option::of(name());
    let active_at = select(&[NOW, NOW - DAY, NOW - 400 * DAY][..]);
    (title, with, avatar(), last, unread, invited_by, active_at).prop_map(
        move |(title, with, avatar, last, unread, invited_by, active_at)| RoomSummary {
            id: room(number),
            title: title.and_then(|title| RoomTitle::parse(title).ok()),
            with,
            avatar,
            last: last.map(|text| LastMessage { seq: Seq(1), text }),
            active_at: Millis(active_at),
            unread,
            invited_by,
        },
    )
}

fn context() -> impl Strategy<Value = PageContext> {
    let viewer = (0..3_u8, name(), avatar());
    let language = select(&[Language::Ko, Language::En][..]);
    let now = select(&[NOW, NOW + DAY][..]);
    let rooms = (summary(0), summary(1), summary(2));
    let look = prop::option::of(page());
    (viewer, language, clock(), now, rooms, look).prop_map(
        |((number, name, avatar), language, clock, now, (a, b, c), look)| PageContext {
            viewer: Some(CurrentUser { id: user(number), name, avatar }),
            language,
            theme: Theme::System,
            clock,
            now: Millis(now),
            origin: "https://chat.example".to_owned(),
            client_id: Some(ClientId::from_uuid(uuid(99))),
            rooms: vec![a, b, c],
            form_error: None,
            initial_room: look.map(Ok),
        },
    )
}

fn assets() -> Assets {
    let options = LeptosOptions::builder().output_name("sarangbang").hash_files(false).build();
    Assets::new(&options)
}

/// The document of a request, with the HTML that has been kept of others, if any.
fn document(
    assets: &Assets,
    context: PageContext,
    room_json: Option<&str>,
    stored: Option<&StoredHtml>,
) -> String {
    let path = match &context.initial_room {
        Some(_) => format!("http://page.invalid/room/{}", room(0)),
        None => "http://page.invalid/".to_owned(),
    };
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(RequestUrl::new(&path));
        provide_context(Nonce::from_value("0"));
        stored.into_iter().cloned().for_each(provide_context);
        write_document(assets, Document::AppShell, context, room_json)
    });
    owner.unset_with_forced_cleanup();
    without_marks(&html)
}

/// Without what a build to develop with adds for itself.
fn without_marks(html: &str) -> String {
    let mut parts = html.split("<!--hot-reload|");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| plain.push_str(part.split_once("-->").unwrap().1));
    plain
}

#[test]
fn kept_html_and_json_are_what_would_be_written_anew() {
    // One for all: whatever is missing in a key shows, as soon as another reader needs it.
    let (assets, stored) = (assets(), StoredHtml::default());
    let mut config = ProptestConfig::with_cases(200);
    config.max_shrink_iters = 200;
    proptest!(config, |(context in context())| {
        let plain = document(&assets, context.clone(), None, None);
        let room = context.initial_room.clone().and_then(Result::ok);
        let json = room.map(|room| serde_json::to_string(&room).unwrap().replace('<', "\\u003c"));
        for times in ["once", "again"] {
            let kept = document(&assets, context.clone(), json.as_deref(), Some(&stored));
            prop_assert_eq!(&kept, &plain, "{}", times);
        }
    });
    assert!(stored.count() > 100, "{stored:?}");
}

#[test]
fn what_is_read_once_more_is_not_drawn_again() {
    let (assets, stored) = (assets(), StoredHtml::default());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let context = context().new_tree(&mut runner).unwrap().current();
    document(&assets, context.clone(), None, Some(&stored));
    let kept = stored.count();
    document(&assets, context, None, Some(&stored));
    assert!(kept > 3, "{stored:?}");
    assert_eq!(stored.count(), kept);
}
