//! Copies: taken while others write, brought back as another life of the house.

use crate::helpers::{
    House, NOON, contents, feed, history, open, places, say, sentence, soon, url,
};
use crate::pictures::{keeps, shows};
use domain::{messages::Rev, pictures::Size};
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
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let before = say(&writer, &minji, study, 20).await;
    let copy = house.path("copy.db");
    let writing = tokio::spawn({
        let (writer, minji) = (writer.clone(), minji.clone());
        async move { say(&writer, &minji, study, 200).await }
    });
    soon(house.store.backup(&copy)).await.unwrap();
    let after = soon(writing).await.unwrap();
    let said: Vec<_> = before.into_iter().chain(after).collect();
    let epoch = house.store.epoch();
    let (url, file) = (house.url(), house.file());
    house.store.close().await.unwrap();

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
async fn a_restored_house_goes_on_from_where_the_backup_was() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    say(&writer, &minji, study, 3).await;
    house.store.backup(&house.path("copy.db")).await.unwrap();
    say(&writer, &minji, study, 3).await;
    let (copy, url, file) = (house.path("copy.db"), house.url(), house.file());
    house.store.close().await.unwrap();

    restore(&copy, &url, NOON).await.unwrap();
    let opened = open(&file).await;
    let second_life = opened.epoch();
    opened.close().await.unwrap();
    let house = House { store: open(&file).await, folder: house.folder };
    assert_eq!(house.store.epoch(), second_life, "opening again is not another life");
    let (writer, _told) = house.writer();
    say(&writer, &minji, study, 2).await;
    let feed = feed(&house.store, study, Rev(0)).await;
    assert_eq!(places(feed.messages.values()), [3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn a_backup_never_overwrites() {
    let house = House::new().await;
    let precious = house.path("precious.txt");
    fs::write(&precious, "지우지 마세요").unwrap();
    let why = sentence(house.store.backup(&precious).await);
    assert!(why.contains("exists already"), "{why}");
    assert_eq!(fs::read_to_string(&precious).unwrap(), "지우지 마세요");
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing() {
    let house = House::new().await;
    let picture = shows(&house, &house.store, b"1").await;
    let file = house.path(&format!("house.db.pictures/{picture}-{}", Size::Large.side()));
    // A picture that is there and cannot be read.
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let before = contents(house.folder.path());
    let why = sentence(house.store.backup(&house.path("copy.db")).await);
    assert!(why.contains("cannot"), "{why}");
    for nowhere in ["none/copy.db", "house.db/copy.db"] {
        let why = sentence(house.store.backup(&house.path(nowhere)).await);
        assert!(why.contains("there is no folder"), "{why}");
    }
    assert_eq!(contents(house.folder.path()), before);
    // A link that leads nowhere is something, too.
    std::os::unix::fs::symlink("/none", house.path("link.db")).unwrap();
    let why = sentence(house.store.backup(&house.path("link.db")).await);
    assert!(why.contains("exists already"), "{why}");
}

#[tokio::test]
async fn what_a_killed_backup_left_goes_with_the_next_one_to_that_name() {
    let house = House::new().await;
    let left = ["copy.db.partial-7", "copy.db.partial-7-journal", "copy.db.partial-8-journal"];
    for name in left {
        fs::write(house.path(name), "half a copy").unwrap();
    }
    fs::create_dir(house.path("copy.db.partial-7.pictures")).unwrap();
    // Of another backup, or of one that is being written.
    fs::write(house.path("other.db.partial-7"), "").unwrap();
    let written = fs::File::create(house.path("copy.db.partial-9")).unwrap();
    written.lock().unwrap();
    fs::write(house.path("copy.db.partial-9-journal"), "").unwrap();
    house.store.backup(&house.path("copy.db")).await.unwrap();
    let names: Vec<_> = files(house.folder.path());
    let names: Vec<_> = names.iter().filter(|name| !name.starts_with("house.db")).collect();
    let kept = ["copy.db", "copy.db.partial-9", "copy.db.partial-9-journal", "other.db.partial-7"];
    assert_eq!(names, kept.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_verified_backup_misses_nothing_that_it_shows() {
    let house = House::new().await;
    let (lost, cut) =
        (shows(&house, &house.store, b"1").await, shows(&house, &house.store, b"2").await);
    house.store.backup_verified(&house.path("whole.db")).await.unwrap();
    let file = |id, size: Size| house.path(&format!("house.db.pictures/{id}-{}", size.side()));
    let refused = async |name: &str, why: &str| {
        let said = sentence(house.store.backup_verified(&house.path(name)).await);
        assert!(said.contains(why), "{name}: {said}");
        let names = files(house.folder.path());
        assert!(names.iter().all(|there| !there.starts_with(name)), "{names:?}");
    };
    fs::write(file(cut, Size::Small), "").unwrap();
    refused("cut.db", "a picture is missing").await;
    fs::write(file(cut, Size::Small), "2").unwrap();
    fs::remove_file(file(lost, Size::Large)).unwrap();
    refused("lost.db", "a picture is missing").await;
    // What has been lost does not keep all else from being copied.
    house.store.backup(&house.path("rest.db")).await.unwrap();
    fs::write(file(lost, Size::Large), "1").unwrap();

    let other = Database::connect(house.url()).await.unwrap();
    let orphan = "PRAGMA foreign_keys = OFF; DELETE FROM people WHERE email LIKE '%@example.com'";
    other.execute_unprepared(orphan).await.unwrap();
    other.close().await.unwrap();
    refused("orphan.db", "refers to one that is not there").await;
}

/// Each picture is exchanged again and again while copies are made.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_change_meanwhile_are_in_the_backup() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let profile = house.store.profiles_of(minji.id).await.unwrap()[0].id;
    let (store, copied) = (house.store.clone(), Arc::new(AtomicBool::new(false)));
    let changing = tokio::spawn({
        let copied = copied.clone();
        async move {
            let mut count = 0;
            while !copied.load(Ordering::Relaxed) {
                let new = keeps(&store, b"new").await;
                let shown = store.set_profile_avatar(minji.id, profile, Some(new)).await.unwrap();
                for orphan in shown.unwrap().orphaned_avatars {
                    store.remove_picture(orphan).await.unwrap();
                }
                count += 1;
            }
            count
        }
    });
    for n in 0..12 {
        let copy = house.path(&format!("{n}.db"));
        soon(house.store.backup(&copy)).await.unwrap();
        let copied = open(&copy).await;
        if let Some(picture) = copied.face(minji.id).await.unwrap().unwrap().picture {
            for size in Size::ALL {
                assert!(copied.picture(picture, size).await.unwrap().is_some(), "{n}");
            }
            assert_eq!(contents(&house.path(&format!("{n}.db.pictures"))).len(), Size::ALL.len());
        }
    }
    copied.store(true, Ordering::Relaxed);
    assert!(soon(changing).await.unwrap() > 12);
}

#[tokio::test]
async fn a_house_that_is_in_use_is_not_exchanged() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    house.store.backup(&house.path("copy.db")).await.unwrap();
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    let why = sentence(restore(&house.path("copy.db"), &house.url(), NOON).await);
    assert!(why.contains("in use"), "{why}");

    assert_eq!(history(&house.store, study).await, said);
    say(&writer, &minji, study, 1).await;
    let names = ["copy.db", "house.db", "house.db-shm", "house.db-wal", "house.db.lock"];
    assert_eq!(files(house.folder.path()), names, "nothing is left lying about");
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_the_house_stays_as_it_was() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    let epoch = house.store.epoch();
    let (url, file) = (house.url(), house.file());
    house.store.close().await.unwrap();
    fs::write(house.folder.path().join("letter.txt"), "이것은 백업이 아닙니다. ".repeat(999))
        .unwrap();
    fs::write(house.folder.path().join("empty.db"), "").unwrap();
    for no_backup in ["letter.txt", "empty.db"] {
        let why = sentence(restore(&house.folder.path().join(no_backup), &url, NOON).await);
        assert!(why.contains("not a backup"), "{no_backup}: {why}");
    }
    for no_file in ["missing.db", "."] {
        let why = sentence(restore(&house.folder.path().join(no_file), &url, NOON).await);
        assert!(why.contains("is not a file"), "{no_file}: {why}");
    }
    assert_eq!(files(house.folder.path()), ["empty.db", "house.db", "house.db.lock", "letter.txt"]);
    let store = open(&file).await;
    assert_eq!((store.epoch(), history(&store, study).await), (epoch, said));
}

#[tokio::test]
async fn a_backup_can_be_brought_back_where_there_is_no_house() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    let copy = house.path("copy.db");
    house.store.backup(&copy).await.unwrap();

    let elsewhere = house.path("새 집/house.db");
    let kept = restore(&copy, &url(&elsewhere), NOON).await.unwrap();
    assert_eq!(kept.kept, None);
    assert_eq!(files(elsewhere.parent().unwrap()), ["house.db", "house.db.lock"]);
    let there: Store = open(&elsewhere).await;
    assert_eq!(history(&there, study).await, said);
}

#[tokio::test]
async fn a_house_that_is_broken_can_be_brought_back() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    let (copy, url, file) = (house.path("copy.db"), house.url(), house.file());
    house.store.backup(&copy).await.unwrap();
    house.store.close().await.unwrap();
    fs::write(&file, "the disk ate it ".repeat(999)).unwrap();

    let kept = restore(&copy, &url, NOON).await.unwrap().kept.unwrap();
    assert!(fs::read_to_string(kept).unwrap().starts_with("the disk ate it"));
    assert_eq!(history(&open(&file).await, study).await, said);
}

#[tokio::test]
async fn of_a_house_that_fell_down_the_log_is_kept_with_the_file() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let copy = house.path("copy.db");
    house.store.backup(&copy).await.unwrap();
    let (writer, _told) = house.writer();
    let said = say(&writer, &minji, study, 3).await;
    // What is left when the power goes: most of it is in the log alone.
    let fallen = house.path("fallen.db");
    fs::copy(house.file(), &fallen).unwrap();
    fs::copy(house.path("house.db-wal"), house.path("fallen.db-wal")).unwrap();

    let kept = restore(&copy, &url(&fallen), NOON).await.unwrap().kept.unwrap();
    assert_eq!(history(&open(&kept).await, study).await, said);
    assert_eq!(history(&open(&fallen).await, study).await, []);
}
