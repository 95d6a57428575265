//! What strangers see: sign-in and sign-up, each a form beside the house's lattice door. Drawn by
//! the server alone.

use crate::{
    components::{LanguageSwitch, Lattice, Problem},
    forms::{FormState, Refusal},
    i18n::{self, words},
    pages::{code::CodeForm, sign_in::SignInForm, sign_up::SignUpForm},
    paths,
    visit::visit,
};
use domain::house::SignUpMode;
use leptos::prelude::*;

/// The two ways in, and the second step of the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    SignIn,
    SignUp,
    /// The code that some accounts ask for after the password.
    SecondStep,
}

impl Gate {
    pub const ALL: [Self; 3] = [Self::SignIn, Self::SignUp, Self::SecondStep];

    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::SignIn => paths::SIGN_IN,
            Self::SignUp => paths::SIGN_UP,
            Self::SecondStep => paths::SIGN_IN_CODE,
        }
    }

    /// Its address for somebody who is going to a path of this site.
    #[must_use]
    pub fn on_the_way_to(self, next: &str) -> String {
        paths::with_next(self.path(), next)
    }

    /// The gate at a path.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gate| gate.path() == path)
    }
}

#[component]
pub fn GatePage(gate: Gate, going_to: Option<String>, mode: SignUpMode) -> impl IntoView {
    let form = match gate {
        Gate::SignIn => view! { <SignInForm going_to mode /> }.into_any(),
        Gate::SignUp => view! { <SignUpForm going_to mode /> }.into_any(),
        Gate::SecondStep => view! { <CodeForm going_to /> }.into_any(),
    };
    view! { <GateFrame>{form}</GateFrame> }
}

/// What stands before strangers: the door, whose house it is, and the way in.
#[component]
pub fn GateFrame(children: Children) -> impl IntoView {
    let t = words();
    view! {
        <main class="gate" id="main" tabindex="-1">
            <div class="gate-art">
                <Lattice />
            </div>
            <div class="gate-side">
                <h1 class="gate-brand">{t.app_name}</h1>
                <p class="gate-tagline">{i18n::gate::words(visit().language).tagline}</p>
                <Problem state=FormState::of(Refusal::NO_FORM) />
                {children()}
                <LanguageSwitch />
            </div>
        </main>
    }
}

/// Where the stranger was going, as the form that was refused or the address has it: a path of this
/// site, or nothing.
#[must_use]
pub fn next_path(state: FormState, going_to: Option<String>) -> Option<String> {
    let next = state.typed("next").or(going_to);
    next.filter(|next| domain::sessions::safe_path(next) == next.as_str())
}

/// Carries on through the form where the stranger was going.
#[component]
pub fn Next(path: Option<String>) -> impl IntoView {
    path.map(|path| view! { <input type="hidden" name="next" value=path /> }.into_any())
}

/// From sign-in to sign-up and back, with where the stranger was going.
#[component]
pub fn OtherDoor(gate: Gate, next: Option<String>, label: &'static str) -> impl IntoView {
    let href = gate.on_the_way_to(next.as_deref().unwrap_or(paths::HOME));
    view! { <a href=href>{label}</a> }
}
