mod submitted;

use super::*;
use crate::{
    messages::{Message, MessageText, Rev},
    timeline::tests::{ModelServer, says},
    wire::NackCode,
};
use uuid::Uuid;

fn message(n: u128, text: &str) -> NewMessage {
    let client_id = ClientId::from_uuid(Uuid::from_u128(n));
    NewMessage { client_id, text: MessageText::parse(text).unwrap() }
}

/// 민지's client.
fn client(instance: &ModelServer) -> (Client, RoomId) {
    (instance.opened_by(instance.minji, 50), instance.details.id)
}

fn frame(room: RoomId, message: &NewMessage) -> ClientFrame {
    let NewMessage { client_id, text } = message.clone();
    ClientFrame::Send { room, client_id, text }
}

fn submit(client: &mut Client, room: RoomId, message: &NewMessage) {
    let sent = client.submit(room, message.clone(), Millis(0));
    assert_eq!(sent, Some(frame(room, message)));
}

fn refusal(client_id: ClientId) -> ServerFrame {
    let (code, sentence) = (NackCode::SlowDown, "천천히요".to_owned());
    ServerFrame::Nack { client_id: Some(client_id), code, sentence }
}

fn shows(client: &Client, instance: &ModelServer) -> bool {
    client.room(instance.details.id).unwrap().messages().eq(instance.messages.iter())
}

#[test]
fn a_hole_is_asked_for_and_filled() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let after = Rev(instance.head);
    let junho = instance.junho;
    says(&mut instance, junho, "하나", 0);
    let missed = Rev(instance.head);
    says(&mut instance, junho, "둘", 0);
    let question = Effect::Send(ClientFrame::Changes { room, after });
    let changes = ServerFrame::Changes(instance.changes(missed, 50));
    assert_eq!(client.on_frame(changes), Some(question));
    let answer =
        ServerFrame::Answer { changes: instance.changes(after, 50), head: Rev(instance.head) };
    assert_eq!(client.on_frame(answer), None);
    assert!(shows(&client, &instance));
}

#[test]
fn a_new_connection_asks_again_what_was_not_answered() {
    let instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let question = ClientFrame::Changes { room, after: Rev(instance.head) };
    assert_eq!(client.catch_up(room), Some(question.clone()));
    assert_eq!(client.catch_up(room), None, "one question at a time");
    assert_eq!(client.on_welcome(), [question]);
}

#[test]
fn what_concerns_no_room_of_the_client_changes_nothing() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let before = client.clone();
    let other = RoomId::from_uuid(Uuid::from_u128(9));
    let junho = instance.junho;
    says(&mut instance, junho, "다른 방에서", 0);
    let changes = crate::wire::ChangeSet { room: other, ..instance.changes(Rev(0), 50) };
    assert_eq!(client.on_frame(ServerFrame::Changes(changes)), None);
    assert_eq!(client.submit(other, message(1, "어디로?"), Millis(0)), None);
    assert_eq!(client.on_frame(ServerFrame::Pong), None);
    assert_eq!(client, before);
    let told = instance.changes(Rev(instance.head), 50);
    assert!(client.take_changed_pages().is_some(), "it was opened");
    assert_eq!(
        client.on_frame(ServerFrame::Changes(ChangeSet { room: other, ..told.clone() })),
        None
    );
    assert_eq!(client.take_changed_pages(), None, "the room on the screen need not be drawn");
    let _ = client.on_frame(ServerFrame::Changes(told));
    assert!(client.take_changed_pages().is_some());
    assert_eq!(client.on_frame(ServerFrame::Reset { room }), Some(Effect::Reload(room)));
}
