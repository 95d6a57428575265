//! An effect: code that runs again whenever something that it has read changes.

use leptos::prelude::Effect;

/// As [`Effect::new`], which is compiled into the WASM anew for every closure; this is not.
pub fn boxed_effect(run: impl FnMut() + 'static) {
    fn boxed(mut run: Box<dyn FnMut()>) {
        Effect::new(move |_| run());
    }
    boxed(Box::new(run));
}
