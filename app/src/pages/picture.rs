//! The picture of one of one's own profiles: choosing a file, and with scripts the part of it that is shown.

use crate::{
    components::{Avatar, PlainForm, Problem},
    context::nonce,
    forms::FormState,
    i18n,
    pages::profiles::Refused,
    visit::visit,
};
use domain::{problem, profiles::Profile};
use leptos::prelude::*;

#[component]
pub fn PicturePage(profile: Profile) -> impl IntoView {
    let t = i18n::profiles::words(visit().language);
    let person = visit().viewer.as_ref().map(|viewer| viewer.id.uuid()).unwrap_or_default();
    let id = profile.id.to_string();
    let state = FormState::of("set_picture");
    let refused = state.fault(problem::Field::Picture).is_some();
    let clear = profile.picture.is_some().then(|| {
        view! {
            <PlainForm name="clear_picture" class="plain-form">
                <Problem state=FormState::of("clear_picture") />
                <input type="hidden" name="profile" value=id />
                <button class="button button-quiet">{t.clear}</button>
            </PlainForm>
        }
        .into_any()
    });
    view! {
        <div class="card">
            <Avatar id=person name=profile.name.to_string() picture=profile.picture />
            <p class="card-note">{profile.name.to_string()}</p>
        </div>
        <form
            method="post"
            action="?/set_picture"
            enctype="multipart/form-data"
            class="plain-form picture-form"
            novalidate
        >
            <Problem state />
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
                <Refused state field=problem::Field::Picture id="picture-error" />
            </div>
            <input type="hidden" name="crop" />
            // public/picture.js shows it once there is a picture to cut.
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
