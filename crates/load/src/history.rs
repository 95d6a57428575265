//! What an instance has stored of a room, as a member reads it page by page.

use domain::{
    history::HistoryPage,
    ids::Epoch,
    messages::{Message, Rev, Seq},
    rooms::Member,
};
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct History {
    pub epoch: Epoch,
    /// The room's head when the first page was read.
    pub head: Rev,
    /// Oldest first.
    pub messages: Vec<Message>,
    pub members: Vec<Member>,
    /// The number of the latest change to the room's own row.
    pub details: Rev,
}

impl History {
    #[must_use]
    pub fn of(page: &HistoryPage) -> Self {
        Self {
            epoch: page.epoch,
            head: page.through,
            messages: page.messages.clone(),
            members: page.members.clone(),
            details: page.details.rev,
        }
    }

    /// Prepends an older page.
    pub fn older(&mut self, page: &HistoryPage) {
        self.messages.splice(0..0, page.messages.iter().cloned());
    }

    #[must_use]
    pub fn oldest(&self) -> Option<Seq> {
        self.messages.first().map(|message| message.seq)
    }

    /// Numbers up to the head that nothing in the room has. Here every number belongs to one item, since
    /// nothing is edited and no member leaves.
    #[must_use]
    pub fn gaps(&self) -> usize {
        let messages = self.messages.iter().map(|message| message.rev);
        let members = self.members.iter().map(|member| member.rev);
        let taken: BTreeSet<Rev> = messages.chain(members).chain([self.details]).collect();
        let taken = taken.into_iter().filter(|rev| (Rev(1)..=self.head).contains(rev)).count();
        usize::try_from(self.head.0).unwrap_or_default().saturating_sub(taken)
    }
}
