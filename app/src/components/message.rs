//! One row of the message list: a day, an event, or a message.

use crate::{
    components::{Avatar, Icon, card_link::card_link},
    i18n::Words,
    live::live,
    page_context::PageContext,
    paths,
};
use domain::{
    ids::ClientId,
    links::{Segment, linkify},
    message_list::{Delivery, EventItem, ListItem, MessageItem},
    text::is_visible,
};
use leptos::prelude::*;

/// Draws a row for this page context, which the list has looked up: there are many rows.
pub fn row_view(item: ListItem, context: &PageContext) -> AnyView {
    match item {
        ListItem::Day(day) => view! {
            <li class="day">
                <span>{(context.words().day)(day)}</span>
            </li>
        }
        .into_any(),
        ListItem::Message(message) => message_view(message, context),
        ListItem::Event(event) => event_view(&event, context.words()),
    }
}

/// A quiet line: what happened, in the reader's language.
fn event_view(event: &EventItem, t: &Words) -> AnyView {
    let said = t.format_event(event.kind, &event.actor, &event.target);
    view! { <li class="event" id=paths::place(event.seq)>{said}</li> }.into_any()
}

fn message_view(message: MessageItem, context: &PageContext) -> AnyView {
    let name = message.name;
    let emoji = is_only_emoji(&message.text);
    // A user who has deleted their account has no card any more, and no initials.
    let author = (!message.left).then_some(message.author);
    let (summary, name) = if message.starts_group && !message.own {
        let (id, avatar) = (message.author.uuid(), message.avatar);
        let letters = author.map(|_| name.clone()).unwrap_or_default();
        let summary = view! { <Avatar id name=letters avatar /> }.into_any();
        let summary = card_link(author, "message-avatar", true, summary);
        (Some(summary), card_link(author, "message-name", false, name.into_any()))
    } else {
        (None, view! { <span class="visually-hidden">{name}</span> }.into_any())
    };
    let time = context.words().time_of(&context.clock, message.at);
    let sending = message.delivery == Delivery::Sending;
    let id = match &message.delivery {
        Delivery::Stored { seq } => Some(paths::place(*seq)),
        Delivery::Sending | Delivery::Failed { .. } => None,
    };
    view! {
        <li
            class="message"
            class:message-own=message.own
            class:message-first=message.starts_group
            class:message-last=message.ends_group
            class:message-sending=sending
            class:message-emoji=emoji
            data-client-id=message.client_id.to_string()
            id=id
        >
            {summary}
            {name}
            <div class="bubble" dir="auto">
                {line_text(&message.text)}
            </div>
            {line_foot(message.client_id, message.delivery, time, context.words())}
        </li>
    }
    .into_any()
}

/// The text with its links. Leptos escapes all of it.
fn line_text(text: &str) -> Vec<AnyView> {
    linkify(text)
        .into_iter()
        .map(|piece| match piece {
            Segment::Text(text) => text.to_owned().into_any(),
            Segment::Link(link) => view! {
                <a href=link.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                    {link.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect()
}

/// The time, or what became of a line that is not stored.
fn line_foot(client_id: ClientId, delivery: Delivery, time: String, t: &'static Words) -> AnyView {
    let retry = move |_| {
        let live = live();
        if let Some(frame) = live.open.send_again(client_id) {
            live.send_frame(frame);
        }
    };
    let discard = move |_| drop(live().open.discard(client_id));
    match delivery {
        Delivery::Stored { .. } => {
            view! { <span class="message-foot"><time>{time}</time></span> }.into_any()
        }
        Delivery::Sending => view! {
            <span class="message-foot">
                {Icon::Clock.draw()} <span class="visually-hidden">{t.sending}</span>
            </span>
        }
        .into_any(),
        Delivery::Failed { sentence } => view! {
            <span class="message-foot message-failed" title=sentence>
                <span>{t.not_sent}</span>
                <button type="button" on:click=retry>
                    {t.retry}
                </button>
                <button type="button" on:click=discard>
                    {t.discard}
                </button>
            </span>
        }
        .into_any(),
    }
}

/// Up to three emoji and nothing else: those are drawn large.
fn is_only_emoji(text: &str) -> bool {
    let is_emoji =
        |c: char| matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}');
    let is_part = |c: char| matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{1F1E6}'..='\u{1F1FF}');
    let mut count = 0;
    let mut joined = false;
    for c in text.chars() {
        if is_part(c) {
            joined = c == '\u{200D}';
        } else if is_emoji(c) {
            count += i32::from(!joined);
            joined = false;
        } else if is_visible(c) {
            return false;
        }
    }
    (1..=3).contains(&count)
}

#[cfg(test)]
mod tests {
    use super::{is_only_emoji, line_text};
    use domain::messages::MessageText;
    use leptos::prelude::RenderHtml;
    use proptest::prelude::*;

    #[test]
    fn up_to_three_emoji_alone_are_large() {
        for large in ["👍", "🎉🎉🎉", "👩‍👩‍👧 ❤️", "👍🏽"] {
            assert!(is_only_emoji(large), "{large}");
        }
        for usual in ["", "좋아요 👍", "🎉🎉🎉🎉", "1", "ㅋㅋ"] {
            assert!(!is_only_emoji(usual), "{usual}");
        }
    }

    /// Reads the text out of what a line may consist of: links, marks between two texts, and text
    /// without a single bracket.
    fn shown(html: &str) -> String {
        let (mut shown, mut html) = (String::new(), html.to_owned());
        // What a build to develop with adds for itself.
        while let Some((before, rest)) = html.split_once("<!--hot-reload|") {
            html = format!("{before}{}", rest.split_once("-->").unwrap().1);
        }
        for piece in html.replace("<!>", "").replace("</a>", "").split("<a href=\"") {
            let text = match piece
                .split_once("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">")
            {
                Some((address, text)) => {
                    assert!(address.starts_with("http://") || address.starts_with("https://"));
                    assert!(!address.contains(['<', '>', '"']), "{address}");
                    text
                }
                None => piece,
            };
            assert!(!text.contains(['<', '>']), "{html}");
            shown.push_str(text);
        }
        shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
        let spiteful =
            "(<|>|&|\"|'|</?script>|&lt;|<!--|-->|https?://|javascript:|on[a-z]{1,5}=|\\PC){0,40}";
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            spiteful.prop_map(String::into_bytes)
        ]
    }

    proptest! {
        #[test]
        fn any_bytes_are_drawn_as_text(bytes in any_bytes()) {
            if let Ok(text) = MessageText::parse(&String::from_utf8_lossy(&bytes)) {
                prop_assert_eq!(shown(&line_text(text.as_str()).to_html()), text.as_str());
            }
        }
    }
}
