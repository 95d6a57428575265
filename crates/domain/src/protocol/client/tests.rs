use super::*;
use crate::{
    messages::{Message, Rev},
    timeline::tests::{ModelServer, says},
    wire::NackCode,
};
use uuid::Uuid;

fn message(n: u128, text: &str) -> NewMessage {
    let client_id = ClientId::from_uuid(Uuid::from_u128(n));
    NewMessage { client_id, text: MessageText::parse(text).unwrap() }
}

/// A client of one room among others.
fn client(instance: &ModelServer) -> (BTreeMap<RoomId, Timeline>, RoomId) {
    let room = instance.details.id;
    (BTreeMap::from([(room, instance.read_by(instance.minji))]), room)
}

fn submit(client: &mut impl Client, room: RoomId, message: &NewMessage) {
    let NewMessage { client_id, text } = message.clone();
    let frame = client.submit(room, message.clone(), Millis(0));
    assert_eq!(frame, Some(ClientFrame::Send { room, client_id, text }));
}

fn refusal(client_id: ClientId) -> ServerFrame {
    let (code, sentence) = (NackCode::SlowDown, "천천히요".to_owned());
    ServerFrame::Nack { client_id: Some(client_id), code, sentence }
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
    assert!(client[&room].messages().eq(instance.messages.iter()));
}

#[test]
fn what_is_submitted_is_pending_until_it_is_acknowledged() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let minji = instance.minji;
    let message = says(&mut instance, minji, "안녕", 0);
    let Message { client_id, text, .. } = message.clone();
    submit(&mut client, room, &NewMessage { client_id, text });
    assert_eq!(client[&room].pending().len(), 1);
    assert_eq!(client.on_frame(ServerFrame::Ack { room, message }), None);
    assert_eq!(client[&room].pending(), []);
    assert!(client[&room].messages().eq(instance.messages.iter()));
}

#[test]
fn a_new_connection_sends_what_nobody_answered_and_not_what_was_refused() {
    let instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let (refused, unanswered) = (message(1, "거절"), message(2, "대답 없음"));
    submit(&mut client, room, &refused);
    submit(&mut client, room, &unanswered);
    assert_eq!(client.on_frame(refusal(refused.client_id)), None);
    let NewMessage { client_id, text } = unanswered;
    assert_eq!(client.on_welcome(), [ClientFrame::Send { room, client_id, text }]);
    let NewMessage { client_id, text } = refused;
    let again = ClientFrame::Send { room, client_id, text };
    assert_eq!(client.retry(room, client_id), Some(again.clone()));
    assert!(client.on_welcome().contains(&again));
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
    assert_eq!(client.on_frame(ServerFrame::Reset { room }), Some(Effect::Reload(room)));
}
