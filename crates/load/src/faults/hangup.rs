//! Clients that disconnect while their request is being processed: a closed tab, a double click, a broken
//! connection. Whether the request took effect or not, everything that the program remembers must agree with
//! what is stored.
//!
//! What is stored is what the program answers after a restart, when it remembers nothing: each scene is
//! observed before and after one.

mod action;
mod scene;

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    server_process::ServerProcess,
    user::User,
    wait::last,
};
use action::UserAction;
use rand::{Rng, SeedableRng, rngs::StdRng};
use scene::{Participants, Scene};
use std::{
    ops::Range,
    time::{Duration, Instant},
};

/// When clients disconnect, in multiples of the duration of an honest request.
const BETWEEN: Range<f64> = 0.2..1.1;
const HONEST: u32 = 3;
/// A scene that concerns only a room needs no new account, and is repeated so many times as often.
const ROOMS: u32 = 4;
/// When a request that was cut off has ended at the latest, in multiples of the slowest honest request.
const SETTLES: u32 = 4;
const SETTLES_AT_LEAST: Duration = Duration::from_secs(1);

pub async fn hangup(setting: &Setting) -> Result<Outcome> {
    let tries = setting.rounds(5, 20, 120);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut server_process = ServerProcess::open(&setting.program).await?;
    // The first account is the administrator's.
    let administrator = User::signs_up("관리자", &server_process.host()).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    let participants = Participants::comes(administrator).await?;
    let (mut scenes, mut slowest) = (Vec::new(), Duration::ZERO);
    for action in UserAction::ALL {
        let mut takes = Duration::MAX;
        for _ in 0..HONEST {
            let scene = Scene::set(action, &participants).await?;
            let began = Instant::now();
            scene.is_done().await?;
            takes = takes.min(began.elapsed());
            scenes.push(scene);
        }
        slowest = slowest.max(takes);
        for number in 0..tries * if action.is_about_an_account() { 1 } else { ROOMS } {
            let scene = Scene::set(action, &participants).await?;
            scene.is_hung_up_on(takes.mul_f64(rng.random_range(BETWEEN))).await?;
            if number % 2 == 1 {
                // A double click: the browser disconnects from the first request and sends a second one. Its
                // answer depends on how far the first one got.
                let _ = scene.is_done().await;
            }
            scenes.push(scene);
        }
    }
    last(SETTLES_AT_LEAST.max(slowest * SETTLES)).await;
    for scene in &mut scenes {
        scene.is_looked_at().await?;
    }
    last(SETTLES_AT_LEAST).await;
    server_process.stop().await?;
    server_process.start().await?;
    pool.is_back(RECOVERS_WITHIN).await?;
    let mut astray = Vec::new();
    for scene in &scenes {
        let wrong = scene.what_was_wrong().await?;
        astray.extend(wrong.map(|wrong| format!("{:?}: {wrong}", scene.action)));
    }
    let all = scenes.len();
    drop((scenes, participants));
    let mut outcome = conclude(u32::try_from(all)?, pool, &server_process).await?;
    outcome.expect(astray.is_empty(), || {
        let examples = astray.iter().take(8).cloned().collect::<Vec<_>>().join("; ");
        format!("{} of {all} out of step with the database: {examples}", astray.len())
    });
    outcome.note(format!("{} kinds of requests, {all} times", UserAction::ALL.len()));
    Ok(outcome)
}
