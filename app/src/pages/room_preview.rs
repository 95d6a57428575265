//! The preview of a room, with a button to join.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm},
    forms::Form,
    i18n::{self, words},
    page_context::{PageContext, page_context},
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{DeclineInvitation, JoinRoom},
};
use domain::{rooms::RoomPreview, text::Isolated};
use leptos::prelude::*;

/// A room, for a user who is not a member.
#[derive(Debug)]
pub struct RoomPreviewPage(pub RoomPreview);

impl ServerPage for RoomPreviewPage {
    fn title(&self, _: &PageContext) -> String {
        Isolated(self.0.title.as_str()).to_string()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Untitled(BackLink::home(context))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(preview: RoomPreview) -> impl IntoView {
    let t = i18n::rooms::words(page_context().language);
    let title = preview.title.to_string();
    let description = preview.description.to_string();
    let invited = preview.invited_by.as_ref().map(|by| {
        let said = (words().invited_by)(Isolated(by.as_str()));
        view! { <p class="preview-invited">{said}</p> }.into_any()
    });
    let decline = preview.invited_by.is_some().then(|| {
        view! {
            <PlainForm name=DeclineInvitation::NAME>
                <ErrorMessage />
                <input type="hidden" name="room" value=preview.id.to_string() />
                <button class="button button-quiet">{t.decline}</button>
            </PlainForm>
        }
        .into_any()
    });
    view! {
        <div class="preview">
            <Avatar id=preview.id.uuid() name=title.clone() avatar=preview.avatar room=true />
            <h1 class="preview-title">{title}</h1>
            <p class="preview-id">{preview.id.short()}</p>
            {invited}
            <p class="preview-about">{description}</p>
            <p class="preview-hint">{(t.preview_hint)(preview.members)}</p>
            <PlainForm name=JoinRoom::NAME>
                <ErrorMessage />
                <input type="hidden" name="room" value=preview.id.to_string() />
                <button class="button">{t.enter_this}</button>
            </PlainForm>
            {decline}
            <a class="quiet-link" href=paths::HOME>{words().to_home}</a>
        </div>
    }
}
