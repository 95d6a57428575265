//! What the account's page says.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

catalogue! {
    Account {
        title: Text,
        devices: Text,
        devices_hint: Text,
        unknown_browser: Text,
        this_device: Text,
        last_used: fn(&str) -> String,
        sign_out_there: Text,
        /// The same for a screen reader: which device.
        sign_out_of: fn(&str) -> String,
        sign_out_others: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Account {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Account = Account {
    title: "계정과 기기",
    devices: "로그인한 기기",
    devices_hint: "모르는 기기가 있으면 로그아웃하고 비밀번호를 바꿔 주세요. 24시간 동안 쓰지 않은 기기는 저절로 로그아웃돼요.",
    unknown_browser: "알 수 없는 브라우저",
    this_device: "지금 이 기기",
    last_used: |when| format!("마지막 사용 {when}"),
    sign_out_there: "로그아웃",
    sign_out_of: |device| format!("{device}에서 로그아웃"),
    sign_out_others: "다른 기기에서 모두 로그아웃",
};

static EN: Account = Account {
    title: "Account and devices",
    devices: "Where you are signed in",
    devices_hint: "If you do not know a device, sign out there and change your password. A device that is not used for 24 hours is signed out by itself.",
    unknown_browser: "Unknown browser",
    this_device: "This device",
    last_used: |when| format!("Last used {when}"),
    sign_out_there: "Sign out",
    sign_out_of: |device| format!("Sign out on {device}"),
    sign_out_others: "Sign out on all other devices",
};
