//! Whatever happens at once, and however badly it is told: a browser that was given a stale page and
//! the changes since shows what somebody reads who opens the room now.

use crate::{
    browser::{Browser, assert_in_step},
    helpers::{TestApp, User, fresh_id, soon},
};
use domain::ids::RoomId;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};

const NAMES: [&str; 4] = ["민지", "준호", "서연", "도윤"];

/// An instance, a room in it with a history of more than a page, and four people inside.
async fn lively() -> (TestApp, [User; 4], RoomId) {
    let test_app = TestApp::new().await;
    let users = test_app.users(NAMES).await;
    let study = users[0].makes_a_room("공부방").await;
    for guest in &users[1..] {
        guest.enters(study).await;
    }
    for n in 0..70 {
        users[n % 4].says(&format!("옛날 말 {n}")).in_room(study).await;
    }
    (test_app, users, study)
}

/// Talks: now and then the same twice, as an impatient finger does.
async fn talks(user: &User, room: RoomId, dice: &mut StdRng) {
    let id = fresh_id();
    let say = || user.says("지금 하는 말").under(id).in_room(room);
    if dice.random_bool(0.3) {
        let (first, second) = tokio::join!(say(), say());
        assert_eq!(first, second);
    } else {
        say().await;
    }
}

async fn lives_through(user: User, newcomer: User, room: RoomId, mut dice: StdRng) -> Browser {
    let mut browser = Browser::opens(&user, room).await;
    for _ in 0..40 {
        match dice.random_range(0..10) {
            0..5 => talks(&user, room, &mut dice).await,
            5 if dice.random() => newcomer.leaves(room).await,
            5 => newcomer.enters(room).await,
            6 => browser.hangs_up(),
            7 => browser.comes_back().await,
            8 => browser.scrolls_up().await,
            _ => browser.catches_up().await,
        }
    }
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_and_goes_while_others_talk_is_in_step() {
    for seed in 0..6 {
        let (test_app, users, study) = lively().await;
        let mut browsers = Vec::new();
        for (n, user) in (0..).zip(users) {
            let newcomer = test_app.user(&format!("손님 {n}")).await;
            let dice = StdRng::seed_from_u64(seed * 100 + n);
            browsers.push(tokio::spawn(lives_through(user, newcomer, study, dice)));
        }
        let mut done = Vec::new();
        for browser in browsers {
            done.push(soon(browser).await.unwrap());
        }
        for browser in &mut done {
            if browser.line.is_none() {
                browser.comes_back().await;
            }
            println!("seed {seed}");
            assert_in_step(browser).await;
        }
    }
}

/// Loses some of what was told, repeats some, and mixes it up.
fn garbled<T: Clone>(told: Vec<T>, dice: &mut StdRng) -> Vec<T> {
    let mut heard: Vec<T> = Vec::new();
    for frame in told {
        let copies = dice.random_range(0..=2);
        heard.extend(std::iter::repeat_n(frame, copies));
    }
    heard.shuffle(dice);
    heard
}

#[tokio::test]
async fn a_browser_that_hears_badly_asks_until_it_is_in_step() {
    let (test_app, users, study) = lively().await;
    for seed in 0..12 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut browser = Browser::opens(&users[0], study).await;
        for round in 0..6 {
            for user in &users {
                talks(user, study, &mut dice).await;
            }
            let guest = test_app.user(&format!("손님 {round}")).await;
            guest.enters(study).await;
            guest.leaves(study).await;
            for changes in garbled(browser.waiting(), &mut dice) {
                browser.takes_in(changes).await;
            }
        }
        println!("seed {seed}");
        users[1].says("들려요?").in_room(study).await;
        assert_in_step(&mut browser).await;
    }
}

#[tokio::test]
async fn who_was_away_for_long_is_in_step_after_one_return() {
    let (test_app, users, study) = lively().await;
    let mut browser = Browser::opens(&users[0], study).await;
    browser.hangs_up();
    for n in 0..130 {
        users[1].says(&format!("{n}")).in_room(study).await;
    }
    for n in 0..60 {
        let guest = test_app.user(&format!("손님 {n}")).await;
        guest.enters(study).await;
        if n % 3 == 0 {
            guest.leaves(study).await;
        }
    }
    browser.comes_back().await;
    assert_in_step(&mut browser).await;
    assert_eq!(browser.timeline().messages().count(), 50 + 130);
    browser.scrolls_up().await;
    assert_in_step(&mut browser).await;
    assert_eq!(browser.timeline().messages().count(), 200);
}
