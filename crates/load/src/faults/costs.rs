//! What one message, form or picture may cost: memory of the program, and the time that others wait meanwhile.
//!
//! Each is done to an instance of its own, with limits on, by a villain with an address of its own. Beside it
//! people talk, and one client asks for a page again and again.

mod files;
mod villain;

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client::Behavior,
    crowd::{ClientMix, ClientPool},
    server_process::ServerProcess,
    user::User,
    wait::{last, within},
};
use domain::ids::RoomId;
use files::Kind;
use futures::future::{join_all, try_join_all};
use std::time::{Duration, Instant};
use tokio::time::interval;
use villain::{Answer, Post, Villain};

const MIB: u64 = 1024 * 1024;
/// The longest that any of it may last.
const MAX_DURATION: Duration = Duration::from_mins(2);
/// How often the memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How often the honest client asks for its page.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// The largest page that a refusal may be.
const MAX_PAGE_ITEMS: usize = 256 * 1024;

/// What costs, and what it may cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    what: What,
    /// How much more memory, in bytes.
    memory_most: u64,
    /// How long an honest client may wait for a page meanwhile.
    wait_most: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The text that is hardest to find links in, thirty times in one room, and pages of it that nobody waits for.
    Links,
    /// Twenty large forms at once for an action that there is not, without an account.
    UnknownForms,
    /// The same for one that there is.
    RefusedForms,
    /// Large forms where pictures are taken.
    RefusedUploads,
    /// Large forms of which the last byte never comes.
    HeldForms,
    /// The worst pictures of each format, in several sizes, from two accounts at once.
    Avatars(Kind),
    /// An honest photograph over a slow line: 64 KiB every 450 ms.
    SlowPhoto,
}

const fn cost(what: What, mebibytes: u64, wait_millis: u64) -> Cost {
    Cost { what, memory_most: mebibytes * MIB, wait_most: Duration::from_millis(wait_millis) }
}

const COSTS: [Cost; 5] = [
    cost(What::Links, 20, 2_000),
    cost(What::UnknownForms, 20, 2_000),
    cost(What::RefusedForms, 20, 2_000),
    cost(What::RefusedUploads, 20, 2_000),
    cost(What::HeldForms, 40, 2_000),
];

const AVATARS: [Cost; 6] = [
    cost(What::Avatars(Kind::Png8), 200, 2_000),
    cost(What::Avatars(Kind::Png16), 200, 2_000),
    cost(What::Avatars(Kind::Png16Interlaced), 200, 2_000),
    cost(What::Avatars(Kind::PngWithProfile), 200, 2_000),
    cost(What::Avatars(Kind::Jpeg), 200, 2_000),
    cost(What::SlowPhoto, 40, 2_000),
];

/// Texts and forms.
pub async fn costs(setting: &Setting) -> Result<Outcome> {
    each(setting, &COSTS).await
}

pub async fn avatars(setting: &Setting) -> Result<Outcome> {
    each(setting, &AVATARS).await
}

async fn each(setting: &Setting, costs: &[Cost]) -> Result<Outcome> {
    let mut sum = Outcome::default();
    for cost in costs {
        let outcome = one(setting, *cost).await;
        sum.adds(
            outcome.unwrap_or_else(|error| Outcome::failed(&format!("{:?}: {error}", cost.what))),
        );
    }
    Ok(sum)
}

async fn one(setting: &Setting, cost: Cost) -> Result<Outcome> {
    let mut server_process = ServerProcess::new(&setting.program)?;
    server_process.set("SARANGBANG_LIMITS", "on");
    server_process.start().await?;
    let honest = User::signs_up("정직한 손님", &server_process.host()).await?;
    let villains = [
        User::signs_up("놀부", &server_process.host()).await?,
        User::signs_up("변학도", &server_process.host()).await?,
    ];
    let manner = Behavior { every: Some(Duration::from_millis(400)), drops: 0.0, padding: 0 };
    let company = ClientMix { rooms: 1, manner, ..ClientMix::of(3, setting.seed) };
    let crowd = ClientPool::gathers(&server_process, &company).await?;
    crowd.gets_on(5, RECOVERS_WITHIN).await?;
    honest.gets("/").await?;
    let before = server_process.memory()?;
    let (mut peak, mut longest) = (before, Duration::ZERO);
    let failures = {
        let attack = within(MAX_DURATION, cost.what.is_done(&honest, &villains));
        tokio::pin!(attack);
        let asks = asks_on_and_on(&honest, &mut longest);
        tokio::pin!(asks);
        let mut looks = interval(LOOK_EVERY);
        loop {
            tokio::select! {
                // What takes too long has still cost what it cost.
                over = &mut attack => break match over {
                    Ok(failures) => failures?,
                    Err(error) => vec![error.to_string()],
                },
                asked = &mut asks => asked?,
                _ = looks.tick() => peak = peak.max(server_process.memory()?),
            }
        }
    };
    let more = peak.saturating_sub(before);
    let mut outcome = conclude(1, crowd, &server_process).await?;
    let Cost { what, memory_most, wait_most } = cost;
    outcome.failures.extend(failures.into_iter().map(|failure| format!("{what:?}: {failure}")));
    outcome.expect(more < memory_most, || {
        format!("{what:?}: {} MiB more memory, {} at most", more / MIB, memory_most / MIB)
    });
    outcome.expect(longest < wait_most, || {
        format!("{what:?}: an honest client waited {longest:.1?}, {wait_most:.1?} at most")
    });
    outcome.note(format!("{what:?} {} MiB, waited {longest:.0?}", more / MIB));
    Ok(outcome)
}

/// The honest client; only its being refused ends it.
async fn asks_on_and_on(honest: &User, longest: &mut Duration) -> Result<()> {
    let mut asks = interval(ASK_EVERY);
    loop {
        asks.tick().await;
        let began = Instant::now();
        let status = honest.gets("/").await?;
        *longest = began.elapsed().max(*longest);
        if status != 200 {
            return Err(format!("an honest client was answered {status}").into());
        }
    }
}

impl What {
    /// Does it, and says what else did not hold.
    async fn is_done(self, honest: &User, villains: &[User; 2]) -> Result<Vec<String>> {
        let [villain, _] = villains;
        let with_account = Villain::of(villain)?;
        let stranger = Villain { cookies: None, ..with_account.clone() };
        match self {
            Self::Links => links(villain, &with_account).await,
            Self::UnknownForms => forms(&stranger, "/sign-in?/nothing", 1 << 20).await,
            Self::RefusedForms => forms(&stranger, "/sign-in?/sign_in", 1 << 20).await,
            Self::RefusedUploads => {
                let room = villain.makes_room("화랑").await?;
                let path = format!("/room/{room}/settings/picture?/set_avatar");
                forms(&with_account, &path, 16 << 20).await
            }
            Self::HeldForms => held(&stranger).await,
            Self::Avatars(kind) => worst_avatars(kind, honest, villains).await,
            Self::SlowPhoto => slow_photo(honest).await,
        }
    }
}

/// The page of the room is asked for, and its reader gone, again and again.
async fn links(villain: &User, client: &Villain) -> Result<Vec<String>> {
    let text = format!("{}{}", "http://-".repeat(166), ")".repeat(2_667));
    let room = villain.makes_room("링크방").await?;
    for _ in 0..30 {
        let status = villain.says(room, &text).await?;
        if status >= 400 {
            return Err(format!("a legal message was answered {status}").into());
        }
    }
    let path = format!("/room/{room}");
    for _ in 0..10 {
        client.asks_and_hangs_up(&path, Duration::from_millis(50)).await?;
    }
    let began = Instant::now();
    let status = villain.gets(&path).await?;
    let took = began.elapsed();
    let slow = took > Duration::from_secs(2);
    let slow = slow.then(|| format!("the room's page took {took:.1?}"));
    Ok(slow.into_iter().chain((status != 200).then(|| format!("the room: {status}"))).collect())
}

async fn forms(villain: &Villain, path: &str, bytes: usize) -> Result<Vec<String>> {
    const AT_ONCE: usize = 20;
    const ROUNDS: usize = 3;
    let post = Post::form(path, bytes);
    let mut failures = Vec::new();
    for _ in 0..ROUNDS {
        let answers = try_join_all((0..AT_ONCE).map(|_| villain.posts(&post))).await?;
        failures.extend(answers.into_iter().filter_map(refusal_that_is_none));
    }
    failures.dedup();
    Ok(failures)
}

/// Either it is refused, with a small page, or the connection is closed on it.
fn refusal_that_is_none(answer: Answer) -> Option<String> {
    let Answer { status, bytes } = answer;
    if bytes > MAX_PAGE_ITEMS {
        return Some(format!("a refusal of {bytes} bytes"));
    }
    let is_refusal = status.is_none_or(|status| (400..504).contains(&status) && status != 500);
    (!is_refusal).then(|| format!("answered {status:?}"))
}

async fn held(villain: &Villain) -> Result<Vec<String>> {
    const HELD: usize = 300;
    let post = Post::form("/sign-in?/sign_in", 1 << 20);
    let time = Duration::from_secs(4);
    // Some may be refused at the door.
    join_all((0..HELD).map(|_| villain.holds(&post, time))).await;
    Ok(Vec::new())
}

async fn worst_avatars(kind: Kind, honest: &User, villains: &[User; 2]) -> Result<Vec<String>> {
    /// 40, 26, 16 and 9 megapixels: what is refused costs as little as what is not.
    const SIDES: [u16; 4] = [6_324, 5_099, 4_000, 3_000];
    const HONEST_WITHIN: Duration = Duration::from_secs(20);
    let mut failures = is_a_avatar(kind, honest).await?;
    let files = SIDES.map(|side| kind.file(side));
    let files = files.into_iter().collect::<Result<Vec<_>>>()?;
    let attacks = villains.iter().map(|villain| {
        let files = &files;
        async move {
            let room = villain.makes_room("화랑").await?;
            let client = Villain::of(villain)?;
            let mut failures = Vec::new();
            for file in files {
                let post = Post::avatar(&avatar_of(room), file);
                let answers = try_join_all([client.posts(&post), client.posts(&post)]).await?;
                let is_broken = |answer: &Answer| answer.status.is_none_or(|it| it == 500);
                failures.extend(answers.into_iter().find(is_broken).map(|it| format!("{it:?}")));
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(failures)
        }
    });
    let honest_one = async {
        let room = honest.makes_room("사진방").await?;
        let client = Villain::of(honest)?;
        // The others have begun by then.
        last(Duration::from_millis(500)).await;
        let post = Post::avatar(&avatar_of(room), &Kind::Png8.file(300)?);
        let began = Instant::now();
        let answer = client.posts(&post).await?;
        let took = began.elapsed();
        let fine = answer.status == Some(303) && took < HONEST_WITHIN;
        Ok((!fine).then(|| format!("an honest picture: {:?} after {took:.1?}", answer.status)))
    };
    let (broken, unfair) = tokio::join!(try_join_all(attacks), honest_one);
    let unfair: Result<Option<String>> = unfair;
    failures.extend(broken?.into_iter().flatten().chain(unfair?));
    Ok(failures)
}

/// Only what is a picture proves anything: a small one of the kind is taken. A profile of that size may be
/// refused with any.
async fn is_a_avatar(kind: Kind, honest: &User) -> Result<Vec<String>> {
    if kind == Kind::PngWithProfile {
        return Ok(Vec::new());
    }
    let room = honest.makes_room("작은 사진방").await?;
    let post = Post::avatar(&avatar_of(room), &kind.file(300)?);
    let status = Villain::of(honest)?.posts(&post).await?.status;
    Ok((status != Some(303)).then(|| format!("a small one: {status:?}")).into_iter().collect())
}

async fn slow_photo(honest: &User) -> Result<Vec<String>> {
    let room = honest.makes_room("사진방").await?;
    let client = Villain::of(honest)?;
    let post = Post::avatar(&avatar_of(room), &files::photograph()?);
    let answer = client.posts_slowly(&post, 64 * 1024, Duration::from_millis(450)).await?;
    let is_taken = answer.status == Some(303);
    Ok((!is_taken)
        .then(|| format!("an honest photograph: {:?}", answer.status))
        .into_iter()
        .collect())
}

fn avatar_of(room: RoomId) -> String {
    format!("/room/{room}/settings/picture?/set_avatar")
}
