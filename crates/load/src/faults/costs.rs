//! What one message, form or image may cost: memory of the program, and time that other users wait meanwhile.
//!
//! Each is sent to an instance of its own, with rate limits on, by an attacker with an address of its own.
//! Meanwhile clients chat, and one honest client requests a page again and again.

mod attacker;
mod files;

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client::Behavior,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    user::User,
    wait::{last, within},
};
use attacker::{Answer, Attacker, Post};
use domain::ids::RoomId;
use files::ImageKind;
use futures::future::{join_all, try_join_all};
use std::time::{Duration, Instant};
use tokio::time::interval;

const MIB: u64 = 1024 * 1024;
/// The longest that any of it may last.
const MAX_DURATION: Duration = Duration::from_mins(2);
/// How often the memory is sampled.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How often the honest client requests its page.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// The most bytes in the page of a refusal.
const MAX_REFUSAL_BYTES: usize = 256 * 1024;

/// A costly request, and what it may cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    what: Request,
    /// How many more bytes of memory it may take.
    max_memory: u64,
    /// How long an honest client may wait for a page meanwhile.
    max_wait: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    /// The text in which links are hardest to find, thirty times in one room, and requests for its page that
    /// are cut off.
    Links,
    /// Twenty large forms at once for an action that does not exist, without an account.
    UnknownForms,
    /// The same for an action that exists.
    RefusedForms,
    /// Large forms where images are uploaded.
    RefusedUploads,
    /// Large forms whose last byte never arrives.
    HeldForms,
    /// The costliest images of each format, in several sizes, from two accounts at once.
    Avatars(ImageKind),
    /// An honest photograph over a slow connection: 64 KiB every 450 ms.
    SlowPhoto,
}

const fn cost(what: Request, mebibytes: u64, wait_millis: u64) -> Cost {
    Cost { what, max_memory: mebibytes * MIB, max_wait: Duration::from_millis(wait_millis) }
}

const COSTS: [Cost; 5] = [
    cost(Request::Links, 20, 2_000),
    cost(Request::UnknownForms, 20, 2_000),
    cost(Request::RefusedForms, 20, 2_000),
    cost(Request::RefusedUploads, 20, 2_000),
    cost(Request::HeldForms, 40, 2_000),
];

const AVATARS: [Cost; 6] = [
    cost(Request::Avatars(ImageKind::Png8), 200, 2_000),
    cost(Request::Avatars(ImageKind::Png16), 200, 2_000),
    cost(Request::Avatars(ImageKind::Png16Interlaced), 200, 2_000),
    cost(Request::Avatars(ImageKind::PngWithProfile), 200, 2_000),
    cost(Request::Avatars(ImageKind::Jpeg), 200, 2_000),
    cost(Request::SlowPhoto, 40, 2_000),
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
    let attackers = [
        User::signs_up("놀부", &server_process.host()).await?,
        User::signs_up("변학도", &server_process.host()).await?,
    ];
    let behavior = Behavior { every: Some(Duration::from_millis(400)), drops: 0.0, padding: 0 };
    let mix = ClientMix { rooms: 1, behavior, ..ClientMix::of(3, setting.seed) };
    let pool = ClientPool::start(&server_process, &mix).await?;
    pool.gets_on(5, RECOVERS_WITHIN).await?;
    honest.gets("/").await?;
    let before = server_process.memory()?;
    let (mut peak, mut longest) = (before, Duration::ZERO);
    let failures = {
        let attack = within(MAX_DURATION, cost.what.is_done(&honest, &attackers));
        tokio::pin!(attack);
        let asks = asks_on_and_on(&honest, &mut longest);
        tokio::pin!(asks);
        let mut looks = interval(LOOK_EVERY);
        loop {
            tokio::select! {
                // What takes too long has used its resources by then.
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
    let mut outcome = conclude(1, pool, &server_process).await?;
    let Cost { what, max_memory, max_wait } = cost;
    outcome.failures.extend(failures.into_iter().map(|failure| format!("{what:?}: {failure}")));
    outcome.expect(more < max_memory, || {
        format!("{what:?}: {} MiB more memory, {} at most", more / MIB, max_memory / MIB)
    });
    outcome.expect(longest < max_wait, || {
        format!("{what:?}: an honest client waited {longest:.1?}, {max_wait:.1?} at most")
    });
    outcome.note(format!("{what:?} {} MiB, waited {longest:.0?}", more / MIB));
    Ok(outcome)
}

/// The honest client. It ends only when it is refused.
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

impl Request {
    /// Sends the request, and returns what else did not hold.
    async fn is_done(self, honest: &User, attackers: &[User; 2]) -> Result<Vec<String>> {
        let [attacker, _] = attackers;
        let with_account = Attacker::of(attacker)?;
        let stranger = Attacker { cookies: None, ..with_account.clone() };
        match self {
            Self::Links => links(attacker, &with_account).await,
            Self::UnknownForms => forms(&stranger, "/sign-in?/nothing", 1 << 20).await,
            Self::RefusedForms => forms(&stranger, "/sign-in?/sign_in", 1 << 20).await,
            Self::RefusedUploads => {
                let room = attacker.makes_room("화랑").await?;
                let path = format!("/room/{room}/settings/picture?/set_avatar");
                forms(&with_account, &path, 16 << 20).await
            }
            Self::HeldForms => held(&stranger).await,
            Self::Avatars(kind) => worst_avatars(kind, honest, attackers).await,
            Self::SlowPhoto => slow_photo(honest).await,
        }
    }
}

/// Requests the room's page and disconnects, again and again.
async fn links(attacker: &User, client: &Attacker) -> Result<Vec<String>> {
    let text = format!("{}{}", "http://-".repeat(166), ")".repeat(2_667));
    let room = attacker.makes_room("링크방").await?;
    for _ in 0..30 {
        let status = attacker.says(room, &text).await?;
        if status >= 400 {
            return Err(format!("a legal message was answered {status}").into());
        }
    }
    let path = format!("/room/{room}");
    for _ in 0..10 {
        client.asks_and_hangs_up(&path, Duration::from_millis(50)).await?;
    }
    let began = Instant::now();
    let status = attacker.gets(&path).await?;
    let took = began.elapsed();
    let slow = took > Duration::from_secs(2);
    let slow = slow.then(|| format!("the room's page took {took:.1?}"));
    Ok(slow.into_iter().chain((status != 200).then(|| format!("the room: {status}"))).collect())
}

async fn forms(attacker: &Attacker, path: &str, bytes: usize) -> Result<Vec<String>> {
    const AT_ONCE: usize = 20;
    const ROUNDS: usize = 3;
    let post = Post::form(path, bytes);
    let mut failures = Vec::new();
    for _ in 0..ROUNDS {
        let answers = try_join_all((0..AT_ONCE).map(|_| attacker.posts(&post))).await?;
        failures.extend(answers.into_iter().filter_map(refusal_that_is_none));
    }
    failures.dedup();
    Ok(failures)
}

/// A refusal must be a small page, or the connection must be closed.
fn refusal_that_is_none(answer: Answer) -> Option<String> {
    let Answer { status, bytes } = answer;
    if bytes > MAX_REFUSAL_BYTES {
        return Some(format!("a refusal of {bytes} bytes"));
    }
    let is_refusal = status.is_none_or(|status| (400..504).contains(&status) && status != 500);
    (!is_refusal).then(|| format!("answered {status:?}"))
}

async fn held(attacker: &Attacker) -> Result<Vec<String>> {
    const HELD: usize = 300;
    let post = Post::form("/sign-in?/sign_in", 1 << 20);
    let time = Duration::from_secs(4);
    // Some may be refused when they connect.
    join_all((0..HELD).map(|_| attacker.holds(&post, time))).await;
    Ok(Vec::new())
}

async fn worst_avatars(
    kind: ImageKind,
    honest: &User,
    attackers: &[User; 2],
) -> Result<Vec<String>> {
    /// 40, 26, 16 and 9 megapixels: a refused image must cost no more than an accepted one.
    const SIDES: [u16; 4] = [6_324, 5_099, 4_000, 3_000];
    const HONEST_WITHIN: Duration = Duration::from_secs(20);
    let mut failures = accepts_a_small_one(kind, honest).await?;
    let files = SIDES.map(|side| kind.file(side));
    let files = files.into_iter().collect::<Result<Vec<_>>>()?;
    let attacks = attackers.iter().map(|attacker| {
        let files = &files;
        async move {
            let room = attacker.makes_room("화랑").await?;
            let client = Attacker::of(attacker)?;
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
        let client = Attacker::of(honest)?;
        // The others have begun by then.
        last(Duration::from_millis(500)).await;
        let post = Post::avatar(&avatar_of(room), &ImageKind::Png8.file(300)?);
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

/// The costly files prove something only if they are valid images: a small one of the kind must be accepted.
/// One with such a large colour profile may be refused at any size.
async fn accepts_a_small_one(kind: ImageKind, honest: &User) -> Result<Vec<String>> {
    if kind == ImageKind::PngWithProfile {
        return Ok(Vec::new());
    }
    let room = honest.makes_room("작은 사진방").await?;
    let post = Post::avatar(&avatar_of(room), &kind.file(300)?);
    let status = Attacker::of(honest)?.posts(&post).await?.status;
    Ok((status != Some(303)).then(|| format!("a small one: {status:?}")).into_iter().collect())
}

async fn slow_photo(honest: &User) -> Result<Vec<String>> {
    let room = honest.makes_room("사진방").await?;
    let client = Attacker::of(honest)?;
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
