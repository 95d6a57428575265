//! What was submitted: pending until it is stored, and never lost or doubled.

use super::*;
use crate::history::PageAnchor;
use proptest::prelude::*;

fn ids(client: &Client) -> Vec<ClientId> {
    client.outbox().entries().iter().map(|entry| entry.message.client_id).collect()
}

fn is_sending(client: &Client, client_id: ClientId) -> bool {
    let entries = client.outbox().entries();
    let entry = entries.iter().find(|entry| entry.message.client_id == client_id).unwrap();
    entry.state == SendState::Sending
}

/// The server stores what a frame sends, once, and answers with what is stored.
fn stores(instance: &mut ModelServer, frame: &ClientFrame) -> ServerFrame {
    let ClientFrame::Send { room, client_id, text } = frame else { panic!("{frame:?}") };
    let known = instance.messages.iter().find(|message| message.client_id == *client_id).cloned();
    let message = known.unwrap_or_else(|| {
        let minji = instance.minji;
        let message = says(instance, minji, text.as_str(), 0);
        let stored = Message { client_id: *client_id, ..message };
        *instance.messages.last_mut().unwrap() = stored.clone();
        stored
    });
    ServerFrame::Ack { room: *room, message }
}

#[test]
fn what_is_submitted_is_pending_until_it_is_acknowledged() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let said = message(1, "안녕");
    submit(&mut client, room, &said);
    assert_eq!(ids(&client), [said.client_id]);
    let ack = stores(&mut instance, &frame(room, &said));
    assert_eq!(client.on_frame(ack), None);
    assert_eq!(ids(&client), []);
    assert!(shows(&client, &instance));
}

#[test]
fn it_becomes_one_message_whichever_word_comes_first() {
    for ack_first in [true, false] {
        let mut instance = ModelServer::new();
        let (mut client, room) = client(&instance);
        let start = Rev(instance.head);
        let said = message(1, "안녕");
        submit(&mut client, room, &said);
        let ack = stores(&mut instance, &frame(room, &said));
        if ack_first {
            assert_eq!(client.on_frame(ack.clone()), None);
            assert_eq!(ids(&client), []);
        }
        let changes = ServerFrame::Changes(instance.changes(start, 50));
        assert_eq!(client.on_frame(changes), None);
        assert_eq!(ids(&client), []);
        assert_eq!(client.on_frame(ack), None);
        client.fail(said.client_id, "too late to fail".to_owned());
        assert_eq!(ids(&client), []);
        assert!(shows(&client, &instance));
        assert_eq!(client.room(room).unwrap().cursor(), Rev(instance.head));
    }
}

#[test]
fn what_failed_can_be_sent_again_under_the_same_id() {
    let instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let said = message(5, "안녕");
    submit(&mut client, room, &said);
    client.fail(said.client_id, "연결이 끊겼어요".to_owned());
    assert!(!is_sending(&client, said.client_id));
    assert_eq!(client.retry(said.client_id, Millis(0)), Some(frame(room, &said)));
    assert_eq!(ids(&client), [said.client_id]);
    assert!(is_sending(&client, said.client_id));
}

#[test]
fn a_new_connection_sends_what_nobody_answered_and_not_what_was_refused() {
    let instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let (refused, unanswered) = (message(1, "거절"), message(2, "대답 없음"));
    submit(&mut client, room, &refused);
    submit(&mut client, room, &unanswered);
    assert_eq!(client.on_frame(refusal(refused.client_id)), None);
    assert_eq!(client.on_welcome(), [frame(room, &unanswered)]);
    let again = frame(room, &refused);
    assert_eq!(client.retry(refused.client_id, Millis(0)), Some(again.clone()));
    assert!(client.on_welcome().contains(&again));
}

#[test]
fn opening_a_room_again_keeps_what_was_not_sent() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let (waits, stored) = (message(5, "안녕"), message(6, "이미"));
    submit(&mut client, room, &waits);
    submit(&mut client, room, &stored);
    let _lost = stores(&mut instance, &frame(room, &stored));
    client.open(instance.page(PageAnchor::Newest, 50));
    assert_eq!(ids(&client), [waits.client_id], "the stored one is no longer pending");
    assert!(shows(&client, &instance));
}

#[test]
fn a_room_that_the_reader_has_left_is_still_written_to() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let [acked, told, refused] = [1, 2, 3].map(|n| message(n, "가는 중"));
    for said in [&acked, &told, &refused] {
        submit(&mut client, room, said);
    }
    client.keep_only(RoomId::from_uuid(Uuid::from_u128(9)));
    assert!(client.room(room).is_none());
    let again = [&acked, &told, &refused].map(|said| frame(room, said));
    assert_eq!(client.on_welcome(), again, "a new connection sends it again");
    let ack = stores(&mut instance, &again[0]);
    assert_eq!(client.on_frame(ack), None);
    let after = Rev(instance.head);
    let _lost = stores(&mut instance, &again[1]);
    assert_eq!(client.on_frame(ServerFrame::Changes(instance.changes(after, 50))), None);
    assert_eq!(client.on_frame(refusal(refused.client_id)), None);
    assert_eq!(ids(&client), [refused.client_id]);
    client.open(instance.page(PageAnchor::Newest, 50));
    assert!(!is_sending(&client, refused.client_id));
    assert!(shows(&client, &instance));
}

#[test]
fn what_is_sent_again_after_an_edit_is_acknowledged_with_the_edit() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let start = Rev(instance.head);
    let said = message(1, "처음");
    submit(&mut client, room, &said);
    let late = stores(&mut instance, &frame(room, &said));
    instance.edit(0, "고침");
    let ack = stores(&mut instance, &frame(room, &said));
    assert_eq!(client.on_frame(ack), None);
    assert!(shows(&client, &instance));
    // Told late, what it said first changes nothing.
    assert_eq!(client.on_frame(late), None);
    let changes = ServerFrame::Changes(instance.changes(start, 50));
    assert_eq!(client.on_frame(changes), None);
    assert!(shows(&client, &instance));
}

#[test]
fn what_was_stored_before_the_oldest_loaded_leaves_no_hole() {
    let mut instance = ModelServer::new();
    let (mut client, room) = client(&instance);
    let minji = instance.minji;
    let said = message(1, "오래전에");
    submit(&mut client, room, &said);
    let ack = stores(&mut instance, &frame(room, &said));
    for _ in 0..9 {
        says(&mut instance, minji, "그 뒤로", 0);
    }
    client.open(instance.page(PageAnchor::Newest, 3));
    let oldest = client.room(room).unwrap().oldest().unwrap();
    assert_eq!(client.on_frame(ack), None);
    assert_eq!((client.room(room).unwrap().oldest(), ids(&client)), (Some(oldest), vec![]));
    assert_eq!(client.older(oldest, instance.page(PageAnchor::Before(oldest), 50)), None);
    assert!(shows(&client, &instance));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Submits,
    /// The server receives, or the frame is lost.
    Arrives(bool),
    /// One of the frames that were told is heard, and may be heard again.
    Hears(prop::sample::Index),
    Others,
    GivesUp(prop::sample::Index),
    Retries(prop::sample::Index),
    Reconnects,
    Reopens,
    /// The page is left and loaded again: what was stored of the outbox is taken up.
    Leaves,
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        5 => Just(Step::Submits),
        5 => any::<bool>().prop_map(Step::Arrives),
        6 => index().prop_map(Step::Hears),
        2 => Just(Step::Others),
        1 => index().prop_map(Step::GivesUp),
        2 => index().prop_map(Step::Retries),
        1 => Just(Step::Reconnects),
        1 => Just(Step::Reopens),
        1 => Just(Step::Leaves),
    ]
}

proptest! {
    /// Frames of both sides are lost, doubled and reordered. Whatever was submitted is at any time either waiting,
    /// once, or stored, once; and in the end all of it is stored, in the copy as in the database.
    #[test]
    fn nothing_submitted_is_lost_or_doubled(steps in prop::collection::vec(step(), 0..60)) {
        let mut instance = ModelServer::new();
        let (mut client, room) = client(&instance);
        let (junho, mut submitted) = (instance.junho, Vec::new());
        let (mut sent, mut told) = (Vec::new(), Vec::new());
        for (nth, step) in steps.into_iter().enumerate() {
            let head = Rev(instance.head);
            match step {
                Step::Submits => {
                    let said = message(1_000_000 + nth as u128, "말");
                    submitted.push(said.client_id);
                    sent.extend(client.submit(room, said, Millis(0)));
                }
                Step::Arrives(is_lost) if !sent.is_empty() => {
                    let frame = sent.remove(0);
                    if !is_lost {
                        told.push(stores(&mut instance, &frame));
                    }
                }
                Step::Hears(index) if !told.is_empty() => {
                    let _ = client.on_frame(index.get(&told).clone());
                }
                Step::Others => drop(says(&mut instance, junho, "남의 말", 0)),
                Step::GivesUp(index) if !submitted.is_empty() => {
                    client.fail(*index.get(&submitted), "답이 없어요".to_owned());
                }
                Step::Retries(index) if !submitted.is_empty() => {
                    sent.extend(client.retry(*index.get(&submitted), Millis(0)));
                }
                Step::Reconnects => {
                    let frames = client.on_welcome().into_iter();
                    sent = frames.filter(|it| matches!(it, ClientFrame::Send { .. })).collect();
                }
                Step::Reopens => client.open(instance.page(PageAnchor::Newest, 5)),
                Step::Leaves => {
                    let kept = client.outbox().entries().to_vec();
                    client = Client::new(instance.minji);
                    client.open(instance.page(PageAnchor::Newest, 5));
                    client.take_up(kept);
                    sent.clear();
                }
                _ => {}
            }
            if Rev(instance.head) > head {
                told.push(ServerFrame::Changes(instance.changes(head, 50)));
            }
            assert_each_is_there_once(&client, &instance, &submitted);
        }
        for id in &submitted {
            let _ = client.retry(*id, Millis(0));
        }
        for frame in client.on_welcome() {
            if matches!(frame, ClientFrame::Send { .. }) {
                let ack = stores(&mut instance, &frame);
                let _ = client.on_frame(ack);
            }
        }
        prop_assert_eq!(ids(&client), []);
        client.open(instance.page(PageAnchor::Newest, 1_000));
        prop_assert!(shows(&client, &instance));
        let own = instance.messages.iter().filter(|it| it.author == instance.minji);
        let mut own = own.map(|it| it.client_id).collect::<Vec<_>>();
        own.sort();
        submitted.sort();
        prop_assert_eq!(own, submitted);
    }
}

fn assert_each_is_there_once(client: &Client, instance: &ModelServer, submitted: &[ClientId]) {
    let waiting = ids(client);
    let shown = client.room(instance.details.id).unwrap().messages();
    let shown = shown.map(|message| message.client_id).collect::<Vec<_>>();
    for id in submitted {
        let waits = waiting.iter().filter(|it| *it == id).count();
        let drawn = shown.iter().filter(|it| *it == id).count();
        assert!(waits + drawn <= 1, "{id:?} is drawn twice");
        let is_stored = instance.messages.iter().any(|message| message.client_id == *id);
        assert!(waits == 1 || is_stored, "{id:?} is lost");
    }
}
