//! Coming back: after a moment, after long, after a restore.

use crate::{
    browser::{Browser, assert_in_step},
    helpers::{TestApp, User, texts},
};
use chat::{Heads, Outgoing, Resumed};
use domain::{
    clock::Millis,
    ids::{Epoch, RoomId},
    messages::Rev,
    wire::{Cursor, ServerFrame},
};
use uuid::Uuid;

async fn resumes(user: &User, epoch: Option<Epoch>, room: RoomId, after: Rev) -> Resumed {
    let cursor = Cursor { room, after };
    user.chat.resume(&user.actor, epoch, cursor, &Heads::default()).await.unwrap()
}

#[tokio::test]
async fn who_was_away_is_told_what_changed() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let seen = minji.says("보았다").in_room(study).await;
    junho.enters(study).await;
    junho.says("못 보았다").in_room(study).await;
    let life = Some(test_app.chat.epoch());

    let Resumed::Changed(changed) = resumes(&minji, life, study, seen.rev).await else {
        panic!("was told to begin again")
    };
    assert_eq!(
        (changed.changes.after, changed.changes.through, changed.head),
        (Rev(3), Rev(5), Rev(5))
    );
    assert_eq!((texts(&changed.changes), changed.changes.members.len()), (vec!["못 보았다"], 1));
    let Resumed::Changed(nothing) = resumes(&minji, life, study, changed.head).await else {
        panic!("was told to begin again")
    };
    assert!(nothing.changes.messages.is_empty() && nothing.changes.members.is_empty());
}

#[tokio::test]
async fn what_came_before_the_connection_subscribed_is_missed_and_what_comes_after_is_sent() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let life = Some(test_app.chat.epoch());
    let seen = minji.says("보았다").in_room(study).await.rev;
    let missed = minji.says("못 보았다").in_room(study).await.rev;
    let open = minji.connects().await;
    minji.says("듣는다").in_room(study).await;
    let resume = async |epoch, after| {
        let cursor = Cursor { room: study, after };
        minji.chat.resume(&minji.actor, epoch, cursor, &open.heads).await.unwrap()
    };

    let Resumed::Changed(changed) = resume(life, seen).await else { panic!("begins again") };
    assert_eq!(texts(&changed.changes), ["못 보았다", "듣는다"]);
    let Resumed::Changed(nothing) = resume(life, missed).await else { panic!("begins again") };
    assert_eq!((texts(&nothing.changes), nothing.head), (vec![], missed), "no query, and no need");
    assert_eq!(resume(None, missed).await, Resumed::Reset, "from another life");
    let Outgoing::Frame(frame) = open.receiver.recv().await else { panic!("the queue is full") };
    let sent: ServerFrame = serde_json::from_slice(&frame).unwrap();
    let ServerFrame::Changes(sent) = sent else { panic!("{sent:?}") };
    assert_eq!((sent.after, texts(&sent)), (missed, vec!["듣는다"]), "it begins where that ends");
}

#[tokio::test]
async fn who_comes_from_another_life_of_the_instance_begins_again() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let life = Some(test_app.chat.epoch());
    let other = Some(Epoch::from_uuid(Uuid::new_v4()));
    for (epoch, after) in [(None, 2), (other, 2), (other, 0), (life, 3), (life, i64::MAX)] {
        let resumed = resumes(&minji, epoch, study, Rev(after)).await;
        assert_eq!(resumed, Resumed::Reset, "{epoch:?} {after}");
    }
    assert!(matches!(resumes(&minji, life, study, Rev(2)).await, Resumed::Changed(_)));
}

#[tokio::test]
async fn after_a_restore_every_browser_begins_again_and_is_in_step() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    minji.says("백업 전").in_room(study).await;
    let copy = test_app.path("copy.db");
    test_app.store.backup(&copy).await.unwrap();
    minji.says("백업 뒤").in_room(study).await;
    let browser = Browser::opens(&minji, study).await;
    let known = browser.known();
    let user = minji.actor.user();
    drop(minji);

    let (test_app, restored) =
        test_app.restarts(async |url| store::restore(&copy, url, Millis(0)).await).await;
    restored.unwrap();
    let token = test_app.opens_session(user).await;
    let actor = test_app.chat.actor(&token).await.unwrap().unwrap();
    let minji = User { actor, chat: test_app.chat.clone() };
    minji.says("복원 뒤").in_room(study).await;
    let mut browser = Browser::opens(&minji, study).await;
    browser.knows(known);
    browser.comes_back().await;
    assert_in_step(&mut browser).await;
    assert_eq!(minji.sees_in(study).await, ["백업 전", "복원 뒤"]);
}

#[tokio::test]
async fn who_reads_too_slowly_reads_the_rest_from_the_database() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let mut asleep = Browser::opens(&junho, study).await;
    let mut awake = Browser::opens(&minji, study).await;
    for n in 0..300 {
        minji.says(&format!("말 {n}")).in_room(study).await;
        awake.catches_up().await;
    }
    assert_in_step(&mut awake).await;

    asleep.catches_up().await;
    let heard = asleep.timeline().messages().count();
    assert!(heard < 300, "its queue has no room for {heard}");
    asleep.reads_what_it_missed().await;
    minji.says("그리고 하나 더").in_room(study).await;
    let told = asleep.waiting();
    assert_eq!(told.len(), 1, "from here on it is told again");
    asleep.takes_in(told[0].clone()).await;
    assert_in_step(&mut asleep).await;
    assert_eq!(asleep.timeline().messages().count(), 301);
}
