//! The round sign of a person or a room: initials on a colour of its own.

use leptos::prelude::*;

/// Colours to choose from; style/avatar.css has as many.
const COLOURS: u128 = 8;

#[component]
pub fn Avatar(
    /// Whose it is: decides the colour.
    id: uuid::Uuid,
    name: String,
    /// A room is called by the beginning of its title, a person by the end of their name.
    #[prop(optional)]
    room: bool,
) -> impl IntoView {
    // The low end of an id is random in every kind of UUID; the high end may be a time.
    let colour = id.as_u128() % COLOURS;
    view! {
        <span class=format!("avatar avatar-{colour}") aria-hidden="true">
            {if room { beginning(&name) } else { initials(&name) }}
        </span>
    }
}

fn beginning(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).take(2).collect()
}

/// What stands for a name: the last two syllables of a Korean one, which is how people are called;
/// of any other the first letters of its first two words. style/avatar.css makes them capitals: the
/// tables for that would be a fiftieth of the WASM.
fn initials(name: &str) -> String {
    let is_syllable = |c: &char| matches!(c, '가'..='힣');
    let syllables: Vec<char> = name.chars().filter(is_syllable).collect();
    let letters = name.chars().filter(|c| !c.is_whitespace()).count();
    if !syllables.is_empty() && syllables.len() == letters {
        return syllables.iter().skip(syllables.len().saturating_sub(2)).collect();
    }
    let first = |word: &str| word.chars().next();
    name.split_whitespace().take(2).filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::{beginning, initials};

    #[test]
    fn rooms_are_called_by_their_beginning() {
        assert_eq!(beginning("공부방"), "공부");
        assert_eq!(beginning("2학년 3반"), "2학");
        assert_eq!(beginning("👍"), "");
    }

    #[test]
    fn korean_names_are_called_by_their_last_two_syllables() {
        for (name, shown) in [
            ("홍길동", "길동"),
            ("남궁민수", "민수"),
            ("준", "준"),
            ("Minji Kim", "MK"),
            ("minji", "m"),
            ("공부방 2", "공2"),
            ("😀 smile", "😀s"),
            ("", ""),
        ] {
            assert_eq!(initials(name), shown);
        }
    }
}
