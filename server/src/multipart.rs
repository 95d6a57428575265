//! A form with a file in it (`multipart/form-data`, RFC 7578), read piece by piece: no more of it is in memory
//! than one piece and a delimiter.

use crate::posted::{Posted, Unread};
use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::{Bytes, BytesMut};
use memchr::memmem;

/// The headers of a part: the names of its field and file.
const HEADERS_MAX: usize = 4 * 1024;
/// RFC 2046, 5.1.1.
const BOUNDARY_MAX: usize = 70;

#[derive(Debug)]
pub struct Multipart {
    posted: Posted,
    buffer: BytesMut,
    delimiter: Vec<u8>,
    /// Whether the buffer begins within a part, or before the first one.
    inside: bool,
}

impl Multipart {
    pub fn new(headers: &HeaderMap, posted: Posted) -> Result<Self, Unread> {
        let boundary = boundary(headers).ok_or(Unread::Broken)?;
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        // The first delimiter need not begin a line of its own.
        Ok(Self { posted, buffer: BytesMut::from("\r\n"), delimiter, inside: true })
    }

    /// Advances to the next part and returns its name; none when there are no more.
    pub async fn part(&mut self) -> Result<Option<String>, Unread> {
        while self.piece().await?.is_some() {}
        self.fill(2).await?;
        if self.buffer.starts_with(b"--") {
            return Ok(None);
        }
        loop {
            // With the line break of the delimiter, so that there may be no header at all.
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                let headers = self.buffer.split_to(end + 4);
                self.inside = true;
                return Ok(Some(name(&headers).unwrap_or_default()));
            }
            if self.buffer.len() > HEADERS_MAX {
                return Err(Unread::Broken);
            }
            self.fill(self.buffer.len() + 1).await?;
        }
    }

    /// The next piece of this part; none at its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Unread> {
        while self.inside {
            if let Some(end) = memmem::find(&self.buffer, &self.delimiter) {
                let piece = self.buffer.split_to(end).freeze();
                let _ = self.buffer.split_to(self.delimiter.len());
                self.inside = false;
                return Ok(Some(piece).filter(|piece| !piece.is_empty()));
            }
            // Keeps back what may be the beginning of the delimiter.
            let whole = (self.buffer.len() + 1).saturating_sub(self.delimiter.len());
            if whole > 0 {
                return Ok(Some(self.buffer.split_to(whole).freeze()));
            }
            self.fill(self.delimiter.len()).await?;
        }
        Ok(None)
    }

    async fn fill(&mut self, least: usize) -> Result<(), Unread> {
        while self.buffer.len() < least {
            let piece = self.posted.piece().await?.ok_or(Unread::Broken)?;
            self.buffer.extend_from_slice(&piece);
        }
        Ok(())
    }
}

fn boundary(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    (1..=BOUNDARY_MAX).contains(&boundary.len()).then_some(boundary)
}

fn name(headers: &[u8]) -> Option<String> {
    let headers = std::str::from_utf8(headers).ok()?;
    let disposition = headers.lines().find_map(|line| {
        let (header, value) = line.split_once(':')?;
        header.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, parameters) = disposition.split_once(';')?;
    parameter(parameters, "name").map(str::to_owned)
}

/// Browsers write the field's name before the file's, and percent-encode quotes in both.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures::stream;
    use std::{convert::Infallible, time::Duration};

    const WHOLE: &str = "preamble\r\n--x1\r\nContent-Disposition: form-data; name=\"crop\"\r\n\r\n1,2,3\r\n\
                         --x1\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"민지; name=crop.png\"\r\n\
                         Content-Type: image/png\r\n\r\n\r\n--x\r\n-\0--x \r\r\n\r\n--x1\r\n\r\nnone\r\n\
                         --x1--\r\nepilogue";

    fn multipart(whole: &[u8], pieces: usize) -> Result<Multipart, Unread> {
        let headers = [(CONTENT_TYPE, "multipart/form-data; boundary=\"x1\"".parse().unwrap())];
        let headers = HeaderMap::from_iter(headers);
        let pieces = whole.chunks(pieces).map(|piece| Ok::<_, Infallible>(piece.to_vec()));
        let body = Body::from_stream(stream::iter(pieces.collect::<Vec<_>>()));
        let posted = Posted::new(&headers, body, usize::MAX, Duration::from_mins(1))?;
        Multipart::new(&headers, posted)
    }

    async fn parts(whole: &[u8], pieces: usize) -> Result<Vec<(String, Vec<u8>)>, Unread> {
        let mut form = multipart(whole, pieces)?;
        let mut parts = Vec::new();
        while let Some(name) = form.part().await? {
            let mut part = Vec::new();
            while let Some(piece) = form.piece().await? {
                part.extend_from_slice(&piece);
            }
            parts.push((name, part));
        }
        Ok(parts)
    }

    #[tokio::test]
    async fn the_parts_are_the_same_however_they_arrive() {
        let expected = [
            ("crop".to_owned(), b"1,2,3".to_vec()),
            ("picture".to_owned(), b"\r\n--x\r\n-\0--x \r\r\n".to_vec()),
            (String::new(), b"none".to_vec()),
        ];
        for pieces in [1, 2, 3, 7, 64, 10_000] {
            assert_eq!(parts(WHOLE.as_bytes(), pieces).await.unwrap(), expected, "{pieces}");
        }
    }

    #[tokio::test]
    async fn what_ends_too_early_or_never_begins_is_broken() {
        let end = WHOLE.find("--\r\nepilogue").unwrap();
        for cut in 0..=end {
            let cut = parts(&WHOLE.as_bytes()[..cut], 5).await;
            assert_eq!(cut, Err(Unread::Broken));
        }
        let endless = format!("--x1\r\n{}", "a".repeat(HEADERS_MAX));
        assert_eq!(parts(endless.as_bytes(), 100).await, Err(Unread::Broken));
    }

    #[test]
    fn another_kind_of_body_is_none() {
        for kind in [
            "text/plain",
            "multipart/form-data",
            "multipart/mixed; boundary=x",
            "multipart/form-data; boundary=",
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(boundary(&headers), None, "{kind}");
        }
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, long.parse().unwrap())]);
        assert_eq!(boundary(&headers), None);
    }
}
