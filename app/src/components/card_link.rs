//! What leads to a person's card: their name, their picture, or both.

use crate::paths;
use domain::ids::UserId;
use leptos::prelude::*;

/// A link of this class. One that repeats what another beside it says is for pointers alone: once is enough
/// for whoever reads by ear or by keyboard. Of nobody there is no card: then it leads nowhere. The card is another document, so the router is not asked.
pub fn card_link(
    user: Option<UserId>,
    class: &'static str,
    again: bool,
    inside: AnyView,
) -> AnyView {
    let (tabindex, hidden) = (again.then_some("-1"), again.then_some("true"));
    view! {
        <a
            class=class
            href=user.map(paths::user)
            rel="external"
            tabindex=tabindex
            aria-hidden=hidden
        >
            {inside}
        </a>
    }
    .into_any()
}
