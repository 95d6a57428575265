//! A lattice door at dusk, with light behind its paper. Drawn by hand, coloured by style/gate.css.

use leptos::prelude::*;

#[component]
pub fn Lattice() -> impl IntoView {
    view! {
        <svg class="lattice" viewBox="0 0 480 640" aria-hidden="true" focusable="false">
            <defs>
                <radialGradient id="lamp" cx="50%" cy="62%" r="62%">
                    <stop offset="0" class="lamp-near" />
                    <stop offset="1" class="lamp-far" />
                </radialGradient>
            </defs>
            <path class="lattice-paper" fill="url(#lamp)" d="M24 24h432v592H24z" />
            <path
                class="lattice-shade"
                d="M150 474c0-30 22-46 48-46s48 16 48 46v22h-96zM198 424a22 22 0 1 0 0-44 22 22 0 0 0 0 44zM262 486c0-26 18-40 40-40s40 14 40 40v10h-80zM302 442a19 19 0 1 0 0-38 19 19 0 0 0 0 38zM128 496h236v8H128z"
            />
            <path
                class="lattice-fine"
                d="M62 24v592M100 24v592M138 24v592M176 24v592M304 24v592M342 24v592M380 24v592M418 24v592M24 72h216M24 96h216M24 120h216M240 72h216M240 96h216M240 120h216M24 296h432M24 320h432M24 344h432M24 536h432M24 560h432M24 584h432"
            />
            <path class="lattice-frame" d="M24 24h432v592H24zM240 24v592M214 24v592M266 24v592" />
            <path class="lattice-ring" d="M214 336a9 9 0 1 0 0 .1M266 336a9 9 0 1 0 0 .1" />
        </svg>
    }
}
