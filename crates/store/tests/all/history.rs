//! Every page around every place, compared with the whole history.

use crate::helpers::{TestDatabase, say};
use domain::{
    history::{HistoryPage, PageAnchor},
    messages::Seq,
    wire::MAX_PAGE_ITEMS,
};

fn places(page: &HistoryPage) -> Vec<Seq> {
    let messages = page.messages.iter().map(|message| message.seq);
    let mut places: Vec<_> = messages.chain(page.events.iter().map(|event| event.seq)).collect();
    places.sort_unstable();
    places
}

/// The part of all places that a page has, and whether there is more before and after it.
fn expected(all: &[Seq], anchor: PageAnchor) -> (Vec<Seq>, bool, bool) {
    let most = MAX_PAGE_ITEMS as usize;
    let index = |seq: Seq| all.iter().filter(|place| **place < seq).count();
    let end = all.len();
    let newest = (end.saturating_sub(most), end);
    let (from, until) = match anchor {
        PageAnchor::Newest => newest,
        PageAnchor::Before(seq) => (index(seq).saturating_sub(most), index(seq)),
        PageAnchor::After(seq) => match index(Seq(seq.0.saturating_add(1))) {
            from if from == end => newest,
            from => (from, end.min(from + most)),
        },
        PageAnchor::Around(seq) => {
            let until = end.min(index(seq) + most / 2);
            ((index(seq) + most).saturating_sub(most + most - (until - index(seq))), until)
        }
    };
    (all[from..until].to_vec(), from > 0, until < end)
}

#[tokio::test]
async fn a_page_at_any_place_is_a_part_of_the_whole() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    // Messages and events, with numbers between them that are neither.
    for guest in test_db.users(30).await {
        guest.enters(study).await;
        say(&writer, &minji, study, 3).await;
    }
    let mut all = Vec::new();
    let mut anchor = PageAnchor::Newest;
    loop {
        let page = test_db.store.page(study, anchor).await.unwrap().unwrap();
        all.splice(0..0, places(&page));
        if !page.has_older {
            break;
        }
        anchor = PageAnchor::Before(all[0]);
    }
    assert_eq!(all.len(), 120);
    let edges = [i64::MIN, -1, i64::MAX - 1, i64::MAX];
    for seq in (0..=all[119].0 + 2).chain(edges).map(Seq) {
        for anchor in [PageAnchor::Before(seq), PageAnchor::After(seq), PageAnchor::Around(seq)] {
            let page = test_db.store.page(study, anchor).await.unwrap().unwrap();
            let shown = (places(&page), page.has_older, page.has_newer);
            assert_eq!(shown, expected(&all, anchor), "{anchor:?}");
            assert!(page.messages.is_sorted_by_key(|message| message.seq), "{anchor:?}");
            assert!(page.events.is_sorted_by_key(|event| event.seq), "{anchor:?}");
        }
    }
}
