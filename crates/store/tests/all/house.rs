//! Who administers is checked where it is written: what was permitted a moment before changes nothing.

use crate::helpers::{House, NOON, Person};
use domain::{
    clock::Millis,
    house::{Deed, HouseRole, SignUpMode},
};
use store::{DeletionOutcome, Doing, Done};

const LATER: Millis = Millis(NOON.0 + 1);
const DEEDS: [Deed; 5] =
    [Deed::Suspended, Deed::Appointed, Deed::Dismissed, Deed::SignedOut, Deed::EndedSecondStep];

async fn does(house: &House, by: Option<&Person>, deed: Deed, to: &Person) -> Done {
    let doing = Doing { deed, by: by.map(|by| by.id), at: NOON };
    house.store.do_to(to.id, doing).await.unwrap().0
}

async fn deletes(house: &House, user: &Person) {
    let deleted = house.store.delete_person(user.id, NOON, "unused").await.unwrap();
    assert!(matches!(deleted, DeletionOutcome::Done(_)), "{deleted:?}");
}

/// Nothing that an administrator may do is done by the user, nor written down.
async fn may_nothing(house: &House, by: &Person, to: &Person) {
    let before = house.store.resident(to.id).await.unwrap();
    let written = house.store.deeds(1, 60).await.unwrap();
    for deed in DEEDS {
        assert_eq!(does(house, Some(by), deed, to).await, Done::NotAdministrator, "{deed:?}");
    }
    let mode = house.store.choose_sign_up(SignUpMode::Closed, by.id, NOON).await.unwrap();
    assert_eq!(mode, Done::NotAdministrator);
    let (reset, _) =
        house.store.make_reset(to.id, [7; 32], LATER, Some(by.id), NOON).await.unwrap();
    assert_eq!(reset, Done::NotAdministrator);
    assert_eq!(house.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    assert_eq!(house.store.resident(to.id).await.unwrap(), before);
    assert_eq!(house.store.deeds(1, 60).await.unwrap(), written);
    assert!(house.store.notices(to.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_permitted_before_the_administrator_ceased_to_be_one_is_not_done() {
    for ends in [Deed::Dismissed, Deed::Suspended] {
        let house = House::new().await;
        let [keeper, minji, junho] =
            [house.person("집사").await, house.person("민지").await, house.person("준호").await];
        assert_eq!(does(&house, Some(&keeper), Deed::Appointed, &minji).await, Done::Done);
        assert_eq!(does(&house, Some(&keeper), ends, &minji).await, Done::Done);
        may_nothing(&house, &minji, &junho).await;
    }
    let house = House::new().await;
    let [keeper, minji, junho] =
        [house.person("집사").await, house.person("민지").await, house.person("준호").await];
    assert_eq!(does(&house, Some(&keeper), Deed::Appointed, &minji).await, Done::Done);
    deletes(&house, &minji).await;
    may_nothing(&house, &minji, &junho).await;
    may_nothing(&house, &junho, &keeper).await;
}

/// By an administrator and by the operator on the machine.
#[tokio::test]
async fn nothing_is_done_to_a_deleted_account() {
    let house = House::new().await;
    let [keeper, junho] = [house.person("집사").await, house.person("준호").await];
    deletes(&house, &junho).await;
    for by in [Some(&keeper), None] {
        for deed in [Deed::Suspended, Deed::Restored, Deed::Appointed, Deed::Dismissed] {
            assert_eq!(does(&house, by, deed, &junho).await, Done::Unchanged, "{deed:?}");
        }
        let by = by.map(|by| by.id);
        let (reset, _) = house.store.make_reset(junho.id, [7; 32], LATER, by, NOON).await.unwrap();
        assert_eq!(reset, Done::Unchanged);
        assert_eq!(house.store.reset_of(&[7; 32], NOON).await.unwrap(), None);
    }
    assert!(house.store.deeds(1, 60).await.unwrap().entries.is_empty());
    assert_eq!(does(&house, None, Deed::Dismissed, &keeper).await, Done::LastAdministrator);
    let keeper = house.store.resident(keeper.id).await.unwrap().unwrap();
    assert_eq!(keeper.role, HouseRole::Administrator);
}
