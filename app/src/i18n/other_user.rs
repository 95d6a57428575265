//! What is said when a form was drawn for one user and sent in the session of another.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use domain::text::Isolated;

catalogue! {
    OtherUser {
        title: Text,
        /// Says as whom one is signed in.
        hint: fn(Isolated<'_>) -> String,
        kept: Text,
        /// What each field that was typed into is called, by its name in the form.
        label: fn(&str) -> Text,
        send_as: fn(Isolated<'_>) -> String,
        open_page: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static OtherUser {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: OtherUser = OtherUser {
    title: "다른 계정으로 열었던 화면이에요",
    hint: |name| {
        format!(
            "이 화면을 연 뒤에 이 브라우저의 계정이 바뀌었어요. 지금은 {name}님으로 로그인해 있어서, 아무것도 보내거나 바꾸지 않았어요."
        )
    },
    kept: "쓰던 내용은 그대로 있어요.",
    label: |field| match field {
        "text" => "메시지",
        "title" => "방 이름",
        "description" => "소개",
        "email" => "이메일",
        _ => "이름",
    },
    send_as: |name| format!("{name}님으로 보내기"),
    open_page: "지금 계정으로 이 화면 열기",
};

static EN: OtherUser = OtherUser {
    title: "This page was opened with another account",
    hint: |name| {
        format!(
            "After you opened it, another account signed in in this browser. You are {name} now, so nothing was sent and nothing was changed."
        )
    },
    kept: "What you wrote is still here.",
    label: |field| match field {
        "text" => "Message",
        "title" => "Name of the room",
        "description" => "Description",
        "email" => "E-mail",
        _ => "Name",
    },
    send_as: |name| format!("Send as {name}"),
    open_page: "Open the page with this account",
};
