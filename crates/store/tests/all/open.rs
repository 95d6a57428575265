//! Opening the instance again: the same life, the same things in it.

use crate::helpers::{TestDatabase, contents, history, open, places, say, sentence, soon, url};
use domain::messages::Rev;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use std::{fs, path::Path};
use store::{Error, Store, Writer};

#[tokio::test]
async fn an_instance_that_is_opened_again_is_the_same_instance() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 5).await;
    let epoch = test_db.store.epoch();
    let (file, log) = (test_db.file(), test_db.path("instance.db-wal"));
    test_db.store.close().await.unwrap();
    assert!(!log.exists(), "the log was folded back into the file");

    let store = open(&file).await;
    assert_eq!(store.epoch(), epoch);
    assert_eq!(history(&store, study).await, said);
    assert_eq!(store.head(study).await.unwrap(), Some(Rev(7)));
}

#[tokio::test]
async fn what_was_answered_is_there_though_the_instance_was_never_closed() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 5).await;
    // What a power cut would leave: the file and its log as they are now.
    let after = tempfile::tempdir().unwrap();
    for name in ["instance.db", "instance.db-wal"] {
        std::fs::copy(test_db.path(name), after.path().join(name)).unwrap();
    }
    let store = open(&after.path().join("instance.db")).await;
    assert_eq!(history(&store, study).await, said);
}

#[tokio::test]
async fn two_instances_are_two_lives() {
    let (here, there) = (TestDatabase::new().await, TestDatabase::new().await);
    assert_ne!(here.store.epoch(), there.store.epoch());
}

#[tokio::test]
async fn an_instance_may_stand_in_a_folder_that_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("우리 집/data/instance.db");
    let store = open(&file).await;
    assert!(file.is_file());
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_url_that_names_no_file_is_refused_with_a_sentence() {
    for odd in [
        "sqlite::memory:",
        "sqlite:",
        "sqlite://",
        "sqlite://?mode=rwc",
        "sqlite:file:instance.db",
        "instance.db",
        "postgres://localhost/chat",
    ] {
        let refused = Store::open(odd).await.unwrap_err();
        assert!(matches!(&refused, Error::File(why) if why.contains("sqlite://PATH")), "{refused}");
    }
}

#[tokio::test]
async fn a_second_process_reads_what_the_first_has_written() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    let other = soon(Store::open(&url(&test_db.file()))).await.unwrap();
    assert_eq!(other.epoch(), test_db.store.epoch());
    assert_eq!(history(&other, study).await, said);
}

/// As `sarangbang backup` does beside a server. A transaction that reads before it writes and did
/// not say so at its beginning would be refused whenever the other has written in between.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_write_at_once_share_the_numbers_and_refuse_nobody() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (here, _told) = test_db.writer();
    let there = Writer::start(open(&test_db.file()).await, drop);
    let (first, second) = soon(async {
        tokio::join!(say(&here, &minji, study, 100), say(&there, &minji, study, 100))
    })
    .await;
    assert_eq!(places(first.iter().chain(&second)), (3..=202).collect::<Vec<_>>());
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(Rev(202)));
}

/// Runs statements in a file that is made for them, as another version or another program would.
async fn made_with(file: &Path, steps: Option<u32>, sql: &str) {
    let db = Database::connect(format!("{}?mode=rwc", url(file))).await.unwrap();
    if steps != Some(0) {
        Migrator::up(&db, steps).await.unwrap();
    }
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}

const NEWER: &str = "INSERT INTO seaql_migrations VALUES ('m2099_01_01_000001_next', 1)";

/// Every kind of file that is no database of this version, each with why a command refuses it.
async fn files_of_other_kinds(folder: &Path) -> Vec<(&'static str, &'static str)> {
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(folder.join("letter"), "사랑하는 민지에게. ".repeat(99)).unwrap();
    let older = u32::try_from(Migrator::migrations().len() - 1).unwrap();
    made_with(&folder.join("tableless"), Some(0), "PRAGMA user_version = 1").await;
    made_with(&folder.join("foreign"), Some(0), "CREATE TABLE recipes (id INTEGER)").await;
    made_with(&folder.join("cousin"), Some(0), COUSIN).await;
    made_with(&folder.join("first"), Some(1), "").await;
    made_with(&folder.join("older"), Some(older), "").await;
    made_with(&folder.join("newer"), None, NEWER).await;
    made_with(&folder.join("branched"), Some(older), NEWER).await;
    vec![
        ("missing", "there is no database"),
        ("no folder/missing", "there is no database"),
        ("empty", "there is no database"),
        ("tableless", "there is no database"),
        ("letter", "not a database"),
        ("foreign", "of another program"),
        ("cousin", "of another program"),
        ("first", "older version"),
        ("older", "older version"),
        ("newer", "newer version"),
        ("branched", "newer version"),
    ]
}

/// Another program that keeps its migrations as we do.
const COUSIN: &str = "CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
    INSERT INTO seaql_migrations VALUES ('m2020_01_01_000001_recipes', 1)";

#[tokio::test]
async fn a_command_neither_makes_nor_migrates_a_database_and_says_why_it_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = files_of_other_kinds(folder.path()).await;
    let before = contents(folder.path());
    for (name, why) in kinds {
        let said = sentence(Store::open_existing(&url(&folder.path().join(name))).await);
        assert!(said.contains(why), "{name}: {said}");
    }
    assert_eq!(contents(folder.path()), before, "nothing was made or changed");
}

#[tokio::test]
async fn the_server_leaves_what_it_cannot_use_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = files_of_other_kinds(folder.path()).await;
    let before = contents(folder.path());
    let of_others = ["newer version", "of another program", "not a database"];
    for (name, why) in kinds.iter().filter(|(_, why)| of_others.contains(why)) {
        let said = sentence(Store::open(&url(&folder.path().join(name))).await);
        assert!(said.contains(why), "{name}: {said}");
    }
    assert_eq!(contents(folder.path()), before, "nothing was made or changed");
}

#[tokio::test]
async fn the_server_makes_and_migrates_and_then_commands_find_their_database() {
    let folder = tempfile::tempdir().unwrap();
    for (name, why) in files_of_other_kinds(folder.path()).await {
        if ["there is no database", "older version"].contains(&why) {
            let file = folder.path().join(name);
            let epoch = open(&file).await.epoch();
            let found = Store::open_existing(&url(&file)).await.unwrap();
            assert_eq!(found.epoch(), epoch, "{name}");
        }
    }
}

#[tokio::test]
async fn a_database_that_was_lost_is_not_replaced_by_a_new_one() {
    let left = [
        "-wal",
        ".pictures/a",
        ".before-restore-7",
        ".before-restore-7.pictures/a",
        ".incoming",
        ".lock",
    ];
    for (left, emptied) in left.into_iter().flat_map(|left| [(left, false), (left, true)]) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("instance.db");
        let beside = folder.path().join(format!("instance.db{left}"));
        fs::create_dir_all(beside.parent().unwrap()).unwrap();
        fs::write(&beside, "남은 것").unwrap();
        if emptied {
            fs::write(&file, "").unwrap();
        }
        let before = contents(folder.path());
        let said = sentence(Store::open(&url(&file)).await);
        assert!(said.contains("lies beside it"), "{left}: {said}");
        assert_eq!(contents(folder.path()), before, "{left}");
        sentence(Store::open_existing(&url(&file)).await);
        assert_eq!(contents(folder.path()), before, "{left}");
    }
}

#[tokio::test]
async fn a_database_that_was_lost_alone_is_missed_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("instance.db");
    open(&file).await.close().await.unwrap();
    fs::remove_file(&file).unwrap();
    let before = contents(folder.path());
    for _ in 0..2 {
        let said = sentence(Store::open(&url(&file)).await);
        assert!(said.contains("instance.db.lock lies beside it"), "{said}");
    }
    assert_eq!(contents(folder.path()), before);
}

#[tokio::test]
async fn what_belongs_to_another_database_does_not_stand_in_the_way_of_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    for other in [
        "other.db-wal",
        "instance.db2",
        "instance.dbx-wal",
        "my-instance.db.pictures",
        "instance.db.lock",
    ] {
        fs::write(folder.path().join(other), "").unwrap();
    }
    open(&folder.path().join("instance.db")).await;
}

#[tokio::test]
async fn nothing_is_migrated_while_others_have_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("instance.db");
    made_with(&file, Some(3), "PRAGMA journal_mode = WAL").await;
    // A server of the earlier version, which knows no lock file.
    let server = Database::connect(url(&file)).await.unwrap();
    server.execute_unprepared("SELECT * FROM people").await.unwrap();
    let said = sentence(Store::open(&url(&file)).await);
    assert!(said.contains("in use"), "{said}");
    assert_eq!(Migrator::get_applied_migrations(&server).await.unwrap().len(), 3);
    server.close().await.unwrap();
    open(&file).await;
}

#[tokio::test]
async fn parameters_of_a_url_are_understood_or_refused_and_never_a_part_of_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("instance.db");
    let with = |parameters: &str| format!("{}?{parameters}", url(&file));
    for odd in [
        "mode=ro",
        "mode=rw",
        "mode=memory",
        "mode=rwc&cache=shared",
        "cache=shared",
        "x",
        "mode=RWC",
    ] {
        let said = sentence(Store::open(&with(odd)).await);
        assert!(said.contains("is not understood"), "{odd}: {said}");
    }
    assert_eq!(contents(folder.path()), []);
    for same in ["mode=rwc", ""] {
        Store::open(&with(same)).await.unwrap().close().await.unwrap();
    }
    assert!(file.is_file());
    assert!(contents(folder.path()).iter().all(|(name, _)| !name.contains('?')));
}

#[tokio::test]
async fn a_file_that_an_earlier_version_named_after_the_parameters_is_not_overlooked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("instance.db?mode=rwc"), "the database").unwrap();
    let before = contents(folder.path());
    let url = format!("{}?mode=rwc", url(&folder.path().join("instance.db")));
    let said = sentence(Store::open(&url).await);
    assert!(said.contains("rename"), "{said}");
    assert_eq!(contents(folder.path()), before);
}
