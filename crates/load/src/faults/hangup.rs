//! Clients that hang up while what they asked for is being done: a closed tab, a double click, a line that
//! breaks. Whether it was done or not, everything that the program remembers must be what is stored.
//!
//! What is stored is what the program knows after a new start, when it remembers nothing: each scene is looked
//! at before and after one.

mod action;
mod scene;

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    crowd::{ClientMix, ClientPool},
    server_process::ServerProcess,
    user::User,
    wait::last,
};
use action::UserAction;
use rand::{Rng, SeedableRng, rngs::StdRng};
use scene::{Cast, Scene};
use std::{
    ops::Range,
    time::{Duration, Instant},
};

/// When clients hang up, in times of how long an honest request takes.
const BETWEEN: Range<f64> = 0.2..1.1;
const HONEST: u32 = 3;
/// A scene about a room alone needs no new account, and is played so many times as often.
const ROOMS: u32 = 4;
/// When what was hung up on is through at the latest, in times of the slowest honest request.
const SETTLES: u32 = 4;
const SETTLES_AT_LEAST: Duration = Duration::from_secs(1);

pub async fn hangup(setting: &Setting) -> Result<Outcome> {
    let tries = setting.rounds(5, 20, 120);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut server_process = ServerProcess::open(&setting.program).await?;
    // The first account is the administrator's.
    let administrator = User::signs_up("관리자", &server_process.host()).await?;
    let crowd = ClientPool::gathers(&server_process, &ClientMix::of(6, setting.seed)).await?;
    let cast = Cast::comes(administrator).await?;
    let (mut scenes, mut slowest) = (Vec::new(), Duration::ZERO);
    for action in UserAction::ALL {
        let mut takes = Duration::MAX;
        for _ in 0..HONEST {
            let scene = Scene::set(action, &cast).await?;
            let began = Instant::now();
            scene.is_done().await?;
            takes = takes.min(began.elapsed());
            scenes.push(scene);
        }
        slowest = slowest.max(takes);
        for number in 0..tries * if action.is_about_an_account() { 1 } else { ROOMS } {
            let scene = Scene::set(action, &cast).await?;
            scene.is_hung_up_on(takes.mul_f64(rng.random_range(BETWEEN))).await?;
            if number % 2 == 1 {
                // A double click: the browser hangs up on the first request and sends a second one. What
                // it answers depends on how far the first came.
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
    crowd.is_back(RECOVERS_WITHIN).await?;
    let mut astray = Vec::new();
    for scene in &scenes {
        let wrong = scene.what_was_wrong().await?;
        astray.extend(wrong.map(|wrong| format!("{:?}: {wrong}", scene.action)));
    }
    let all = scenes.len();
    drop((scenes, cast));
    let mut outcome = conclude(u32::try_from(all)?, crowd, &server_process).await?;
    outcome.expect(astray.is_empty(), || {
        let examples = astray.iter().take(8).cloned().collect::<Vec<_>>().join("; ");
        format!("{} of {all} out of step with the database: {examples}", astray.len())
    });
    outcome.note(format!("{} kinds of requests, {all} times", UserAction::ALL.len()));
    Ok(outcome)
}
