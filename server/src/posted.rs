//! Reading the body of a post, within limits on its size and on its speed.

use app::pages::NotRead;
use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::HeaderMap,
};
use axum_extra::headers::{ContentLength, HeaderMapExt};
use bytes::BytesMut;
use futures::StreamExt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// So many bytes must arrive within each period of [`crate::SocketTimeouts::posted_within`].
const MIN_PROGRESS: usize = 16 * 1024;

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    TooSlow,
    /// The client disconnected, or the body is malformed.
    Broken,
}

impl Unread {
    /// The reason that a page shows; none for a malformed form.
    pub const fn why(self) -> Option<NotRead> {
        match self {
            Self::TooLarge => Some(NotRead::TooLarge),
            Self::TooSlow => Some(NotRead::TooSlow),
            Self::Broken => None,
        }
    }
}

/// A body that is being read piece by piece.
#[derive(Debug)]
pub struct Posted {
    body: BodyDataStream,
    /// Bytes that may still arrive.
    left: usize,
    within: Duration,
    /// By then [`Self::awaited`] more bytes must have arrived.
    until: Instant,
    awaited: usize,
}

impl Posted {
    /// Refuses at once if `Content-Length` exceeds the limit.
    pub fn new(
        headers: &HeaderMap,
        body: Body,
        max: usize,
        within: Duration,
    ) -> Result<Self, Unread> {
        let length = headers.typed_get::<ContentLength>().map_or(0, |length| length.0);
        if length > u64::try_from(max).unwrap_or(u64::MAX) {
            return Err(Unread::TooLarge);
        }
        let until = Instant::now() + within;
        Ok(Self { body: body.into_data_stream(), left: max, within, until, awaited: MIN_PROGRESS })
    }

    /// The next piece; none at the end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Unread> {
        let next = timeout_at(self.until, self.body.next()).await;
        let Some(piece) = next.map_err(|_| Unread::TooSlow)? else { return Ok(None) };
        let piece = piece.map_err(|_| Unread::Broken)?;
        self.left = self.left.checked_sub(piece.len()).ok_or(Unread::TooLarge)?;
        self.awaited = self.awaited.saturating_sub(piece.len());
        if self.awaited == 0 {
            (self.until, self.awaited) = (Instant::now() + self.within, MIN_PROGRESS);
        }
        Ok(Some(piece))
    }

    /// The whole body.
    pub async fn whole(mut self) -> Result<Bytes, Unread> {
        let Some(first) = self.piece().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.piece().await? else { return Ok(first) };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(piece) = self.piece().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}
