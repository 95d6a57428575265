//! A link to a user's card: their name, their avatar, or both.

use crate::paths;
use domain::ids::UserId;
use leptos::prelude::*;

/// A link of this class. One that repeats the link beside it is for pointers only, so that screen readers and
/// the Tab key meet it once. A deleted user has no card: then it is no link. The card is another document, so
/// the router is not used.
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
