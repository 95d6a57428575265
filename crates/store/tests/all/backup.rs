//! Copies: taken while others write, brought back as another life of the instance.

use crate::avatars::{keeps, shows};
use crate::helpers::{
    NOON, TestDatabase, contents, done, feed, history, open, places, say, sentence, soon, url,
};
use domain::{avatars::Size, messages::Rev};
use sea_orm::{ConnectionTrait, Database};
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Store, restore};

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_others_write_comes_back_as_a_prefix() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let before = say(&writer, &minji, study, 20).await;
    let copy = test_db.path("copy.db");
    let writing = tokio::spawn({
        let (writer, minji) = (writer.clone(), minji.clone());
        async move { say(&writer, &minji, study, 200).await }
    });
    soon(test_db.store.backup(&copy)).await.unwrap();
    let after = soon(writing).await.unwrap();
    let said: Vec<_> = before.into_iter().chain(after).collect();
    let epoch = test_db.store.epoch();
    let (url, file) = (test_db.url(), test_db.file());
    test_db.store.close().await.unwrap();

    let kept = restore(&copy, &url, NOON).await.unwrap().kept.unwrap();
    let restored = open(&file).await;
    let there = history(&restored, study).await;
    assert!((20..=220).contains(&there.len()));
    assert_eq!(there, said[..there.len()], "what was said first, whole and in order");
    let head = restored.head(study).await.unwrap();
    assert_eq!(head, there.last().map(|last| last.rev), "and the counter fits it");
    assert_ne!(restored.epoch(), epoch, "another life");

    let old = open(&kept).await;
    assert_eq!(old.epoch(), epoch);
    assert_eq!(history(&old, study).await, said, "what was there before is kept beside it");
}

#[tokio::test]
async fn a_restored_instance_goes_on_from_where_the_backup_was() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 3).await;
    test_db.store.backup(&test_db.path("copy.db")).await.unwrap();
    say(&writer, &minji, study, 3).await;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.close().await.unwrap();

    restore(&copy, &url, NOON).await.unwrap();
    let opened = open(&file).await;
    let second_life = opened.epoch();
    opened.close().await.unwrap();
    let test_db = TestDatabase { store: open(&file).await, folder: test_db.folder };
    assert_eq!(test_db.store.epoch(), second_life, "opening again is not another life");
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 2).await;
    let feed = feed(&test_db.store, study, Rev(0)).await;
    assert_eq!(places(feed.messages.values()), [3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn a_backup_never_overwrites() {
    let test_db = TestDatabase::new().await;
    let precious = test_db.path("precious.txt");
    fs::write(&precious, "지우지 마세요").unwrap();
    let why = sentence(test_db.store.backup(&precious).await);
    assert!(why.contains("exists already"), "{why}");
    assert_eq!(fs::read_to_string(&precious).unwrap(), "지우지 마세요");
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing() {
    let test_db = TestDatabase::new().await;
    let avatar = shows(&test_db, &test_db.store, b"1").await;
    let file = test_db.path(&format!("instance.db.pictures/{avatar}-{}", Size::Large.side()));
    // A picture that is there and cannot be read.
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let before = contents(test_db.folder.path());
    let why = sentence(test_db.store.backup(&test_db.path("copy.db")).await);
    assert!(why.contains("cannot"), "{why}");
    for nowhere in ["none/copy.db", "instance.db/copy.db"] {
        let why = sentence(test_db.store.backup(&test_db.path(nowhere)).await);
        assert!(why.contains("there is no folder"), "{why}");
    }
    assert_eq!(contents(test_db.folder.path()), before);
    // A link that leads nowhere is something, too.
    std::os::unix::fs::symlink("/none", test_db.path("link.db")).unwrap();
    let why = sentence(test_db.store.backup(&test_db.path("link.db")).await);
    assert!(why.contains("exists already"), "{why}");
}

#[tokio::test]
async fn what_a_killed_backup_left_goes_with_the_next_one_to_that_name() {
    let test_db = TestDatabase::new().await;
    let left = ["copy.db.partial-7", "copy.db.partial-7-journal", "copy.db.partial-8-journal"];
    for name in left {
        fs::write(test_db.path(name), "half a copy").unwrap();
    }
    fs::create_dir(test_db.path("copy.db.partial-7.pictures")).unwrap();
    // Of another backup, or of one that is being written.
    fs::write(test_db.path("other.db.partial-7"), "").unwrap();
    let written = fs::File::create(test_db.path("copy.db.partial-9")).unwrap();
    written.lock().unwrap();
    fs::write(test_db.path("copy.db.partial-9-journal"), "").unwrap();
    test_db.store.backup(&test_db.path("copy.db")).await.unwrap();
    let names: Vec<_> = files(test_db.folder.path());
    let names: Vec<_> = names.iter().filter(|name| !name.starts_with("instance.db")).collect();
    let kept = ["copy.db", "copy.db.partial-9", "copy.db.partial-9-journal", "other.db.partial-7"];
    assert_eq!(names, kept.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_verified_backup_misses_nothing_that_it_shows() {
    let test_db = TestDatabase::new().await;
    let (lost, cut) =
        (shows(&test_db, &test_db.store, b"1").await, shows(&test_db, &test_db.store, b"2").await);
    test_db.store.backup_verified(&test_db.path("whole.db")).await.unwrap();
    let file = |id, size: Size| test_db.path(&format!("instance.db.pictures/{id}-{}", size.side()));
    let refused = async |name: &str, why: &str| {
        let said = sentence(test_db.store.backup_verified(&test_db.path(name)).await);
        assert!(said.contains(why), "{name}: {said}");
        let names = files(test_db.folder.path());
        assert!(names.iter().all(|there| !there.starts_with(name)), "{names:?}");
    };
    fs::write(file(cut, Size::Small), "").unwrap();
    refused("cut.db", "a picture is missing").await;
    fs::write(file(cut, Size::Small), "2").unwrap();
    fs::remove_file(file(lost, Size::Large)).unwrap();
    refused("lost.db", "a picture is missing").await;
    // What has been lost does not keep all else from being copied.
    test_db.store.backup(&test_db.path("rest.db")).await.unwrap();
    fs::write(file(lost, Size::Large), "1").unwrap();

    let other = Database::connect(test_db.url()).await.unwrap();
    let orphan = "PRAGMA foreign_keys = OFF; DELETE FROM users WHERE email LIKE '%@example.com'";
    other.execute_unprepared(orphan).await.unwrap();
    other.close().await.unwrap();
    refused("orphan.db", "refers to one that is not there").await;
}

/// Each picture is exchanged again and again while copies are made.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_change_meanwhile_are_in_the_backup() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let profile = test_db.store.profiles_of(minji.id).await.unwrap()[0].id;
    let (store, copied) = (test_db.store.clone(), Arc::new(AtomicBool::new(false)));
    let changing = tokio::spawn({
        let copied = copied.clone();
        async move {
            let mut count = 0;
            while !copied.load(Ordering::Relaxed) {
                let new = keeps(&store, b"new").await;
                let shown = store.set_profile_avatar(minji.id, profile, Some(new)).await;
                for orphan in done(shown).orphaned_avatars {
                    store.remove_avatar(orphan).await.unwrap();
                }
                count += 1;
            }
            count
        }
    });
    for n in 0..12 {
        let copy = test_db.path(&format!("{n}.db"));
        soon(test_db.store.backup(&copy)).await.unwrap();
        let copied = open(&copy).await;
        if let Some(avatar) = copied.summary(minji.id).await.unwrap().unwrap().avatar {
            for size in Size::ALL {
                assert!(copied.avatar(avatar, size).await.unwrap().is_some(), "{n}");
            }
            assert_eq!(contents(&test_db.path(&format!("{n}.db.pictures"))).len(), Size::ALL.len());
        }
    }
    copied.store(true, Ordering::Relaxed);
    assert!(soon(changing).await.unwrap() > 12);
}

#[tokio::test]
async fn an_instance_that_is_in_use_is_not_exchanged() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    test_db.store.backup(&test_db.path("copy.db")).await.unwrap();
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    let why = sentence(restore(&test_db.path("copy.db"), &test_db.url(), NOON).await);
    assert!(why.contains("in use"), "{why}");

    assert_eq!(history(&test_db.store, study).await, said);
    say(&writer, &minji, study, 1).await;
    let names =
        ["copy.db", "instance.db", "instance.db-shm", "instance.db-wal", "instance.db.lock"];
    assert_eq!(files(test_db.folder.path()), names, "nothing is left lying about");
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_the_instance_stays_as_it_was() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    let epoch = test_db.store.epoch();
    let (url, file) = (test_db.url(), test_db.file());
    test_db.store.close().await.unwrap();
    fs::write(test_db.folder.path().join("letter.txt"), "이것은 백업이 아닙니다. ".repeat(999))
        .unwrap();
    fs::write(test_db.folder.path().join("empty.db"), "").unwrap();
    for no_backup in ["letter.txt", "empty.db"] {
        let why = sentence(restore(&test_db.folder.path().join(no_backup), &url, NOON).await);
        assert!(why.contains("not a backup"), "{no_backup}: {why}");
    }
    for no_file in ["missing.db", "."] {
        let why = sentence(restore(&test_db.folder.path().join(no_file), &url, NOON).await);
        assert!(why.contains("is not a file"), "{no_file}: {why}");
    }
    assert_eq!(
        files(test_db.folder.path()),
        ["empty.db", "instance.db", "instance.db.lock", "letter.txt"]
    );
    let store = open(&file).await;
    assert_eq!((store.epoch(), history(&store, study).await), (epoch, said));
}

#[tokio::test]
async fn a_backup_can_be_brought_back_where_there_is_no_instance() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    let copy = test_db.path("copy.db");
    test_db.store.backup(&copy).await.unwrap();

    let elsewhere = test_db.path("새 집/instance.db");
    let kept = restore(&copy, &url(&elsewhere), NOON).await.unwrap();
    assert_eq!(kept.kept, None);
    assert_eq!(files(elsewhere.parent().unwrap()), ["instance.db", "instance.db.lock"]);
    let there: Store = open(&elsewhere).await;
    assert_eq!(history(&there, study).await, said);
}

#[tokio::test]
async fn an_instance_that_is_broken_can_be_brought_back() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.backup(&copy).await.unwrap();
    test_db.store.close().await.unwrap();
    fs::write(&file, "the disk ate it ".repeat(999)).unwrap();

    let kept = restore(&copy, &url, NOON).await.unwrap().kept.unwrap();
    assert!(fs::read_to_string(kept).unwrap().starts_with("the disk ate it"));
    assert_eq!(history(&open(&file).await, study).await, said);
}

#[tokio::test]
async fn of_an_instance_that_fell_down_the_log_is_kept_with_the_file() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let copy = test_db.path("copy.db");
    test_db.store.backup(&copy).await.unwrap();
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    // What is left when the power goes: most of it is in the log alone.
    let fallen = test_db.path("fallen.db");
    fs::copy(test_db.file(), &fallen).unwrap();
    fs::copy(test_db.path("instance.db-wal"), test_db.path("fallen.db-wal")).unwrap();

    let kept = restore(&copy, &url(&fallen), NOON).await.unwrap().kept.unwrap();
    assert_eq!(history(&open(&kept).await, study).await, said);
    assert_eq!(history(&open(&fallen).await, study).await, []);
}
