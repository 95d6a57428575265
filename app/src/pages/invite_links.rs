//! Invitation links: made, listed, revoked; and the page that shows a new one, once.

use crate::{
    components::{ErrorMessage, PlainForm, Qr, client_id, hidden},
    context::nonce,
    forms::Form,
    i18n::{self, invitations::Invitations, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{CreateInviteLink, RevokeLink},
};
use domain::{
    clock::Millis,
    invitation_links::{ExpiresAfter, InvitationLink, IssuedInviteLink, MaxUses, SecretToken},
    text::Isolated,
};
use leptos::prelude::*;

/// Makes links, and lists the valid ones.
#[component]
pub fn InviteLinks(room: String, links: Vec<InvitationLink>, fresh: SecretToken) -> impl IntoView {
    let t = i18n::invitations::words(page_context().language);
    let lifetimes = ExpiresAfter::ALL.map(|each| {
        let chosen = each == ExpiresAfter::default();
        view! { <option value=each.code() selected=chosen>{(t.days)(each.code())}</option> }
            .into_any()
    });
    let uses = MaxUses::ALL.map(|each| {
        let chosen = each == MaxUses::default();
        let label = match each {
            MaxUses::Any => t.any_times.to_owned(),
            _ => (t.times)(each.code()),
        };
        view! { <option value=each.code() selected=chosen>{label}</option> }.into_any()
    });
    let listed = listed(t, &room, links);
    view! {
        <section class="page-section">
            <h2>{t.links}</h2>
            <p class="page-hint">{t.links_hint}</p>
            <ErrorMessage form=CreateInviteLink::NAME />
            <PlainForm name=CreateInviteLink::NAME class="making-link">
                {client_id()}
                {hidden("token", Some(fresh.as_str().to_owned()))}
                <input type="hidden" name="room" value=room />
                <label for="lifetime">{t.lifetime}</label>
                <select id="lifetime" name="lifetime">{lifetimes.collect_view()}</select>
                <label for="uses">{t.uses}</label>
                <select id="uses" name="uses">{uses.collect_view()}</select>
                <button class="button button-second">{t.create_invite_link}</button>
            </PlainForm>
        </section>
        {listed}
    }
}

fn listed(t: &'static Invitations, room: &str, links: Vec<InvitationLink>) -> Option<AnyView> {
    let row = |link: InvitationLink| {
        let until = day(link.expires_at);
        let label = (t.revoke_of)(Isolated(link.by.as_str()), &until);
        let id = room.to_owned();
        view! {
            <li class="entry">
                <span class="entry-text">
                    <span class="entry-name">{(t.made_by)(Isolated(link.by.as_str()))}</span>
                    <span class="entry-second">
                        {(t.link_state)(&until, link.uses, link.max_uses)}
                    </span>
                </span>
                <PlainForm name=RevokeLink::NAME>
                    <input type="hidden" name="room" value=id />
                    <input type="hidden" name="link" value=link.id.to_string() />
                    <button class="button button-quiet" aria-label=label>
                        {t.revoke}
                    </button>
                </PlainForm>
            </li>
        }
        .into_any()
    };
    (!links.is_empty()).then(|| {
        view! {
            <section class="page-section">
                <h2>{t.open_links}</h2>
                <p class="page-hint">{t.open_links_hint}</p>
                <ErrorMessage form=RevokeLink::NAME />
                <ul class="entries">{links.into_iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// When a link ends: the day, or on its last day the time.
fn day(at: Millis) -> String {
    words().moment(&page_context().clock, at, page_context().now)
}

/// An invitation link that was made, to be passed on.
#[derive(Debug)]
pub struct InviteLinkPage(pub IssuedInviteLink);

impl ServerPage for InviteLinkPage {
    fn title(&self, context: &PageContext) -> String {
        i18n::invitations::words(context.language).link_title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::room_invite(self.0.room),
            i18n::invitations::words(context.language).to_invite,
        ))
    }

    fn view(&self) -> AnyView {
        link_page(self.0.clone()).into_any()
    }
}

fn link_page(issued: IssuedInviteLink) -> impl IntoView {
    let t = i18n::invitations::words(page_context().language);
    let IssuedInviteLink { title, token, link, .. } = issued;
    let address = format!("{}{}", page_context().origin, paths::join(token.as_str()));
    let state = (t.link_state)(&day(link.expires_at), link.uses, link.max_uses);
    let share_text = (t.share_text)(Isolated(title.as_str()));
    view! {
        <section class="issued-link">
            <p class="page-hint">{t.link_hint}</p>
            <div class="issued-link-qr">
                <Qr text=address.clone() label=t.qr />
            </div>
            <label class="field" for="link">
                <span class="visually-hidden">{t.link}</span>
                <input id="link" class="issued-link-address" type="text" readonly value=address />
            </label>
            <p class="page-hint">{state}</p>
            // public/share.js shows the buttons that the browser supports.
            <div class="issued-link-actions">
                <button type="button" class="button" id="copy" data-done=words().copied hidden>
                    {t.copy}
                </button>
                <button
                    type="button"
                    class="button button-second"
                    id="share"
                    data-text=share_text
                    hidden
                >
                    {t.share}
                </button>
            </div>
        </section>
        <script type="module" src="/share.js" nonce=nonce()></script>
    }
}
