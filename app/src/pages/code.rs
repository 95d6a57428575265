//! The second step of a sign-in: a code.

use crate::{
    components::{Field, PlainForm, Problem},
    forms::FormState,
    i18n,
    pages::gate::{Gate, Next, OtherDoor, next_path},
    visit::visit,
};
use domain::problem;
use leptos::prelude::*;

#[component]
pub fn CodeForm(going_to: Option<String>) -> impl IntoView {
    let t = i18n::gate::words(visit().language);
    let state = FormState::of("enter_code");
    let next = next_path(state, going_to);
    let carried = next.clone();
    view! {
        <PlainForm name="enter_code" class="gate-form">
            <Problem state />
            <Next path=carried />
            <Field
                state
                field=problem::Field::Code
                name="code"
                label=t.code
                hint=t.code_hint
                autocomplete="one-time-code"
                said=i18n::second_step::words(visit().language).fault
            />
            <button class="button">{t.sign_in}</button>
        </PlainForm>
        <p class="gate-other">
            <OtherDoor gate=Gate::SignIn next label=t.from_the_beginning />
        </p>
    }
}
