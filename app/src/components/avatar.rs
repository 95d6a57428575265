//! The avatar of a user or a room: an image, or initials on a colour.

use domain::{avatars::Size, ids::AvatarId};
use leptos::prelude::*;

/// The number of colours; style/avatar.css has as many.
const COLOURS: u128 = 8;

#[component]
pub fn Avatar(
    /// The id of the user or room: it decides the colour.
    id: uuid::Uuid,
    name: String,
    #[prop(optional_no_strip)] avatar: Option<AvatarId>,
    /// A room's initials are the beginning of its title, a user's are the end of their name.
    #[prop(optional)]
    room: bool,
) -> impl IntoView {
    // The low end of an id is random in every kind of UUID; the high end may be a time.
    let colour = id.as_u128() % COLOURS;
    let class = format!("avatar avatar-{colour}");
    if let Some(avatar) = avatar {
        return view! { <span class=class aria-hidden="true" inner_html=summary(avatar)></span> }
            .into_any();
    }
    let short = if room { beginning(&name) } else { initials(&name) };
    // A user who has deleted their account has no name.
    let class = if short.is_empty() { format!("{class} avatar-unknown") } else { class };
    view! {
        <span class=class aria-hidden="true">
            {short}
        </span>
    }
    .into_any()
}

/// The small size, and the large one for screens of high resolution. It contains no text from users.
fn summary(avatar: AvatarId) -> String {
    let (small, large) = (Size::Small.side(), Size::Large.side());
    let at = format!("/pictures/{avatar}/");
    format!("<img src=\"{at}{small}\" srcset=\"{at}{large} 2x\" alt=\"\" loading=\"lazy\">")
}

fn beginning(title: &str) -> String {
    let letters: String = title.chars().filter(|c| is_letter(*c)).take(2).collect();
    if letters.is_empty() { first_sign(&signs(title)) } else { letters }
}

/// Without the table of all digits, which would only add to the WASM.
fn is_letter(c: char) -> bool {
    c.is_ascii_digit() || c.is_alphabetic()
}

fn signs(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The initials of a name: the last two syllables of a Korean one, which is the given name; the first letters
/// of the first and the last word of another; else the sign that it begins with. style/avatar.css makes
/// capitals: the tables for that would be a fiftieth of the WASM.
fn initials(name: &str) -> String {
    let letters = signs(name);
    if letters.iter().all(|c| matches!(c, '가'..='힣')) {
        return letters.iter().skip(letters.len().saturating_sub(2)).collect();
    }
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    match words.next() {
        Some(first) if is_letter(first) => {
            let last = words.next_back().filter(|last| is_letter(*last));
            [first].into_iter().chain(last).collect()
        }
        _ => first_sign(&letters),
    }
}

/// One emoji may be several characters: modifiers and joiners belong to it, and flags are pairs.
fn first_sign(letters: &[char]) -> String {
    let is_flag = |c: char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    let belongs =
        |c: char| matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}');
    let mut sign = String::new();
    let mut before = None;
    for (nth, c) in letters.iter().copied().enumerate() {
        let goes_on = belongs(c)
            || before == Some('\u{200D}')
            || (nth == 1 && is_flag(c) && before.is_some_and(is_flag));
        if nth > 0 && !goes_on {
            break;
        }
        sign.push(c);
        before = Some(c);
    }
    sign
}

#[cfg(test)]
mod tests {
    use super::{beginning, initials};

    #[test]
    fn rooms_are_called_by_their_beginning() {
        assert_eq!(beginning("공부방"), "공부");
        assert_eq!(beginning("2학년 3반"), "2학");
        assert_eq!(beginning("👍🏽 좋아"), "좋아");
        assert_eq!(beginning(" 👍🏽👍"), "👍🏽");
    }

    #[test]
    fn names_are_shortened_as_people_would() {
        for (name, shown) in [
            ("홍길동", "길동"),
            ("남궁민수", "민수"),
            ("김 민지", "민지"),
            ("준", "준"),
            ("Minji Kim", "MK"),
            ("Anna Maria Lee", "AL"),
            ("minji", "m"),
            ("공부방 2", "공2"),
            ("Kim (언니)", "K"),
            ("😀 smile", "😀"),
            ("👩‍👩‍👧 가족", "👩‍👩‍👧"),
            ("👍🏽👍", "👍🏽"),
            ("🇰🇷🇰🇷", "🇰🇷"),
            ("❤️!", "❤️"),
            ("...", "."),
            ("", ""),
        ] {
            assert_eq!(initials(name), shown);
        }
    }
}
