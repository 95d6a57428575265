//! What the pages say that ask others in, and what those see who open a link.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use domain::text::Isolated;

catalogue! {
    Invitations {
        /// The title of the page: into which room.
        title: fn(Isolated<'_>) -> String,
        users: Text,
        users_hint: Text,
        search: Text,
        send: Text,
        everybody_is_in: Text,
        invited: Text,
        invited_hint: Text,
        by: fn(Isolated<'_>) -> String,
        withdraw: Text,
        /// The same for a screen reader: whose.
        withdraw_of: fn(Isolated<'_>) -> String,

        links: Text,
        links_hint: Text,
        lifetime: Text,
        /// How many days.
        days: fn(&str) -> String,
        uses: Text,
        /// How many people.
        times: fn(&str) -> String,
        any_times: Text,
        create_invite_link: Text,
        open_links: Text,
        open_links_hint: Text,
        /// By whom.
        made_by: fn(Isolated<'_>) -> String,
        /// Until when, how many came, how many may.
        link_state: fn(&str, u32, Option<u32>) -> String,
        revoke: Text,
        /// The same for a screen reader: whose, until when.
        revoke_of: fn(Isolated<'_>, &str) -> String,

        link_title: Text,
        link_hint: Text,
        link: Text,
        qr: Text,
        copy: Text,
        share: Text,
        /// What is shared with the link: into which room.
        share_text: fn(Isolated<'_>) -> String,
        to_invite: Text,

        /// Who asks whom where: name, title.
        asked: fn(Isolated<'_>, Isolated<'_>) -> String,
        users_in: fn(u64) -> String,
        join: Text,
        sign_up_and_join: Text,
        name: Text,
        name_hint: Text,
        have_account: Text,
        gone_title: Text,
        gone: Text,
        /// To a user whom the room has removed or banned.
        by_name_only: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Invitations {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Invitations = Invitations {
    title: |room| format!("{room}에 초대하기"),
    users: "여기 있는 사람 초대하기",
    users_hint: "고른 사람들의 방 목록에 초대가 바로 보여요.",
    search: "이름으로 찾기",
    send: "초대 보내기",
    everybody_is_in: "더 초대할 사람이 없어요. 새로운 사람은 아래 링크로 초대해 보세요.",
    invited: "답을 기다리는 초대",
    invited_hint: "아직 들어오지 않은 사람들이에요.",
    by: |name| format!("{name}님이 초대함"),
    withdraw: "초대 취소",
    withdraw_of: |name| format!("{name}님 초대 취소"),

    links: "링크로 초대하기",
    links_hint: "링크를 받은 사람은 계정이 없어도 가입하고 바로 이 방에 들어와요.",
    lifetime: "기한",
    days: |days| format!("{days}일"),
    uses: "인원",
    times: |count| format!("{count}명까지"),
    any_times: "제한 없이",
    create_invite_link: "링크 만들기",
    open_links: "쓸 수 있는 링크",
    open_links_hint: "링크는 만들 때만 볼 수 있어요. 잃어버렸다면 없애고 새로 만드세요.",
    made_by: |name| format!("{name}님의 링크"),
    link_state: |until, uses, most| match most {
        Some(most) => format!("{until}까지 · {most}명 가운데 {uses}명 들어옴"),
        None => format!("{until}까지 · {uses}명 들어옴"),
    },
    revoke: "없애기",
    revoke_of: |name, until| format!("{until}까지인 {name}님의 링크 없애기"),

    link_title: "초대 링크",
    link_hint: "지금만 보여요. 복사하거나 QR 코드를 보여 주세요. 링크를 가진 사람은 누구나 들어올 수 있어요.",
    link: "링크",
    qr: "초대 링크의 QR 코드",
    copy: "복사하기",
    share: "공유하기",
    share_text: |room| format!("사랑방 ‘{room}’에 초대해요"),
    to_invite: "초대하기",

    asked: |name, room| format!("{name}님이 ‘{room}’에 초대했어요"),
    users_in: |count| format!("{count}명이 이야기하고 있어요."),
    join: "방에 들어가기",
    sign_up_and_join: "가입하고 들어가기",
    name: "이름 (나중에 정해도 돼요)",
    name_hint: "비워 두면 이메일 앞부분으로 보여요.",
    have_account: "이미 계정이 있나요?",
    gone_title: "쓸 수 없는 초대예요",
    gone: "기한이 지났거나, 다 쓰였거나, 없어진 링크예요. 초대한 사람에게 새 링크를 받아 주세요.",
    by_name_only: "이 방에는 초대 링크로 다시 들어갈 수 없어요. 방장이나 부방장이 이름으로 직접 초대해야 들어갈 수 있어요.",
};

static EN: Invitations = Invitations {
    title: |room| format!("Invite to {room}"),
    users: "Invite people from here",
    users_hint: "Those you choose see the invitation in their list of rooms at once.",
    search: "Find by name",
    send: "Send invitations",
    everybody_is_in: "There is nobody left to invite. Bring new people in by a link below.",
    invited: "Waiting for an answer",
    invited_hint: "They have not come in yet.",
    by: |name| format!("Invited by {name}"),
    withdraw: "Withdraw",
    withdraw_of: |name| format!("Withdraw the invitation of {name}"),

    links: "Invite by a link",
    links_hint: "Whoever has the link comes straight in, and signs up on the way without an account.",
    lifetime: "Ends after",
    days: |days| if days == "1" { "1 day".into() } else { format!("{days} days") },
    uses: "Lets in",
    times: |count| if count == "1" { "1 person".into() } else { format!("{count} people") },
    any_times: "Without a limit",
    create_invite_link: "Make a link",
    open_links: "Links that work",
    open_links_hint: "A link is shown only when it is made. If it is lost, revoke it and make another.",
    made_by: |name| format!("Made by {name}"),
    link_state: |until, uses, most| match most {
        Some(most) => format!("Until {until} · let in {uses} of {most}"),
        None => format!("Until {until} · let in {uses}"),
    },
    revoke: "Revoke",
    revoke_of: |name, until| format!("Revoke the link that {name} made, until {until}"),

    link_title: "Invitation link",
    link_hint: "It is shown only now: copy it, or let others scan it. Anybody who has it can come in.",
    link: "Link",
    qr: "QR code of the invitation link",
    copy: "Copy",
    share: "Share",
    share_text: |room| format!("Join “{room}” on Sarangbang"),
    to_invite: "Invite",

    asked: |name, room| format!("{name} invites you to “{room}”"),
    users_in: |count| match count {
        1 => "One person is inside.".into(),
        count => format!("{count} people are inside."),
    },
    join: "Enter the room",
    sign_up_and_join: "Sign up and enter",
    name: "Name (you can choose it later)",
    name_hint: "Left empty, it is what stands before the @.",
    have_account: "Already have an account?",
    gone_title: "This invitation has ended",
    gone: "The link has run out, has been used up or was revoked. Ask whoever invited you for a new one.",
    by_name_only: "No link lets you into this room again. Its owner or a moderator has to invite you by name.",
};
