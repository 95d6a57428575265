//! For non-members a room is not found: they can neither read, nor post, nor hear of it.

use crate::helpers::{TestServer, assert_in_step, fresh_id, nowhere, send};
use domain::{
    messages::{Rev, Seq},
    wire::{ClientFrame, Cursor, NackCode, ServerFrame},
};

#[tokio::test]
async fn a_stranger_is_told_that_there_is_no_such_room() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "비밀 이야기").await;
    let before = minji.reads(study).await;
    let mut minjis = minji.opens(study).await;

    for room in [study, nowhere()] {
        let mut socket = junho.connects().await;
        let cursors = vec![Cursor { room, after: Rev(0) }];
        socket.greets(Some(before.epoch), cursors).await;
        assert_eq!(socket.hears().await, ServerFrame::Reset { room }, "it finds out by reading");
        let id = fresh_id();
        socket.tells(&send(room, id, "들려요?")).await;
        match socket.hears().await {
            ServerFrame::Nack { client_id, code: NackCode::NotFound, sentence } => {
                assert_eq!(client_id, Some(id), "its author knows which was refused");
                assert_eq!(sentence, "그런 방을 찾지 못했어요.");
            }
            other => panic!("{other:?}"),
        }
        for frame in [
            ClientFrame::Changes { room, after: Rev(0) },
            ClientFrame::Changes { room, after: Rev(i64::MIN) },
            ClientFrame::Read { room, seq: Seq(99) },
        ] {
            socket.tells(&frame).await;
            socket.is_refused(NackCode::NotFound).await;
        }
    }
    assert_eq!(minji.reads(study).await, before, "nothing is stored");
    minjis.says("아직 우리끼리").await;
    assert_eq!(minjis.texts(), ["비밀 이야기", "아직 우리끼리"]);
    assert_in_step(&mut minjis).await;
}

#[tokio::test]
async fn a_stranger_hears_nothing_of_the_room() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let notes = junho.makes_room("수첩").await;
    let mut junhos = junho.opens(notes).await;
    junhos.socket.tells(&ClientFrame::Changes { room: study, after: Rev(0) }).await;
    junho.looks_at(study).await.page(200);
    minji.says(study, "비밀 이야기").await;
    junho.says(notes, "내 이야기").await;
    junhos.sees("내 이야기").await;
    assert_eq!(junhos.rooms_heard_of(), [notes].into());
    let said = format!("{:?}", junhos.heard);
    assert!(!said.contains("비밀") && !said.contains("공부방") && !said.contains("민지"), "{said}");
    assert_in_step(&mut junhos).await;
}

#[tokio::test]
async fn a_stranger_reads_nothing_by_page_or_function() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "비밀 이야기").await;
    let room = [("room", &*study.to_string())];
    for answer in [
        junho.calls("read_page", &room).await.with(404),
        junho.looks_at(study).await.page(200),
        junho.gets("/").await.page(200),
    ] {
        answer.hides("비밀 이야기");
        answer.hides("민지");
    }
}
