//! The process ends at every step of a restore, and what it left is opened.

use super::*;
use crate::{EncodedImage, NewUser, PageQuery, ProfileOutcome, Store, files::entries};
use bytes::Bytes;
use domain::{
    avatars::Size,
    collation::ScriptFirst,
    name_search::Query,
    users::{DisplayName, Email},
};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const NOON: Millis = Millis(1_795_359_600_000);

struct Place {
    folder: TempDir,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path("instance.db").display())
    }

    /// A backup with one user, and a database with another; each has an avatar of their own.
    async fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let store = Store::open(&place.url()).await.unwrap();
        sign_up(&store, "before").await;
        store.backup(&place.path("copy.db")).await.unwrap();
        sign_up(&store, "after").await;
        // As after a crash: some of it is in the log alone, which a broken file could not fold in.
        for suffix in ["", "-wal"] {
            fs::copy(
                place.path(&format!("instance.db{suffix}")),
                place.path(&format!("fallen{suffix}")),
            )
            .unwrap();
        }
        store.close().await.unwrap();
        for suffix in ["", "-wal"] {
            fs::rename(
                place.path(&format!("fallen{suffix}")),
                place.path(&format!("instance.db{suffix}")),
            )
            .unwrap();
        }
        place
    }

    /// Restores until the nth step, at which the process ends; whether it came so far.
    async fn is_killed_at(&self, nth: usize) -> bool {
        let (from, url) = (self.path("copy.db"), self.url());
        let restoring = tokio::spawn(async move {
            let (steps, location) = (AtomicUsize::new(0), Location::parse(&url).unwrap());
            let step = || {
                assert!(
                    DatabaseLock::shared(&location).is_err(),
                    "the server could start in between"
                );
                assert_ne!(steps.fetch_add(1, Ordering::Relaxed), nth, "killed");
            };
            restore_by_steps(&from, &url, NOON, &step).await.map(|_| ())
        });
        match restoring.await {
            Ok(restored) => {
                restored.unwrap();
                false
            }
            Err(killed) => killed.is_panic(),
        }
    }

    fn names(&self) -> Vec<String> {
        let names = entries(self.folder.path()).unwrap().into_iter();
        names.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    }
}

async fn sign_up(store: &Store, name: &str) {
    let new = NewUser {
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        name: DisplayName::parse(name).unwrap(),
        password_hash: "unused".to_owned(),
        at: NOON,
    };
    let user = store.add_user(new).await.unwrap().unwrap();
    let bytes = Bytes::copy_from_slice(name.as_bytes());
    let sizes = Size::ALL.map(|size| EncodedImage { size, bytes: bytes.clone() });
    let avatar = store.save_avatar(sizes.into()).await.unwrap();
    let profile = store.profiles_of(user).await.unwrap()[0].id;
    let pictured = store.set_profile_avatar(user, profile, Some(avatar)).await.unwrap();
    assert!(matches!(pictured, ProfileOutcome::Done(_)), "{pictured:?}");
}

/// The users of a database, each of whom still has their avatar, without the files of other databases.
async fn users_in(store: &Store) -> Vec<String> {
    let mut names = Vec::new();
    let everyone = PageQuery { query: &Query::new(""), page: 1, per_page: 99 };
    for summary in store.directory(everyone, ScriptFirst::Hangul).await.unwrap().entries {
        let avatar = store.avatar(summary.avatar.unwrap(), Size::Small).await.unwrap().unwrap();
        assert_eq!(avatar, summary.name.as_str());
        names.push(summary.name.to_string());
    }
    assert_eq!(store.sweep_avatars(Millis(i64::MAX)).await.unwrap(), 0, "no file too many");
    names.sort_unstable();
    names
}

#[tokio::test]
async fn whichever_step_is_the_last_the_next_start_has_one_database_or_the_other_whole() {
    let mut finished = 0;
    for nth in 0.. {
        let place = Place::new().await;
        let was_killed = place.is_killed_at(nth).await;
        let is_decided = place.path("instance.db.restore").exists();
        if is_decided {
            let why = match Store::open_existing(&place.url()).await {
                Err(Error::File(why)) => why,
                other => panic!("{nth}: {other:?}"),
            };
            assert!(why.contains("was interrupted"), "{nth}: {why}");
        }
        let store = Store::open(&place.url()).await.unwrap();
        let is_restored = is_decided || !was_killed;
        let expected: &[&str] = if is_restored { &["before"] } else { &["after", "before"] };
        assert_eq!(users_in(&store).await, expected, "{nth}");
        store.close().await.unwrap();
        let names = place.names();
        let kept =
            names.iter().find(|name| name.contains("before-restore") && !name.contains("pictures"));
        assert_eq!(kept.is_some(), is_restored, "{nth}: {names:?}");
        if let Some(kept) = kept {
            let old =
                Store::open(&format!("sqlite://{}", place.path(kept).display())).await.unwrap();
            assert_eq!(users_in(&old).await, ["after", "before"], "{nth}");
            let rests =
                names.iter().filter(|name| name.contains("incoming") || name.ends_with(".restore"));
            assert_eq!(rests.count(), 0, "{names:?}");
            finished += 1;
        }
        if !was_killed {
            assert!(nth > 10, "there are more steps than {nth}");
            break;
        }
    }
    assert!(finished > 5, "{finished}");
}

#[tokio::test]
async fn what_a_restore_left_that_was_cut_short_is_no_part_of_the_next() {
    for nth in [1, 3] {
        let place = Place::new().await;
        assert!(place.is_killed_at(nth).await);
        assert!(place.path("instance.db.incoming").exists());
        assert!(!place.is_killed_at(usize::MAX).await);
        let store = Store::open(&place.url()).await.unwrap();
        assert_eq!(users_in(&store).await, ["before"]);
        assert!(place.names().iter().all(|name| !name.contains("incoming")));
    }
}

#[tokio::test]
async fn a_note_that_cannot_be_read_stops_the_start_and_loses_nothing() {
    let place = Place::new().await;
    fs::write(place.path("instance.db.restore"), "something else").unwrap();
    let Err(Error::File(why)) = Store::open(&place.url()).await else { panic!("was opened") };
    assert!(why.contains("does not say which restore"), "{why}");
    fs::remove_file(place.path("instance.db.restore")).unwrap();
    assert_eq!(users_in(&Store::open(&place.url()).await.unwrap()).await, ["after", "before"]);
}
