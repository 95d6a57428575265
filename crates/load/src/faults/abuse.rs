//! A signed-in attacker: malformed frames, a huge one, endless ones, broken ones, and pings.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    connection::Connection,
    server_process::ServerProcess,
    user::User,
    wait::within,
};
use futures::{SinkExt, StreamExt};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::Duration;
use tokio::time::interval;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

/// How many more bytes of memory all of it may cost.
const MAX_MEMORY: u64 = 20 * 1024 * 1024;
const MALFORMED: usize = 10_000;
const HUGE: usize = 64 * 1024 * 1024;
const FRAGMENTS: usize = 1_000_000;
const PINGS: usize = 100_000;
const MAX_DURATION: Duration = Duration::from_mins(1);

pub async fn abuse(setting: &Setting) -> Result<Outcome> {
    let server_process = ServerProcess::open(&setting.program).await?;
    let attacker = User::signs_up("놀부", &server_process.host()).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    pool.gets_on(500, RECOVERS_WITHIN).await?;
    let before = server_process.memory()?;
    let mut peak = before;
    for attack in Attack::ALL {
        let mut rng = StdRng::seed_from_u64(setting.seed);
        let connection = attacker.connects(&server_process.host()).await?;
        let attacking = within(MAX_DURATION, attack.runs(connection, &mut rng));
        tokio::pin!(attacking);
        let mut looks = interval(Duration::from_millis(20));
        loop {
            tokio::select! {
                // The instance should disconnect the attacker; it must not hang.
                over = &mut attacking => break drop(over?),
                _ = looks.tick() => peak = peak.max(server_process.memory()?),
            }
        }
        pool.gets_on(1, RECOVERS_WITHIN).await.map_err(|error| format!("{attack:?}: {error}"))?;
    }
    let more = peak.saturating_sub(before);
    let mut outcome = conclude(u32::try_from(Attack::ALL.len())?, pool, &server_process).await?;
    outcome.expect(more < MAX_MEMORY, || format!("{} MiB more memory", more >> 20));
    outcome.note(format!("memory {} MiB, at most {:.1} more", before >> 20, mebibytes(more)));
    Ok(outcome)
}

#[expect(clippy::cast_precision_loss, reason = "for a person to read")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

#[derive(Debug, Clone, Copy)]
enum Attack {
    Malformed,
    Huge,
    EmptyFragments,
    Fragments,
    BadUtf8,
    Pings,
}

impl Attack {
    const ALL: [Self; 6] = [
        Self::Malformed,
        Self::Huge,
        Self::EmptyFragments,
        Self::Fragments,
        Self::BadUtf8,
        Self::Pings,
    ];

    /// Runs until it is through or the instance disconnects it.
    async fn runs(self, mut connection: Connection, rng: &mut StdRng) -> Result<()> {
        connection.greets(None, Vec::new()).await?;
        match self {
            Self::Malformed => malformed(&mut connection, rng).await,
            Self::Huge => connection.sends(Message::text(" ".repeat(HUGE))).await,
            Self::EmptyFragments => fragments(&mut connection, b"").await,
            Self::Fragments => fragments(&mut connection, b"x").await,
            Self::BadUtf8 => {
                let bad = Frame::message(vec![0xC3, 0x28, 0xFF], OpCode::Data(Data::Text), true);
                connection.sends(Message::Frame(bad)).await?;
                while connection.0.next().await.is_some_and(|heard| heard.is_ok()) {}
                Ok(())
            }
            Self::Pings => {
                let ping = || Message::Ping(vec![b'.'; 125].into());
                // The answers are not read.
                floods(&mut connection, (0..PINGS).map(|_| ping())).await
            }
        }
    }
}

async fn malformed(connection: &mut Connection, rng: &mut StdRng) -> Result<()> {
    const AT_ONCE: usize = 50;
    for _ in 0..MALFORMED / AT_ONCE {
        for _ in 0..AT_ONCE {
            connection.0.feed(Message::text(nonsense(rng))).await?;
        }
        connection.0.flush().await?;
        for _ in 0..AT_ONCE {
            connection.hears().await.ok_or("hung up on nonsense")?;
        }
    }
    Ok(())
}

fn nonsense(rng: &mut StdRng) -> String {
    const BEGINNINGS: [&str; 8] = [
        "",
        "null",
        "{\"type\":\"send\",\"room\":",
        "{\"type\":\"hello\",\"protocol\":2}",
        "{\"type\":\"changes\",\"room\":\"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\",\"after\":1e99}",
        "{\"type\":\"\\ud800\"}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"type\":\"read\",\"room\":\"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\",\"seq\":-1",
    ];
    let beginning = BEGINNINGS.get(rng.random_range(0..BEGINNINGS.len())).unwrap_or(&"");
    let rest = (0..rng.random_range(0..200)).map(|_| rng.random::<char>());
    beginning.chars().chain(rest).collect()
}

/// One message that never ends.
async fn fragments(connection: &mut Connection, payload: &'static [u8]) -> Result<()> {
    let fragment = |number: usize| {
        let kind = if number == 0 { Data::Text } else { Data::Continue };
        Message::Frame(Frame::message(payload, OpCode::Data(kind), false))
    };
    floods(connection, (0..FRAGMENTS).map(fragment)).await
}

async fn floods(
    connection: &mut Connection,
    messages: impl Iterator<Item = Message>,
) -> Result<()> {
    const AT_ONCE: usize = 1_000;
    for (number, message) in messages.enumerate() {
        connection.0.feed(message).await?;
        if number % AT_ONCE == 0 {
            // An instance that reads no more has had its chance.
            if within(Duration::from_secs(12), connection.0.flush()).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(within(Duration::from_secs(12), connection.0.flush()).await??)
}
