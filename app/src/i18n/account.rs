//! What the pages of one's own account say.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

catalogue! {
    Account {
        title: Text,
        name: Text,
        email: Text,
        password: Text,
        two_factor: Text,
        on: Text,
        off: Text,
        change: Text,
        manage: Text,
        look: Text,
        /// The same for a screen reader: what is changed, or managed.
        change_of: fn(&str, &str) -> String,
        data: Text,
        data_hint: Text,
        download: Text,
        delete: Text,
        delete_hint: Text,
        to_delete: Text,

        change_email: Text,
        change_email_hint: Text,
        /// Why the user is asked to.
        email_is_shared: Text,
        new_email: Text,
        change_password: Text,
        change_password_hint: Text,
        present_password: Text,
        new_password: Text,
        new_password_hint: Text,
        save: Text,

        /// What goes and what stays, one a line.
        deleted: [Text; 5],
        cannot_be_undone: Text,
        delete_for_ever: Text,
        cancel: Text,

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
    name: "이름",
    email: "이메일",
    password: "비밀번호",
    two_factor: "2단계 로그인",
    on: "켜져 있어요",
    off: "꺼져 있어요",
    change: "바꾸기",
    manage: "관리",
    look: "보기",
    change_of: |what, verb| format!("{what} {verb}"),
    data: "내 데이터",
    data_hint: "프로필, 들어간 방, 내가 쓴 모든 메시지를 JSON 파일 하나로 받아요.",
    download: "내려받기",
    delete: "계정 삭제",
    delete_hint: "이름과 사진, 이메일이 지워지고 되돌릴 수 없어요.",
    to_delete: "계정을 삭제할래요",

    change_email: "이메일 바꾸기",
    change_email_hint: "다음에 로그인할 때부터 새 이메일을 써요.",
    email_is_shared: "먼저 만든 다른 계정이 같은 이메일을 쓰고 있어요. 지금은 가입할 때 쓴 표기 그대로만 로그인할 수 있으니, 다른 이메일로 바꿔 주세요.",
    new_email: "새 이메일",
    change_password: "비밀번호 바꾸기",
    change_password_hint: "바꾸고 나면 다른 기기에서는 모두 로그아웃돼요.",
    present_password: "지금 비밀번호",
    new_password: "새 비밀번호",
    new_password_hint: "8자 이상. 좋아하는 문장이면 더 좋아요.",
    save: "저장",

    deleted: [
        "이름, 사진, 이메일, 비밀번호가 지워지고, 사람들 목록에서 사라져요.",
        "모든 기기에서 바로 로그아웃되고, 들어가 있던 방에서 나가요.",
        "내가 쓴 메시지는 남지만, 쓴 사람은 ‘떠난 멤버’로 보여요.",
        "혼자 방장이던 방은 가장 오래된 부방장이나 멤버가 이어받고, 나만 있던 방은 닫혀요.",
        "지우기 전에 내 데이터를 내려받아 두세요. 지운 계정은 되살릴 수 없어요.",
    ],
    cannot_be_undone: "되돌릴 수 없다는 것을 알아요.",
    delete_for_ever: "계정 영원히 삭제하기",
    cancel: "그만두기",

    devices: "로그인한 기기",
    devices_hint: "모르는 기기가 있으면 로그아웃하고 비밀번호를 바꿔 주세요. 24시간 동안 쓰지 않았거나 로그인한 지 1년이 지난 기기는 저절로 로그아웃돼요.",
    unknown_browser: "알 수 없는 브라우저",
    this_device: "지금 이 기기",
    last_used: |when| format!("마지막 사용 {when}"),
    sign_out_there: "로그아웃",
    sign_out_of: |device| format!("{device}에서 로그아웃"),
    sign_out_others: "다른 기기에서 모두 로그아웃",
};

static EN: Account = Account {
    title: "Account and devices",
    name: "Name",
    email: "E-mail",
    password: "Password",
    two_factor: "Two-step sign-in",
    on: "On",
    off: "Off",
    change: "Change",
    manage: "Manage",
    look: "See",
    change_of: |what, verb| format!("{verb}: {what}"),
    data: "Your data",
    data_hint: "Your profiles, your rooms and every message that you wrote, as one JSON file.",
    download: "Download",
    delete: "Delete your account",
    delete_hint: "Your name, pictures and e-mail address are erased. This cannot be undone.",
    to_delete: "Delete my account",

    change_email: "Change your e-mail",
    change_email_hint: "You sign in with the new address from the next time on.",
    email_is_shared: "An older account has the same address. You can sign in only with the spelling that you signed up with, so please change your address to another.",
    new_email: "New e-mail",
    change_password: "Change your password",
    change_password_hint: "You will be signed out on all your other devices.",
    present_password: "Present password",
    new_password: "New password",
    new_password_hint: "At least 8 characters. A sentence you like is better still.",
    save: "Save",

    deleted: [
        "Your name, pictures, e-mail address and password are erased, and you are no longer in the list of people.",
        "You are signed out everywhere at once, and leave every room.",
        "What you wrote stays, and is shown as written by “Former member”.",
        "A room that only you own goes to its longest-standing moderator or member. One in which you are alone is closed.",
        "Download your data first if you want to keep it. A deleted account cannot be brought back.",
    ],
    cannot_be_undone: "I know that this cannot be undone.",
    delete_for_ever: "Delete my account for ever",
    cancel: "Keep it",

    devices: "Where you are signed in",
    devices_hint: "If you do not know a device, sign out there and change your password. A device is signed out by itself when it is not used for 24 hours, and a year after its sign-in.",
    unknown_browser: "Unknown browser",
    this_device: "This device",
    last_used: |when| format!("Last used {when}"),
    sign_out_there: "Sign out",
    sign_out_of: |device| format!("Sign out on {device}"),
    sign_out_others: "Sign out on all other devices",
};
