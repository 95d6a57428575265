//! What the pages say from which the instance is looked after.

use super::{
    Language, Named,
    catalogue::{Text, catalogue},
};
use domain::{
    admin::{AdminAction, RegistrationMode},
    text::Isolated,
};

catalogue! {
    Admin {
        title: Text,
        users: Text,
        rooms: Text,
        sign_up: Text,
        log: Text,
        sections: Text,

        search: Text,
        search_hint: Text,
        found: fn(usize) -> String,
        nobody: fn(Isolated<'_>) -> String,
        administrator: Text,
        suspended: Text,
        since: fn(&str) -> String,
        devices: fn(usize) -> String,
        /// What a button that does it says, and what follows.
        action: fn(AdminAction) -> (Text, Text),

        reset_title: Text,
        reset_hint: fn(Isolated<'_>) -> String,
        reset_link: Text,

        no_rooms: Text,
        open: Text,
        private: Text,
        /// Members, messages, when something was last said.
        room_state: fn(u64, u64, &str) -> String,

        sign_up_hint: Text,
        mode: fn(RegistrationMode) -> (Text, Text),
        save: Text,

        no_audit_entries: Text,
        /// Who did what to whom. Choosing who may sign up is done to no user.
        did: fn(AdminAction, Named<'_>, Named<'_>) -> String,

        choose_password: Text,
        new_password: Text,
        gone_title: Text,
        gone: Text,
        by_invitation: Text,
        closed: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Admin {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Admin = Admin {
    title: "집 관리",
    users: "사람들",
    rooms: "방",
    sign_up: "가입",
    log: "기록",
    sections: "집 관리",

    search: "이름이나 이메일로 찾기",
    search_hint: "이름, 초성, 이메일",
    found: |count| format!("{count}명"),
    nobody: |query| format!("‘{query}’에 맞는 사람이 없어요."),
    administrator: "관리자",
    suspended: "정지됨",
    since: |day| format!("{day} 가입"),
    devices: |count| format!("기기 {count}대에 로그인"),
    action: |action| match action {
        AdminAction::Suspend => (
            "정지하기",
            "모든 기기에서 바로 로그아웃되고, 풀 때까지 로그인할 수 없어요. 남긴 이야기는 그대로 있어요.",
        ),
        AdminAction::Unsuspend => ("정지 풀기", "다시 로그인할 수 있어요."),
        AdminAction::Promote => ("관리자로 만들기", "집을 함께 관리해요."),
        AdminAction::Demote => ("관리자에서 빼기", "더는 집을 관리하지 않아요."),
        AdminAction::SignOut => {
            ("모든 기기에서 로그아웃", "바로 로그아웃되고, 다시 로그인할 수 있어요.")
        }
        AdminAction::IssuePasswordReset => (
            "비밀번호 재설정 링크 만들기",
            "링크는 네 시간 동안 한 번만 쓸 수 있어요. 만들었다고 본인에게 알려요.",
        ),
        AdminAction::RemoveTwoFactor => (
            "2단계 로그인 끄기",
            "휴대전화도 복구 코드도 잃어버린 사람을 위한 거예요. 비밀번호만으로 로그인하게 되고, 껐다고 본인에게 알려요.",
        ),
        AdminAction::SetRegistration(_) => ("", ""),
    },

    reset_title: "비밀번호 재설정 링크",
    reset_hint: |name| {
        format!("지금만 보여요. {name}님에게 전해 주세요. 네 시간 동안 한 번 쓸 수 있어요.")
    },
    reset_link: "링크",

    no_rooms: "아직 방이 없어요.",
    open: "열린 방",
    private: "비공개 방",
    room_state: |members, messages, when| format!("{members}명 · 메시지 {messages}개 · {when}"),

    sign_up_hint: "누가 이 집에 새로 가입할 수 있는지 정해요.",
    mode: |mode| match mode {
        RegistrationMode::Open => ("누구나", "주소를 아는 사람은 누구나 가입해요."),
        RegistrationMode::Invitation => {
            ("초대받은 사람만", "방의 초대 링크를 받은 사람만 가입해요.")
        }
        RegistrationMode::Closed => ("닫기", "아무도 새로 가입할 수 없어요."),
    },
    save: "저장",

    no_audit_entries: "아직 기록이 없어요.",
    did: |action, by, target| {
        let (by, of) = (by.ko_subject(), target.ko_possessive());
        let target = target.ko_object();
        match action {
            AdminAction::Suspend => format!("{by} {target} 정지했습니다"),
            AdminAction::Unsuspend => format!("{by} {of} 정지를 풀었습니다"),
            AdminAction::Promote => format!("{by} {target} 관리자로 만들었습니다"),
            AdminAction::Demote => format!("{by} {target} 관리자에서 뺐습니다"),
            AdminAction::SignOut => format!("{by} {target} 모든 기기에서 로그아웃시켰습니다"),
            AdminAction::IssuePasswordReset => {
                format!("{by} {of} 비밀번호 재설정 링크를 만들었습니다")
            }
            AdminAction::RemoveTwoFactor => format!("{by} {of} 2단계 로그인을 껐습니다"),
            AdminAction::SetRegistration(RegistrationMode::Open) => {
                format!("{by} 누구나 가입할 수 있게 했습니다")
            }
            AdminAction::SetRegistration(RegistrationMode::Invitation) => {
                format!("{by} 초대받은 사람만 가입할 수 있게 했습니다")
            }
            AdminAction::SetRegistration(RegistrationMode::Closed) => {
                format!("{by} 가입을 닫았습니다")
            }
        }
    },

    choose_password: "새 비밀번호 정하기",
    new_password: "새 비밀번호",
    gone_title: "쓸 수 없는 링크예요",
    gone: "네 시간이 지났거나 이미 쓴 링크예요. 관리자에게 새 링크를 부탁해 주세요.",
    by_invitation: "초대 링크를 받은 사람만 가입할 수 있어요. 방에 있는 사람에게 링크를 부탁해 주세요.",
    closed: "지금은 새로 가입할 수 없어요.",
};

static EN: Admin = Admin {
    title: "The house",
    users: "People",
    rooms: "Rooms",
    sign_up: "Sign-up",
    log: "Log",
    sections: "Sections",

    search: "Find by name or e-mail",
    search_hint: "Name or e-mail",
    found: |count| if count == 1 { "1 person".into() } else { format!("{count} people") },
    nobody: |query| format!("Nobody matches “{query}”."),
    administrator: "Administrator",
    suspended: "Suspended",
    since: |day| format!("Here since {day}"),
    devices: |count| match count {
        1 => "Signed in on 1 device".into(),
        count => format!("Signed in on {count} devices"),
    },
    action: |action| match action {
        AdminAction::Suspend => (
            "Suspend",
            "They are signed out everywhere at once, and cannot sign in until you restore them. What they said stays.",
        ),
        AdminAction::Unsuspend => ("Restore", "They can sign in again."),
        AdminAction::Promote => ("Make an administrator", "They look after the house too."),
        AdminAction::Demote => ("Remove as administrator", "They no longer look after the house."),
        AdminAction::SignOut => ("Sign out everywhere", "At once; they can sign in again."),
        AdminAction::IssuePasswordReset => (
            "Make a password link",
            "It works once, for four hours. They are told that you made it.",
        ),
        AdminAction::RemoveTwoFactor => (
            "Turn off two-step sign-in",
            "For somebody who has lost both phone and recovery codes. Their password alone signs them in, and they are told that you turned it off.",
        ),
        AdminAction::SetRegistration(_) => ("", ""),
    },

    reset_title: "Password link",
    reset_hint: |name| {
        format!("It is shown only now: hand it to {name}. It works once, for four hours.")
    },
    reset_link: "Link",

    no_rooms: "There are no rooms yet.",
    open: "Open",
    private: "Private",
    room_state: |members, messages, when| {
        let members = if members == 1 { "1 person".into() } else { format!("{members} people") };
        let messages =
            if messages == 1 { "1 message".into() } else { format!("{messages} messages") };
        format!("{members} · {messages} · {when}")
    },

    sign_up_hint: "Who can become somebody in this house.",
    mode: |mode| match mode {
        RegistrationMode::Open => ("Everybody", "Whoever knows the address can sign up."),
        RegistrationMode::Invitation => {
            ("The invited", "Only whoever has an invitation link to a room.")
        }
        RegistrationMode::Closed => ("Nobody", "There are no new accounts."),
    },
    save: "Save",

    no_audit_entries: "Nothing has been done yet.",
    did: |action, by, target| {
        let (by, target) = (by.en_subject(), target.en_object());
        match action {
            AdminAction::Suspend => format!("{by} suspended {target}"),
            AdminAction::Unsuspend => format!("{by} restored {target}"),
            AdminAction::Promote => format!("{by} made {target} an administrator"),
            AdminAction::Demote => format!("{by} removed {target} as administrator"),
            AdminAction::SignOut => format!("{by} signed {target} out everywhere"),
            AdminAction::IssuePasswordReset => format!("{by} made a password link for {target}"),
            AdminAction::RemoveTwoFactor => {
                format!("{by} turned off the two-step sign-in of {target}")
            }
            AdminAction::SetRegistration(RegistrationMode::Open) => {
                format!("{by} opened sign-up to everybody")
            }
            AdminAction::SetRegistration(RegistrationMode::Invitation) => {
                format!("{by} opened sign-up to the invited only")
            }
            AdminAction::SetRegistration(RegistrationMode::Closed) => {
                format!("{by} closed sign-up")
            }
        }
    },

    choose_password: "Choose a new password",
    new_password: "New password",
    gone_title: "This link has ended",
    gone: "Four hours have passed, or it has been used. Ask an administrator for a new one.",
    by_invitation: "Only people with an invitation link can sign up. Ask somebody in a room for one.",
    closed: "There are no new accounts at the moment.",
};
