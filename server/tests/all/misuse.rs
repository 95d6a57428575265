//! Misuse of a socket affects no other client.

use crate::helpers::{TestServer, assert_all_is_well, assert_in_step, fresh_id};
use domain::wire::{NackCode, ServerFrame};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn whoever_does_not_speak_the_protocol_is_dismissed() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let first_words: [Message; 8] = [
        r#"{"type":"hello","protocol":1}"#.into(),
        r#"{"type":"hello","protocol":3}"#.into(),
        r#"{"type":"hello","protocol":"2"}"#.into(),
        r#"{"type":"ping"}"#.into(),
        "안녕하세요".into(),
        "".into(),
        r#"{"type":"hello","protocol":2,"cursors":[{"room":"x","after":0}]}"#.into(),
        Message::binary(br#"{"type":"hello","protocol":2}"#.to_vec()),
    ];
    for words in first_words {
        let mut socket = minji.connects().await;
        socket.sends(words).await;
        socket.is_dismissed(4003).await;
    }
    let mut socket = minji.connects().await;
    socket.greets(None, Vec::new()).await;
    socket.sends(Message::binary(vec![1, 2, 3])).await;
    socket.is_dismissed(4003).await;
    assert_all_is_well(&minji, &junho, study).await;
}

#[tokio::test]
async fn a_frame_that_makes_no_sense_is_refused_and_the_next_is_heard() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let mut tab = minji.opens(study).await;
    while tab.answers() == 0 {
        tab.takes_in_one().await;
    }
    let id = fresh_id();
    let long = "가".repeat(4_001);
    let send = |text: &str| {
        format!(r#"{{"type":"send","room":"{study}","client_id":"{id}","text":"{text}"}}"#)
    };
    for (frame, whose) in [
        ("{".to_owned(), None),
        ("null".to_owned(), None),
        ("[".repeat(20_000), None),
        (r#"{"type":"sing"}"#.to_owned(), None),
        (r#"{"type":"hello","protocol":2}"#.to_owned(), None),
        (format!(r#"{{"type":"changes","room":"{study}","after":1e99}}"#), None),
        (format!(r#"{{"type":"sing","client_id":"{id}"}}"#), Some(id)),
        (send(""), Some(id)),
        (send("\\u0020\\n\\u200b"), Some(id)),
        (send(&long), Some(id)),
    ] {
        tab.socket.sends(frame.clone()).await;
        match tab.socket.hears().await {
            ServerFrame::Nack { client_id, code: NackCode::Malformed, .. } => {
                assert_eq!(client_id, whose, "{frame}");
            }
            other => panic!("{other:?} to {frame}"),
        }
    }
    tab.says("이제 제대로").await;
    assert_eq!(tab.texts(), ["이제 제대로"]);
    assert_in_step(&mut tab).await;
}

/// Pseudo-random numbers, the same at every run.
fn dice(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
}

#[tokio::test]
async fn garbage_is_survived() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let sensible = format!(
        r#"{{"type":"send","room":"{study}","client_id":"{}","text":"가나다"}}"#,
        fresh_id()
    );
    for seed in 1..=10 {
        let noise: Vec<u8> = dice(seed).take(usize::try_from(seed * 300).unwrap()).collect();
        let mut bent = sensible.clone().into_bytes();
        for (at, byte) in dice(seed).zip(dice(seed + 99)).take(4) {
            let at = usize::from(at) % bent.len();
            bent[at] = byte;
        }
        let mut socket = minji.connects().await;
        socket.greets(None, Vec::new()).await;
        for frame in [&noise, &bent] {
            socket.tries_to_send(Message::text(String::from_utf8_lossy(frame).into_owned())).await;
        }
        socket.tries_to_send(Message::Ping(noise.iter().copied().take(100).collect())).await;
        socket.tries_to_send(Message::binary(noise)).await;
        while let Some(frame) = socket.hears_or_ends().await {
            assert!(!matches!(frame, ServerFrame::Welcome { .. }), "{frame:?}");
        }
    }
    assert_all_is_well(&minji, &junho, study).await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_its_own_socket_only() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut bystander = junho.opens(study).await;
    for greeted in [false, true] {
        let mut socket = minji.connects().await;
        if greeted {
            socket.greets(None, Vec::new()).await;
        }
        socket.tries_to_send("x".repeat(70 * 1024)).await;
        while socket.hears_or_ends().await.is_some() {}
    }
    bystander.says("나는 괜찮아요").await;
    assert_in_step(&mut bystander).await;
    assert_all_is_well(&minji, &junho, study).await;
}

#[tokio::test]
async fn a_refusal_is_in_the_language_of_its_reader() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    for (language, sentence) in [
        ("ko", "요청을 알아듣지 못했어요. 새로 고침하고 다시 해 주세요."),
        ("en", "The request made no sense. Reload the page and try again."),
    ] {
        minji.has_cookie(&format!("lang={language}; Path=/"));
        let mut tab = minji.opens(study).await;
        tab.socket.sends("{").await;
        while !matches!(tab.takes_in_one().await, ServerFrame::Nack { .. }) {}
        match tab.heard.last() {
            Some(ServerFrame::Nack { sentence: heard, .. }) => assert_eq!(heard, sentence),
            other => panic!("{other:?}"),
        }
    }
}

/// A frame of a client on the wire, with a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let head: Vec<u8> = match payload.len() {
        0..126 => vec![first, 0x80 | u8::try_from(length).unwrap()],
        _ => [&[first, 0xFE], &length.to_be_bytes()[..]].concat(),
    };
    [&head, &[0; 4][..], payload].concat()
}

#[tokio::test]
async fn what_is_no_frame_ends_with_a_farewell() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let long = [&[0x81, 0xFF][..], &70_000_u64.to_be_bytes(), &*vec![0; 70_004]].concat();
    let endless = [&[0x81, 0xFF][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat();
    for (what, bytes) in [
        ("a text that is not UTF-8", frame(0x81, &[0xC3, 0x28])),
        ("reserved bits", frame(0xC1, b"x")),
        ("a reserved kind of data", frame(0x83, b"x")),
        ("a reserved kind of control", frame(0x8B, b"")),
        ("a going on of nothing", frame(0x80, b"x")),
        ("a ping in pieces", frame(0x09, b"")),
        ("a ping that is too long", frame(0x89, &[0; 126])),
        ("no mask", vec![0x81, 1, b'x']),
        ("a text that is too long", long),
        ("a text of a terabyte", endless),
    ] {
        for greeted in [false, true] {
            let mut socket = minji.connects().await;
            if greeted {
                socket.greets(None, Vec::new()).await;
            }
            socket.sends_bytes(&bytes).await;
            let last = socket.last_bytes().await;
            let farewell = String::from_utf8_lossy(&last);
            assert!(farewell.contains(r#""code":4003"#), "{what}, {greeted}: {farewell}");
            // The code again, in the closing frame.
            assert!(last.ends_with(&4003_u16.to_be_bytes()), "{what}, {greeted}: {farewell}");
        }
    }
    assert_all_is_well(&minji, &junho, study).await;
}
