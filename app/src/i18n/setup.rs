//! What is said before there is an account.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

catalogue! {
    Setup {
        title: Text,
        hint: Text,
        make: Text,
        gone_title: Text,
        gone: Text,
        not_yet_title: Text,
        not_yet: Text,
        not_yet_hint: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Setup {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Setup = Setup {
    title: "첫 계정 만들기",
    hint: "이 사랑방의 첫 계정이에요. 이 계정이 관리자가 되고, 이 링크는 다시 쓸 수 없게 돼요.",
    make: "계정 만들기",
    gone_title: "쓸 수 없는 링크예요",
    gone: "이미 썼거나, 그 뒤에 새 링크가 나왔어요. 아직 계정이 없다면 서버에서 sarangbang setup-link를 실행해 새 링크를 받아 주세요.",
    not_yet_title: "아직 준비 중인 사랑방이에요",
    not_yet: "서버를 켠 곳에 첫 계정을 만드는 링크가 나와 있어요. 서버를 켠 분이라면 그 링크를 열어 주세요.",
    not_yet_hint: "링크를 찾을 수 없으면 서버에서 sarangbang setup-link를 실행해 새로 받을 수 있어요.",
};

static EN: Setup = Setup {
    title: "Make the first account",
    hint: "This is the first account here. It becomes the administrator’s, and this link cannot be used again.",
    make: "Make the account",
    gone_title: "This link has ended",
    gone: "It has been used, or a newer one has been made. If there is no account yet, run sarangbang setup-link on the server for a new one.",
    not_yet_title: "This sarangbang is not set up yet",
    not_yet: "The link for making the first account was printed where the server was started. If you started it, open that link.",
    not_yet_hint: "If you cannot find the link, run sarangbang setup-link on the server for a new one.",
};
