//! What the pages about others say: the list of everybody, and a person's card.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use domain::text::Isolated;

catalogue! {
    Users {
        title: Text,
        search: Text,
        search_hint: Text,
        find: Text,
        found: fn(usize) -> String,
        nobody: fn(Isolated<'_>) -> String,
        everybody: Text,
        pages: Text,
        page_of: fn(usize, usize) -> String,
        before: Text,
        after: Text,
        me: Text,
        /// The title of a card.
        card: fn(Isolated<'_>) -> String,
        /// Opens the room of these two.
        talk: Text,
        note_to_self: Text,
        own_profiles: Text,
        edit_profiles: Text,
        rooms_in_common: Text,
        no_rooms_in_common: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Users {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Users = Users {
    title: "사람들",
    search: "이름으로 찾기",
    search_hint: "이름이나 초성",
    find: "찾기",
    found: |count| format!("{count}명"),
    nobody: |query| format!("‘{query}’에 맞는 사람이 없어요."),
    everybody: "모두 보기",
    pages: "쪽",
    page_of: |page, pages| format!("{pages}쪽 가운데 {page}쪽"),
    before: "이전",
    after: "다음",
    me: "나",
    card: |name| format!("{name}님"),
    talk: "1:1 대화하기",
    note_to_self: "나에게 쓰기",
    own_profiles: "내 프로필",
    edit_profiles: "프로필 고치기",
    rooms_in_common: "함께 있는 방",
    no_rooms_in_common: "아직 함께 있는 방이 없어요.",
};

static EN: Users = Users {
    title: "People",
    search: "Find by name",
    search_hint: "Any part of a name",
    find: "Find",
    found: |count| if count == 1 { "1 person".into() } else { format!("{count} people") },
    nobody: |query| format!("Nobody is called “{query}”."),
    everybody: "Show everybody",
    pages: "Pages",
    page_of: |page, pages| format!("Page {page} of {pages}"),
    before: "Previous",
    after: "Next",
    me: "You",
    card: |name| name.to_string(),
    talk: "Talk one to one",
    note_to_self: "Write to yourself",
    own_profiles: "Your profiles",
    edit_profiles: "Edit profiles",
    rooms_in_common: "Rooms in common",
    no_rooms_in_common: "You are in no room together yet.",
};
