//! What a link shows to whoever opens it: who asks them where, and the way in.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, Language, invitations::Invitations, words},
    page_context::{PageContext, page_context},
    pages::{
        account_fields::{AccountFields, NameField},
        auth::AuthSwitchLink,
        server_page::{BackLink, Layout, ServerPage},
    },
    paths,
    server_fns::{JoinByLink, SignUp},
};
use domain::{
    admin::RegistrationMode, invitation_links::Invitation, policy::admin::may_sign_up,
    text::Isolated,
};
use leptos::prelude::*;

/// What a link is to a user who opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joining {
    Invited(Invitation),
    /// It lets nobody in any more.
    Gone,
    /// It lets others in: a moderator of the room has to invite this user by name.
    Refused,
}

impl Joining {
    #[must_use]
    pub const fn invitation(&self) -> Option<&Invitation> {
        match self {
            Self::Invited(invitation) => Some(invitation),
            Self::Gone | Self::Refused => None,
        }
    }
}

fn title(invitation: Option<&Invitation>, language: Language) -> String {
    let t = i18n::invitations::words(language);
    match invitation {
        Some(invitation) => asking(t, invitation),
        None => t.gone_title.to_owned(),
    }
}

fn asking(t: &Invitations, invitation: &Invitation) -> String {
    let (by, room) = (invitation.by.as_str(), invitation.title.as_str());
    (t.asked)(Isolated(by), Isolated(room))
}

/// An invitation link, for a stranger: signing up is joining.
#[derive(Debug)]
pub struct InviteSignUpPage {
    /// None: the link lets no one in any more.
    pub invitation: Option<Invitation>,
    pub mode: RegistrationMode,
}

impl ServerPage for InviteSignUpPage {
    fn title(&self, context: &PageContext) -> String {
        title(self.invitation.as_ref(), context.language)
    }

    fn layout(&self, _: &PageContext) -> Layout {
        Layout::Auth
    }

    fn view(&self) -> AnyView {
        sign_up_page(self.invitation.clone(), self.mode)
    }
}

fn sign_up_page(invitation: Option<Invitation>, mode: RegistrationMode) -> AnyView {
    let t = i18n::invitations::words(page_context().language);
    match invitation {
        Some(invitation) => signing_up(t, invitation, mode),
        None => view! {
            {gone(t, t.gone, false)}
            <a class="quiet-link" href=paths::SIGN_IN>{sign_in()}</a>
        }
        .into_any(),
    }
}

fn sign_in() -> &'static str {
    i18n::auth::words(page_context().language).sign_in
}

fn signing_up(t: &'static Invitations, invitation: Invitation, mode: RegistrationMode) -> AnyView {
    let gate = i18n::auth::words(page_context().language);
    let next = Some(paths::join(invitation.token.as_str()));
    let token = invitation.token.as_str().to_owned();
    if !may_sign_up(mode, true) {
        let closed = i18n::admin::words(page_context().language).closed;
        return view! {
            {asked(t, &invitation, false)}
            <p class="auth-closed" role="status">{closed}</p>
            <p class="auth-other">
                {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=gate.sign_in />
            </p>
        }
        .into_any();
    }
    view! {
        {asked(t, &invitation, false)}
        <PlainForm name=SignUp::NAME class="auth-form">
            <ErrorMessage />
            <input type="hidden" name="invitation" value=token />
            <AccountFields name=NameField::Last />
            <button class="button">{t.sign_up_and_join}</button>
        </PlainForm>
        <p class="auth-other">
            {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=gate.sign_in />
        </p>
    }
    .into_any()
}

/// An invitation link, for a user.
#[derive(Debug)]
pub struct JoinPage(pub Joining);

impl ServerPage for JoinPage {
    fn title(&self, context: &PageContext) -> String {
        title(self.0.invitation(), context.language)
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Untitled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        join_page(self.0.clone()).into_any()
    }
}

fn join_page(joining: Joining) -> impl IntoView {
    let t = i18n::invitations::words(page_context().language);
    let inside = match joining {
        Joining::Invited(invitation) => {
            let token = invitation.token.as_str().to_owned();
            view! {
                {asked(t, &invitation, true)}
                <PlainForm name=JoinByLink::NAME>
                    <ErrorMessage />
                    <input type="hidden" name="invitation" value=token />
                    <button class="button">{t.join}</button>
                </PlainForm>
            }
            .into_any()
        }
        Joining::Gone => gone(t, t.gone, true),
        Joining::Refused => gone(t, t.by_name_only, true),
    };
    view! {
        <div class="door">
            {inside} <a class="quiet-link" href=paths::HOME>{words().to_home}</a>
        </div>
    }
}

/// The first thing on the page, or below whose instance it is.
fn asked(t: &'static Invitations, invitation: &Invitation, is_first: bool) -> AnyView {
    let title = invitation.title.to_string();
    let asked = asking(t, invitation);
    // Pictures are for people who are signed in.
    let avatar = invitation.avatar.filter(|_| page_context().viewer.is_some());
    view! {
        <div class="asked">
            <Avatar id=invitation.room.uuid() name=title avatar room=true />
            {heading(asked, is_first)}
            <p class="door-about">{invitation.description.to_string()}</p>
            <p class="door-hint">{(t.users_in)(invitation.members)}</p>
        </div>
    }
    .into_any()
}

fn heading(said: String, is_first: bool) -> AnyView {
    if is_first {
        view! { <h1 class="asked-title">{said}</h1> }.into_any()
    } else {
        view! { <h2 class="asked-title">{said}</h2> }.into_any()
    }
}

fn gone(t: &'static Invitations, why: &'static str, is_first: bool) -> AnyView {
    view! {
        <div class="asked" role="alert">
            {heading(t.gone_title.to_owned(), is_first)}
            <p class="door-hint">{why}</p>
        </div>
    }
    .into_any()
}
