//! What is deleted is gone from the files too, not only from what is read.

use crate::helpers::{NOON, TestDatabase, say};
use domain::{
    ids::{SessionId, UserId},
    users::{DisplayName, Email},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use std::{fs, path::Path, time::Duration};
use store::{AdmissionOutcome, DeletionOutcome, NewSession, NewUser, Store};
use uuid::Uuid;

const NAME: &str = "홍길동전체이름";
const EMAIL: &str = "gildong.hong.1599@example.com";
const PASSWORD_HASH: &str = "argon2 of gildong";
const SECRET: &[u8] = b"a secret of an app, long";

fn code_hashes() -> Vec<[u8; 32]> {
    (0..10).map(|n| [0xA0 + n; 32]).collect()
}

async fn account_with_two_factor(store: &Store) -> UserId {
    let new = NewUser {
        email: Email::parse(EMAIL).unwrap(),
        name: DisplayName::parse(NAME).unwrap(),
        password_hash: PASSWORD_HASH.to_owned(),
        at: NOON,
    };
    let user = store.add_user(new).await.unwrap().unwrap();
    let codes = ["first-recovery-code", "second-recovery-code"].map(str::to_owned);
    let session = SessionId::from_uuid(Uuid::new_v4());
    store.begin_two_factor(user, session, SECRET, &codes).await.unwrap();
    assert!(store.confirm_two_factor(user, SECRET, 1, code_hashes(), NOON).await.unwrap());
    let device = "Firefox".to_owned();
    let token_hash = [0xB7; 32];
    let new = NewSession { user, token_hash, device, at: NOON, replaces: None };
    assert_eq!(store.admit(new, PASSWORD_HASH).await.unwrap().0, AdmissionOutcome::NeedsCode);
    user
}

/// What of the account a file still holds.
fn found_in(file: &Path) -> Vec<String> {
    let bytes = fs::read(file).unwrap_or_default();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let texts = [NAME, EMAIL, PASSWORD_HASH, "first-recovery-code", "second-recovery-code"];
    let texts = texts.map(|text| (text.to_owned(), text.as_bytes().to_vec()));
    let hashes = code_hashes().into_iter().chain([[0xB7; 32]]);
    let hashes = hashes.map(|hash| (format!("hash {:x}", hash[0]), hash.to_vec()));
    let all = texts.into_iter().chain(hashes).chain([("secret".to_owned(), SECRET.to_vec())]);
    all.filter(|(_, needle)| holds(needle)).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn of_a_deleted_account_no_file_and_no_backup_holds_anything() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let store = &test_db.store;
    let user = account_with_two_factor(store).await;
    // Some of it is in the file, some in the log.
    store.checkpoint().await.unwrap();
    test_db.users(30).await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 30).await;
    let log = test_db.path("instance.db-wal");
    assert_ne!(found_in(&test_db.file()), [""; 0], "it is there to be found");
    assert_ne!(found_in(&log), [""; 0]);

    assert!(matches!(
        store.delete_user(user, NOON, PASSWORD_HASH).await.unwrap(),
        DeletionOutcome::Done(_)
    ));
    // Two checkpoints of a log that is not written to.
    for _ in 0..2 {
        store.checkpoint().await.unwrap();
    }
    let copy = test_db.path("copy.db");
    store.backup(&copy).await.unwrap();
    for file in [test_db.file(), log.clone(), copy] {
        assert_eq!(found_in(&file), [""; 0], "{}", file.display());
    }
    assert_eq!(fs::metadata(&log).unwrap().len(), 0);
    say(&writer, &minji, study, 3).await;
    for _ in 0..3 {
        store.checkpoint().await.unwrap();
    }
    assert_ne!(fs::metadata(&log).unwrap().len(), 0, "once, and then it is written over again");
}

#[tokio::test]
async fn of_an_account_that_was_deleted_just_before_a_crash_nothing_is_left_after_the_next_start() {
    let test_db = TestDatabase::new().await;
    test_db.user("민지").await;
    let user = account_with_two_factor(&test_db.store).await;
    assert!(matches!(
        test_db.store.delete_user(user, NOON, PASSWORD_HASH).await.unwrap(),
        DeletionOutcome::Done(_)
    ));
    let fallen = test_db.path("fallen.db");
    fs::copy(test_db.file(), &fallen).unwrap();
    fs::copy(test_db.path("instance.db-wal"), test_db.path("fallen.db-wal")).unwrap();
    assert_ne!(found_in(&test_db.path("fallen.db-wal")), [""; 0], "it is there to be found");
    let store = crate::helpers::open(&fallen).await;
    for file in ["fallen.db", "fallen.db-wal"] {
        assert_eq!(found_in(&test_db.path(file)), [""; 0], "{file}");
    }
    store.close().await.unwrap();
}

/// Earlier versions did not overwrite it, and the free pages of their files are full of it.
#[tokio::test]
async fn what_an_earlier_version_deleted_is_gone_after_the_migration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("instance.db");
    let url = crate::helpers::url(&file);
    let db = Database::connect(format!("{url}?mode=rwc")).await.unwrap();
    Migrator::up(&db, Some(5)).await.unwrap();
    db.execute_unprepared("PRAGMA secure_delete = OFF").await.unwrap();
    let rows = format!(
        "CREATE TABLE old AS WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 99)
         SELECT '{EMAIL}' AS email, '{NAME}' AS name, zeroblob(999) FROM n; DROP TABLE old"
    );
    db.execute_unprepared(&rows).await.unwrap();
    db.close().await.unwrap();
    assert_eq!(found_in(&file), [NAME, EMAIL], "it is there to be found");
    crate::helpers::open(&file).await.close().await.unwrap();
    assert_eq!(found_in(&file), [""; 0]);
}

/// As a backup reads, for as long as it takes.
#[tokio::test]
async fn a_reader_who_stays_keeps_no_writer_waiting_and_the_log_is_cut_off_when_they_go() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let user = account_with_two_factor(&test_db.store).await;
    let reader = Database::connect(crate::helpers::url(&test_db.file())).await.unwrap();
    reader.execute_unprepared("BEGIN; SELECT COUNT(*) FROM messages").await.unwrap();
    let gone = test_db.store.delete_user(user, NOON, PASSWORD_HASH).await.unwrap();
    assert!(matches!(gone, DeletionOutcome::Done(_)));
    let (writer, _told) = test_db.writer();
    // SQLite would wait for the reader for five seconds each time.
    let at_once = async {
        for _ in 0..4 {
            test_db.store.checkpoint().await.unwrap();
            say(&writer, &minji, study, 1).await;
        }
        test_db.store.checkpoint().await.unwrap();
        test_db.store.checkpoint().await.unwrap();
    };
    tokio::time::timeout(Duration::from_secs(4), at_once).await.expect("nobody waits");
    reader.execute_unprepared("COMMIT").await.unwrap();
    reader.close().await.unwrap();
    for _ in 0..3 {
        test_db.store.checkpoint().await.unwrap();
    }
    for file in [test_db.file(), test_db.path("instance.db-wal")] {
        assert_eq!(found_in(&file), [""; 0], "{}", file.display());
    }
}
