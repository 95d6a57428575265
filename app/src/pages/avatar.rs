//! The avatar of one of the user's profiles, or of a room: choosing a file and, with scripts, the part of it
//! that is shown.

use crate::{
    components::{Avatar, ErrorMessage, PlainForm, drawn_for},
    context::nonce,
    forms::{Form, FormState, UPLOAD_AVATAR},
    i18n,
    page_context::{PageContext, page_context},
    pages::profiles::ProfileFieldError,
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{ClearAvatar, ClearRoomAvatar},
};
use domain::{error, ids::AvatarId, profiles::Profile, rooms::RoomSettings};
use leptos::prelude::*;
use uuid::Uuid;

/// What the avatar belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AvatarOwner {
    Profile(Profile),
    Room(RoomSettings),
}

impl AvatarOwner {
    /// The path of the page to return to.
    fn path(&self) -> String {
        match self {
            Self::Profile(profile) => paths::profile(profile.id),
            Self::Room(room) => paths::room_settings(room.id),
        }
    }

    const fn avatar(&self) -> Option<AvatarId> {
        match self {
            Self::Profile(profile) => profile.avatar,
            Self::Room(room) => room.avatar,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Profile(profile) => profile.name.to_string(),
            Self::Room(room) => room.title.to_string(),
        }
    }

    /// The id that decides the colour without an avatar.
    fn color_seed(&self) -> Uuid {
        match self {
            Self::Profile(_) => {
                page_context().viewer.as_ref().map(|viewer| viewer.id.uuid()).unwrap_or_default()
            }
            Self::Room(room) => room.id.uuid(),
        }
    }

    /// The form that removes the avatar, and the field with the owner's id.
    fn clearing(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Profile(profile) => (ClearAvatar::NAME, "profile", profile.id.to_string()),
            Self::Room(room) => (ClearRoomAvatar::NAME, "room", room.id.to_string()),
        }
    }
}

/// Chooses or removes an avatar.
#[derive(Debug)]
pub struct AvatarPage(pub AvatarOwner);

impl ServerPage for AvatarPage {
    fn title(&self, context: &PageContext) -> String {
        let title = match self.0 {
            AvatarOwner::Profile(_) => i18n::profiles::words(context.language).avatar,
            AvatarOwner::Room(_) => i18n::rooms::words(context.language).avatar,
        };
        title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        let label = match self.0 {
            AvatarOwner::Profile(_) => i18n::profiles::words(context.language).edit_title,
            AvatarOwner::Room(_) => i18n::rooms::words(context.language).to_settings,
        };
        Layout::Titled(BackLink::new(self.0.path(), label))
    }

    fn view(&self) -> AnyView {
        page(&self.0).into_any()
    }
}

fn page(owner: &AvatarOwner) -> impl IntoView {
    let t = i18n::profiles::words(page_context().language);
    let (id, name, avatar) = (owner.color_seed(), owner.name(), owner.avatar());
    let is_room = matches!(owner, AvatarOwner::Room(_));
    let state = FormState::of(UPLOAD_AVATAR);
    let refused = state.error(error::Field::Avatar).is_some();
    let clear = avatar.is_some().then(|| {
        let (form, whose, id) = owner.clearing();
        view! {
            <PlainForm name=form class="page-form">
                <ErrorMessage />
                <input type="hidden" name=whose value=id />
                <button class="button button-quiet">{t.clear}</button>
            </PlainForm>
        }
        .into_any()
    });
    view! {
        <div class="card">
            <Avatar id name=name.clone() avatar room=is_room />
            <p class="card-note">{name}</p>
        </div>
        <form
            method="post"
            action=format!("?/{UPLOAD_AVATAR}")
            enctype="multipart/form-data"
            class="page-form picture-form"
            novalidate
        >
            {drawn_for()}
            <ErrorMessage form=UPLOAD_AVATAR />
            <div class="field" class:field-refused=refused>
                <label for="picture">{t.choose_file}</label>
                <input
                    id="picture"
                    name="picture"
                    type="file"
                    accept="image/png,image/jpeg,image/webp,image/gif"
                    aria-invalid=refused.then_some("true")
                    aria-describedby="picture-error picture-hint"
                />
                <p class="field-hint" id="picture-hint">
                    {t.file_hint} " " <span class="with-scripts">{t.or_drop}</span>
                </p>
                <ProfileFieldError form=UPLOAD_AVATAR field=error::Field::Avatar id="picture-error" />
            </div>
            <input type="hidden" name="crop" />
            // public/picture.js shows it once there is a picture to crop.
            <div class="cropper" hidden>
                <canvas width="512" height="512" tabindex="0" role="img" aria-label=t.crop></canvas>
                <label class="cropper-zoom">
                    {t.zoom} <input type="range" min="1" max="4" step="0.01" value="1" />
                </label>
            </div>
            <button class="button">{t.upload}</button>
        </form>
        {clear}
        <script type="module" src="/picture.js" nonce=nonce()></script>
    }
}
