//! The faults: what is done to an instance while clients chat in it. One file a family.

pub mod abuse;
pub mod costs;
pub mod crashes;
pub mod descriptors;
pub mod disk;
pub mod hangup;
pub mod lock;
pub mod network;
pub mod reader;
pub mod restore;
pub mod self_test;
pub mod stops;
pub mod storm;
pub mod strangers;
pub mod users;

use crate::{
    Result,
    checker::{self, Findings},
    client_pool::{ClientPool, Settled},
    server_process::{Program, ServerProcess},
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// How long all clients may take, once a fault is over, to be acknowledged and shown everything.
pub const SETTLES_WITHIN: Duration = Duration::from_mins(1);
/// How long it may take, once a fault is over, until messages are acknowledged again.
pub const RECOVERS_WITHIN: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Length {
    /// A few minutes in all.
    Short,
    /// A quarter of an hour in all.
    Usual,
    /// The largest number of rounds.
    Long,
}

/// What every fault is given.
#[derive(Debug, Clone)]
pub struct Setting {
    pub program: Program,
    /// The same with its feature `faults`; none when it was not built.
    pub failpoints: Option<Program>,
    /// The path of this program, for what needs a process of its own.
    pub myself: PathBuf,
    pub length: Length,
    pub seed: u64,
}

impl Setting {
    /// The number of rounds for each length.
    #[must_use]
    pub const fn rounds(&self, short: u32, usual: u32, long: u32) -> u32 {
        match self.length {
            Length::Short => short,
            Length::Usual => usual,
            Length::Long => long,
        }
    }

    pub fn failpoints(&self) -> Result<&Program> {
        self.failpoints.as_ref().ok_or_else(|| "needs the build with the feature `faults`".into())
    }
}

/// A fault, by its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub name: &'static str,
    pub details: &'static str,
    /// Whether it is among those that run in a few minutes.
    pub short: bool,
    /// Whether it needs the build with the feature `faults`.
    pub failpoints: bool,
}

const fn fault(name: &'static str, details: &'static str) -> Fault {
    Fault { name, details, short: false, failpoints: false }
}

impl Fault {
    const fn in_short(self) -> Self {
        Self { short: true, ..self }
    }

    const fn failpoints(self) -> Self {
        Self { failpoints: true, ..self }
    }

    /// Injects the fault, and compares what the clients recorded with what is stored.
    pub async fn run(self, setting: &Setting) -> Outcome {
        let began = Instant::now();
        let done = match self.name {
            "kill" => stops::kill(setting).await,
            "term" => stops::term(setting).await,
            "precommit" => crashes::at(setting, "before_commit").await,
            "prepublish" => crashes::at(setting, "after_commit").await,
            "preack" => crashes::at(setting, "before_ack").await,
            "diskfull" => disk::full(setting).await,
            "writefail" => disk::failing_writes(setting).await,
            "logfail" => disk::failing_log(setting).await,
            "locked" => lock::lock(setting).await,
            "stopped" => reader::stopped(setting).await,
            "delays" => network::delays(setting).await,
            "doubles" => network::doubles(setting).await,
            "cuts" => network::cuts(setting).await,
            "churn" => users::churn(setting).await,
            "clock" => users::clock(setting).await,
            "abuse" => abuse::abuse(setting).await,
            "readfail" => users::unanswered(setting).await,
            "strangers" => strangers::strangers(setting).await,
            "trickle" => strangers::trickle(setting).await,
            "storm" => storm::storm(setting).await,
            "descriptors" => descriptors::exhausted(setting).await,
            "costs" => costs::costs(setting).await,
            "pictures" => costs::avatars(setting).await,
            "hangup" => hangup::hangup(setting).await,
            "restore" => restore::restore(setting).await,
            "restorecut" => restore::cut_short(setting).await,
            "selftest" => self_test::self_test(setting).await,
            _ => Err("no such fault".into()),
        };
        let done = done.unwrap_or_else(|error| Outcome::failed(&error.to_string()));
        Outcome { name: self.name, time: began.elapsed(), ..done }
    }
}

/// All of them, in the order in which they run.
pub const FAULTS: &[Fault] = &[
    fault("kill", "kill -9 at random under load").in_short(),
    fault("term", "SIGTERM under load: drained within 10 s, sockets told to reconnect").in_short(),
    fault("precommit", "a crash before the commit").failpoints(),
    fault("prepublish", "a crash after the commit, before it is delivered").failpoints(),
    fault("preack", "a crash after the delivery, before the acknowledgement").failpoints(),
    fault("diskfull", "a full disk, and space again"),
    fault("writefail", "every write to the disk fails for a while").in_short(),
    fault("logfail", "the same, with the log on that disk too"),
    fault("locked", "the database is locked by another process for 3 s and for 30 s").failpoints(),
    fault("stopped", "a client that stops reading does not delay the others"),
    fault("delays", "a network that delays every piece").in_short(),
    fault("doubles", "a network that repeats every frame").in_short(),
    fault("cuts", "connections that are cut at every byte").in_short(),
    fault("churn", "clients join, send, disconnect and resume all at once").in_short(),
    fault("clock", "a clock that is a day off, and is set back").failpoints(),
    fault("readfail", "half of the requests for changes fail").failpoints(),
    fault("abuse", "malformed, huge, endless and broken frames, and a flood of pings").in_short(),
    fault(
        "strangers",
        "slow heads, slow bodies and sockets without a session, beside clients that chat",
    ),
    fault("trickle", "requests that never end are closed within a minute"),
    fault("storm", "all clients reconnect within two seconds"),
    fault("descriptors", "no file descriptors are left").in_short(),
    fault("costs", "the costliest texts and forms: memory, and how long others wait").in_short(),
    fault("pictures", "the costliest images: memory, and how long others wait"),
    fault("hangup", "clients that disconnect during a request: memory agrees with what is stored")
        .in_short(),
    fault("restore", "a backup taken under load is a prefix of what was committed").in_short(),
    fault(
        "restorecut",
        "a restore crashes at each of its steps: the old database or the new one, whole",
    )
    .failpoints(),
    fault("selftest", "the checker finds bugs put in on purpose, one of each kind").failpoints(),
];

/// The outcome of a fault.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub name: &'static str,
    pub rounds: u32,
    pub acknowledged: usize,
    pub findings: Findings,
    /// What else did not hold, in sentences.
    pub failures: Vec<String>,
    /// What was measured, in sentences.
    pub notes: Vec<String>,
    pub time: Duration,
}

impl Outcome {
    /// Checks what the clients of a pool recorded.
    #[must_use]
    pub fn of(rounds: u32, settled: Settled) -> Self {
        let Settled { records, histories, mut failures } = settled;
        let astray = checker::out_of_step(&records, &histories);
        if !astray.is_empty() {
            failures.push(format!("what these show is not what is stored: {astray:?}"));
        }
        let gaps: usize = histories.values().map(crate::history::History::gaps).sum();
        if gaps > 0 {
            failures.push(format!("{gaps} numbers are missing in the rooms"));
        }
        for record in &records {
            failures.extend(record.refused.iter().map(|why| format!("refused for good: {why}")));
        }
        failures.dedup();
        let acknowledged = records.iter().map(|record| record.acked.len()).sum();
        let findings = checker::check(&records, &histories);
        Self { rounds, acknowledged, findings, failures, ..Self::default() }
    }

    #[must_use]
    pub fn failed(why: &str) -> Self {
        Self { failures: vec![why.to_owned()], ..Self::default() }
    }

    /// Adds the outcome of another round.
    pub fn adds(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.acknowledged += other.acknowledged;
        self.findings += other.findings;
        self.failures.extend(other.failures);
        self.notes.extend(other.notes);
    }

    /// Adds a failure if a condition does not hold.
    pub fn expect(&mut self, holds: bool, else_say: impl FnOnce() -> String) {
        if !holds {
            self.failures.push(else_say());
        }
    }

    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.total() == 0 && self.failures.is_empty()
    }
}

/// The end of every fault: all clients finish, and the instance must not have panicked.
pub async fn conclude(
    rounds: u32,
    pool: ClientPool,
    server_process: &ServerProcess,
) -> Result<Outcome> {
    let mut outcome = Outcome::of(rounds, pool.settles(SETTLES_WITHIN).await?);
    let panics = server_process.panics();
    outcome.expect(panics == 0, || {
        format!("the server panicked {panics} times:\n{}", server_process.log())
    });
    Ok(outcome)
}
