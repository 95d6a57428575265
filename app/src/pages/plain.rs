//! The pages inside the house that the server draws alone: lists and forms around the conversations,
//! which are opened now and then. They load no WASM, and nothing of them is in it.

use crate::{
    components::{Icon, Problem, Settings},
    forms::{FormState, Refusal},
    i18n,
    pages::{
        account::AccountPage,
        account_forms::{DeletionPage, EmailPage, PasswordPage},
        admin::{Admin, AdminPage},
        door::DoorPage,
        invite::InvitePage,
        invite_links::LinkPage,
        join::{self, JoinPage, Joining},
        notices::NoticesPage,
        other_user::{Misdirected, OtherUserPage},
        people::PeoplePage,
        person::PersonPage,
        picture::{PicturePage, Sitter},
        profile::ProfilePage,
        profiles::ProfilesPage,
        room_settings::RoomSettingsPage,
        rooms::RoomsPage,
        second_step::SecondStepPage,
    },
    paths,
    visit::{Visit, visit},
};
use domain::{
    account::Account,
    invitation_links::HandedOut,
    invitations::Inviting,
    notices::Notice,
    people::{Card, Directory, Email},
    profiles::{Profile, Wardrobe},
    rooms::{Door, OpenRooms, RoomSettings},
    second_step::SecondStep,
    text::Isolated,
};
use leptos::prelude::*;

/// What such a page shows. `server` reads it before the page is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// What the viewer's account holds, and whether they look after the house.
    Account {
        account: Account,
        administers: bool,
    },
    /// Changing its address; whether an older account has the same one.
    Email(Email, bool),
    /// Changing its password.
    Password(Email),
    SecondStep(SecondStep),
    /// What was done to it by others, and where the viewer was going.
    Notices(Vec<Notice>, Option<String>),
    /// Deleting it.
    Deletion,
    Admin(Admin),
    /// Everybody here, or those who were looked for.
    People(Directory),
    Person(Card),
    /// The viewer's own profiles.
    Profiles(Wardrobe),
    Profile(Profile),
    Picture(Sitter),
    /// The open rooms, or those that were looked for.
    Rooms(OpenRooms),
    RoomSettings(RoomSettings),
    /// A room, for somebody who is not in.
    Door(Door),
    /// Whom to ask into a room.
    Invite(Inviting),
    /// A link into a room.
    Link(HandedOut),
    /// What an invitation link shows.
    Join(Joining),
    /// A form that was drawn for another user, and what was typed into it.
    OtherUser(Misdirected),
}

impl Plain {
    /// Their addresses.
    pub const PATHS: [&str; 22] = [
        paths::ACCOUNT,
        paths::ACCOUNT_EMAIL,
        paths::ACCOUNT_PASSWORD,
        paths::ACCOUNT_TWO_STEP,
        paths::ACCOUNT_DELETE,
        paths::ACCOUNT_NOTICES,
        paths::PEOPLE,
        paths::PERSON,
        paths::PROFILES,
        paths::PROFILE,
        paths::ROOMS,
        paths::ROOM_SETTINGS,
        paths::ROOM_INVITE,
        paths::ROOM_INVITE_LINK,
        paths::JOIN,
        paths::RESET,
        paths::SETUP,
        paths::ADMIN,
        paths::ADMIN_PEOPLE,
        paths::ADMIN_PERSON,
        paths::ADMIN_PERSON_RESET,
        "/admin/{section}",
    ];
    /// Those to which files are sent.
    pub const UPLOADS: [&str; 2] = [paths::PROFILE_AVATAR, paths::ROOM_AVATAR];

    #[must_use]
    pub fn title(&self, visit: &Visit) -> String {
        let account = i18n::account::words(visit.language);
        match self {
            Self::Account { .. } => account.title.to_owned(),
            Self::Email(..) => account.change_email.to_owned(),
            Self::Password(_) => account.change_password.to_owned(),
            Self::SecondStep(_) => account.second_step.to_owned(),
            Self::Deletion => account.delete.to_owned(),
            Self::Notices(..) => i18n::notices::words(visit.language).title.to_owned(),
            Self::Admin(admin) => admin.title(visit),
            Self::People(_) => i18n::people::words(visit.language).title.to_owned(),
            Self::Person(card) => {
                (i18n::people::words(visit.language).card)(Isolated(card.face.name.as_str()))
            }
            Self::Profiles(_) => i18n::profiles::words(visit.language).title.to_owned(),
            Self::Profile(_) => i18n::profiles::words(visit.language).edit_title.to_owned(),
            Self::Picture(_) => i18n::profiles::words(visit.language).picture.to_owned(),
            Self::Rooms(_) => i18n::rooms::words(visit.language).title.to_owned(),
            Self::Door(door) => Isolated(door.title.as_str()).to_string(),
            Self::Invite(inviting) => {
                (i18n::invitations::words(visit.language).title)(Isolated(inviting.title.as_str()))
            }
            Self::Link(_) => i18n::invitations::words(visit.language).link_title.to_owned(),
            Self::Join(joining) => join::title(joining.invitation(), visit.language),
            Self::OtherUser(_) => i18n::other_user::words(visit.language).title.to_owned(),
            Self::RoomSettings(settings) => {
                (i18n::rooms::words(visit.language).settings_of)(Isolated(settings.title.as_str()))
            }
        }
    }

    /// Where the way back leads, and what is there.
    fn up(&self, visit: &Visit) -> (String, &'static str) {
        let people = i18n::people::words(visit.language);
        let profiles = i18n::profiles::words(visit.language);
        match self {
            Self::Admin(admin) => admin.up(visit),
            Self::Account { .. }
            | Self::People(_)
            | Self::Profiles(_)
            | Self::Rooms(_)
            | Self::Door(_)
            | Self::Join(_)
            | Self::OtherUser(_) => (paths::HOME.to_owned(), visit.words().back),
            Self::Email(..)
            | Self::Password(_)
            | Self::SecondStep(_)
            | Self::Notices(..)
            | Self::Deletion => {
                (paths::ACCOUNT.to_owned(), i18n::account::words(visit.language).title)
            }
            Self::Person(_) => (paths::PEOPLE.to_owned(), people.title),
            Self::Profile(_) => (paths::PROFILES.to_owned(), profiles.title),
            Self::Picture(sitter) => {
                let back = match sitter {
                    Sitter::Profile(_) => profiles.edit_title,
                    Sitter::Room(_) => i18n::rooms::words(visit.language).to_settings,
                };
                (sitter.path(), back)
            }
            Self::Invite(inviting) => {
                let back = i18n::rooms::words(visit.language).to_room;
                (paths::room(inviting.room), back)
            }
            Self::Link(handed_out) => {
                let back = i18n::invitations::words(visit.language).to_invite;
                (paths::room_invite(handed_out.room), back)
            }
            Self::RoomSettings(settings) => {
                let back = i18n::rooms::words(visit.language).to_room;
                (paths::room(settings.id), back)
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
    let heading = (!matches!(page, Plain::Door(_) | Plain::Join(_)))
        .then(|| view! { <h1 class="plain-title">{title}</h1> }.into_any());
    let inside = match page {
        Plain::Account { account, administers } => {
            view! { <AccountPage account administers /> }.into_any()
        }
        Plain::Email(email, shared) => view! { <EmailPage email shared /> }.into_any(),
        Plain::Password(email) => view! { <PasswordPage email /> }.into_any(),
        Plain::SecondStep(step) => view! { <SecondStepPage step /> }.into_any(),
        Plain::Deletion => view! { <DeletionPage /> }.into_any(),
        Plain::Notices(notices, next) => view! { <NoticesPage notices next /> }.into_any(),
        Plain::Admin(admin) => view! { <AdminPage admin /> }.into_any(),
        Plain::People(directory) => view! { <PeoplePage directory /> }.into_any(),
        Plain::Person(card) => view! { <PersonPage card /> }.into_any(),
        Plain::Profiles(wardrobe) => view! { <ProfilesPage wardrobe /> }.into_any(),
        Plain::Profile(profile) => view! { <ProfilePage profile /> }.into_any(),
        Plain::Picture(sitter) => view! { <PicturePage sitter /> }.into_any(),
        Plain::Rooms(rooms) => view! { <RoomsPage rooms /> }.into_any(),
        Plain::Door(door) => view! { <DoorPage door /> }.into_any(),
        Plain::Invite(inviting) => view! { <InvitePage inviting /> }.into_any(),
        Plain::Link(handed_out) => view! { <LinkPage handed_out /> }.into_any(),
        Plain::Join(joining) => view! { <JoinPage joining /> }.into_any(),
        Plain::OtherUser(sent) => view! { <OtherUserPage sent /> }.into_any(),
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
