//! The room on the screen: its timeline, and what has to be asked or told about it.

use super::{browser, sending::unsent};
use crate::{api::read_page, forms::Failure, i18n::words};
use domain::{
    ids::{Epoch, PersonId, RoomId},
    messages::Seq,
    problem::Problem,
    timeline::{Confirmation, Step, Timeline},
    wire::{ClientFrame, Cursor, Page, ServerFrame},
};
use leptos::prelude::*;

/// How the older lines are coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    Idle,
    Loading,
    Failed,
}

#[derive(Debug, Clone, Copy)]
pub struct OpenRoom {
    timeline: RwSignal<Option<Timeline>>,
    /// Rooms that the reader has left while something in them was not sent yet.
    parked: StoredValue<Vec<Timeline>>,
    pub older: RwSignal<Older>,
    /// How far this tab has told the server that it has read.
    told_read: StoredValue<Seq>,
    pub(super) no_answer: StoredValue<&'static str>,
}

impl OpenRoom {
    pub fn new() -> Self {
        Self {
            timeline: RwSignal::new(None),
            parked: StoredValue::new(Vec::new()),
            older: RwSignal::new(Older::Idle),
            told_read: StoredValue::new(Seq(0)),
            no_answer: StoredValue::new(""),
        }
    }

    /// Shows a room from the page that came with it. What is pending in it stays.
    pub fn show(self, me: PersonId, page: Page) {
        self.older.set(Older::Idle);
        self.told_read.set_value(Seq(0));
        self.no_answer.set_value(words().no_answer);
        let room = page.about.id;
        if self.room() != Some(room) {
            self.park();
            self.timeline.set(self.unpark(room));
        }
        self.timeline.update(|timeline| match timeline {
            Some(open) => open.reset(page),
            None => *timeline = Some(Timeline::new(me, page)),
        });
    }

    fn park(self) {
        let leaving = self.timeline.with_untracked(Clone::clone);
        if let Some(leaving) = leaving.filter(|open| !open.pending().is_empty()) {
            self.parked.update_value(|parked| parked.push(leaving));
        }
    }

    fn unpark(self, room: RoomId) -> Option<Timeline> {
        let unpark = |parked: &mut Vec<Timeline>| {
            let at = parked.iter().position(|parked| parked.about().id == room)?;
            Some(parked.swap_remove(at))
        };
        self.parked.try_update_value(unpark).flatten()
    }

    /// The room on the screen and the parked ones.
    pub(super) fn rooms(self) -> Vec<RoomId> {
        let parked = self
            .parked
            .with_value(|parked| parked.iter().map(|parked| parked.about().id).collect::<Vec<_>>());
        self.room().into_iter().chain(parked).collect()
    }

    /// Reads the room on the screen, and again whenever it changes.
    pub fn read<T: Default>(self, read: impl FnOnce(&Timeline) -> T) -> T {
        self.timeline.with(|timeline| timeline.as_ref().map(read)).unwrap_or_default()
    }

    #[must_use]
    pub fn room(self) -> Option<RoomId> {
        self.timeline.with_untracked(|timeline| Some(timeline.as_ref()?.about().id))
    }

    /// Changes a room that is on the screen or parked.
    pub(super) fn change<T>(
        self,
        room: RoomId,
        change: impl FnOnce(&mut Timeline) -> T,
    ) -> Option<T> {
        if self.room() == Some(room) {
            return self.timeline.try_update(|timeline| timeline.as_mut().map(change)).flatten();
        }
        self.parked
            .try_update_value(|parked| {
                parked.iter_mut().find(|parked| parked.about().id == room).map(change)
            })
            .flatten()
    }

    /// Where this tab stands, for `hello`.
    pub fn stand(self) -> (Option<Epoch>, Vec<Cursor>) {
        self.timeline.with_untracked(|timeline| match timeline {
            Some(open) => {
                let cursor = Cursor { room: open.about().id, after: open.cursor() };
                (Some(open.epoch()), vec![cursor])
            }
            None => (None, Vec::new()),
        })
    }

    /// A new connection: what has to be asked again, and sent again.
    pub fn reconnected(self) -> Vec<ClientFrame> {
        let again = self.rooms().into_iter().flat_map(|room| {
            let step = self.change(room, Timeline::reconnected);
            let unsent = self.change(room, |open| unsent(open)).unwrap_or_default();
            question(room, step).into_iter().chain(unsent)
        });
        let read =
            self.room().map(|room| ClientFrame::Read { room, seq: self.told_read.get_value() });
        again.chain(read).collect()
    }

    /// Merges a frame and answers what has to be said in return.
    pub fn hear(self, frame: ServerFrame) -> Option<ClientFrame> {
        match frame {
            ServerFrame::Changes(batch) => {
                let room = batch.room;
                question(room, self.change(room, |open| open.apply(batch)))
            }
            ServerFrame::Answer { batch, head } => {
                let room = batch.room;
                question(room, self.change(room, |open| open.answer(batch, head)))
            }
            ServerFrame::Ack { room, client_id, id, seq, rev, at } => {
                let confirmed = Confirmation { client_id, id, seq, rev, at };
                self.change(room, |open| open.confirm(confirmed));
                None
            }
            ServerFrame::Nack { client_id: Some(client_id), sentence, .. } => {
                self.refuse(client_id, &sentence);
                None
            }
            ServerFrame::Reset { room } if self.room() == Some(room) => {
                self.start_over(room);
                None
            }
            _ => None,
        }
    }

    /// The copy is worth nothing: reads the room afresh. If it is no longer there for the reader, the server
    /// draws what is instead.
    fn start_over(self, room: RoomId) {
        leptos::task::spawn_local(async move {
            match read_page(room.to_string(), None).await {
                Ok(page) => {
                    self.change(room, |open| open.reset(page));
                }
                Err(Failure(Problem::NotFound)) if self.room() == Some(room) => browser::reload(),
                Err(_) => {}
            }
        });
    }

    /// Loads the lines before the oldest one. `then` is told what to ask, if anything.
    pub fn load_older(self, then: impl FnOnce(ClientFrame) + 'static) {
        let oldest = self.timeline.with_untracked(|timeline| {
            let open = timeline.as_ref().filter(|open| open.has_older())?;
            Some((open.about().id, open.oldest()?))
        });
        let Some((room, oldest)) = oldest else { return };
        if self.older.get_untracked() == Older::Loading {
            return;
        }
        self.older.set(Older::Loading);
        leptos::task::spawn_local(async move {
            let page = read_page(room.to_string(), Some(oldest.0)).await;
            self.older.try_set(if page.is_ok() { Older::Idle } else { Older::Failed });
            let Ok(page) = page else { return };
            if let Some(frame) = question(room, self.change(room, |open| open.older(page))) {
                then(frame);
            }
        });
    }

    /// The newest line, if the server has not been told yet that it was read.
    pub fn newly_read(self) -> Option<ClientFrame> {
        let (room, seq) = self.timeline.with_untracked(|timeline| {
            let open = timeline.as_ref()?;
            Some((open.about().id, open.newest()?))
        })?;
        if seq <= self.told_read.get_value() {
            return None;
        }
        self.told_read.set_value(seq);
        Some(ClientFrame::Read { room, seq })
    }
}

fn question(room: RoomId, step: Option<Step>) -> Option<ClientFrame> {
    match step? {
        Step::Ask { after } => Some(ClientFrame::Changes { room, after }),
        Step::Wait => None,
    }
}
