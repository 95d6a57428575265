//! Looking after the house: its sections, each a page of its own.

use crate::{
    components::{PlainForm, Problem},
    forms::FormState,
    i18n::{self, house::House},
    pages::{
        admin_lists::{LogPage, ResidentsPage, RoomsPage},
        admin_person::{HousedPage, ResetLinkPage},
    },
    paths,
    visit::{Visit, visit},
};
use domain::{
    house::{Entry, HouseRoom, Housed, Leaf, Resident, SignUpMode},
    invitation_links::LinkToken,
    text::Isolated,
};
use leptos::prelude::*;

/// What such a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admin {
    People(Leaf<Resident>),
    Person(Housed),
    /// A link by which somebody chooses a new password, to be handed to them.
    Reset(Housed, LinkToken),
    Rooms(Leaf<HouseRoom>),
    SignUp(SignUpMode),
    Log(Leaf<Entry>),
}

impl Admin {
    #[must_use]
    pub fn title(&self, visit: &Visit) -> String {
        let t = i18n::house::words(visit.language);
        match self {
            Self::Person(housed) => Isolated(housed.resident.face.name.as_str()).to_string(),
            Self::Reset(..) => t.reset_title.to_owned(),
            _ => t.title.to_owned(),
        }
    }

    /// Where the way back leads, and what is there.
    #[must_use]
    pub fn up(&self, visit: &Visit) -> (String, &'static str) {
        let t = i18n::house::words(visit.language);
        match self {
            Self::Person(_) => (paths::ADMIN_PEOPLE.to_owned(), t.people),
            Self::Reset(housed, _) => (paths::admin_person(housed.resident.face.person), t.people),
            _ => (paths::HOME.to_owned(), visit.words().back),
        }
    }

    /// The path of the section that it is, if it is one.
    const fn section(&self) -> Option<&'static str> {
        match self {
            Self::People(_) => Some(paths::ADMIN_PEOPLE),
            Self::Rooms(_) => Some(paths::ADMIN_ROOMS),
            Self::SignUp(_) => Some(paths::ADMIN_SIGN_UP),
            Self::Log(_) => Some(paths::ADMIN_LOG),
            Self::Person(_) | Self::Reset(..) => None,
        }
    }
}

#[component]
pub fn AdminPage(admin: Admin) -> impl IntoView {
    let t = i18n::house::words(visit().language);
    let sections = admin.section().map(|here| sections(t, here));
    let inside = match admin {
        Admin::People(leaf) => view! { <ResidentsPage leaf /> }.into_any(),
        Admin::Person(housed) => view! { <HousedPage housed /> }.into_any(),
        Admin::Reset(housed, token) => view! { <ResetLinkPage housed token /> }.into_any(),
        Admin::Rooms(leaf) => view! { <RoomsPage leaf /> }.into_any(),
        Admin::SignUp(mode) => choosing(t, mode),
        Admin::Log(leaf) => view! { <LogPage leaf /> }.into_any(),
    };
    view! {
        {sections}
        {inside}
    }
}

fn sections(t: &'static House, here: &'static str) -> AnyView {
    let section = |(path, label): (&'static str, &'static str)| {
        let current = (path == here).then_some("page");
        view! { <a href=path aria-current=current>{label}</a> }.into_any()
    };
    let all = [
        (paths::ADMIN_PEOPLE, t.people),
        (paths::ADMIN_ROOMS, t.rooms),
        (paths::ADMIN_SIGN_UP, t.sign_up),
        (paths::ADMIN_LOG, t.log),
    ];
    view! {
        <nav class="sections" aria-label=t.sections>
            {all.map(section).collect_view()}
        </nav>
    }
    .into_any()
}

fn choosing(t: &'static House, chosen: SignUpMode) -> AnyView {
    let choice = move |mode: SignUpMode| {
        let (label, hint) = (t.mode)(mode);
        view! {
            <label class="choice-row">
                <input type="radio" name="mode" value=mode.code() checked=mode == chosen />
                <span>
                    <span class="entry-name">{label}</span>
                    <span class="entry-second">{hint}</span>
                </span>
            </label>
        }
        .into_any()
    };
    view! {
        <section class="plain-section">
            <h2>{t.sign_up}</h2>
            <p class="plain-hint">{t.sign_up_hint}</p>
            <Problem state=FormState::of("choose_sign_up") />
            <PlainForm name="choose_sign_up">
                <fieldset class="choice-rows">
                    <legend class="visually-hidden">{t.sign_up}</legend>
                    {SignUpMode::ALL.map(choice).collect_view()}
                </fieldset>
                <button class="button">{t.save}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}
