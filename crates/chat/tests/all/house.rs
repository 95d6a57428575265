//! Looking after the house: who does, what it does to others at once, and that somebody always does.

use crate::helpers::{HOUR, House, MINUTE, Person, soon, visitor};
use chat::{Chat, RateLimits, SignIn, SignUp};
use domain::{
    house::{Deed, HouseRole, SignUpMode},
    ids::PersonId,
    notices::NoticeKind,
    problem::{Field, Problem},
    search::Query,
    text::Fault,
    wire::Farewell,
};
use futures::future::join_all;
use std::sync::Arc;
use store::PageQuery;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

fn id(person: &Person) -> PersonId {
    person.actor.person()
}

async fn does(by: &Person, deed: Deed, to: &Person) -> Result<(), Problem> {
    by.chat.do_to(&by.actor, id(to), deed).await
}

async fn role(house: &House, person: &Person) -> HouseRole {
    house.store.resident(id(person)).await.unwrap().unwrap().role
}

#[tokio::test]
async fn whoever_comes_first_looks_after_the_house() {
    let house = House::new().await;
    let [minji, junho] = house.people(["민지", "준호"]).await;
    assert_eq!(house.chat.is_administrator(&minji.actor).await, Ok(true));
    assert_eq!(house.chat.is_administrator(&junho.actor).await, Ok(false));
    assert_eq!(house.chat.residents(&junho.actor, "", 1).await.err(), Some(Problem::NotFound));
    assert_eq!(house.chat.deeds(&junho.actor, 1).await.err(), Some(Problem::NotFound));
    assert_eq!(house.chat.house_rooms(&junho.actor, 1).await.err(), Some(Problem::NotFound));
    assert_eq!(house.chat.housed(&junho.actor, id(&minji)).await.err(), Some(Problem::NotFound));
    assert_eq!(does(&junho, Deed::Appointed, &junho).await, Err(Problem::NotFound));
    let choose = house.chat.choose_sign_up(&junho.actor, SignUpMode::Closed).await;
    assert_eq!(choose, Err(Problem::NotFound));
    let reset = house.chat.make_reset(&junho.actor, id(&minji)).await;
    assert_eq!(reset.err(), Some(Problem::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_at_once_one_looks_after_the_house() {
    let house = House::new().await;
    let coming = (0..8).map(|nth| {
        let chat = house.chat.clone();
        tokio::spawn(async move {
            let form = SignUp {
                email: format!("{nth}@example.com"),
                name: format!("손님 {nth}"),
                password: PASSWORD.into(),
                invitation: None,
                setup_link: None,
                at_the_machine: true,
            };
            chat.sign_up(form, &visitor()).await.map(|_| ())
        })
    });
    for came in join_all(coming).await {
        came.unwrap().unwrap();
    }
    let everyone = PageQuery { query: &Query::new(""), page: 1, per_page: 60 };
    let residents = house.store.residents(everyone, "").await.unwrap().entries;
    let administrators = residents.iter().filter(|it| it.role == HouseRole::Administrator);
    assert_eq!((residents.len(), administrators.count()), (8, 1));
}

#[tokio::test]
async fn who_is_suspended_is_out_at_once_and_stays_out() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let token = house.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = Person { actor: house.actor(&token).await.unwrap(), chat: house.chat.clone() };
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    junho.says("곧 나가요").in_room(study).await;
    let (tab, own) = (junho.connects().await, minji.connects().await);

    does(&minji, Deed::Suspended, &junho).await.unwrap();
    assert_eq!(soon(tab.receiver.closed()).await, Farewell::SignedOut);
    assert_eq!(house.actor(&token).await, None);
    let wrong = house.signs_in("junho@example.com", "모르겠어요").await;
    assert_eq!(wrong.err(), Some(Problem::WrongCredentials), "only whoever knows it is told");
    let right = house.signs_in("junho@example.com", PASSWORD).await;
    assert_eq!(right.err(), Some(Problem::Suspended));
    assert_eq!(minji.sees_in(study).await, ["곧 나가요"], "what was said stays");
    let first = domain::collation::First::Hangul;
    let everybody = minji.chat.directory(&minji.actor, "", 1, first).await.unwrap();
    assert_eq!(everybody.found, 1);
    assert_eq!(
        minji.chat.open_direct_room(&minji.actor, id(&junho)).await.err(),
        Some(Problem::NotFound)
    );
    minji.says("조용하네요").in_room(study).await;
    drop(own);

    does(&minji, Deed::Suspended, &junho).await.unwrap();
    does(&minji, Deed::Restored, &junho).await.unwrap();
    let token = house.signs_in("junho@example.com", PASSWORD).await.unwrap();
    let junho = Person { actor: house.actor(&token).await.unwrap(), chat: house.chat.clone() };
    assert_eq!(junho.sees_in(study).await, ["곧 나가요", "조용하네요"]);
    does(&minji, Deed::SignedOut, &junho).await.unwrap();
    assert_eq!(house.actor(&token).await, None);

    let log = minji.chat.deeds(&minji.actor, 1).await.unwrap();
    let deeds: Vec<_> = log.entries.iter().map(|entry| entry.deed).collect();
    assert_eq!(deeds, [Deed::SignedOut, Deed::Restored, Deed::Suspended], "once for each");
    assert!(log.entries.iter().all(|entry| entry.by.as_ref().unwrap().id == id(&minji)));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_always_looks_after_the_house() {
    let house = House::new().await;
    let [minji, junho] = house.people(["민지", "준호"]).await;
    let last = Err(Problem::invalid(Field::Administrator, Fault::Empty));
    assert_eq!(does(&minji, Deed::Dismissed, &minji).await, last);
    assert_eq!(does(&minji, Deed::Suspended, &minji).await, Err(Problem::NotAllowed));
    for _ in 0..10 {
        for person in [&minji, &junho] {
            for by in [&minji, &junho] {
                // Whoever still is one makes both so.
                let _ = does(by, Deed::Appointed, person).await;
            }
        }
        let each = [(&minji, &junho), (&junho, &minji)].map(|(by, to)| {
            let (by, to) = (by.clone(), to.clone());
            tokio::spawn(async move { does(&by, Deed::Dismissed, &to).await })
        });
        join_all(each).await;
        let roles = [role(&house, &minji).await, role(&house, &junho).await];
        assert!(roles.contains(&HouseRole::Administrator));
    }
}

#[tokio::test]
async fn a_new_password_is_chosen_by_a_link_once_and_within_four_hours() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let token = house.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = Person { actor: house.actor(&token).await.unwrap(), chat: house.chat.clone() };
    let makes = || house.chat.make_reset(&minji.actor, id(&junho));
    let resets = async |link: &str| {
        house.chat.reset_password(link, "솔숲에 부는 바람", &visitor()).await.map(drop)
    };
    let (early, late) = (makes().await.unwrap(), makes().await.unwrap());
    assert_eq!(resets(early.as_str()).await, Err(Problem::Gone), "the newest one counts");
    let short = house.chat.reset_password(late.as_str(), "짧다", &visitor()).await.unwrap_err();
    assert!(short.fault(Field::Password).is_some());
    assert!(
        !house.bytes().windows(32).any(|bytes| bytes == late.as_str().as_bytes()),
        "the secret is not on disk"
    );
    house.passes(4 * HOUR - 1);
    house.chat.open_reset(late.as_str()).await.unwrap();
    resets(late.as_str()).await.unwrap();
    assert_eq!(resets(late.as_str()).await, Err(Problem::Gone));
    assert_eq!(house.actor(&token).await, None, "who knew the old one is out");
    assert!(house.signs_in("junho@example.com", PASSWORD).await.is_err());
    house.signs_in("junho@example.com", "솔숲에 부는 바람").await.unwrap();

    let old = makes().await.unwrap();
    house.passes(4 * HOUR);
    assert_eq!(house.chat.open_reset(old.as_str()).await.err(), Some(Problem::Gone));
    assert_eq!(resets(old.as_str()).await, Err(Problem::Gone));
    let fresh = makes().await.unwrap();
    does(&minji, Deed::Suspended, &junho).await.unwrap();
    assert_eq!(house.chat.open_reset(fresh.as_str()).await.err(), Some(Problem::Gone));
    assert_eq!(makes().await.err(), Some(Problem::NotAllowed));
}

/// By an administrator, while the user is signed in; then by the operator.
#[tokio::test]
async fn a_link_for_a_new_password_is_told_to_whom_it_concerns() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let token = house.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = house.actor(&token).await.unwrap();
    assert!(!junho.has_unread_notices());
    minji.chat.make_reset(&minji.actor, junho.person()).await.unwrap();
    assert!(house.actor(&token).await.unwrap().has_unread_notices(), "on the open session too");
    assert!(!house.actor(&token).await.unwrap().viewer().name.as_str().is_empty());
    let told = house.chat.notices(&junho).await.unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].is_new), (1, NoticeKind::ResetLinkMade, true));
    let by = told[0].by.as_ref().unwrap();
    assert_eq!((by.id, by.name.as_ref().unwrap().as_str()), (id(&minji), "민지"));
    assert!(house.chat.notices(&minji.actor).await.unwrap().is_empty(), "and to no one else");

    let shown = told[0].id;
    minji.chat.make_reset(&minji.actor, junho.person()).await.unwrap();
    house.chat.mark_notices_read(&junho, shown).await.unwrap();
    assert!(
        house.actor(&token).await.unwrap().has_unread_notices(),
        "the page did not show it yet"
    );
    let told = house.chat.notices(&junho).await.unwrap();
    assert_eq!(told.iter().map(|it| it.is_new).collect::<Vec<_>>(), [true, false]);
    house.chat.mark_notices_read(&junho, told[0].id).await.unwrap();
    assert!(!house.actor(&token).await.unwrap().has_unread_notices());
    house.passes(HOUR);
    let link = house.chat.reset_from_machine("junho@example.com").await.unwrap();
    house.chat.reset_password(link.as_str(), "솔숲에 부는 바람", &visitor()).await.unwrap();
    let token = house.signs_in("junho@example.com", "솔숲에 부는 바람").await.unwrap();
    let junho = house.actor(&token).await.unwrap();
    assert!(junho.has_unread_notices());
    let told = house.chat.notices(&junho).await.unwrap();
    let told: Vec<_> = told.iter().map(|it| (it.by.is_none(), it.is_new)).collect();
    assert_eq!(
        told,
        [(true, true), (false, false), (false, false)],
        "what was read is still there"
    );
}

#[tokio::test]
async fn the_operator_is_told_what_has_changed() {
    let house = House::new().await;
    let [minji, junho] = [("minji", "민지"), ("junho", "준호")].map(|(address, name)| {
        let house = &house;
        async move { house.member(&format!("{address}@example.com"), name).await }
    });
    let (minji, junho) = (minji.await, junho.await);
    let appoints = |email: &'static str| house.chat.appoint_from_machine(email);
    assert_eq!(appoints("minji@example.com").await, Ok(false), "she came first");
    assert_eq!(appoints("JUNHO@example.com").await, Ok(true));
    assert_eq!(appoints("junho@example.com").await, Ok(false));
    assert_eq!(appoints("nobody@example.com").await, Err(Problem::NotFound));
    does(&minji, Deed::Suspended, &junho).await.unwrap();
    assert_eq!(appoints("junho@example.com").await, Err(Problem::Suspended));
    let log = minji.chat.deeds(&minji.actor, 1).await.unwrap();
    let deeds: Vec<_> = log.entries.iter().map(|entry| entry.deed).collect();
    assert_eq!(deeds, [Deed::Suspended, Deed::Appointed], "what changes nothing is no deed");
}

#[tokio::test]
async fn people_sign_up_as_the_house_has_it() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let form = chat::MakeLink {
        lifetime: domain::invitation_links::Lifetime::Week,
        uses: domain::invitation_links::Uses::Any,
        once: None,
    };
    let link = minji.chat.make_link(&minji.actor, study, form).await.unwrap();
    let mut nth = 0;
    let mut comes = async |invited: bool| {
        nth += 1;
        let form = SignUp {
            email: format!("{nth}@example.com"),
            name: "손님".into(),
            password: PASSWORD.into(),
            invitation: invited.then(|| link.as_str().to_owned()),
            setup_link: None,
            at_the_machine: false,
        };
        house.chat.sign_up(form, &visitor()).await.err()
    };
    let closed = Some(Problem::SignUpClosed);
    for (mode, alone, invited) in [
        (SignUpMode::Open, None, None),
        (SignUpMode::Invitation, closed.clone(), None),
        (SignUpMode::Closed, closed.clone(), closed),
    ] {
        minji.chat.choose_sign_up(&minji.actor, mode).await.unwrap();
        assert_eq!(house.chat.sign_up_mode().await, Ok(mode));
        assert_eq!(comes(false).await, alone, "{mode:?}");
        assert_eq!(comes(true).await, invited, "{mode:?}");
    }
    let signs_in = SignIn { email: "1@example.com".into(), password: PASSWORD.into() };
    house.chat.sign_in(signs_in, &visitor()).await.unwrap();
}

#[tokio::test]
async fn people_and_rooms_are_looked_through() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    for nth in 0..70 {
        house.person(&format!("손님 {nth}")).await;
    }
    let study = minji.makes_a_room("공부방").await;
    minji.says("하나").in_room(study).await;
    let first = minji.chat.residents(&minji.actor, "", 1).await.unwrap();
    assert_eq!((first.found, first.pages, first.entries.len()), (71, 2, 60));
    let found = minji.chat.residents(&minji.actor, "ㅁㅈ", 1).await.unwrap();
    assert_eq!(found.entries[0].face.name.as_str(), "민지");
    let email = &found.entries[0].email;
    let by_email = minji.chat.residents(&minji.actor, &email.to_uppercase(), 1).await.unwrap();
    assert_eq!(by_email.found, 1);
    let rooms = minji.chat.house_rooms(&minji.actor, 1).await.unwrap();
    assert_eq!((rooms.entries[0].members, rooms.entries[0].messages), (1, 1));
}

/// A command of the operator is a process of its own, which knows nothing of what the server remembers.
#[tokio::test]
async fn what_the_operator_did_is_told_on_an_open_session_within_minutes() {
    let house = House::new().await;
    house.person("민지").await;
    let token = house.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    assert!(!house.actor(&token).await.unwrap().has_unread_notices());
    let now = house.now();
    let command = Chat::new(house.store.clone(), RateLimits::Off, Arc::new(move || now));
    command.reset_from_machine("junho@example.com").await.unwrap();
    house.passes(2 * MINUTE);
    house.actor(&token).await.unwrap();
    assert!(house.actor(&token).await.unwrap().has_unread_notices());
}
