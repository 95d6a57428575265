//! A user, and what an administrator can do about them.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm},
    context::nonce,
    forms::{Form, FormState},
    i18n::{self, admin::Admin, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::RunAdminAction,
};
use domain::{
    admin::{AdminAction, AdminUserDetail, InstanceRole},
    error,
    invitation_links::SecretToken,
    text::Isolated,
};
use leptos::prelude::*;

/// The actions with a form, in the order in which they are shown: from mild to severe.
const FORM: &str = RunAdminAction::NAME;

/// A user, and what an administrator can do about them.
#[derive(Debug)]
pub struct AdminUserPage(pub AdminUserDetail);

impl ServerPage for AdminUserPage {
    fn title(&self, _: &PageContext) -> String {
        Isolated(self.0.admin_user.summary.name.as_str()).to_string()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::ADMIN_USERS,
            i18n::admin::words(context.language).users,
        ))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(admin_user_detail: AdminUserDetail) -> impl IntoView {
    let t = i18n::admin::words(page_context().language);
    let AdminUserDetail { admin_user, devices, may } = admin_user_detail;
    let (name, user) = (admin_user.summary.name.to_string(), admin_user.summary.user.to_string());
    let since = words().moment(&page_context().clock, admin_user.since, page_context().now);
    let state = FormState::of(FORM);
    let refused = state.error(error::Field::Administrator);
    let notes = [
        admin_user.suspended.then_some(t.suspended),
        (admin_user.role == InstanceRole::Administrator).then_some(t.administrator),
    ];
    let note = |note| view! { <span class="avatar-row-note">{note}</span> }.into_any();
    let audit_log =
        may.into_iter().map(|action| action_form(t, action, user.clone())).collect_view();
    view! {
        <div class="card">
            <Avatar
                id=admin_user.summary.user.uuid()
                name=name.clone()
                avatar=admin_user.summary.avatar
            />
            <h2 class="card-name">{name}</h2>
            <p class="card-note">{admin_user.email}</p>
            <p class="card-note">{(t.since)(&since)} " · " {(t.devices)(devices)}</p>
            <p>{notes.into_iter().flatten().map(note).collect_view()}</p>
        </div>
        <ErrorMessage form=FORM />
        {refused.map(|said| view! { <p class="field-error" role="alert">{said}</p> }.into_any())}
        {audit_log}
    }
}

fn action_form(t: &'static Admin, action: AdminAction, user: String) -> AnyView {
    let (label, hint) = (t.action)(action);
    let button_class = match action {
        AdminAction::Suspend | AdminAction::Demote | AdminAction::RemoveTwoFactor => {
            "button button-danger"
        }
        _ => "button button-second",
    };
    view! {
        <section class="page-section">
            <p class="page-hint">{hint}</p>
            <PlainForm name=FORM>
                <input type="hidden" name="user" value=user />
                <input type="hidden" name="action" value=action.code() />
                <button class=button_class>{label}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}

/// A link for a new password, to be passed to the user.
#[derive(Debug)]
pub struct ResetLinkPage {
    pub user: AdminUserDetail,
    pub token: SecretToken,
}

impl ServerPage for ResetLinkPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::admin::words(context.language).reset_title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::admin_user(self.user.admin_user.summary.user),
            i18n::admin::words(context.language).users,
        ))
    }

    fn view(&self) -> AnyView {
        reset_link(&self.user, &self.token).into_any()
    }
}

fn reset_link(admin_user_detail: &AdminUserDetail, token: &SecretToken) -> impl IntoView {
    let t = i18n::admin::words(page_context().language);
    let buttons = i18n::invitations::words(page_context().language);
    let name = admin_user_detail.admin_user.summary.name.to_string();
    let address = format!("{}{}", page_context().origin, paths::reset(token.as_str()));
    view! {
        <section class="issued-link">
            <p class="page-hint">{(t.reset_hint)(Isolated(&name))}</p>
            <label class="field" for="link">
                <span class="visually-hidden">{t.reset_link}</span>
                <input id="link" class="issued-link-address" type="text" readonly value=address />
            </label>
            // public/share.js shows the buttons that the browser supports.
            <div class="issued-link-actions">
                <button type="button" class="button" id="copy" data-done=words().copied hidden>
                    {buttons.copy}
                </button>
                <button type="button" class="button button-second" id="share" hidden>
                    {buttons.share}
                </button>
            </div>
        </section>
        <script type="module" src="/share.js" nonce=nonce()></script>
    }
}
