//! What a restore brings back, and what it must not.

use crate::helpers::{NOON, TestDatabase, User, contents, history, open, say, sentence, url};
use domain::{
    clock::Millis,
    ids::{SessionId, UserId},
    notices::NoticeKind,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{fs, os::unix::fs::MetadataExt, path::Path};
use store::{
    AdmissionOutcome, CodeOutcome, Credentials, GivenCode, NewLink, NewSession, Renewal, Store,
    TotpState, restore,
};
use uuid::Uuid;

const LATER: Millis = Millis(NOON.0 + 3_600_000);
const WINDOW: i64 = LATER.0 / 30_000;

async fn count(file: &Path, sql: &str) -> i64 {
    let db = Database::connect(url(file)).await.unwrap();
    let ask = Statement::from_string(db.get_database_backend(), sql);
    let count = db.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    db.close().await.unwrap();
    count
}

fn new_session(user: &User, token: u8) -> NewSession {
    NewSession {
        user: user.id,
        token_hash: [token; 32],
        device: "Firefox".to_owned(),
        at: NOON,
        replaces: None,
    }
}

async fn session(store: &Store, user: &User, token: u8) -> SessionId {
    store.open_session(new_session(user, token)).await.unwrap().unwrap().0
}

async fn begin_two_factor(store: &Store, user: &User, session: SessionId) {
    let codes = ["code".to_owned()];
    store.begin_two_factor(user.id, session, b"secret", &codes).await.unwrap();
}

/// Whether a sign-in with the right password and this code opens a session.
async fn leads_in(store: &Store, user: UserId, code: GivenCode) -> bool {
    let account = store.account(user).await.unwrap().unwrap();
    let [pending, session] = [(); 2].map(|()| {
        let [low, high] = [(); 2].map(|()| *Uuid::new_v4().as_bytes());
        let token_hash = [low, high].concat().try_into().unwrap();
        let device = "Firefox".to_owned();
        NewSession { user, token_hash, device, at: LATER, replaces: None }
    });
    let pending_login_token = pending.token_hash;
    assert_eq!(
        store.admit(pending, &account.password_hash).await.unwrap().0,
        AdmissionOutcome::NeedsCode
    );
    let (answer, _) = store.finish_pending_login(pending_login_token, code, session).await.unwrap();
    matches!(answer, CodeOutcome::Session(_))
}

#[tokio::test]
async fn nothing_by_which_people_get_in_comes_back() {
    let test_db = TestDatabase::new().await;
    let store = &test_db.store;
    let [minji, junho] = [test_db.user("민지").await, test_db.user("준호").await];
    let study = minji.makes_a_room("공부방").await;
    for (user, token) in [(&minji, 1), (&junho, 2)] {
        let session = session(store, user, token).await;
        begin_two_factor(store, user, session).await;
    }
    let codes = vec![[3; 32], [4; 32], [5; 32]];
    assert!(store.confirm_two_factor(minji.id, b"secret", 7, codes, NOON).await.unwrap());
    let (admitted, _) = store.admit(new_session(&minji, 6), "unused").await.unwrap();
    assert_eq!(admitted, AdmissionOutcome::NeedsCode);
    let _ =
        store.issue_password_reset(junho.id, [7; 32], Millis(i64::MAX), None, NOON).await.unwrap();
    for (token, expires_at) in [([8; 32], Millis(i64::MAX)), ([9; 32], NOON)] {
        let link = NewLink {
            room: study,
            by: minji.id,
            token_hash: token,
            expires_at,
            max_uses: None,
            at: NOON,
            submission: None,
        };
        store.create_invite_link(link).await.unwrap();
    }
    raw(&test_db.file(), "UPDATE instance SET setup_hash = x'0A0A'").await;
    raw(&test_db.file(), KNOWN_DEVICE).await;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    store.backup(&copy).await.unwrap();
    let before = fs::read(&copy).unwrap();
    test_db.store.clone().close().await.unwrap();

    let restored = restore(&copy, &url, LATER).await.unwrap();
    let renewal = Renewal {
        sessions: 2,
        pending_logins: 1,
        password_resets: 1,
        setup_links: 1,
        known_devices: 1,
        recovery_codes: 3,
        users_without_codes: 1,
        invitation_links: 1,
    };
    assert_eq!(restored.renewal, renewal);
    assert_eq!(fs::read(&copy).unwrap(), before, "the backup is as it was");
    for hash in [[1u8; 32], [3; 32], [6; 32], [7; 32]] {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(32).any(|window| window == hash), "{}", hash[0]);
    }
    let store = open(&file).await;
    for token in [1, 2] {
        assert!(store.session(&[token; 32]).await.unwrap().is_none());
    }
    assert_eq!(store.pending_login([6; 32]).await.unwrap(), None);
    assert!(store.reset_of(&[7; 32], LATER).await.unwrap().is_none());
    assert_eq!(store.two_factor(junho.id).await.unwrap(), None, "what was being set up");
    let on = TotpState::On { secret: b"secret".to_vec(), codes_left: 0 };
    assert_eq!(store.two_factor(minji.id).await.unwrap(), Some(on));
    let recovery = GivenCode::Recovery([3; 32]);
    assert!(!leads_in(&store, minji.id, recovery).await);
    for used in [7, 8, WINDOW, WINDOW + 1] {
        assert!(!leads_in(&store, minji.id, GivenCode::Window(used)).await, "{used}");
    }
    assert!(leads_in(&store, minji.id, GivenCode::Window(WINDOW + 2)).await);
    assert_eq!(count(&file, "SELECT COUNT(setup_hash) FROM instance").await, 0);
    let told = store.notices(minji.id).await.unwrap();
    let told: Vec<_> = told.iter().map(|it| (it.kind, it.is_new, it.at, it.by.is_none())).collect();
    assert_eq!(told, [(NoticeKind::RecoveryCodesEnded, true, LATER, true)]);
    assert!(
        store
            .notices(junho.id)
            .await
            .unwrap()
            .iter()
            .all(|it| it.kind != NoticeKind::RecoveryCodesEnded)
    );
    let links = store.links_of(study, LATER).await.unwrap();
    assert_eq!(links.len(), 1);
    assert!(store.revoke_link(study, links[0].id).await.unwrap());
}

#[tokio::test]
async fn a_code_that_was_used_ahead_of_the_clock_stays_used() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let session = session(&test_db.store, &minji, 1).await;
    begin_two_factor(&test_db.store, &minji, session).await;
    let ahead = WINDOW + 2;
    test_db
        .store
        .confirm_two_factor(minji.id, b"secret", ahead, vec![[1; 32]], NOON)
        .await
        .unwrap();
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.backup(&copy).await.unwrap();
    test_db.store.clone().close().await.unwrap();
    restore(&copy, &url, LATER).await.unwrap();
    assert!(!leads_in(&open(&file).await, minji.id, GivenCode::Window(ahead)).await);
}

/// The step that gave tables the names that they have now.
const PLAIN_NAMES: u32 = 17;

/// Backups of every earlier version: each is brought back as it is, and migrated by the next start.
#[tokio::test]
async fn a_backup_of_any_earlier_version_is_restored_and_not_migrated() {
    let test_db = TestDatabase::new().await;
    let epoch = test_db.store.epoch();
    test_db.store.clone().close().await.unwrap();
    let steps = u32::try_from(Migrator::migrations().len()).unwrap();
    for step in 1..steps {
        let copy = test_db.path(&format!("{step}.db"));
        let db = Database::connect(format!("{}?mode=rwc", url(&copy))).await.unwrap();
        Migrator::up(&db, Some(step)).await.unwrap();
        let instance = if step < PLAIN_NAMES { "house" } else { "instance" };
        let sql = format!("INSERT INTO {instance} (id, epoch) VALUES (1, zeroblob(16))");
        db.execute_unprepared(&sql).await.unwrap();
        db.close().await.unwrap();
        let to = test_db.path(&format!("restored-{step}.db"));
        restore(&copy, &url(&to), LATER).await.unwrap();
        let applied = count(&to, "SELECT COUNT(*) FROM seaql_migrations").await;
        assert_eq!(applied, i64::from(step));
        assert!(sentence(Store::open_existing(&url(&to)).await).contains("older version"));
        let opened = open(&to).await;
        assert_ne!(opened.epoch(), epoch);
        assert_ne!(opened.epoch().uuid().as_u128(), 0, "another life");
    }
}

/// The sixth step brought second steps, the tenth notices.
#[tokio::test]
async fn owners_of_codes_in_an_older_backup_are_told_after_the_migration() {
    let test_db = TestDatabase::new().await;
    let copy = test_db.path("older.db");
    let db = Database::connect(format!("{}?mode=rwc", url(&copy))).await.unwrap();
    Migrator::up(&db, Some(7)).await.unwrap();
    db.execute_unprepared(OLDER).await.unwrap();
    db.close().await.unwrap();
    let to = test_db.path("restored.db");
    let restored = restore(&copy, &url(&to), LATER).await.unwrap();
    assert_eq!((restored.renewal.recovery_codes, restored.renewal.users_without_codes), (2, 1));
    let store = open(&to).await;
    let user = UserId::from_uuid(Uuid::from_u128(0x0101_0101_0101_0101_0101_0101_0101_0101));
    let told = store.notices(user).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].kind, told[0].at), (NoticeKind::RecoveryCodesEnded, LATER));
    assert!(!leads_in(&store, user, GivenCode::Window(WINDOW)).await);
}

const KNOWN_DEVICE: &str = "
    CREATE TABLE IF NOT EXISTS known_devices (token_hash blob, user_id uuid_text, expires_at bigint);
    INSERT INTO known_devices SELECT x'0B0B', id, 9000000000000 FROM users LIMIT 1";

const OLDER: &str = "
    INSERT INTO house (id, epoch) VALUES (1, zeroblob(16));
    PRAGMA defer_foreign_keys = ON;
    BEGIN;
    INSERT INTO people (id, email, password_hash, created_at, default_profile_id)
        VALUES (x'01010101010101010101010101010101', '1@example.com', 'hash', 1, x'02020202020202020202020202020202');
    INSERT INTO profiles (id, person_id, name, created_at)
        VALUES (x'02020202020202020202020202020202', x'01010101010101010101010101010101', '민지', 1);
    COMMIT;
    INSERT INTO second_steps (person_id, secret, confirmed_at)
        VALUES (x'01010101010101010101010101010101', x'03', 1);
    INSERT INTO recovery_codes VALUES (x'01010101010101010101010101010101', x'04');
    INSERT INTO recovery_codes VALUES (x'01010101010101010101010101010101', x'05');";

pub async fn raw(file: &Path, sql: &str) {
    let db: DatabaseConnection = Database::connect(url(file)).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_backup_that_is_damaged_or_newer_or_in_use_is_refused_and_changes_nothing() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 200).await;
    let bad = ["newer.db", "orphan.db", "short.db", "scribbled.db", "used.db"];
    for name in bad {
        test_db.store.backup(&test_db.path(name)).await.unwrap();
    }
    let (url, file) = (test_db.url(), test_db.file());
    test_db.store.clone().close().await.unwrap();
    raw(
        &test_db.path("newer.db"),
        "INSERT INTO seaql_migrations VALUES ('m2099_01_01_000001_next', 1)",
    )
    .await;
    let orphan = "PRAGMA foreign_keys = OFF; DELETE FROM profiles";
    raw(&test_db.path("orphan.db"), orphan).await;
    let whole = fs::read(test_db.path("short.db")).unwrap();
    fs::write(test_db.path("short.db"), &whole[..whole.len() / 2]).unwrap();
    let mut scribbled = whole.clone();
    for page in scribbled.chunks_mut(4_096).skip(3) {
        page[..64].fill(0xAB);
    }
    fs::write(test_db.path("scribbled.db"), scribbled).unwrap();
    let user = open(&test_db.path("used.db")).await;
    // The files of the one that is in use, as they are now.
    let before = contents(test_db.folder.path());
    let refusals = [
        ("newer.db", "newer version"),
        ("orphan.db", "damaged"),
        ("short.db", ""),
        ("scribbled.db", ""),
        ("used.db", "in use"),
        ("instance.db", "the database itself"),
        ("instance.db.incoming", "is not a file"),
    ];
    for (name, why) in refusals {
        let refused = sentence(restore(&test_db.path(name), &url, LATER).await);
        assert!(refused.contains(why), "{name}: {refused}");
    }
    fs::hard_link(test_db.path("short.db"), test_db.path("instance.db.incoming")).unwrap();
    let refused = sentence(restore(&test_db.path("instance.db.incoming"), &url, LATER).await);
    assert!(refused.contains("what a restore has left"), "{refused}");
    fs::remove_file(test_db.path("instance.db.incoming")).unwrap();
    assert_eq!(contents(test_db.folder.path()), before);
    user.close().await.unwrap();
    assert_eq!(history(&open(&file).await, study).await, said);
}

/// As `cp` makes it, of a server that runs or was killed: the newest lines are in the log alone.
#[tokio::test]
async fn a_raw_copy_comes_back_with_the_lines_that_are_in_its_log() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 5).await;
    let copies = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal"] {
        let copy = copies.path().join(format!("copy.db{suffix}"));
        fs::copy(test_db.path(&format!("instance.db{suffix}")), copy).unwrap();
    }
    let before = contents(copies.path());
    test_db.store.clone().close().await.unwrap();
    restore(&copies.path().join("copy.db"), &test_db.url(), LATER).await.unwrap();
    assert_eq!(history(&open(&test_db.file()).await, study).await, said);
    assert_eq!(contents(copies.path()), before, "the copy is as it was");
}

/// Of a database that is gone the log is left: it must not be read into the one that is brought back.
#[tokio::test]
async fn what_lies_beside_a_lost_database_is_put_aside_with_it() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 2).await;
    let copy = test_db.path("copy.db");
    test_db.store.backup(&copy).await.unwrap();
    say(&writer, &minji, study, 3).await;
    let lost = test_db.path("lost.db");
    fs::copy(test_db.path("instance.db-wal"), test_db.path("lost.db-wal")).unwrap();
    let log = fs::read(test_db.path("lost.db-wal")).unwrap();
    sentence(Store::open(&url(&lost)).await);

    restore(&copy, &url(&lost), LATER).await.unwrap();
    assert_eq!(history(&open(&lost).await, study).await, said);
    let kept = contents(test_db.folder.path())
        .into_iter()
        .find(|(name, _)| name.starts_with("lost.db.before-restore-") && name.ends_with("-wal"));
    assert_eq!(fs::read(test_db.path(&kept.unwrap().0)).unwrap(), log);
}

#[tokio::test]
async fn a_restored_instance_knows_the_passwords_of_the_backup() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let email = test_db.store.account(minji.id).await.unwrap().unwrap().email;
    let (copy, url, file) = (test_db.path("copy.db"), test_db.url(), test_db.file());
    test_db.store.backup(&copy).await.unwrap();
    test_db.store.clone().close().await.unwrap();
    restore(&copy, &url, LATER).await.unwrap();
    let Credentials { user, .. } = open(&file).await.credentials(&email).await.unwrap().unwrap();
    assert_eq!(user, minji.id);
}

/// Root restores for a server that is not root's: whoever runs it must be able to open all of it.
#[tokio::test]
async fn everything_in_an_empty_folder_belongs_to_the_owner_of_the_folder() {
    let test_db = TestDatabase::new().await;
    test_db.user("민지").await;
    let copy = test_db.path("copy.db");
    test_db.store.backup(&copy).await.unwrap();
    let folder = test_db.path("data");
    fs::create_dir(&folder).unwrap();
    // Only root may give it away; elsewhere all belongs to one user anyway.
    let _ = std::os::unix::fs::chown(&folder, Some(12_345), Some(12_345));
    let owner = fs::metadata(&folder).unwrap().uid();
    restore(&copy, &url(&folder.join("instance.db")), NOON).await.unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().uid(), owner, "{:?}", file.path());
    }
}

/// SQLite itself would read such a log up to the damage, and take the rest for never written.
#[tokio::test]
async fn a_raw_copy_that_is_cut_short_or_damaged_is_refused() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    test_db.store.checkpoint().await.unwrap();
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 60).await;
    let (file, log) =
        (fs::read(test_db.file()).unwrap(), fs::read(test_db.path("instance.db-wal")).unwrap());
    let (raw, raw_log) = (test_db.path("raw.db"), test_db.path("raw.db-wal"));
    let to = url(&test_db.path("restored.db"));
    let flipped = |at: usize| {
        let mut log = log.clone();
        log[at] ^= 1;
        log
    };
    let pending = log.len() / 2;
    for damaged in [
        vec![7; log.len()],
        vec![0; log.len()],
        flipped(0),
        flipped(pending),
        flipped(20),
        log[..31].to_vec(),
        log[..=pending].to_vec(),
    ] {
        fs::write(&raw, &file).unwrap();
        fs::write(&raw_log, &damaged).unwrap();
        let why = sentence(restore(&raw, &to, NOON).await);
        assert!(why.contains("raw.db-wal is cut short or damaged"), "{why}");
    }
    fs::remove_file(&raw_log).unwrap();
    let copy = test_db.path("copy.db");
    test_db.store.backup(&copy).await.unwrap();
    let whole = fs::read(&copy).unwrap();
    for length in [whole.len() - 1, whole.len() - 4_096, whole.len() / 2] {
        fs::write(&raw, &whole[..length]).unwrap();
        let why = sentence(restore(&raw, &to, NOON).await);
        assert!(why.contains("raw.db is cut short or damaged"), "{length}: {why}");
    }
    fs::write(&raw, &file).unwrap();
    fs::write(&raw_log, &log).unwrap();
    restore(&raw, &to, NOON).await.unwrap();
    assert_eq!(history(&open(&test_db.path("restored.db")).await, study).await.len(), 60);
}

#[tokio::test]
async fn a_backup_does_not_begin_beside_the_log_of_another() {
    let test_db = TestDatabase::new().await;
    test_db.user("민지").await;
    for suffix in ["-wal", "-journal"] {
        let copy = test_db.path(&format!("copy{suffix}.db"));
        fs::write(test_db.path(&format!("copy{suffix}.db{suffix}")), "another").unwrap();
        let why = sentence(test_db.store.backup(&copy).await);
        assert!(why.ends_with("exists already"), "{why}");
    }
}

#[tokio::test]
async fn a_link_to_a_backup_is_the_backup_with_all_that_lies_beside_it() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let shown = crate::avatars::shows(&test_db, &test_db.store, b"1").await;
    let (writer, _told) = test_db.writer();
    let said = say(&writer, &minji, study, 3).await;
    // A raw copy of a server that was killed: its newest lines are in the log.
    let raw = test_db.path("raw");
    fs::create_dir(&raw).unwrap();
    for suffix in ["", "-wal"] {
        fs::copy(test_db.path(&format!("instance.db{suffix}")), raw.join(format!("x.db{suffix}")))
            .unwrap();
    }
    fs::create_dir(raw.join("x.db.pictures")).unwrap();
    for file in fs::read_dir(test_db.path("instance.db.pictures")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), raw.join("x.db.pictures").join(file.file_name())).unwrap();
    }
    let link = test_db.path("latest.db");
    std::os::unix::fs::symlink("raw/x.db", &link).unwrap();

    let elsewhere = test_db.path("elsewhere/instance.db");
    let restored = restore(&link, &url(&elsewhere), NOON).await.unwrap();
    assert_eq!(restored.missing_avatars, 0);
    let store = open(&elsewhere).await;
    assert_eq!(history(&store, study).await, said);
    assert!(store.avatar(shown, domain::avatars::Size::Small).await.unwrap().is_some());
    store.close().await.unwrap();

    // What is restored would take the place of the link.
    let linked = test_db.path("linked.db");
    std::os::unix::fs::symlink("elsewhere/instance.db", &linked).unwrap();
    let why = sentence(restore(&link, &url(&linked), NOON).await);
    assert!(why.contains("is a symbolic link"), "{why}");
    assert!(linked.is_symlink());
    assert_eq!(history(&open(&elsewhere).await, study).await, said);
}
