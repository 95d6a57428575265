//! Where one writes. The text area is the browser's own: nothing is ever written back into it while
//! somebody types, because that breaks the composition of Hangul.

use crate::{
    components::Icon,
    effect::effect,
    forms::FormState,
    i18n::words,
    live::{is_touch, live, scroll_to_newest},
    visit::visit,
};
use domain::{
    ids::RoomId,
    messages::MessageText,
    problem::{Field, Problem},
    text::Fault,
};
use leptos::{
    ev::{CompositionEvent, InputEvent, KeyboardEvent, SubmitEvent},
    html::Textarea,
    prelude::*,
};

const FORM: &str = "post_message";
/// The area grows to this many lines.
const ROWS_MOST: usize = 8;

#[component]
pub fn Composer(room: RoomId, at_end: RwSignal<bool>) -> impl IntoView {
    let t = words();
    let live = live();
    let state = FormState::of(FORM);
    let area = NodeRef::<Textarea>::new();
    let fault = RwSignal::new(None::<Fault>);
    let composing = Composition::default();

    let send = move || {
        let Some(area) = area.get_untracked() else { return };
        match MessageText::parse(&area.value()) {
            Ok(text) => {
                live.say(text);
                area.set_value("");
                area.set_rows(1);
                // Tapping the button took the focus away, and with it a phone's keyboard.
                drop(area.focus());
                live.keep_draft(room, String::new());
                fault.set(None);
                at_end.set(true);
                scroll_to_newest();
            }
            Err(Fault::Empty) => fault.set(None),
            Err(refused) => fault.set(Some(refused)),
        }
    };
    let typed = move |_| {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value();
        let lines = text.lines().count() + usize::from(text.ends_with('\n'));
        area.set_rows(u32::try_from(lines.clamp(1, ROWS_MOST)).unwrap_or(1));
        live.keep_draft(room, text);
    };
    effect(move || {
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
        let refused = fault.get().or_else(|| state.fault(Field::Text));
        let refused = refused.map(|fault| (t.fault)(Field::Text, fault));
        refused.or_else(|| state.general().map(|problem| (t.problem)(&problem)))
    });
    view! {
        <form class="composer" method="post" action=format!("?/{FORM}") on:submit=submit>
            <input type="hidden" name="room" value=room.to_string() />
            <input type="hidden" name="client_id" value=client_id(state) autocomplete="off" />
            <p class="composer-problem" role="alert">{said}</p>
            <div class="composer-line">
                <textarea
                    name="text"
                    rows="1"
                    node_ref=area
                    aria-label=t.message
                    placeholder=t.write_here
                    enterkeyhint="send"
                    autocomplete="off"
                    inner_html=escaped(&state.typed("text").unwrap_or_default())
                    on:input=typed
                    on:keydown=move |event| composing.key(&event, send)
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

/// The id of the form's message: the page's own, or the one that was refused, so that trying again
/// is trying the same. Only after a conflict is it another message.
fn client_id(state: FormState) -> Option<String> {
    let conflict = untrack(|| state.general() == Some(Problem::Conflict));
    let refused = state.typed("client_id").filter(|_| !conflict);
    refused.or_else(|| visit().client_id.map(|id| id.to_string()))
}

/// What is in a text area: the server does not escape that, and a parser drops its first line break.
pub fn escaped(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Enter while a syllable is being composed ends the syllable and sends, once.
///
/// Browsers differ: most report that Enter with `isComposing`, then end the composition, and some
/// report a second Enter after it; Safari ends the composition first and reports Enter with key
/// code 229. Sending empties the area, so a second Enter finds nothing to send.
#[derive(Debug, Clone, Copy, Default)]
struct Composition {
    /// Enter was pressed during the composition that is still going on.
    enter: StoredValue<bool>,
}

impl Composition {
    fn key(self, event: &KeyboardEvent, send: impl Fn()) {
        if event.key() != "Enter" && event.key_code() != 13 {
            return;
        }
        if event.shift_key() || is_touch() {
            return;
        }
        if event.is_composing() {
            self.enter.set_value(true);
            return;
        }
        event.prevent_default();
        self.enter.set_value(false);
        send();
    }

    fn ended(self, _: &CompositionEvent, send: impl Fn() + 'static) {
        if self.enter.get_value() {
            // The last syllable is in the area only after this event.
            set_timeout(
                move || {
                    if self.enter.try_get_value() == Some(true) {
                        self.enter.set_value(false);
                        send();
                    }
                },
                std::time::Duration::ZERO,
            );
        }
    }

    /// The line break that some browsers make of the Enter that ended the composition.
    fn before_input(self, event: &InputEvent) {
        if self.enter.get_value() && event.input_type().starts_with("insertLineBreak") {
            event.prevent_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_refused_text_stays_text() {
        assert_eq!(escaped("</textarea><script>&"), "\n&lt;/textarea&gt;&lt;script&gt;&amp;");
        assert_eq!(escaped(""), "");
    }
}
