//! Becoming a person of this house.

use crate::{
    components::{Field, PlainForm, Problem},
    forms::FormState,
    i18n::words,
    pages::sign_in::{Gate, Next, OtherDoor},
};
use domain::problem;
use leptos::prelude::*;

#[component]
pub fn SignUpPage() -> impl IntoView {
    let t = words();
    let state = FormState::plain("sign_up");
    view! {
        <Gate title=t.sign_up>
            <PlainForm name="sign_up" class="gate-form">
                <Problem state />
                <Next state />
                <Field
                    state
                    field=problem::Field::Name
                    name="name"
                    label=t.name
                    hint=t.name_hint
                    autocomplete="nickname"
                />
                <Field
                    state
                    field=problem::Field::Email
                    name="email"
                    label=t.email
                    kind="email"
                    autocomplete="username"
                    inputmode="email"
                />
                <Field
                    state
                    field=problem::Field::Password
                    name="password"
                    label=t.password
                    kind="password"
                    hint=t.password_hint
                    autocomplete="new-password"
                />
                <button class="button">{t.sign_up}</button>
            </PlainForm>
            <p class="gate-other">
                {t.have_account} " " <OtherDoor state path="/sign-in" label=t.sign_in />
            </p>
        </Gate>
    }
}
