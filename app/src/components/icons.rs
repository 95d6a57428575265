//! The icons, drawn on a grid of 24.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy)]
pub enum Icon {
    Back,
    Send,
    Settings,
    Users,
    Clock,
    Down,
}

impl Icon {
    pub const fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Send => "M12 19V5M5.5 11.5L12 5l6.5 6.5",
            Self::Settings => "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5",
            Self::Users => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c0-3.3 2.9-5.5 6.5-5.5s6.5 2.2 6.5 5.5M16 4.4a3.5 3.5 0 0 1 0 6.4M18 14.4c2.1.8 3.5 2.6 3.5 5.1"
            }
            Self::Clock => "M12 7.5V12l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
            Self::Down => "M12 5v14M5.5 12.5L12 19l6.5-6.5",
        }
    }
}

impl Icon {
    /// The icon itself. It is decorative: its element needs a label.
    pub fn draw(self) -> impl IntoView {
        view! {
            <svg
                class="icon"
                viewBox="0 0 24 24"
                aria-hidden="true"
                focusable="false"
                inner_html=format!("<path d=\"{}\"></path>", self.path())
            ></svg>
        }
    }
}
