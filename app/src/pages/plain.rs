//! The pages inside the house that the server draws alone: lists and forms around the conversations,
//! which are opened now and then. They load no WASM, and nothing of them is in it.

use crate::{
    components::{Icon, Problem, Settings},
    forms::{FormState, Refusal},
    i18n,
    pages::{
        account::AccountPage,
        account_forms::{DeletionPage, EmailPage, PasswordPage},
        door::DoorPage,
        people::PeoplePage,
        person::PersonPage,
        picture::PicturePage,
        profile::ProfilePage,
        profiles::ProfilesPage,
        room_settings::RoomSettingsPage,
        rooms::RoomsPage,
        second_step::SecondStepPage,
    },
    visit::{Visit, visit},
};
use domain::{
    account::Account,
    people::{Card, Directory, Email},
    profiles::{Profile, Wardrobe},
    rooms::{Door, OpenRooms, RoomSettings},
    second_step::SecondStep,
};
use leptos::prelude::*;

/// What such a page shows. `server` reads it before the page is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// What the viewer's account holds.
    Account(Account),
    /// Changing its address.
    Email(Email),
    /// Changing its password.
    Password(Email),
    SecondStep(SecondStep),
    /// Deleting it.
    Deletion,
    /// Everybody here, or those who were looked for.
    People(Directory),
    Person(Card),
    /// The viewer's own profiles.
    Profiles(Wardrobe),
    Profile(Profile),
    /// The picture of a profile.
    Picture(Profile),
    /// The open rooms, or those that were looked for.
    Rooms(OpenRooms),
    RoomSettings(RoomSettings),
    /// A room, for somebody who is not in.
    Door(Door),
}

impl Plain {
    /// Their addresses, as the router writes them.
    pub const PATHS: [&str; 11] = [
        "/account",
        "/account/email",
        "/account/password",
        "/account/two-step",
        "/account/delete",
        "/people",
        "/people/{id}",
        "/profiles",
        "/profiles/{id}",
        "/rooms",
        "/room/{id}/settings",
    ];
    /// The one of them to which files are sent.
    pub const UPLOAD: &str = "/profiles/{id}/picture";

    #[must_use]
    pub fn title(&self, visit: &Visit) -> String {
        let account = i18n::account::words(visit.language);
        match self {
            Self::Account(_) => account.title.to_owned(),
            Self::Email(_) => account.change_email.to_owned(),
            Self::Password(_) => account.change_password.to_owned(),
            Self::SecondStep(_) => account.second_step.to_owned(),
            Self::Deletion => account.delete.to_owned(),
            Self::People(_) => i18n::people::words(visit.language).title.to_owned(),
            Self::Person(card) => {
                (i18n::people::words(visit.language).card)(card.face.name.as_str())
            }
            Self::Profiles(_) => i18n::profiles::words(visit.language).title.to_owned(),
            Self::Profile(_) => i18n::profiles::words(visit.language).edit_title.to_owned(),
            Self::Picture(_) => i18n::profiles::words(visit.language).picture.to_owned(),
            Self::Rooms(_) => i18n::rooms::words(visit.language).title.to_owned(),
            Self::Door(door) => door.title.to_string(),
            Self::RoomSettings(settings) => {
                (i18n::rooms::words(visit.language).settings_of)(settings.title.as_str())
            }
        }
    }

    /// Where the way back leads, and what is there.
    fn up(&self, visit: &Visit) -> (String, &'static str) {
        let people = i18n::people::words(visit.language);
        let profiles = i18n::profiles::words(visit.language);
        match self {
            Self::Account(_)
            | Self::People(_)
            | Self::Profiles(_)
            | Self::Rooms(_)
            | Self::Door(_) => ("/".to_owned(), visit.words().back),
            Self::Email(_) | Self::Password(_) | Self::SecondStep(_) | Self::Deletion => {
                ("/account".to_owned(), i18n::account::words(visit.language).title)
            }
            Self::Person(_) => ("/people".to_owned(), people.title),
            Self::Profile(_) => ("/profiles".to_owned(), profiles.title),
            Self::Picture(profile) => (format!("/profiles/{}", profile.id), profiles.edit_title),
            Self::RoomSettings(settings) => {
                let back = i18n::rooms::words(visit.language).to_room;
                (format!("/room/{}", settings.id), back)
            }
        }
    }
}

/// The frame: the way back, what the page is, who is looking; then the page.
#[component]
pub fn PlainPage(page: Plain) -> impl IntoView {
    let title = page.title(&visit());
    let (up, back) = page.up(&visit());
    // A door says itself whose it is, and larger.
    let heading = (!matches!(page, Plain::Door(_)))
        .then(|| view! { <h1 class="plain-title">{title}</h1> }.into_any());
    let inside = match page {
        Plain::Account(account) => view! { <AccountPage account /> }.into_any(),
        Plain::Email(email) => view! { <EmailPage email /> }.into_any(),
        Plain::Password(email) => view! { <PasswordPage email /> }.into_any(),
        Plain::SecondStep(step) => view! { <SecondStepPage step /> }.into_any(),
        Plain::Deletion => view! { <DeletionPage /> }.into_any(),
        Plain::People(directory) => view! { <PeoplePage directory /> }.into_any(),
        Plain::Person(card) => view! { <PersonPage card /> }.into_any(),
        Plain::Profiles(wardrobe) => view! { <ProfilesPage wardrobe /> }.into_any(),
        Plain::Profile(profile) => view! { <ProfilePage profile /> }.into_any(),
        Plain::Picture(profile) => view! { <PicturePage profile /> }.into_any(),
        Plain::Rooms(rooms) => view! { <RoomsPage rooms /> }.into_any(),
        Plain::Door(door) => view! { <DoorPage door /> }.into_any(),
        Plain::RoomSettings(settings) => view! { <RoomSettingsPage settings /> }.into_any(),
    };
    view! {
        <div class="plain">
            <header class="plain-head">
                <a href=up class="icon-button" aria-label=back>
                    {Icon::Back.draw()}
                </a>
                {heading}
                <Settings />
            </header>
            <main class="plain-main" id="main" tabindex="-1">
                <Problem state=FormState::of(Refusal::NO_FORM) />
                {inside}
            </main>
        </div>
    }
}
