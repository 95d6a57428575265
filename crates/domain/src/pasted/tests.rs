use crate::{
    ids::{NotAnId, RoomId},
    invitation_links::{SecretToken, TOKEN_BYTES},
};
use proptest::prelude::*;
use std::time::Instant;
use uuid::Uuid;

/// What users have around an address or an id: words, signs, brackets, emphasis, other addresses.
const BEFORE: &str = "(|| |방 링크: |여기요\n|<|\\(|「|\"|‘|`|\\*|\\*\\*|_|__|~~|방_|\\[방\\]\\(|https://other.example/a |@)";
const AFTER: &str = "(||\\.|!|에서 봐요|으로|\\)| 여기예요|\u{200B}|。|ㅎㅎ|-|_|__|\\*\\*|~~|`|_에서|,|\nhttps://other.example/)";
const TAIL: &str = "(|/|\\?before=9|#end|/settings|/invite|\\?at=0190b3a6-0000-7000-8000-000000000000|\
                    #0190b3a6-0000-7000-8000-000000000000|/people/0190b3a6-0000-7000-8000-000000000000)";

/// What word processors and keyboards write for a hyphen.
const HYPHENS: &str =
    "\u{AD}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{FE63}\u{FF0D}";

/// In full-width letters.
fn wide(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        c => c,
    };
    text.chars().map(wide).collect()
}

fn encoded(text: &str, times: usize) -> String {
    let once = |text: String| {
        text.replace('%', "%25").replace('/', "%2F").replace(':', "%3A").replace('?', "%3f")
    };
    (0..times).fold(text.to_owned(), |text, _| once(text))
}

/// The ways to write an address of this instance, by its path.
fn addresses(path: &str) -> Vec<String> {
    let step = path.trim_start_matches('/');
    let mut addresses = vec![
        path.to_owned(),
        step.to_owned(),
        format!("https://chat.example{path}"),
        format!("http://localhost:3000{path}"),
        format!("HTTP://[::1]:3000{path}"),
        format!("chat.example.com{path}"),
        format!("192.168.0.7:3000{path}"),
        format!("한국.한국{path}"),
    ];
    for times in 0..=2 {
        let next = encoded(path, times);
        addresses.push(format!("https://chat.example/sign-in?next={next}"));
        addresses.push(format!("chat.example/sign-up?next={next}"));
        addresses.push(format!("next={next}"));
        addresses.push(encoded(&format!("https://chat.example{path}"), times));
    }
    addresses
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_link_leads_to_its_room_whatever_is_around_it(
        bytes: [u8; 16], before in BEFORE, tail in TAIL, after in AFTER,
    ) {
        let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
        for written in [id.to_string(), id.to_string().to_uppercase(), id.uuid().simple().to_string()] {
            for address in addresses(&format!("/room/{written}")) {
                let pasted = format!("{before}{address}{tail}{after}");
                prop_assert_eq!(RoomId::from_pasted(&pasted), Ok(id), "{}", pasted);
            }
        }
    }

    #[test]
    fn an_id_alone_is_found_whatever_is_around_it(bytes: [u8; 16], before in BEFORE, after in AFTER) {
        // After `100%` this byte is itself an encoded sign, and the decoded text may be another id.
        prop_assume!(bytes[0] != b'%');
        let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
        for written in [id.to_string(), id.to_string().to_uppercase(), id.uuid().simple().to_string()] {
            for pasted in [
                format!("{before}{written}{after}"),
                format!("{before}{written}{after} {before}{id}{after}"),
                format!("{before}{written}{after} https://chat.example/room/{id}"),
                format!("{before}%20{written}%0A"),
                format!("100%{written}{after}"),
            ] {
                prop_assert_eq!(RoomId::from_pasted(&pasted), Ok(id), "{}", pasted);
            }
        }
    }

    #[test]
    fn an_id_is_read_as_programs_and_people_change_it(bytes: [u8; 16], at in 1_usize..36) {
        let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
        let plain = id.to_string();
        let mut written: Vec<_> = HYPHENS.chars().map(|c| plain.replace('-', &c.to_string())).collect();
        written.push(wide(&plain));
        for within in ["\u{200B}", "\u{200D}", "\u{FEFF}", "\u{2060}", "\u{AD}", "\n", "\r\n", "\n  ", "\u{2028}"] {
            let (first, rest) = plain.split_at(at);
            written.push(format!("{first}{within}{rest}"));
        }
        for written in written {
            for pasted in [
                written.clone(),
                format!("방: {written} 여기예요"),
                format!("https://chat.example/room/{written}"),
                format!("https://chat.example/sign-in?next=%2Froom%2F{written}에서"),
                wide(&format!("https://chat.example/ROOM/{written}/settings")),
            ] {
                prop_assert_eq!(RoomId::from_pasted(&pasted), Ok(id), "{:?}", pasted);
            }
        }
    }

    #[test]
    fn an_id_with_a_name_or_a_slash_is_found(bytes: [u8; 16]) {
        let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
        for before in [
            "_", "ID_", "Id__", "room_", "ROOM_ID_", "roomId_", "room-id_", "uuid_", "ID-", "room-", "room-id-", "/", "//",
            "방/", "방_", "(방/", "우리 방/", "ID/", "id:", "room=", "ROOM/", "//room//", "…/ROOM/", "…/room/",
            "https://chat.example//room//", "%252Froom%252F", "chat.example%252Froom%252F", "—", "see—",
        ] {
            for after in ["", "_", "/", "//", "/settings", "/settings 봐요", "/invite", "에서", "—봐요"] {
                let pasted = format!("{before}{id}{after}");
                prop_assert_eq!(RoomId::from_pasted(&pasted), Ok(id), "{}", pasted);
            }
        }
    }

    #[test]
    fn two_rooms_are_none(
        bytes: [u8; 16], others: [u8; 16], between in "( |\n| 또는 |, |,|\\)\\(|·|\\*\\* \\*\\*|_ _)",
    ) {
        prop_assume!(bytes != others);
        let [one, other] = [bytes, others].map(|bytes| RoomId::from_uuid(Uuid::from_bytes(bytes)));
        let ways = |id: RoomId| {
            let mut ways = addresses(&format!("/room/{id}"));
            ways.push(id.to_string());
            ways
        };
        for first in ways(one) {
            for second in ways(other) {
                let pasted = format!("{first}{between}{second}");
                prop_assert_eq!(RoomId::from_pasted(&pasted), Err(NotAnId), "{}", pasted);
            }
        }
    }

    #[test]
    fn nothing_else_is_a_room(raw in "[^0-9a-f]{0,60}", bytes: [u8; 16]) {
        prop_assert_eq!(RoomId::from_pasted(&raw), Err(NotAnId));
        let id = RoomId::from_uuid(Uuid::from_bytes(bytes));
        for other in [
            format!("https://chat.example/people/{id}"),
            format!("people/{id}"),
            format!("chat.example/{id}"),
            format!("https://chat.example/classroom/{id}"),
            format!("my-room/{id}"),
            format!("my_room/{id}"),
            format!("picture_{id}"),
            format!("user_id_{id}"),
            format!("/people/_{id}_"),
            format!("https://chat.example//{id}"),
            format!("한국.한국/{id}"),
            format!("https://한국/{id}"),
            format!("chat.example/방/{id}"),
            format!("{id}_thumbnail"),
            format!("{id}0"),
            format!("x{id}"),
            format!("{id}-{id}"),
            format!("/room/{id}0"),
        ] {
            prop_assert_eq!(RoomId::from_pasted(&other), Err(NotAnId), "{}", other);
        }
    }

    #[test]
    fn an_invitation_link_is_found_whatever_is_around_it(
        bytes: [u8; TOKEN_BYTES], before in BEFORE, after in AFTER, tail in "(|/|\\?a=b|#end)",
    ) {
        let token = SecretToken::from_random(bytes);
        let upper = token.as_str().to_uppercase();
        let room = Uuid::from_bytes(bytes);
        for path in [
            format!("/join/{}", token.as_str()),
            format!("/join/{upper}"),
            format!("/room/{room}/invite/{}", token.as_str()),
        ] {
            for address in addresses(&path) {
                let pasted = format!("{before}{address}{tail}{after}");
                prop_assert_eq!(SecretToken::from_pasted(&pasted), Some(token.clone()), "{}", pasted);
            }
        }
        for other in [
            token.as_str().to_owned(),
            format!("/join/{}0", token.as_str()),
            format!("/room/{}", token.as_str()),
            format!("/rejoin/{}", token.as_str()),
        ] {
            prop_assert_eq!(SecretToken::from_pasted(&other), None, "{}", other);
        }
    }

    #[test]
    fn two_invitations_are_none(bytes: [u8; TOKEN_BYTES], others: [u8; TOKEN_BYTES]) {
        prop_assume!(bytes != others);
        let path = |token: SecretToken| format!("/join/{}", token.as_str());
        let [one, other] = [bytes, others].map(SecretToken::from_random).map(path);
        let pasted = format!("https://chat.example{one} https://chat.example{other}");
        prop_assert_eq!(SecretToken::from_pasted(&pasted), None);
        let twice = format!("https://chat.example{one} https://chat.example{one}");
        prop_assert!(SecretToken::from_pasted(&twice).is_some());
    }

    #[test]
    fn any_text_is_read(raw in "(%2[05F]|%25|%[0-9a-f]|room/|join/|_|\\PC){0,60}") {
        prop_assert_eq!(RoomId::from_pasted(&raw), Err(NotAnId));
        prop_assert_eq!(SecretToken::from_pasted(&raw), None);
    }
}

/// A search that reads its text again for each id would read it thousands of times.
#[test]
fn no_text_costs_more_than_some_passes_over_it() {
    const LENGTH: usize = 8_000;
    let id = Uuid::from_u128(7).to_string();
    let text = |unit: &str| unit.chars().cycle().take(LENGTH).collect::<String>();
    let measure = |text: &str| {
        let once = |_| {
            let began = Instant::now();
            let _ = (RoomId::from_pasted(text), SecretToken::from_pasted(text));
            began.elapsed()
        };
        (0..3).map(once).min().unwrap_or_default()
    };
    let plain = measure(&text("가"));
    for before in ["_", "/", "방/", "room/", "id_", "join/", "%25", "\u{200B}"] {
        for repeated in
            [&format!("{before}{id}"), &format!("{id}{before}"), before, &format!("{before}a")]
        {
            for end in ["", &id, &format!("/{id}"), &format!("_{id}"), &format!("join/{id}")] {
                let taken = measure(&(text(repeated) + end));
                assert!(
                    taken < plain * 40,
                    "{repeated}{end}: {taken:?}, where plain text takes {plain:?}"
                );
            }
        }
    }
}
