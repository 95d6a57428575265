//! Signing in, beside bare argon2; and chatting while users sign in.

use crate::{
    Result,
    bench::{Bench, Candidate, Running},
    http::Http,
    process::{Launch, Shares},
    server_process::sign_in,
    tables::{Spread, Table, percent, ratio, say, verdict},
    window::{hold, quantile},
};
use argon2::Argon2;
use futures::future::{join, try_join_all};
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// Connections over which users sign in, one after another.
const CLIENTS: usize = 8;
/// A lively room: all its connections are counted, but the core is far from full.
const TALKERS: usize = 100;
const POSTS: f64 = 20.0;
const GOAL: f64 = 0.7;
const GOAL_TALKING: f64 = 2.0;

pub async fn measure(bench: &Bench) -> Result<Vec<Table>> {
    let (mut bare, mut ours, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let (mut quiet, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..bench.pace.rounds {
        bare.push(bare_argon2(bench)?);
        let peer = bench.peer(Candidate::Sarangbang, TALKERS)?;
        let (running, fleet) = bench.fill(&*peer, TALKERS).await?;
        hold(&fleet, &running, POSTS, Duration::from_secs(1)).await?;
        let window = hold(&fleet, &running, POSTS, bench.pace.half_rate).await?;
        quiet.push(quantile(&window.delivery, 0.99));
        let over = Cell::new(false);
        let talking = async {
            let window = hold(&fleet, &running, POSTS, bench.pace.half_rate).await;
            over.set(true);
            window
        };
        let (window, signed_in) = join(talking, sign_ins(&running, || over.get())).await;
        let window = window?;
        if !window.kept {
            return Err(format!("talking beside sign-ins: {}", fleet.first_error()).into());
        }
        beside.push(quantile(&window.delivery, 0.99));
        signed_in?;
        drop(fleet);
        let (began, cpu) = (Instant::now(), Shares::begin(&running.process)?);
        ours.push(sign_ins(&running, || began.elapsed() > bench.pace.half_rate).await?);
        shares.push(cpu.end(&running.process)?.0);
    }
    let [bare, ours, quiet, beside] = [bare, ours, quiet, beside].map(Spread::of);
    let mut table =
        Table::new("Signing in", &["", "a second", "Sarangbang to it", "server's core"]);
    let core = percent(Spread::of(shares).median);
    table.row(["Sarangbang".to_owned(), ours.show(1), ratio(1.0, 1.0), core]);
    table.row([
        "bare argon2".to_owned(),
        bare.show(1),
        ratio(ours.median, bare.median),
        "100 %".to_owned(),
    ]);
    let reached = ours.median / bare.median;
    table.note(format!(
        "- Goal {GOAL} of bare argon2: {reached:.2}, **{}**.",
        verdict(reached, GOAL)
    ));
    let times = beside.median / quiet.median;
    let verdict = if times <= GOAL_TALKING { "met" } else { "missed" };
    table.note(format!(
        "- Goal: {POSTS} posts a second to a room of {TALKERS} keep their p99 within {GOAL_TALKING} times while \
         {CLIENTS} sign in without a pause: {} ms before, {} ms meanwhile, {times:.2}×, **{verdict}**.",
        quiet.show(2),
        beside.show(2)
    ));
    say(&table.markdown());
    Ok(vec![table])
}

/// Sign-ins a second.
async fn sign_ins(running: &Running, over: impl Fn() -> bool) -> Result<f64> {
    let began = Instant::now();
    let over = &over;
    let clients = (0..CLIENTS).map(|client| async move {
        let mut http = Http::connect(running.process.port).await?;
        let mut count = 0_u32;
        while !over() {
            sign_in(&mut http, client * 100 + usize::try_from(count)? % 100).await?;
            count += 1;
        }
        Result::Ok(count)
    });
    let count = try_join_all(clients).await?.into_iter().sum::<u32>();
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}

/// Hashes a second, by a process that does nothing else, on the server's core.
fn bare_argon2(bench: &Bench) -> Result<f64> {
    let seconds = bench.pace.half_rate.as_secs().to_string();
    let launch = Launch::new(std::env::current_exe()?).argument("argon2").argument(seconds);
    let output = launch.command().output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// What that process does. argon2's own defaults are the parameters of Sarangbang: 19 MiB, 2 passes, 1 lane.
pub fn hash_for(length: Duration) -> Result<f64> {
    let argon2 = Argon2::default();
    let (began, mut hashes, mut hash) = (Instant::now(), 0_u32, [0; 32]);
    while began.elapsed() < length {
        let done = argon2.hash_password_into(
            b"warm-ondol-room-at-night-58",
            b"0123456789abcdef",
            &mut hash,
        );
        done.map_err(|error| error.to_string())?;
        hashes += 1;
    }
    Ok(f64::from(hashes) / began.elapsed().as_secs_f64())
}
