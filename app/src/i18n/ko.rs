//! 한국어.

use super::Words;
use domain::events::EventKind;
use jiff::civil::{Date, Weekday};

pub static WORDS: Words = Words {
    app_name: "사랑방",
    skip_to_content: "본문으로 건너뛰기",
    page_broken: "화면에 문제가 생겼어요.",
    reload: "새로 고침",

    sign_out: "로그아웃",

    settings: "설정",
    language: "언어",
    theme: "화면",
    theme_system: "시스템",
    theme_light: "밝게",
    theme_dark: "어둡게",
    account: "계정과 기기",
    everybody: "사람들",
    profiles: "내 프로필",

    my_rooms: "내가 접속한 채팅방",
    no_rooms: "아직 들어간 방이 없어요.",
    find_room: "방 찾기",
    no_lines: "아직 나눈 이야기가 없어요",
    enter_of: |title, short| format!("{title} ({short})에 접속하기"),
    enter_short: |short| format!("{short}에 접속하기"),
    unread: |count| format!("안 읽은 메시지 {count}개"),
    welcome: |name| format!("{name}님, 어서 오세요"),
    welcome_hint: "방을 만들어 이야기를 시작하거나, 초대받은 방에 들어가세요.",
    create_room: "방 만들기",
    create_room_hint: "이름을 정하고 링크를 나누면 됩니다.",
    create: "만들기",
    room_title: "방 이름",
    join_room: "방에 들어가기",
    enter_room_hint: "받은 링크나 방 아이디를 붙여 넣으세요.",
    room_id: "방 링크 또는 아이디",
    enter: "들어가기",
    back: "방 목록",
    users: |count| format!("{count}명"),
    invite: "초대하기",
    invited: "초대",
    invited_by: |name| format!("{name}님이 초대했어요"),
    me: "나",
    room_link: "방 링크",
    room_link_hint: "이 링크를 아는 사람은 로그인하고 들어올 수 있어요.",
    copy: "복사",
    copied: "복사했어요",

    conversation: "대화",
    older: "이전 이야기",
    newer: "다음 이야기",
    newest: "최근 이야기로",
    new_messages: "새 메시지",
    quiet_room: "아직 조용하네요",
    quiet_room_hint: "첫마디를 건네 보세요.",
    message: "메시지",
    write_here: "메시지를 입력하세요",
    send: "보내기",
    sending: "보내는 중",
    not_sent: "보내지 못했어요",
    retry: "다시 보내기",
    unsent: "못 보낸 말",
    waited_long: "하루 넘게 기다린 말이에요.",
    discard: "지우기",
    reconnecting: "연결 중…",
    offline: "인터넷 연결이 끊겼어요",

    note_to_self: "나와의 대화",
    left_member: "떠난 멤버",
    room_settings: "방 설정",
    open_rooms: "열린 방 둘러보기",
    who_enters: "들어올 수 있는 사람",
    access_open: "누구나",
    access_private: "초대받은 사람만",
    event,

    not_found_title: "여기엔 아무것도 없어요",
    not_found: "주소가 바뀌었거나 잘못된 것 같아요.",
    room_not_found: "이 주소의 방을 찾지 못했어요. 링크를 다시 확인해 주세요.",
    to_home: "방 목록으로",
    loading: "불러오는 중…",
    try_again: "다시 시도",

    too_long,
    unreachable: "서버에 닿지 않아요. 연결을 확인하고 다시 해 주세요.",
    time,
    day,
    day_short: |date| format!("{}월 {}일", date.month(), date.day()),
    day_of_year: |date| format!("{}. {}. {}.", date.year(), date.month(), date.day()),
};

pub(super) fn too_long(most: u32) -> String {
    format!("{}자까지 쓸 수 있어요.", grouped(most))
}

const fn event(what: EventKind) -> &'static str {
    match what {
        EventKind::Joined => "②님이 들어왔습니다",
        EventKind::Left => "②님이 나갔습니다",
        EventKind::Removed => "①님이 ②님을 내보냈습니다",
        EventKind::Banned => "①님이 ②님을 차단했습니다",
        EventKind::OwnershipTransferred => "①님이 ②님에게 방장을 넘겼습니다",
        EventKind::Renamed => "①님이 방 이름을 바꿨습니다",
    }
}

fn time(hour: i8, minute: i8) -> String {
    let pending = if hour < 12 { "오전" } else { "오후" };
    format!("{pending} {}:{minute:02}", hour12(hour))
}

fn day(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "월",
        Weekday::Tuesday => "화",
        Weekday::Wednesday => "수",
        Weekday::Thursday => "목",
        Weekday::Friday => "금",
        Weekday::Saturday => "토",
        Weekday::Sunday => "일",
    };
    format!("{}년 {}월 {}일 {weekday}요일", date.year(), date.month(), date.day())
}

pub(super) const fn hour12(hour: i8) -> i8 {
    match hour % 12 {
        0 => 12,
        hour => hour,
    }
}

pub(super) fn grouped(number: u32) -> String {
    let (thousands, rest) = (number / 1_000, number % 1_000);
    if thousands == 0 { rest.to_string() } else { format!("{thousands},{rest:03}") }
}
