//! Somebody who lives here, and what an administrator can do about it.

use crate::{
    components::{Avatar, PlainForm, Problem},
    context::nonce,
    forms::{Form, FormState},
    i18n::{self, house::House, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::DoToPerson,
};
use domain::{
    house::{Deed, HouseRole, Housed},
    invitation_links::LinkToken,
    problem,
    text::Isolated,
};
use leptos::prelude::*;

/// What has a form of its own, in the order in which it is shown: the mild before the hard.
const FORM: &str = DoToPerson::NAME;

/// A user, and what an administrator can do about them.
#[derive(Debug)]
pub struct AdminUserPage(pub Housed);

impl ServerPage for AdminUserPage {
    fn title(&self, _: &PageContext) -> String {
        Isolated(self.0.resident.face.name.as_str()).to_string()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::ADMIN_PEOPLE,
            i18n::house::words(context.language).people,
        ))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(housed: Housed) -> impl IntoView {
    let t = i18n::house::words(page_context().language);
    let Housed { resident, devices, may } = housed;
    let (name, person) = (resident.face.name.to_string(), resident.face.person.to_string());
    let since = words().moment(&page_context().clock, resident.since, page_context().now);
    let state = FormState::of(FORM);
    let refused = state.fault(problem::Field::Administrator).map(|_| t.last_administrator);
    let notes = [
        resident.suspended.then_some(t.suspended),
        (resident.role == HouseRole::Administrator).then_some(t.administrator),
    ];
    let note = |note| view! { <span class="face-note">{note}</span> }.into_any();
    let deeds = may.into_iter().map(|deed| doing(t, deed, person.clone())).collect_view();
    view! {
        <div class="card">
            <Avatar
                id=resident.face.person.uuid()
                name=name.clone()
                picture=resident.face.picture
            />
            <h2 class="card-name">{name}</h2>
            <p class="card-note">{resident.email}</p>
            <p class="card-note">{(t.since)(&since)} " · " {(t.devices)(devices)}</p>
            <p>{notes.into_iter().flatten().map(note).collect_view()}</p>
        </div>
        <Problem form=FORM />
        {refused.map(|said| view! { <p class="field-error" role="alert">{said}</p> }.into_any())}
        {deeds}
    }
}

fn doing(t: &'static House, deed: Deed, person: String) -> AnyView {
    let (label, hint) = (t.deed)(deed);
    let voice = match deed {
        Deed::Suspended | Deed::Dismissed | Deed::EndedSecondStep => "button button-danger",
        _ => "button button-second",
    };
    view! {
        <section class="plain-section">
            <p class="plain-hint">{hint}</p>
            <PlainForm name=FORM>
                <input type="hidden" name="person" value=person />
                <input type="hidden" name="deed" value=deed.code() />
                <button class=voice>{label}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}

/// A link by which the user chooses a new password, to be handed to them.
#[derive(Debug)]
pub struct ResetLinkPage {
    pub user: Housed,
    pub token: LinkToken,
}

impl ServerPage for ResetLinkPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::house::words(context.language).reset_title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::admin_person(self.user.resident.face.person),
            i18n::house::words(context.language).people,
        ))
    }

    fn view(&self) -> AnyView {
        reset_link(&self.user, &self.token).into_any()
    }
}

fn reset_link(housed: &Housed, token: &LinkToken) -> impl IntoView {
    let t = i18n::house::words(page_context().language);
    let buttons = i18n::invitations::words(page_context().language);
    let name = housed.resident.face.name.to_string();
    let address = format!("{}{}", page_context().origin, paths::reset(token.as_str()));
    view! {
        <section class="handed-out">
            <p class="plain-hint">{(t.reset_hint)(Isolated(&name))}</p>
            <label class="field" for="link">
                <span class="visually-hidden">{t.reset_link}</span>
                <input id="link" class="handed-out-link" type="text" readonly value=address />
            </label>
            // public/share.js shows those that the browser can do.
            <div class="handed-out-ways">
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
