//! Making, entering and listing rooms.

use crate::{Actor, Chat, OrProblem, Subscription};
use domain::{
    ids::RoomId,
    messages::Seq,
    policy::{can_enter, can_read},
    problem::{Field, Problem},
    rooms::{Look, RoomSummary, RoomTitle},
    text::{Fault, compose},
};
use store::{Entered, NewRoom};

impl Chat {
    /// Makes a room and lets its maker in.
    pub async fn create_room(&self, actor: &Actor, title: &str) -> Result<RoomId, Problem> {
        let title = RoomTitle::parse(&compose(title))
            .map_err(|fault| Problem::invalid(Field::Title, fault))?;
        self.limits.room(actor.person())?;
        let new = NewRoom { title, by: actor.person(), at: self.now() };
        let room = self.store.create_room(new).await.or_problem()?;
        self.lately.person_changed(actor.person());
        self.hub.follow(actor.person(), room);
        Ok(room)
    }

    /// Lets a person in by what they pasted, an id or a link. Entering twice changes nothing.
    pub async fn enter_room(&self, actor: &Actor, pasted: &str) -> Result<RoomId, Problem> {
        if pasted.trim().is_empty() {
            return Err(Problem::invalid(Field::Room, Fault::Empty));
        }
        let room =
            RoomId::from_pasted(pasted).map_err(|_| Problem::invalid(Field::Room, Fault::Form))?;
        self.limits.room(actor.person())?;
        if !can_enter(self.standing(actor, room).await?) {
            return Err(Problem::NotFound);
        }
        let (person, now) = (actor.person(), self.now());
        match self.store.enter_room(room, person, now).await.or_problem()? {
            Entered::NoSuchRoom => return Err(Problem::NotFound),
            Entered::Already => {}
            Entered::New(batch) => {
                self.lately.person_changed(person);
                self.lately.room_changed(room);
                self.hub.follow(person, room);
                self.hub.publish(batch);
            }
        }
        Ok(room)
    }

    /// The rooms that the person is in, the one with the newest activity first.
    pub async fn rooms(&self, actor: &Actor) -> Result<Vec<RoomSummary>, Problem> {
        self.read_list(actor.person()).await
    }

    /// Opens a room's page: the newest lines, or those before a place.
    pub async fn look(
        &self,
        actor: &Actor,
        room: RoomId,
        before: Option<Seq>,
    ) -> Result<Look, Problem> {
        if can_read(self.standing(actor, room).await?) {
            return self.read_page(room, before).await.map(Look::Inside);
        }
        let door = self.store.door(room).await.or_problem()?;
        door.map(Look::Door).ok_or(Problem::NotFound)
    }

    /// Subscribes a connection to everything that happens in the person's rooms.
    ///
    /// Registered first, it then hears of rooms entered meanwhile; and the session is looked at
    /// once more, since it may have ended before there was anything to end.
    pub async fn connect(&self, actor: &Actor) -> Result<Subscription, Problem> {
        let subscription = self.hub.subscribe(actor.person(), actor.session());
        let subscription = subscription.ok_or(Problem::SlowDown { seconds: 60 })?;
        subscription.ticket.follow(self.store.room_ids_of(actor.person()).await.or_problem()?);
        if self.still_signed_in(actor).await? { Ok(subscription) } else { Err(Problem::SignedOut) }
    }
}
