//! Signed-out clients that take up connections while others chat: requests that arrive a byte at a time, and
//! sockets without a session.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    connection::Connection,
    server_process::ServerProcess,
    wait::{last, within},
};
use futures::future::join_all;
use std::time::Duration;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet, time::interval};

/// How long they stay.
const STAY: Duration = Duration::from_secs(12);
/// The most that the p99 of the delays may be meanwhile.
const MAX_P99: Duration = Duration::from_millis(500);

/// How long a request may take to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_mins(1);

const HEAD: &str = "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ";
const BODY: &str = "POST /sign-in?/sign_in HTTP/1.1\r\nhost: x\r\ncontent-length: 10000\r\n\
                    content-type: application/x-www-form-urlencoded\r\n\r\nname=";

pub async fn strangers(setting: &Setting) -> Result<Outcome> {
    let each = usize::try_from(setting.rounds(200, 1_000, 4_000))?;
    let server_process = ServerProcess::open(&setting.program).await?;
    let mut mix = ClientMix::of(12, setting.seed);
    // Disconnecting by themselves would delay the clients' own messages.
    mix.behavior.drops = 0.0;
    let pool = ClientPool::start(&server_process, &mix).await?;
    pool.gets_on(200, RECOVERS_WITHIN).await?;
    drop(pool.delays());
    last(STAY / 4).await;
    let calm = p99(pool.delays());
    let mut coming = JoinSet::new();
    for _ in 0..each {
        coming.spawn(trickles(server_process.host(), HEAD));
        coming.spawn(trickles(server_process.host(), BODY));
    }
    let host = server_process.host();
    let nobody = join_all((0..each).map(|_| Connection::open(&host, None)));
    let (nobody, ()) = tokio::join!(nobody, last(STAY));
    let crowded = p99(pool.delays());
    let opened = nobody.iter().filter(|opened| opened.is_ok()).count();
    let memory = server_process.memory()?;
    coming.abort_all();
    drop(nobody);
    let mut outcome = conclude(u32::try_from(each * 3)?, pool, &server_process).await?;
    outcome.expect(crowded <= MAX_P99, || format!("p99 {crowded:.0?} beside strangers"));
    outcome.note(format!(
        "p99 {calm:.1?} alone, {crowded:.1?} beside {opened} sockets of nobody and {} slow \
         requests; memory {} MiB",
        each * 2,
        memory >> 20
    ));
    Ok(outcome)
}

/// A connection that never finishes its request must be closed: otherwise it would be held for ever, and the
/// number of file descriptors is limited.
pub async fn trickle(setting: &Setting) -> Result<Outcome> {
    const EACH: u32 = 20;
    let server_process = ServerProcess::open(&setting.program).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    let mut coming = JoinSet::new();
    for _ in 0..EACH {
        coming.spawn(trickles(server_process.host(), HEAD));
        coming.spawn(trickles(server_process.host(), BODY));
    }
    let all_gone = async { while coming.join_next().await.is_some() {} };
    let in_time = within(ARRIVES_WITHIN, all_gone).await.is_ok();
    let held = coming.len();
    let mut outcome = conclude(EACH * 2, pool, &server_process).await?;
    outcome.expect(in_time, || {
        format!(
            "{held} of {} requests that never end still held after {ARRIVES_WITHIN:?}",
            EACH * 2
        )
    });
    Ok(outcome)
}

/// Begins a request and never finishes it.
async fn trickles(host: String, beginning: &'static str) -> Result<()> {
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(beginning.as_bytes()).await?;
    let mut beat = interval(Duration::from_millis(500));
    loop {
        beat.tick().await;
        stream.write_all(b"a").await?;
    }
}

/// The 99th percentile. Zero of none.
#[must_use]
pub fn p99(mut delays: Vec<Duration>) -> Duration {
    delays.sort_unstable();
    delays.get(delays.len() * 99 / 100).or(delays.last()).copied().unwrap_or_default()
}
