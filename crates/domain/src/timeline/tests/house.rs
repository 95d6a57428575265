//! A little house that keeps the truth: one room in its present state, as a database would have it.

use super::*;
use crate::{
    ids::RoomId,
    people::DisplayName,
    rooms::RoomTitle,
    wire::{Batch, Page},
};
use uuid::Uuid;

pub fn uuid(n: i64) -> Uuid {
    Uuid::from_u128(n.unsigned_abs().into())
}

pub(crate) struct House {
    pub minji: PersonId,
    pub junho: PersonId,
    pub head: i64,
    pub about: Room,
    pub members: Vec<Member>,
    pub messages: Vec<Message>,
}

impl House {
    pub fn new() -> Self {
        let minji = PersonId::from_uuid(uuid(101));
        let junho = PersonId::from_uuid(uuid(102));
        let title = RoomTitle::parse("공부방").unwrap();
        let about = Room { id: RoomId::from_uuid(uuid(1)), title, rev: Rev(1) };
        let mut house =
            Self { minji, junho, head: 1, about, members: Vec::new(), messages: Vec::new() };
        house.enter(minji, "민지");
        house.enter(junho, "준호");
        house
    }

    pub fn next(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    pub fn enter(&mut self, person: PersonId, name: &str) {
        let rev = Rev(self.next());
        let name = DisplayName::parse(name).unwrap();
        self.members.retain(|member| member.person != person);
        self.members.push(Member { person, name, picture: None, rev });
    }

    pub fn edit(&mut self, nth: usize, text: &str) {
        let rev = Rev(self.next());
        let count = self.messages.len().max(1);
        if let Some(message) = self.messages.get_mut(nth % count) {
            message.text = MessageText::parse(text).unwrap();
            message.rev = rev;
        }
    }

    /// What `changes(room, after)` answers when it reads at most `most` messages.
    pub fn changes(&self, after: Rev, most: usize) -> Batch {
        let mut messages: Vec<_> =
            self.messages.iter().filter(|message| message.rev > after).cloned().collect();
        messages.sort_by_key(|message| message.rev);
        let cut = messages.get(most).is_some();
        messages.truncate(most);
        let through = if cut { messages.last().unwrap().rev } else { Rev(self.head) };
        let changed = |rev: Rev| after < rev && rev <= through;
        let members = self.members.iter().filter(|m| changed(m.rev)).cloned().collect();
        let about = changed(self.about.rev).then(|| self.about.clone());
        Batch { room: self.about.id, after, through, messages, members, about }
    }

    pub fn page(&self, before: Option<Seq>, most: usize) -> Page {
        let older = |message: &&Message| before.is_none_or(|before| message.seq < before);
        let all: Vec<_> = self.messages.iter().filter(older).cloned().collect();
        let cut = all.len().saturating_sub(most);
        Page {
            about: self.about.clone(),
            members: self.members.clone(),
            messages: all.into_iter().skip(cut).collect(),
            has_older: cut > 0,
            has_newer: before.is_some(),
            through: Rev(self.head),
            epoch: Epoch::from_uuid(uuid(7)),
        }
    }

    pub fn read_by(&self, person: PersonId) -> Timeline {
        Timeline::new(person, self.page(None, 50))
    }
}

pub(crate) fn says(house: &mut House, author: PersonId, text: &str, at: i64) -> Message {
    let n = house.next();
    let message = Message {
        id: MessageId::from_uuid(uuid(n)),
        client_id: ClientId::from_uuid(uuid(1_000 + n)),
        author,
        text: MessageText::parse(text).unwrap(),
        at: Millis(at),
        seq: Seq(n),
        rev: Rev(n),
    };
    house.messages.push(message.clone());
    message
}
