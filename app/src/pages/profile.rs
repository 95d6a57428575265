//! One of the user's profiles: its name and avatar, and whether it is the default.

use crate::{
    components::{Avatar, ErrorMessage, Field, PlainForm},
    forms::Form,
    i18n,
    page_context::{PageContext, page_context},
    pages::profiles::ProfileFieldError,
    pages::server_page::{BackLink, Layout, ServerPage},
    paths,
    server_fns::{DeleteProfile, RenameProfile, SetDefaultProfile},
};
use domain::{error, profiles::Profile};
use leptos::prelude::*;

/// One of the user's own profiles.
#[derive(Debug)]
pub struct ProfilePage(pub Profile);

impl ServerPage for ProfilePage {
    fn title(&self, context: &PageContext) -> String {
        i18n::profiles::words(context.language).edit_title.to_owned()
    }

    fn layout(&self, context: &PageContext) -> Layout {
        Layout::Titled(BackLink::new(
            paths::PROFILES,
            i18n::profiles::words(context.language).title,
        ))
    }

    fn view(&self) -> AnyView {
        page(self.0.clone()).into_any()
    }
}

fn page(profile: Profile) -> impl IntoView {
    let t = i18n::profiles::words(page_context().language);
    let user = page_context().viewer.as_ref().map(|viewer| viewer.id.uuid()).unwrap_or_default();
    let id = profile.id.to_string();
    let name = profile.name.to_string();
    let avatar = paths::profile_avatar(profile.id);
    let to_avatar = if profile.avatar.is_some() { t.change_avatar } else { t.add_avatar };
    let others = (!profile.is_default).then(|| other_than_default(profile.clone()));
    view! {
        <div class="card">
            <Avatar id=user name=name.clone() avatar=profile.avatar />
            <a class="button button-second" href=avatar>{to_avatar}</a>
        </div>
        <PlainForm name=RenameProfile::NAME class="page-form">
            <ErrorMessage />
            <input type="hidden" name="profile" value=id />
            <Field
                field=error::Field::Name
                name="name"
                label=t.name
                initial=name
                autocomplete="nickname"
            />
            <button class="button">{t.save}</button>
        </PlainForm>
        {others}
    }
}

fn other_than_default(profile: Profile) -> AnyView {
    let t = i18n::profiles::words(page_context().language);
    let (id, same) = (profile.id.to_string(), profile.id.to_string());
    view! {
        <section class="page-section">
            <h2>{t.set_default_profile}</h2>
            <p class="page-hint">{t.make_default_hint}</p>
            <ErrorMessage form=SetDefaultProfile::NAME />
            <PlainForm name=SetDefaultProfile::NAME>
                <input type="hidden" name="profile" value=same />
                <button class="button button-second">{t.set_default_profile}</button>
            </PlainForm>
        </section>
        <section class="page-section">
            <h2>{t.delete}</h2>
            <p class="page-hint">{t.delete_hint}</p>
            <ErrorMessage form=DeleteProfile::NAME />
            <ProfileFieldError form=DeleteProfile::NAME field=error::Field::Profile />
            <PlainForm name=DeleteProfile::NAME>
                <input type="hidden" name="profile" value=id />
                <button class="button button-danger">{t.delete}</button>
            </PlainForm>
        </section>
    }
    .into_any()
}
