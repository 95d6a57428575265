//! The user's menu: name, language, theme, sign out. All are plain forms, which work before any script has
//! loaded.

use crate::{
    components::{
        Avatar, Icon, PlainForm,
        html_key::{HtmlKey, Shows},
        list::redrawn,
    },
    context::{OnServer, written_element},
    forms::Form,
    i18n::{Language, words},
    live::live,
    page_context::{Theme, page_context},
    paths,
    server_fns::{SetLanguage, SetTheme, SignOut},
};
use domain::users::CurrentUser;
use leptos::prelude::*;

/// The menu behind the user's own name.
#[component]
pub fn Settings() -> impl IntoView {
    let context = page_context();
    context.viewer.as_ref().map(|viewer| {
        let theme = context.theme;
        let html_key = OnServer::new(|| HtmlKey {
            language: context.language,
            shows: Shows::Settings { viewer: viewer.clone(), theme },
        });
        written_element(html_key, move || menu(theme))
    })
}

fn menu(theme: Theme) -> AnyView {
    let t = words();
    let themes = [
        (Theme::System, t.theme_system),
        (Theme::Light, t.theme_light),
        (Theme::Dark, t.theme_dark),
    ];
    let me = live().viewer;
    view! {
            <details class="menu" name="menu">
                <summary class="current-user">
                    {redrawn(move || me.get().map_or_else(|| ().into_any(), display_name))}
                    <span class="current-user-icon">{Icon::Settings.draw()}</span>
                    <span class="visually-hidden">{t.settings}</span>
                </summary>
                <div class="menu-body">
                    <section>
                        <h2 class="menu-title">{t.language}</h2>
                        <LanguageSwitch />
                    </section>
                    <section>
                        <h2 class="menu-title">{t.theme}</h2>
                        <PlainForm name=SetTheme::NAME class="segments">
                            {themes
                                .map(|(each, label)| {
                                    view! {
                                        <button
                                            name="theme"
                                            value=each.code()
                                            aria-pressed=(each == theme).to_string()
                                        >
                                            {label}
                                        </button>
                                    }
                                    .into_any()
                                })
                                .collect_view()}
                        </PlainForm>
                    </section>
                    // Another document: the router is not used.
                    <nav class="menu-links">
                        <a href=paths::USERS rel="external" class="menu-link">{t.everybody}</a>
                        <a href=paths::PROFILES rel="external" class="menu-link">{t.profiles}</a>
                        <a href=paths::ACCOUNT rel="external" class="menu-link">{t.account}</a>
                    </nav>
                    <PlainForm name=SignOut::NAME class="sign-out">
                        <button class="button button-quiet">{t.sign_out}</button>
                    </PlainForm>
                </div>
            </details>
    }
    .into_any()
}

fn display_name(viewer: CurrentUser) -> AnyView {
    let CurrentUser { id, name, avatar } = viewer;
    let name = name.to_string();
    view! {
        <Avatar id=id.uuid() name=name.clone() avatar />
        <span class="current-user-name">{name}</span>
    }
    .into_any()
}

/// Korean or English, each by its own name.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let current = page_context().language;
    let languages = [(Language::Ko, "한국어"), (Language::En, "English")];
    view! {
        <PlainForm name=SetLanguage::NAME class="segments">
            {languages
                .map(|(language, name)| {
                    view! {
                        <button
                            name="language"
                            value=language.code()
                            lang=language.code()
                            aria-pressed=(language == current).to_string()
                        >
                            {name}
                        </button>
                    }
                    .into_any()
                })
                .collect_view()}
        </PlainForm>
    }
}
