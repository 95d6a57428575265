//! An instance in which users have signed up and joined rooms: made once, and copied for every start.

use crate::{
    Result,
    connection::greet,
    fleet::ClientFleet,
    http::Http,
    peers::{Peer, Sarangbang, USERS},
    process::{Launch, Process, free_port},
    stats::number_after,
    tables::say,
};
use futures::{StreamExt, TryStreamExt, stream};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, Instant},
};

const PASSWORD: &str = "warm-ondol-room-at-night-58";
/// Sign-ups under way at once: argon2 has a core for each.
const AT_ONCE: usize = 8;
/// How many members post, and how much at once, where only the messages matter.
const SEEDERS: usize = 32;
const SEEDED_AT_ONCE: u32 = 96;
const SEEDED_WITHIN: Duration = Duration::from_secs(30);

/// The release build.
#[derive(Debug, Clone)]
pub struct Program {
    pub path: PathBuf,
    /// The folder with the scripts and styles.
    pub site: PathBuf,
}

impl Program {
    pub fn launch(&self, port: u16, database: &Path) -> Launch {
        Launch::new(&self.path)
            .set("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
            .set("LEPTOS_SITE_ROOT", &self.site)
            .set("DATABASE_URL", format!("sqlite://{}", database.display()))
            .set("SARANGBANG_LIMITS", "off")
            .set("RUST_LOG", "warn")
    }
}

#[derive(Debug, Clone)]
pub struct ServerProcess {
    pub program: Program,
    pub file: PathBuf,
    pub epoch: String,
    cookies: Vec<String>,
    /// By the number of their members.
    rooms: BTreeMap<usize, Room>,
}

#[derive(Debug, Clone)]
pub struct Room {
    pub id: String,
    /// The number of its latest change, when all members had joined.
    pub head: u64,
}

impl ServerProcess {
    /// Signs all users up and makes a room of each size.
    pub async fn build(program: Program, folder: &Path, sizes: &[usize]) -> Result<Self> {
        say(&format!("Signing up {USERS} people…"));
        let began = Instant::now();
        let file = folder.join("instance.db");
        let port = free_port()?;
        let mut process = Process::start(&program.launch(port, &file), port, folder)?;
        process.is_open().await?;
        let signing_up = stream::iter(0..USERS).map(|user| sign_up(port, user));
        let cookies = signing_up.buffered(AT_ONCE).try_collect::<Vec<_>>().await?;
        let mut server_process =
            Self { program, file, epoch: String::new(), cookies, rooms: BTreeMap::new() };
        for size in sizes {
            let id = server_process.make_room(port, *size).await?;
            let head = server_process.read_state(port, &id).await?;
            server_process.rooms.insert(*size, Room { id, head });
        }
        process.stop().await?;
        say(&format!("…in {:.0} s", began.elapsed().as_secs_f64()));
        Ok(server_process)
    }

    /// A copy of the instance with so many messages in these rooms, sent over sockets by their members.
    pub async fn after(&self, folder: &Path, said: &[(usize, u32)]) -> Result<Self> {
        let began = Instant::now();
        let file = folder.join("talked.db");
        std::fs::copy(&self.file, &file)?;
        let server_process = Self { file, ..self.clone() };
        let port = free_port()?;
        let mut process =
            Process::start(&self.program.launch(port, &server_process.file), port, folder)?;
        process.is_open().await?;
        let mut first = 0;
        for (size, count) in said {
            say(&format!("Saying {count} things in the room of {size}…"));
            let room = server_process.room(*size)?.clone();
            let peer = Sarangbang { server_process: Rc::new(server_process.clone()), room };
            let fleet = ClientFleet::connect(&peer, port, (*size).min(SEEDERS)).await?;
            fleet.numbers_from(first);
            fleet.posts_in_turn(*count, SEEDED_AT_ONCE, SEEDED_WITHIN).await?;
            first += count;
        }
        process.stop().await?;
        say(&format!("…in {:.0} s", began.elapsed().as_secs_f64()));
        Ok(server_process)
    }

    pub fn cookie(&self, user: usize) -> &str {
        self.cookies.get(user % USERS).map_or("", String::as_str)
    }

    pub fn room(&self, size: usize) -> Result<&Room> {
        let room = self.rooms.get(&size).ok_or_else(|| format!("no room of {size}"))?;
        Ok(room)
    }

    async fn make_room(&self, port: u16, size: usize) -> Result<String> {
        let mut http = Http::connect(port).await?;
        let title = format!("room-of-{size}");
        let made = http.post("/?/create_room", self.cookie(0), &[("title", &title)]).await?;
        let path = made.header("location").unwrap_or_default();
        let room = path.strip_prefix("/room/").ok_or_else(|| format!("no room: {made:?}"))?;
        for user in 1..size {
            let form = format!("/room/{room}?/join_room");
            let entered = http.post(&form, self.cookie(user), &[("room", room)]).await?;
            if entered.status != 303 {
                return Err(format!("could not enter: {entered:?}").into());
            }
        }
        Ok(room.to_owned())
    }

    /// The room's head, as a page gives it to its scripts; and the epoch with it.
    async fn read_state(&mut self, port: u16, room: &str) -> Result<u64> {
        let mut http = Http::connect(port).await?;
        let page = http.post("/api/read_page", self.cookie(0), &[("room", room)]).await?;
        let body = String::from_utf8_lossy(&page.body);
        let epoch = body.split_once(r#""epoch":""#).and_then(|(_, rest)| rest.split('"').next());
        epoch.ok_or_else(|| format!("no epoch in {body}"))?.clone_into(&mut self.epoch);
        Ok(number_after(br#""through":"#, &page.body).ok_or("no through in a page")?)
    }
}

async fn sign_up(port: u16, user: usize) -> Result<String> {
    let mut http = Http::connect(port).await?;
    let (name, email) = (format!("person-{user}"), email(user));
    let fields = [("name", &*name), ("email", &email), ("password", PASSWORD)];
    let answer = http.post("/sign-up?/sign_up", "", &fields).await?;
    Ok(answer.session().ok_or_else(|| format!("not signed up: {answer:?}"))?)
}

/// Signs in as from another machine.
pub async fn sign_in(http: &mut Http, user: usize) -> Result<()> {
    let email = email(user % USERS);
    let fields = [("email", &*email), ("password", PASSWORD)];
    let answer = http.post("/sign-in?/sign_in", "", &fields).await?;
    answer.session().map(drop).ok_or_else(|| format!("not signed in: {answer:?}").into())
}

fn email(user: usize) -> String {
    format!("person-{user}@bench.example")
}

/// Sends what a peer has to be told before any member connects.
pub async fn prepare(peer: &dyn Peer, port: u16) -> Result<()> {
    let steps = peer.preparation();
    if !steps.is_empty() {
        greet(port, &steps, &*peer.dialect()).await?;
    }
    Ok(())
}
