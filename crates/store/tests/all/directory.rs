//! Lists of people and rooms: their pages are those of everybody, sorted and searched in memory.

use crate::helpers::{NOON, TestDatabase, User, done};
use domain::{
    admin::AdminAction,
    collation::{ScriptFirst, SortKey},
    name_search::Query,
    users::{DisplayName, UserSummary},
};
use store::{AdminCommand, DeletionOutcome, PageQuery};

/// Names of all scripts, with what `LIKE` would take for a sign of its own, and some that begin alike.
const NAMES: [&str; 16] = [
    "홍길동",
    "홍 길동",
    "김민지",
    "김미지",
    "박서준",
    "각시",
    "가방",
    "Émile",
    "emil",
    "adam",
    "100%",
    "a_b",
    "a\\b",
    "李",
    "😀 홍",
    "3반",
];
const FIRST: [ScriptFirst; 2] = [ScriptFirst::Hangul, ScriptFirst::Latin];

async fn everyone(test_db: &TestDatabase) -> Vec<User> {
    let mut users = Vec::new();
    for nth in 0..40 {
        let name = NAMES[nth % NAMES.len()];
        users.push(test_db.user(name).await);
    }
    users
}

async fn page(
    test_db: &TestDatabase,
    typed: &str,
    page: usize,
    first: ScriptFirst,
) -> (Vec<UserSummary>, usize, usize) {
    let query = Query::new(typed);
    let asked = PageQuery { query: &query, page, per_page: 7 };
    let found = test_db.store.directory(asked, first).await.unwrap();
    (found.entries, found.found, found.page)
}

async fn all_pages(test_db: &TestDatabase, typed: &str, first: ScriptFirst) -> Vec<UserSummary> {
    let (mut all, found, _) = page(test_db, typed, 1, first).await;
    let last = found.div_ceil(7).max(1);
    for nth in 2..=last {
        let (entries, _, at) = page(test_db, typed, nth, first).await;
        assert_eq!(at, nth);
        all.extend(entries);
    }
    assert_eq!(all.len(), found, "{typed}");
    assert_eq!(
        page(test_db, typed, last, first).await,
        page(test_db, typed, last + 5, first).await
    );
    assert_eq!(page(test_db, typed, 0, first).await, page(test_db, typed, 1, first).await);
    all
}

#[tokio::test]
async fn pages_of_the_database_are_those_of_a_list_in_memory() {
    let test_db = TestDatabase::new().await;
    let users = everyone(&test_db).await;
    for first in FIRST {
        let everybody = all_pages(&test_db, "", first).await;
        assert_eq!(everybody.len(), users.len());
        assert!(everybody.is_sorted_by_key(|it| (SortKey::new(it.name.as_str(), first), it.user)));
        for typed in [
            "ㅎㄱㄷ",
            "홍",
            "길",
            "갑",
            "ㄳ",
            "EMIL",
            "é",
            "%",
            "_",
            "\\",
            "a_",
            "0%",
            "李",
            "😀",
            "ㅋ",
            "3",
        ] {
            let query = Query::new(typed);
            let mut expected = everybody.clone();
            expected.retain(|summary| query.finds(summary.name.as_str()));
            assert_eq!(all_pages(&test_db, typed, first).await, expected, "{typed}");
        }
    }
}

#[tokio::test]
async fn who_is_called_otherwise_is_found_by_the_new_name_alone() {
    let test_db = TestDatabase::new().await;
    let [minji, junho] = [test_db.user("민지").await, test_db.user("준호").await];
    let profile = test_db.store.profiles_of(minji.id).await.unwrap()[0].id;
    let name = DisplayName::parse("아린").unwrap();
    let _ = done(test_db.store.rename_profile(minji.id, profile, &name).await);
    let found = async |typed: &str| page(&test_db, typed, 1, ScriptFirst::Hangul).await.0;
    let names = |summaries: Vec<UserSummary>| {
        summaries.iter().map(|it| it.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(found("").await), ["아린", "준호"]);
    assert_eq!(names(found("ㅇㄹ").await), ["아린"]);
    assert!(found("ㅁㅈ").await.is_empty());

    let suspend = AdminCommand { action: AdminAction::Suspend, by: None, at: NOON };
    let _ = test_db.store.run_admin_action(junho.id, suspend).await.unwrap();
    assert!(found("준호").await.is_empty());
    let deleted = test_db.store.delete_user(junho.id, NOON, "unused").await.unwrap();
    assert!(matches!(deleted, DeletionOutcome::Done(_)));
    assert_eq!(names(found("").await), ["아린"]);
}

#[tokio::test]
async fn rooms_are_listed_as_their_titles_are_now() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    for title in ["공부방", "산책", "Book club", "가족"] {
        minji.makes_a_room(title).await;
    }
    let titles = async |typed: &str, first: ScriptFirst| {
        let query = Query::new(typed);
        let asked = PageQuery { query: &query, page: 1, per_page: 60 };
        let rooms = test_db.store.open_rooms(minji.id, asked, first).await.unwrap().entries;
        rooms.iter().map(|room| room.preview.title.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(titles("", ScriptFirst::Hangul).await, ["가족", "공부방", "산책", "Book club"]);
    assert_eq!(titles("", ScriptFirst::Latin).await, ["Book club", "가족", "공부방", "산책"]);
    assert_eq!(titles("ㄱㅂ", ScriptFirst::Hangul).await, ["공부방"]);
    assert_eq!(titles("BOOK", ScriptFirst::Hangul).await, ["Book club"]);
}
