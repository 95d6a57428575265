//! What is said in a room, until the server has answered for it.

use super::{browser, outbox, timeline::ActiveRoom};
use domain::{
    ids::{ClientId, UserId},
    messages::{MessageText, NewMessage},
    outbox::OutboxEntry,
    wire::ClientFrame,
};

impl ActiveRoom {
    /// Puts what was written on the screen, and answers the frame that sends it.
    pub fn send(self, text: MessageText) -> Option<ClientFrame> {
        let room = self.room()?;
        let message = NewMessage { client_id: browser::fresh_client_id(), text };
        self.change(|client| client.submit(room, message, browser::now()))
    }

    /// Sends again what was not sent: the same message, under the same id.
    pub fn send_again(self, client_id: ClientId) -> Option<ClientFrame> {
        self.change(|client| client.retry(client_id, browser::now()))
    }

    /// Forgets what was not sent. Answers what it was.
    pub fn discard(self, client_id: ClientId) -> Option<OutboxEntry> {
        self.change(|client| client.discard(client_id))
    }

    /// Takes up what the device keeps, before a new connection sends what waits.
    pub(super) fn take_up(self, me: UserId) {
        self.begin(me);
        let late = self.late();
        // Otherwise there is more on the page than on the device.
        let is_kept = browser::device_keeps_everything();
        self.change(|client| {
            if is_kept {
                client.take_up(outbox::load(me));
            }
            client.expire(browser::now(), late);
        });
    }
}
