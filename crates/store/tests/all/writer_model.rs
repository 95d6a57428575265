//! The writer against the plainest model of it: whatever people send, send again, or send otherwise under
//! the same id, in batches of any size, while others come in.

use crate::helpers::{TestDatabase, User, history, stored};
use domain::{
    ids::{ClientId, RoomId},
    messages::{Message, Rev},
};
use futures::future::join_all;
use proptest::{prelude::*, sample::Index};
use std::collections::HashMap;
use store::{Command, NewMessage, Posted};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Which of the people is not in the second room.
const OUTSIDER: usize = 2;
const USERS: usize = 3;
const ROOMS: usize = 2;

#[derive(Debug, Clone)]
enum Act {
    Say {
        by: usize,
        room: usize,
        text: u8,
    },
    /// What somebody has said before, once more.
    Again(Index),
    /// Something else under an id that was used before.
    Otherwise(Index, u8),
    Nowhere {
        by: usize,
    },
}

/// What happens at the same time, and how many come into the first room after it.
type Moment = (Vec<Act>, usize);

fn act() -> impl Strategy<Value = Act> {
    let say = (0..USERS, 0..ROOMS, any::<u8>());
    prop_oneof![
        6 => say.prop_map(|(by, room, text)| Act::Say { by, room, text }),
        3 => any::<Index>().prop_map(Act::Again),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(nth, text)| Act::Otherwise(nth, text)),
        1 => (0..USERS).prop_map(|by| Act::Nowhere { by }),
    ]
}

fn moments() -> impl Strategy<Value = Vec<Moment>> {
    prop::collection::vec((prop::collection::vec(act(), 0..24), 0..2_usize), 1..8)
}

/// Everything that was handed in, and what has to have become of it.
#[derive(Default)]
struct Model {
    handed_in: Vec<(usize, NewMessage)>,
    first: HashMap<(usize, ClientId), NewMessage>,
}

impl Model {
    fn next(&self, act: &Act, users: &[User], rooms: &[RoomId]) -> Option<(usize, NewMessage)> {
        match act {
            Act::Say { by, room, text } => {
                Some((*by, users[*by].writes(&format!("말 {text}"), rooms[*room])))
            }
            Act::Nowhere { by } => {
                let nowhere = RoomId::from_uuid(Uuid::new_v4());
                Some((*by, users[*by].writes("어디에도", nowhere)))
            }
            Act::Again(_) | Act::Otherwise(..) if self.handed_in.is_empty() => None,
            Act::Again(nth) => Some(nth.get(&self.handed_in).clone()),
            Act::Otherwise(nth, text) => {
                let (by, before) = nth.get(&self.handed_in);
                let text = format!("다른 말 {text}");
                Some((*by, users[*by].writes_as(before.client_id, &text, before.room)))
            }
        }
    }

    /// What the writer has to answer, the message itself aside.
    fn expects(&mut self, by: usize, new: &NewMessage, rooms: &[RoomId]) -> Expected {
        self.handed_in.push((by, new.clone()));
        let is_member = rooms.contains(&new.room) && (by, new.room) != (OUTSIDER, rooms[1]);
        if !is_member {
            return Expected::NotMember;
        }
        let first = self.first.entry((by, new.client_id)).or_insert_with(|| new.clone());
        if first.sent_hash == new.sent_hash { Expected::Stored } else { Expected::Conflict }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Stored,
    Conflict,
    NotMember,
}

fn kind(posted: &Posted) -> Expected {
    match posted {
        Posted::Stored(_) => Expected::Stored,
        Posted::Conflict => Expected::Conflict,
        Posted::NotMember => Expected::NotMember,
    }
}

async fn lives_through(moments: Vec<Moment>) {
    let test_db = TestDatabase::new().await;
    let users = test_db.users(USERS).await;
    let mut rooms = Vec::new();
    for title in ["공부방", "부엌"] {
        rooms.push(users[0].makes_a_room(title).await);
    }
    for (n, user) in users.iter().enumerate().skip(1) {
        user.enters(rooms[0]).await;
        if n != OUTSIDER {
            user.enters(rooms[1]).await;
        }
    }
    let (writer, told) = test_db.writer();
    let mut model = Model::default();
    let mut answered: HashMap<(usize, ClientId), Message> = HashMap::new();
    for (acts, guests) in moments {
        let mut expected = Vec::new();
        let mut posting = Vec::new();
        for act in &acts {
            let Some((by, new)) = model.next(act, &users, &rooms) else { continue };
            expected.push((by, new.client_id, model.expects(by, &new, &rooms)));
            posting.push(writer.enqueue(Command::Post(new)).unwrap());
        }
        for (posted, (by, id, expected)) in join_all(posting).await.into_iter().zip(expected) {
            let posted = posted.unwrap();
            assert_eq!(kind(&posted), expected);
            if expected == Expected::Stored {
                let message = stored(posted);
                let known = answered.entry((by, id)).or_insert_with(|| message.clone());
                assert_eq!(*known, message, "a retry is answered with the same message");
            }
        }
        for guest in test_db.users(guests).await {
            guest.enters(rooms[0]).await;
        }
    }
    let heard: Vec<_> = told.try_iter().collect();
    for room in rooms {
        let kept = history(&test_db.store, room).await;
        let mut said: Vec<_> = answered.values().filter(|m| is_in(&kept, m)).cloned().collect();
        said.sort_by_key(|message| message.seq);
        assert_eq!(kept, said, "what is kept is what was acknowledged");
        let changes: Vec<_> = heard.iter().filter(|changes| changes.room == room).collect();
        let messages: Vec<_> =
            changes.iter().flat_map(|changes| changes.messages.clone()).collect();
        assert_eq!(messages, kept, "each was told once, in order");
        let counter = test_db.store.head(room).await.unwrap().unwrap();
        assert!(changes.last().is_none_or(|changes| changes.through <= counter));
        assert!(changes.windows(2).all(|two| two[0].through <= two[1].after), "no number twice");
        assert!(kept.iter().all(|message| Rev(message.seq.0) == message.rev));
    }
    let kept = model.first.len();
    assert_eq!(answered.len(), kept, "each id has one message, wherever");
}

fn is_in(kept: &[Message], message: &Message) -> bool {
    kept.iter().any(|kept| kept.id == message.id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_writer_does_what_its_model_does(moments in moments()) {
        Runtime::new().unwrap().block_on(lives_through(moments));
    }
}
