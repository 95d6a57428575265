//! An illustration: a lattice door at dusk, with light behind its paper, two people in conversation, and their
//! shoes on the stone in front. Coloured by style/lattice.css.

use leptos::prelude::*;

/// The drawing as text: it never changes, so a browser has nothing to hydrate in it. From the ground up: porch
/// and beam, the light on them, the paper with two shadows, the slats, the leaves, the rings, the stone and the
/// shoes.
const DRAWING: &str = r#"
    <defs>
        <radialGradient id="lamp" gradientUnits="userSpaceOnUse" cx="240" cy="330" r="290">
            <stop offset="0" class="lamp-near" />
            <stop offset=".5" class="lamp-mid" />
            <stop offset="1" class="lamp-far" />
        </radialGradient>
        <radialGradient id="spill" cy="0" gradientTransform="scale(1 2)">
            <stop offset="0" class="spill-near" />
            <stop offset="1" class="spill-far" />
        </radialGradient>
    </defs>
    <path class="lattice-ground" d="M-600 552h1680v400h-1680z" />
    <path class="lattice-floor" d="M-600 506h1680v32h-1680z" />
    <path class="lattice-deep" d="M-600 538h1680v14h-1680zM-600 64h1680v6h-1680z" />
    <path class="lattice-wood" d="M-600 40h1680v24h-1680zM46 70h24v436h-24zM410 70h24v436h-24z" />
    <path class="lattice-deep" d="M68 70h344v12h-344z" />
    <path class="lattice-spill" fill="url(#spill)" d="M-60 506h600v86h-600z" />
    <path fill="url(#lamp)" d="M68 82h344v424h-344z" />
    <path
        class="lattice-shade"
        d="M100 424c0-40 20-70 52-75-13-5-21-16-21-30a25 25 0 0 1 50 0c0 13-7 24-18 29 30 7 49 36 50 76zM272 424c2-36 18-62 44-70-10-6-17-15-17-27a23 23 0 0 1 41-14 9 9 0 1 1 5 15c0 12-6 20-15 26 27 8 44 34 46 70z"
    />
    <path
        class="lattice-fine"
        d="M94.8 94v330M109.6 94v330M124.4 94v330M139.2 94v330M154 94v330M168.8 94v330M183.6 94v330M198.4 94v330M213.2 94v330M80 112h148M80 124h148M80 136h148M80 148h148M80 236h148M80 248h148M80 260h148M80 272h148M80 284h148M80 372h148M80 384h148M80 396h148M80 408h148M266.8 94v330M281.6 94v330M296.4 94v330M311.2 94v330M326 94v330M340.8 94v330M355.6 94v330M370.4 94v330M385.2 94v330M252 112h148M252 124h148M252 136h148M252 148h148M252 236h148M252 248h148M252 260h148M252 272h148M252 284h148M252 372h148M252 384h148M252 396h148M252 408h148"
    />
    <path
        class="lattice-wood"
        fill-rule="evenodd"
        d="M68 82h172v424h-172zM80 94v330h148v-330zM80 436v58h148v-58zM240 82h172v424h-172zM252 94v330h148v-330zM252 436v58h148v-58z"
    />
    <path class="lattice-deep" d="M80 436h148v58h-148zM252 436h148v58h-148zM239 82h2v424h-2z" />
    <path class="lattice-ring" d="M230 324a7 7 0 1 1-.1 0M250 324a7 7 0 1 1-.1 0" />
    <path class="lattice-stone" d="M138 560q2-8 13-8h178q11 0 13 8l8 34h-220z" />
    <path class="lattice-shoe" d="M190 557c4 4 7 11 7 19 0 7-3 11-7 11s-7-4-7-11c0-8 3-15 7-19zM207 557c4 4 7 11 7 19 0 7-3 11-7 11s-7-4-7-11c0-8 3-15 7-19z" />
    <path class="lattice-shoe lattice-shoe-red" d="M273 557c4 4 7 11 7 19 0 7-3 11-7 11s-7-4-7-11c0-8 3-15 7-19zM290 557c4 4 7 11 7 19 0 7-3 11-7 11s-7-4-7-11c0-8 3-15 7-19z" />
    <path class="lattice-shoe-in" d="M190 567c3 0 4.5 5 4.5 9.5s-1.5 7.5-4.5 7.5-4.5-3-4.5-7.5 1.5-9.5 4.5-9.5zM207 567c3 0 4.5 5 4.5 9.5s-1.5 7.5-4.5 7.5-4.5-3-4.5-7.5 1.5-9.5 4.5-9.5zM273 567c3 0 4.5 5 4.5 9.5s-1.5 7.5-4.5 7.5-4.5-3-4.5-7.5 1.5-9.5 4.5-9.5zM290 567c3 0 4.5 5 4.5 9.5s-1.5 7.5-4.5 7.5-4.5-3-4.5-7.5 1.5-9.5 4.5-9.5z" />
"#;

#[component]
pub fn DoorIllustration() -> impl IntoView {
    view! {
        <svg
            class="lattice"
            viewBox="0 0 480 640"
            preserveAspectRatio="xMidYMid slice"
            aria-hidden="true"
            focusable="false"
            inner_html=DRAWING
        ></svg>
    }
}
