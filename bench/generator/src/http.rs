//! As much of HTTP/1.1 as forms and pages need, on a connection that is kept alive.

use crate::{Result, stats::number_after};
use memchr::memmem;
use std::fmt::Write;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[derive(Debug)]
pub struct Http {
    stream: TcpStream,
    port: u16,
    unread: Vec<u8>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The lines before the body.
    pub head: String,
    /// As received: with the sizes of its chunks between them.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, whose name is in lower case as hyper writes it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The body, where it did not come in chunks.
    pub fn whole_body(&self) -> Result<&[u8]> {
        self.header("content-length").ok_or("a page in chunks")?;
        Ok(&self.body)
    }

    /// The cookie of the session that the response begins.
    pub fn session(&self) -> Option<String> {
        let cookie = self.header("set-cookie")?.split(';').next()?;
        cookie.starts_with("session-").then(|| cookie.to_owned())
    }
}

impl Http {
    pub async fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, port, unread: Vec::new() })
    }

    /// Reads a page; `more` are further lines of the request's head.
    pub async fn get(&mut self, path: &str, cookie: &str, more: &str) -> Result<Answer> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\n{more}\r\n",
            self.port
        );
        self.ask(&request).await
    }

    /// Posts a form, as a browser without scripts.
    pub async fn post(
        &mut self,
        path: &str,
        cookie: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer> {
        let mut form = String::new();
        for (name, value) in fields {
            write!(form, "{name}={}&", value.replace('@', "%40"))?;
        }
        let form = form.trim_end_matches('&');
        let (port, length) = (self.port, form.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
             Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        );
        self.ask(&request).await
    }

    async fn ask(&mut self, request: &str) -> Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        let head = loop {
            if let Some(at) = memmem::find(&self.unread, b"\r\n\r\n") {
                break at + 4;
            }
            self.read().await?;
        };
        let length = loop {
            if let Some(length) = self.body_length(head)? {
                break length;
            }
            self.read().await?;
        };
        let body = self.unread.split_off(head);
        let head = String::from_utf8(std::mem::take(&mut self.unread))?;
        let mut answer =
            Answer { status: number_after(b"HTTP/1.1 ", head.as_bytes()).unwrap_or(0), head, body };
        self.unread = answer.body.split_off(length);
        Ok(answer)
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err("the server hung up".into()),
            _ => Ok(()),
        }
    }

    /// None while more has to arrive.
    fn body_length(&self, head: usize) -> Result<Option<usize>> {
        let (head, body) = self.unread.split_at_checked(head).ok_or("a head that is not there")?;
        if memmem::find(head, b"transfer-encoding: chunked").is_some() {
            return Ok(chunks_length(body));
        }
        let length = number_after::<usize>(b"content-length: ", head).unwrap_or(0);
        Ok((body.len() >= length).then_some(length))
    }
}

/// How many bytes the chunks take, up to the empty one that ends them.
fn chunks_length(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = body.get(at..)?;
        let line = memmem::find(rest, b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..line)?).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        at += line + 2 + size + 2;
        if size == 0 {
            return (body.len() >= at).then_some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_with_the_empty_one_and_not_before() {
        let body = b"5\r\na0\r\n\r\r\n0\r\n\r\nnext";
        assert_eq!(chunks_length(body), Some(body.len() - 4));
        assert_eq!(chunks_length(&body[..12]), None);
    }
}
