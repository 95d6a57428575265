//! A user with a browser: it keeps their cookies and follows no redirect by itself.

use super::{Address, Answer, Socket, Tab, TestServer};
use domain::{
    history::HistoryPage,
    ids::{ClientId, RoomId},
    messages::Seq,
    rooms::RoomSummary,
};
use reqwest::{
    Client, Method, RequestBuilder, Url,
    cookie::{CookieStore, Jar},
    header::HeaderValue,
    redirect::Policy,
};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

pub const PASSWORD: &str = "따뜻한 온돌방의 밤";

#[derive(Clone)]
pub struct User {
    pub name: String,
    pub email: String,
    jar: Arc<Jar>,
    client: Client,
    address: Address,
}

impl User {
    pub fn new(name: &str, address: Address) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder().cookie_provider(jar.clone()).redirect(Policy::none());
        let client = client.no_proxy().build().unwrap();
        let email = format!("{}@example.com", Uuid::new_v4().simple());
        Self { name: name.to_owned(), email, jar, client, address }
    }

    /// The same user with another e-mail address.
    pub fn with_email(self, email: &str) -> Self {
        Self { email: email.to_owned(), ..self }
    }

    /// The same user on another device: no cookies yet.
    pub fn elsewhere(&self) -> Self {
        let other = Self::new(&self.name, self.address.clone());
        Self { email: self.email.clone(), ..other }
    }

    /// The same browser at another instance, on another port of the same host.
    pub fn at(&self, other: &TestServer) -> Self {
        Self { address: other.address().clone(), ..self.clone() }
    }

    /// A request with this user's cookies, to be completed before it is sent.
    pub fn asks(&self, method: Method, path: &str) -> RequestBuilder {
        self.asks_for(&self.address.asked_for(), method, path)
    }

    /// The same with another `Host` than the instance's.
    pub fn asks_for(&self, host: &str, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.address.url(path)).header("host", host)
    }

    pub async fn sends(&self, request: RequestBuilder) -> Answer {
        Answer::of(super::soon(request.send()).await.unwrap()).await
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.sends(self.asks(Method::GET, path)).await
    }

    /// Posts a form, as a browser without scripts.
    pub async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.sends(self.asks(Method::POST, path).form(fields)).await
    }

    /// Calls a server function, as a browser with scripts.
    pub async fn calls(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.posts(&format!("/api/{function}"), fields).await
    }

    pub fn has_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.url());
    }

    /// The cookies that the browser would send.
    pub fn cookies(&self) -> Option<String> {
        self.jar.cookies(&self.url()).map(|cookies| cookies.to_str().unwrap().to_owned())
    }

    /// The session's cookie: its name and its token.
    pub fn session_cookie(&self) -> Option<String> {
        let cookies = self.cookies()?;
        cookies.split("; ").find(|cookie| cookie.starts_with("session")).map(str::to_owned)
    }

    /// The head of a browser's post, for a body that is sent byte by byte.
    pub fn head_of_a_post(&self, path: &str, kind: &str, length: usize) -> String {
        let host = self.address.host();
        let cookies =
            self.cookies().map_or(String::new(), |cookies| format!("cookie: {cookies}\r\n"));
        format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n{cookies}\
             content-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        )
    }

    /// Posts in chunks, so that only the number of received bytes tells that it is too large; returns the
    /// beginning of the response.
    pub async fn posts_in_chunks(&self, path: &str, kind: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address.host()).await.unwrap();
        let head = self.head_of_a_post(path, kind, 0);
        let head = head.replace("content-length: 0", "transfer-encoding: chunked");
        stream.write_all(head.as_bytes()).await.unwrap();
        for chunk in body.chunks(64 * 1024) {
            let chunk = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
            // The server may stop reading early.
            if stream.write_all(&chunk).await.is_err() {
                break;
            }
        }
        let mut answer = vec![0; 4096];
        let read = super::soon(stream.read(&mut answer)).await.unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }

    fn url(&self) -> Url {
        self.address.url("/").parse().unwrap()
    }

    pub async fn signs_up(&self) -> Answer {
        let fields = [("name", &*self.name), ("email", &self.email), ("password", PASSWORD)];
        self.posts("/sign-up?/sign_up", &fields).await
    }

    /// Makes the first account by the set-up link that has this path.
    pub async fn sets_up(&self, path: &str) -> Answer {
        let token = path.strip_prefix("/setup/").unwrap();
        let fields = [
            ("name", &*self.name),
            ("email", &self.email),
            ("password", PASSWORD),
            ("setup", token),
        ];
        self.posts(&format!("{path}?/sign_up"), &fields).await
    }

    pub async fn signs_in_with(&self, password: &str) -> Answer {
        let fields = [("email", &*self.email), ("password", password)];
        self.posts("/sign-in?/sign_in", &fields).await
    }

    pub async fn signs_out(&self) -> Answer {
        self.posts("/?/sign_out", &[]).await
    }

    pub async fn makes_room(&self, title: &str) -> RoomId {
        let answer = self.posts("/?/create_room", &[("title", title)]).await;
        answer.leads_to().strip_prefix("/room/").unwrap().parse().unwrap()
    }

    pub async fn enters(&self, room: RoomId) {
        let form = format!("{}?/join_room", path(room));
        let entered = self.posts(&form, &[("room", &room.to_string())]).await;
        assert_eq!(entered.leads_to(), path(room));
    }

    /// Posts a text with the form for joining a room.
    pub async fn pastes(&self, pasted: &str) -> Answer {
        self.posts("/?/join_room", &[("room", pasted)]).await
    }

    /// Opens the page of a room.
    pub async fn looks_at(&self, room: RoomId) -> Answer {
        self.gets(&path(room)).await
    }

    /// Posts a message with the form.
    pub async fn writes(&self, room: RoomId, client_id: ClientId, text: &str) -> Answer {
        let (id, client_id) = (room.to_string(), client_id.to_string());
        let fields = [("room", &*id), ("client_id", &client_id), ("text", text)];
        self.posts(&format!("{}?/post_message", path(room)), &fields).await
    }

    pub async fn says(&self, room: RoomId, text: &str) {
        assert_eq!(self.writes(room, super::fresh_id(), text).await.leads_to(), path(room));
    }

    /// The newest messages of a room.
    pub async fn reads(&self, room: RoomId) -> HistoryPage {
        self.calls("read_page", &[("room", &room.to_string())]).await.with(200).json()
    }

    pub async fn reads_before(&self, room: RoomId, before: Seq) -> HistoryPage {
        let fields = [("room", &*room.to_string()), ("before", &before.0.to_string())];
        self.calls("read_page", &fields).await.with(200).json()
    }

    /// The texts of the newest messages.
    pub async fn sees_in(&self, room: RoomId) -> Vec<String> {
        let page = self.reads(room).await;
        page.messages.into_iter().map(|message| message.text.to_string()).collect()
    }

    pub async fn rooms(&self) -> Vec<RoomSummary> {
        self.calls("list_rooms", &[]).await.with(200).json()
    }

    /// Opens a room in a tab of the user's browser.
    pub async fn opens(&self, room: RoomId) -> Tab {
        Tab::opens(self, room).await
    }

    /// Opens a socket, as a page of this instance does.
    pub async fn connects(&self) -> Socket {
        self.knocks(Some(&self.address.url(""))).await.unwrap()
    }

    /// Tries to open a socket from a page of this origin; returns the status when it is refused.
    pub async fn knocks(&self, origin: Option<&str>) -> Result<Socket, u16> {
        let cookies = self.cookies().map(|cookies| cookies.parse().unwrap());
        let origin = origin.map(|origin| origin.parse().unwrap());
        Socket::opens(&self.address, [("origin", origin), ("cookie", cookies)]).await
    }

    /// Opens a socket, as a page of this instance does, with these cookies.
    pub async fn connects_with(&self, cookies: HeaderValue) -> Socket {
        let origin = self.address.url("").parse().unwrap();
        let headers = [("origin", Some(origin)), ("cookie", Some(cookies))];
        Socket::opens(&self.address, headers).await.unwrap()
    }
}

pub fn path(room: RoomId) -> String {
    format!("/room/{room}")
}
