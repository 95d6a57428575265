//! The page of an invitation link: who invites into which room, and the form to join.

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
    admin::RegistrationMode, invitation_links::InvitePreview, policy::admin::may_sign_up,
    text::Isolated,
};
use leptos::prelude::*;

/// What a link is to the user who opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joining {
    Invited(InvitePreview),
    /// The link is no longer valid.
    Gone,
    /// It lets others in: a moderator of the room has to invite this user by name.
    Refused,
}

impl Joining {
    #[must_use]
    pub const fn invitation(&self) -> Option<&InvitePreview> {
        match self {
            Self::Invited(invitation) => Some(invitation),
            Self::Gone | Self::Refused => None,
        }
    }
}

fn title(invitation: Option<&InvitePreview>, language: Language) -> String {
    let t = i18n::invitations::words(language);
    match invitation {
        Some(invitation) => invite_sentence(t, invitation),
        None => t.gone_title.to_owned(),
    }
}

fn invite_sentence(t: &Invitations, invitation: &InvitePreview) -> String {
    let (by, room) = (invitation.by.as_str(), invitation.title.as_str());
    (t.asked)(Isolated(by), Isolated(room))
}

/// An invitation link, for a signed-out reader: signing up joins the room.
#[derive(Debug)]
pub struct InviteSignUpPage {
    /// None: the link is no longer valid.
    pub invitation: Option<InvitePreview>,
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

fn sign_up_page(invitation: Option<InvitePreview>, mode: RegistrationMode) -> AnyView {
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

fn signing_up(
    t: &'static Invitations,
    invitation: InvitePreview,
    mode: RegistrationMode,
) -> AnyView {
    let auth = i18n::auth::words(page_context().language);
    let next = Some(paths::join(invitation.token.as_str()));
    let token = invitation.token.as_str().to_owned();
    if !may_sign_up(mode, true) {
        let closed = i18n::admin::words(page_context().language).closed;
        return view! {
            {invite_offer(t, &invitation, false)}
            <p class="auth-closed" role="status">{closed}</p>
            <p class="auth-other">
                {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=auth.sign_in />
            </p>
        }
        .into_any();
    }
    view! {
        {invite_offer(t, &invitation, false)}
        <PlainForm name=SignUp::NAME class="auth-form">
            <ErrorMessage />
            <input type="hidden" name="invitation" value=token />
            <AccountFields name=NameField::Last />
            <button class="button">{t.sign_up_and_join}</button>
        </PlainForm>
        <p class="auth-other">
            {t.have_account} " " <AuthSwitchLink path=paths::SIGN_IN next label=auth.sign_in />
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
                {invite_offer(t, &invitation, true)}
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
        <div class="preview">
            {inside} <a class="quiet-link" href=paths::HOME>{words().to_home}</a>
        </div>
    }
}

/// The invitation, as the page's heading or below the heading of the auth layout.
fn invite_offer(t: &'static Invitations, invitation: &InvitePreview, is_first: bool) -> AnyView {
    let title = invitation.title.to_string();
    let sentence = invite_sentence(t, invitation);
    // Avatars are for signed-in users.
    let avatar = invitation.avatar.filter(|_| page_context().viewer.is_some());
    view! {
        <div class="notice">
            <Avatar id=invitation.room.uuid() name=title avatar room=true />
            {heading(sentence, is_first)}
            <p class="preview-about">{invitation.description.to_string()}</p>
            <p class="preview-hint">{(t.users_in)(invitation.members)}</p>
        </div>
    }
    .into_any()
}

fn heading(said: String, is_first: bool) -> AnyView {
    if is_first {
        view! { <h1 class="notice-title">{said}</h1> }.into_any()
    } else {
        view! { <h2 class="notice-title">{said}</h2> }.into_any()
    }
}

fn gone(t: &'static Invitations, why: &'static str, is_first: bool) -> AnyView {
    view! {
        <div class="notice" role="alert">
            {heading(t.gone_title.to_owned(), is_first)}
            <p class="preview-hint">{why}</p>
        </div>
    }
    .into_any()
}
