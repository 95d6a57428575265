//! The composer. The text area is the browser's own: nothing is written back into it while the user types,
//! because that breaks the composition of Hangul.

use crate::{
    boxed_effect::boxed_effect,
    components::{Icon, drawn_for, hidden},
    escape::in_text_area,
    forms::{Form, FormState},
    i18n::words,
    live::{is_touch, live, scroll_to},
    paths,
    server_fns::PostMessage,
};
use domain::{
    error::Field, history::PageAnchor, ids::RoomId, messages::MessageText, text::ValidationError,
    timeline::Timeline,
};
use leptos::{
    ev::{CompositionEvent, InputEvent, KeyboardEvent, SubmitEvent},
    html::Textarea,
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

const FORM: &str = PostMessage::NAME;
/// The area grows to this many lines.
const MAX_ROWS: usize = 8;

#[component]
pub fn Composer(room: RoomId, at_end: RwSignal<bool>) -> impl IntoView {
    let t = words();
    let live = live();
    let state = FormState::of(FORM);
    let area = NodeRef::<Textarea>::new();
    let too_long = RwSignal::new(None::<u32>);
    let composing = Composition::default();
    let navigate = StoredValue::new_local(use_navigate());

    let send = move || {
        let Some(area) = area.get_untracked() else { return };
        match MessageText::parse(&area.value()) {
            Ok(text) => {
                live.submit(text);
                area.set_value("");
                area.set_rows(1);
                // Tapping the button took the focus away, and closed a phone's keyboard.
                drop(area.focus());
                live.keep_draft(room, String::new());
                too_long.set(None);
                at_end.set(true);
                scroll_to(PageAnchor::Newest);
                // What was sent is shown at the end of the history.
                if live.open.peek(Timeline::has_newer) {
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate.with_value(|navigate| navigate(&paths::room(room), options));
                }
            }
            Err(ValidationError::TooLong { most }) => too_long.set(Some(most)),
            Err(_) => too_long.set(None),
        }
    };
    let typed = move |_| {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value();
        let lines = text.lines().count() + usize::from(text.ends_with('\n'));
        area.set_rows(u32::try_from(lines.clamp(1, MAX_ROWS)).unwrap_or(1));
        live.keep_draft(room, text);
    };
    boxed_effect(move || {
        let draft = live.draft(room);
        if let Some(area) = area.get().filter(|area| area.value().is_empty() && !draft.is_empty()) {
            area.set_value(&draft);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let said = Signal::derive(move || {
        let refused = too_long.get().map(|most| (t.too_long)(most));
        refused.or_else(|| state.error(Field::Text)).or_else(|| state.general())
    });
    view! {
        <form class="composer" method="post" action=format!("?/{FORM}") on:submit=submit>
            {drawn_for()}
            {hidden("room", Some(room.to_string()))}
            {hidden("client_id", state.client_id())}
            <p class="composer-problem" role="alert">{said}</p>
            <div class="composer-row">
                <textarea
                    name="text"
                    rows="1"
                    node_ref=area
                    aria-label=t.message
                    placeholder=t.write_here
                    enterkeyhint="send"
                    autocomplete="off"
                    inner_html=in_text_area(&state.typed("text").unwrap_or_default())
                    on:input=typed
                    on:keydown=move |event| composing.key(&event, send)
                    on:compositionupdate=move |event| composing.updated(&event)
                    on:compositionend=move |event| composing.ended(&event, send)
                    on:beforeinput=move |event| composing.before_input(&event)
                ></textarea>
                <button class="send" aria-label=t.send>
                    {Icon::Send.draw()}
                </button>
            </div>
        </form>
    }
}

/// Enter while Hangul is being composed ends the syllable and sends, once. Any other composition it only ends:
/// there it picks a candidate, of kana or, in Hangul, a Hanja.
///
/// Browsers differ: most report that Enter with `isComposing`, then end the composition, and some report a
/// second Enter after it; Safari ends the composition first and reports Enter with key code 229. Sending
/// empties the area, so a second Enter finds nothing to send.
#[derive(Debug, Clone, Copy, Default)]
struct Composition {
    /// The text in composition, as of the latest update; after the end, its result.
    text: StoredValue<String>,
    /// The text in composition when Enter was pressed, while that composition lasts.
    at_enter: StoredValue<Option<String>>,
}

/// The key code of a key that the input method has used.
const COMPOSING: u32 = 229;

impl Composition {
    fn updated(self, event: &CompositionEvent) {
        self.text.set_value(event.data().unwrap_or_default());
    }

    fn key(self, event: &KeyboardEvent, send: impl Fn()) {
        if event.key() != "Enter" && event.key_code() != 13 {
            return;
        }
        if event.shift_key() || is_touch() {
            return;
        }
        if event.is_composing() {
            self.at_enter.set_value(Some(self.text.get_value()));
            return;
        }
        event.prevent_default();
        self.at_enter.set_value(None);
        if event.key_code() != COMPOSING || self.text.with_value(|text| is_hangul(text)) {
            send();
        }
    }

    fn ended(self, event: &CompositionEvent, send: impl Fn() + 'static) {
        self.updated(event);
        if self.at_enter.with_value(Option::is_none) {
            return;
        }
        // The last syllable is in the area only after this event, and a second Enter comes before.
        set_timeout(
            move || {
                let composed = self.at_enter.try_update_value(Option::take).flatten();
                let as_composed = |it: String| {
                    is_hangul(&it) && self.text.try_with_value(|text| *text == it) == Some(true)
                };
                if composed.is_some_and(as_composed) {
                    send();
                }
            },
            std::time::Duration::ZERO,
        );
    }

    /// The line break that some browsers insert for the Enter that ended the composition.
    fn before_input(self, event: &InputEvent) {
        if self.at_enter.with_value(Option::is_some)
            && event.input_type().starts_with("insertLineBreak")
        {
            event.prevent_default();
        }
    }
}

/// Whether the text consists of Hangul syllables and their parts only.
fn is_hangul(text: &str) -> bool {
    let is_part = |c| matches!(c, '\u{AC00}'..='\u{D7FF}' | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}');
    !text.is_empty() && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::is_hangul;

    #[test]
    fn only_hangul_may_end_and_send() {
        for hangul in ["한", "한글", "ㅋㅋ", "\u{1112}\u{1161}\u{11AB}"] {
            assert!(is_hangul(hangul), "{hangul}");
        }
        for other in ["", "韓", "かん", "カン", "hán", "한(韓)", "한 글", "3월", "ế"] {
            assert!(!is_hangul(other), "{other}");
        }
    }
}
