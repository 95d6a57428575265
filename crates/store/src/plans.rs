//! Statements are answered by indexes. Over `displayed_members` SQLite merges the view into them rather than making all
//! of it first.

use crate::{
    Store, changes, export, invitation_links, invitations, memberships, room_list, room_profiles,
    sql,
    writer::{existing_among, members_among},
};

#[tokio::test]
async fn no_statement_over_the_view_reads_all_members_of_all_rooms() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/instance.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    let links = format!("{} WHERE l.token_hash = $1", invitation_links::LINKS);
    let statements = [
        changes::MEMBERS_AFTER,
        export::OWN_ROOMS,
        &links,
        invitations::INVITER,
        invitations::INVITED,
        memberships::MEMBERSHIPS,
        room_profiles::ROOM_PROFILES,
        room_list::INVITED,
    ];
    for statement in statements {
        let steps = plan(&store, statement).await;
        let is_slow = |step: &&String| {
            ["SCAN", "MATERIALIZE", "CO-ROUTINE"].iter().any(|slow| step.starts_with(slow))
        };
        let slow: Vec<_> = steps.iter().filter(is_slow).collect();
        assert!(slow.is_empty() && steps.len() > 1, "{statement}\n{steps:#?}");
    }
    let left_join = "SELECT i.room_id FROM invitations i
        LEFT JOIN displayed_members d ON d.room_id = i.room_id AND d.user_id = i.invited_by";
    let steps = plan(&store, left_join).await;
    assert!(steps.iter().any(|step| step.starts_with("MATERIALIZE")), "{steps:#?}");
}

#[tokio::test]
async fn the_writer_looks_up_what_a_batch_asks_for_and_reads_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/instance.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    for asked in [1, 2, 64, 256] {
        for statement in [existing_among(asked), members_among(asked)] {
            let steps = plan(&store, &statement).await;
            assert!(!steps.iter().any(|step| step.starts_with("SCAN m")), "{steps:#?}");
            assert!(steps.iter().any(|step| step.starts_with("SEARCH m USING")), "{steps:#?}");
        }
    }
    let all = plan(&store, "SELECT text FROM messages m WHERE m.text = $1").await;
    assert!(all.iter().any(|step| step.starts_with("SCAN m")), "{all:#?}");
}

async fn plan(store: &Store, statement: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let steps: Vec<(i64, i64, i64, String)> =
        sql::query_values(&store.read, explain, []).await.unwrap();
    steps.into_iter().map(|(_, _, _, detail)| detail).collect()
}
