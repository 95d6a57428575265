//! The checker passes a clean record, and finds each kind of violation in a manipulated one.

use super::*;
use crate::record::{Acked, Sent, Shown};
use domain::{
    clock::Millis,
    ids::Epoch,
    messages::{MessageText, Rev},
};
use std::time::Duration;
use uuid::Uuid;

const TEXTS: [&str; 4] = ["안녕하세요", "네, 안녕하세요", "점심 드셨어요?", "아직요"];

struct Scene {
    records: Vec<Record>,
    histories: Histories,
    room: RoomId,
}

impl Scene {
    /// Minji sends four messages, one after the other; she and Junho are shown them as they arrive.
    fn new() -> Self {
        let room = RoomId::from_uuid(Uuid::new_v4());
        let user = || UserId::from_uuid(Uuid::new_v4());
        let (mut minji, mut junho) = (Record::new("민지", user()), Record::new("준호", user()));
        minji.rooms.insert(room);
        junho.rooms.insert(room);
        let mut messages = Vec::new();
        let mut clock = Instant::now();
        for (seq, text) in (1..).zip(TEXTS) {
            let message = Message {
                id: MessageId::from_uuid(Uuid::now_v7()),
                client_id: ClientId::from_uuid(Uuid::new_v4()),
                author: minji.me,
                text: MessageText::parse(text).unwrap(),
                at: Millis(0),
                seq: Seq(seq),
                rev: Rev(seq),
            };
            let Message { id, client_id, seq, .. } = message;
            minji.sent.push(Sent { room, client_id, text: digest(text), at: clock });
            clock += Duration::from_millis(2);
            minji.acked.push(Acked { room, client_id, id, seq, at: clock });
            clock += Duration::from_millis(2);
            minji.shows(room, &message, Some(1));
            junho.shows(room, &message, Some(1));
            messages.push(message);
        }
        let (epoch, details) = (Epoch::from_uuid(Uuid::new_v4()), Rev(1));
        let history = History { epoch, head: Rev(4), messages, members: Vec::new(), details };
        Self { records: vec![minji, junho], histories: BTreeMap::from([(room, history)]), room }
    }

    fn minji(&mut self) -> &mut Record {
        &mut self.records[0]
    }

    fn junho(&mut self) -> &mut Record {
        &mut self.records[1]
    }

    fn stored(&mut self) -> &mut Vec<Message> {
        &mut self.histories.get_mut(&self.room).unwrap().messages
    }

    fn found(&self) -> Findings {
        check(&self.records, &self.histories)
    }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(Scene::new().found(), Findings::default());
}

#[test]
fn acknowledged_and_not_stored_is_lost_and_for_who_saw_it_a_phantom() {
    let mut scene = Scene::new();
    scene.stored().pop();
    assert_eq!(scene.found(), Findings { lost: 1, phantom: 1, ..Findings::default() });
    scene.minji().shown.pop();
    scene.junho().shown.pop();
    assert_eq!(scene.found(), Findings { lost: 1, ..Findings::default() });
}

#[test]
fn stored_with_another_text_is_lost() {
    let mut scene = Scene::new();
    scene.stored()[1].text = MessageText::parse("아니요").unwrap();
    assert_eq!(scene.found().lost, 1);
}

#[test]
fn stored_in_another_room_is_lost() {
    let mut scene = Scene::new();
    scene.minji().acked[0].room = RoomId::from_uuid(Uuid::new_v4());
    assert_eq!(scene.found().lost, 1);
}

#[test]
fn stored_twice_is_doubled() {
    let mut scene = Scene::new();
    let mut again = scene.stored()[3].clone();
    (again.id, again.seq) = (MessageId::from_uuid(Uuid::now_v7()), Seq(5));
    scene.stored().push(again);
    assert_eq!(scene.found(), Findings { doubled: 1, ..Findings::default() });
}

#[test]
fn shown_under_two_ids_is_doubled() {
    let mut scene = Scene::new();
    let again =
        Shown { id: MessageId::from_uuid(Uuid::now_v7()), ..scene.junho().shown[0].clone() };
    scene.junho().shown.push(again);
    assert_eq!(scene.found().doubled, 1);
}

#[test]
fn shown_or_acknowledged_at_another_place_is_reordered() {
    let mut scene = Scene::new();
    scene.junho().shown[3].seq = Seq(9);
    assert_eq!(scene.found(), Findings { reordered: 1, ..Findings::default() });
    let mut scene = Scene::new();
    scene.minji().acked[3].seq = Seq(9);
    assert_eq!(scene.found(), Findings { reordered: 1, ..Findings::default() });
}

#[test]
fn told_out_of_order_is_reordered_and_told_again_is_not() {
    let mut scene = Scene::new();
    scene.junho().shown.swap(1, 2);
    assert_eq!(scene.found(), Findings { reordered: 1, ..Findings::default() });
    let mut scene = Scene::new();
    let again = scene.junho().shown[..2].to_vec();
    scene.junho().shown.extend(again);
    assert_eq!(scene.found(), Findings::default());
}

#[test]
fn stored_before_what_had_been_acknowledged_is_reordered() {
    let mut scene = Scene::new();
    for record in &mut scene.records {
        record.shown.clear();
    }
    let messages = scene.stored();
    messages.swap(0, 1);
    (messages[0].seq, messages[1].seq) = (Seq(1), Seq(2));
    let acked = &mut scene.minji().acked;
    (acked[0].seq, acked[1].seq) = (Seq(2), Seq(1));
    assert_eq!(scene.found(), Findings { reordered: 1, ..Findings::default() });
}

#[test]
fn shown_and_never_stored_is_a_phantom() {
    let mut scene = Scene::new();
    let ghost = Shown {
        id: MessageId::from_uuid(Uuid::now_v7()),
        client_id: ClientId::from_uuid(Uuid::new_v4()),
        live: None,
        ..scene.junho().shown[0].clone()
    };
    scene.junho().shown.push(ghost);
    assert_eq!(scene.found(), Findings { phantom: 1, ..Findings::default() });
}

#[test]
fn shown_to_somebody_who_is_not_in_the_room_is_leaked() {
    let mut scene = Scene::new();
    scene.junho().rooms.clear();
    assert_eq!(scene.found(), Findings { leaked: 4, ..Findings::default() });
    let mut scene = Scene::new();
    scene.junho().heard_of.insert(RoomId::from_uuid(Uuid::new_v4()));
    assert_eq!(scene.found(), Findings { leaked: 1, ..Findings::default() });
}

#[test]
fn a_number_that_nothing_has_is_a_gap() {
    let mut scene = Scene::new();
    let room = scene.room;
    assert_eq!(scene.histories[&room].gaps(), 0);
    scene.stored().remove(1);
    assert_eq!(scene.histories[&room].gaps(), 1);
}
