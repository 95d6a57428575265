//! A user with an account, and what they do over HTTP.

use crate::{Result, connection::Connection, history::History, wait::last};
use domain::{
    history::HistoryPage,
    ids::{ClientId, RoomId, UserId},
    messages::Seq,
};
use reqwest::{
    Client, Response, Url,
    cookie::{CookieStore, Jar},
    redirect::Policy,
};
use std::{sync::Arc, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use uuid::Uuid;

pub const PASSWORD: &str = "따뜻한 온돌방의 밤";
/// An instance under a fault may be slow, but not for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct User {
    pub name: String,
    email: String,
    host: String,
    jar: Arc<Jar>,
    client: Client,
}

impl User {
    /// A new user, signed up at an instance.
    pub async fn signs_up(name: &str, host: &str) -> Result<Self> {
        let user = Self::new(name, host)?;
        let fields = [("name", &*user.name), ("email", &user.email), ("password", PASSWORD)];
        user.posts("/sign-up?/sign_up", &fields).await?;
        Ok(user)
    }

    /// Signs in again: a restore of the database ends all sessions.
    pub async fn signs_in(&self) -> Result<()> {
        let fields = [("email", &*self.email), ("password", PASSWORD)];
        self.posts("/sign-in?/sign_in", &fields).await.map(|_| ())
    }

    /// The same user on another device, signed in there.
    pub async fn elsewhere(&self) -> Result<Self> {
        let other = Self { email: self.email.clone(), ..Self::new(&self.name, &self.host)? };
        let fields = [("email", &*other.email), ("password", PASSWORD)];
        other.posts("/sign-in?/sign_in", &fields).await?;
        Ok(other)
    }

    fn new(name: &str, host: &str) -> Result<Self> {
        let jar = Arc::new(Jar::default());
        let client = Client::builder().cookie_provider(jar.clone()).redirect(Policy::none());
        let client = client.no_proxy().timeout(PATIENCE).build()?;
        let email = format!("{}@example.com", Uuid::new_v4().simple());
        Ok(Self { name: name.to_owned(), email, host: host.to_owned(), jar, client })
    }

    /// The cookies that the browser would send.
    pub fn cookies(&self) -> Result<String> {
        let url: Url = self.url("/").parse()?;
        let cookies = self.jar.cookies(&url).ok_or("not signed in")?;
        Ok(cookies.to_str()?.to_owned())
    }

    pub async fn makes_room(&self, title: &str) -> Result<RoomId> {
        let to = self.posts("/?/create_room", &[("title", title)]).await?;
        let id = to.strip_prefix("/room/").ok_or_else(|| format!("sent to {to}"))?;
        Ok(RoomId::parse(id)?)
    }

    pub async fn enters(&self, room: RoomId) -> Result<()> {
        let form = format!("/room/{room}?/join_room");
        self.posts(&form, &[("room", &room.to_string())]).await?;
        Ok(())
    }

    /// The newest messages of a room, or those before a place.
    pub async fn reads(&self, room: RoomId, before: Option<Seq>) -> Result<HistoryPage> {
        let mut fields = vec![("room", room.to_string())];
        fields.extend(before.map(|before| ("before", before.0.to_string())));
        let asked = self.client.post(self.url("/api/read_page")).form(&fields).send().await?;
        let (status, body) = (asked.status(), asked.text().await?);
        if !status.is_success() {
            return Err(format!("reading a room: {status} {body}").into());
        }
        Ok(serde_json::from_str(&body)?)
    }

    /// Everything that is stored of a room, page by page.
    pub async fn reads_all(&self, room: RoomId) -> Result<History> {
        let mut page = self.reads(room, None).await?;
        let mut history = History::of(&page);
        while page.has_older {
            page = self.reads(room, history.oldest()).await?;
            history.older(&page);
        }
        Ok(history)
    }

    /// The user's id, as the pages of a room show it whose member they are.
    pub fn id_in(&self, page: &HistoryPage) -> Result<UserId> {
        let called = |name: &domain::users::DisplayName| name.as_str() == self.name;
        let me = page.members.iter().find(|member| member.name.as_ref().is_some_and(called));
        Ok(me.ok_or_else(|| format!("{} is not in the room", self.name))?.user)
    }

    /// Opens a socket, at the instance itself or through a proxy before it.
    pub async fn connects(&self, endpoint: &str) -> Result<Connection> {
        Connection::open(endpoint, Some(&self.cookies()?)).await
    }

    /// Posts a message without a socket; returns the status of the response.
    pub async fn says(&self, room: RoomId, text: &str) -> Result<u16> {
        let (room, id) = (room.to_string(), ClientId::from_uuid(Uuid::now_v7()).to_string());
        let fields = [("room", &*room), ("client_id", &id), ("text", text)];
        Ok(self.calls("post_message", &fields).await?.0)
    }

    /// Such as `127.0.0.1:3000`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Reads a whole page; returns the status of the response.
    pub async fn gets(&self, path: &str) -> Result<u16> {
        let answer = self.client.get(self.url(path)).send().await?;
        let status = answer.status().as_u16();
        answer.bytes().await?;
        Ok(status)
    }

    /// Calls a server function; returns the status and the body of the response.
    pub async fn calls(&self, function: &str, fields: &[(&str, &str)]) -> Result<(u16, String)> {
        let path = self.url(&format!("/api/{function}"));
        let answer = self.client.post(path).form(fields).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Posts a form, waits a while, and resets the connection, whether there is a response or not.
    pub async fn hangs_up(
        &self,
        path: &str,
        fields: &[(&str, String)],
        after: Duration,
    ) -> Result<()> {
        let fields = fields.iter().map(|(name, value)| (*name, &**value)).collect::<Vec<_>>();
        let form = self.client.post(self.url(path)).form(&fields).build()?;
        let body = form.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n",
            self.host,
            self.cookies()?,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.host).await?;
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        last(after).await;
        stream.set_zero_linger()?;
        Ok(())
    }

    /// Posts a form, as a browser without scripts; returns where it is redirected to.
    pub async fn posts(&self, path: &str, fields: &[(&str, impl AsRef<str>)]) -> Result<String> {
        let fields = fields.iter().map(|(name, value)| (*name, value.as_ref()));
        let fields = fields.collect::<Vec<_>>();
        let answer = self.client.post(self.url(path)).form(&fields).send().await?;
        location(&answer).ok_or_else(|| format!("{path}: {}", answer.status()).into())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }
}

fn location(answer: &Response) -> Option<String> {
    let location = answer.headers().get("location").filter(|_| answer.status() == 303)?;
    Some(location.to_str().ok()?.to_owned())
}
