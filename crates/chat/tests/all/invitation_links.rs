//! Coming by a link, with an account and without: as long as it lives, as many as it lets in.

use crate::helpers::{HOUR, House, Person, hears, hears_nothing, visitor};
use chat::{MakeLink, Opened, SignUp};
use domain::{
    events::What,
    house::Deed,
    ids::RoomId,
    invitation_links::{Lifetime, LinkToken, Uses},
    memberships::Role,
    problem::{Field, Problem},
    rooms::Access,
    text::Fault,
};
use futures::future::join_all;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

async fn private_room(owner: &Person) -> RoomId {
    owner.chat.create_room(&owner.actor, None, "비밀 독서회", Access::Private).await.unwrap()
}

async fn link(owner: &Person, room: RoomId, lifetime: Lifetime, uses: Uses) -> LinkToken {
    owner.chat.make_link(&owner.actor, room, MakeLink { lifetime, uses, once: None }).await.unwrap()
}

async fn joins(person: &Person, link: &LinkToken) -> Result<RoomId, Problem> {
    person.chat.join_by_link(&person.actor, link.as_str()).await
}

async fn arrives(
    house: &House,
    email: &str,
    name: &str,
    link: &str,
) -> Result<(Person, Option<RoomId>), Problem> {
    let form = SignUp {
        email: email.into(),
        name: name.into(),
        password: PASSWORD.into(),
        invitation: Some(link.into()),
        setup_link: None,
        at_the_machine: false,
    };
    let signed_up = house.chat.sign_up(form, &visitor()).await?;
    let actor = house.actor(&signed_up.token).await.unwrap();
    Ok((Person { actor, chat: house.chat.clone() }, signed_up.room))
}

/// What its maker sees of the only link.
async fn used(owner: &Person, room: RoomId) -> Option<u32> {
    let first = domain::collation::First::Hangul;
    let page = owner.chat.inviting(&owner.actor, room, "", 1, first).await.unwrap();
    page.open.unwrap().links.first().map(|link| link.uses)
}

#[tokio::test]
async fn a_newcomer_signs_up_and_is_in_the_room_in_one_go() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let club = private_room(&minji).await;
    let tab = minji.connects().await;
    let token = link(&minji, club, Lifetime::Week, Uses::Ten).await;
    let opened = house.chat.open_link(None, token.as_str()).await.unwrap();
    let Opened::Invited(invitation) = opened else { panic!("nobody is inside") };
    assert_eq!((invitation.by.as_str(), invitation.title.as_str()), ("민지", "비밀 독서회"));
    assert_eq!(invitation.members, 1);

    let (junho, room) =
        arrives(&house, "junho.kim@example.com", " ", token.as_str()).await.unwrap();
    assert_eq!(room, Some(club));
    assert_eq!(junho.actor.viewer().name.as_str(), "junho.kim", "until they say");
    assert_eq!(hears(&tab).await.events[0].what, What::Entered);
    junho.says("반가워요").in_room(club).await;
    assert_eq!(minji.sees_in(club).await, ["반가워요"]);
    let settings = junho.chat.room_settings(&junho.actor, club, "", 1).await.unwrap();
    assert_eq!((settings.role, settings.headcount), (Role::Member, 2));
    let (seoyeon, _) = arrives(&house, "s@example.com", "서연", token.as_str()).await.unwrap();
    assert_eq!(seoyeon.actor.viewer().name.as_str(), "서연");
    assert_eq!(used(&minji, club).await, Some(2));
}

#[tokio::test]
async fn who_is_refused_at_sign_up_uses_nothing_up() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, Lifetime::Week, Uses::One).await;
    house.signs_up("junho@example.com", "준호", "시원한 대청마루의 낮").await.unwrap();
    let again = arrives(&house, "junho@example.com", "준호", token.as_str()).await;
    assert_eq!(again.err(), Some(Problem::invalid(Field::Email, Fault::Taken)));
    let odd = arrives(&house, "준호", "", token.as_str()).await.err().unwrap();
    assert_eq!(odd.fault(Field::Email), Some(Fault::Form));
    assert_eq!(used(&minji, club).await, Some(0));
    for unknown in ["", "0123", &"f".repeat(32)] {
        let gone = arrives(&house, "new@example.com", "새봄", unknown).await;
        assert_eq!(gone.err(), Some(Problem::Gone), "{unknown:?}");
    }
    assert!(house.signs_in("new@example.com", PASSWORD).await.is_err(), "nobody was made");
    let typed = SignUp {
        email: "name@example.com".into(),
        name: String::new(),
        password: PASSWORD.into(),
        invitation: None,
        setup_link: None,
        at_the_machine: false,
    };
    let refused = house.chat.sign_up(typed, &visitor()).await.unwrap_err();
    assert_eq!(refused.fault(Field::Name), Some(Fault::Empty), "a name is asked of the uninvited");
}

#[tokio::test]
async fn who_has_an_account_comes_in_once() {
    let house = House::new().await;
    let [minji, junho] = house.people(["민지", "준호"]).await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, Lifetime::Day, Uses::Hundred).await;
    let tab = minji.connects().await;
    assert_eq!(joins(&junho, &token).await, Ok(club));
    assert_eq!(hears(&tab).await.events[0].what, What::Entered);
    assert_eq!(joins(&junho, &token).await, Ok(club));
    hears_nothing(&tab);
    assert_eq!(used(&minji, club).await, Some(1));
    let opened = house.chat.open_link(Some(&junho.actor), token.as_str()).await;
    assert_eq!(opened, Ok(Opened::Inside(club)));

    minji.chat.remove_member(&minji.actor, club, junho.actor.person()).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Err(Problem::Gone), "a moderator decides");
    minji.chat.invite(&minji.actor, club, &[junho.actor.person()]).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Ok(club), "who is invited again may take any way");
    minji.chat.ban_member(&minji.actor, club, junho.actor.person()).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Err(Problem::Gone));
    let opened = house.chat.open_link(Some(&junho.actor), token.as_str()).await;
    assert_eq!(opened, Ok(Opened::Refused));
    assert_eq!(used(&minji, club).await, Some(2));
}

/// Left by themselves, removed, removed and invited again, unbanned: by rooms that are open and private.
#[tokio::test]
async fn a_link_into_a_private_room_refuses_whom_the_room_has_removed() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    for access in [Access::Open, Access::Private] {
        let club = minji.chat.create_room(&minji.actor, None, "독서회", access).await.unwrap();
        let token = link(&minji, club, Lifetime::Week, Uses::Any).await;
        let (chat, by) = (&minji.chat, &minji.actor);
        let again = if access == Access::Open { Ok(club) } else { Err(Problem::Gone) };

        let [left, removed, asked, unbanned] =
            house.people(["나간 이", "내보낸 이", "다시 부른 이", "차단이 풀린 이"]).await;
        for person in [&left, &removed, &asked, &unbanned] {
            joins(person, &token).await.unwrap();
        }
        left.leaves(club).await;
        assert_eq!(joins(&left, &token).await, Ok(club), "{access:?}");

        chat.remove_member(by, club, removed.actor.person()).await.unwrap();
        let opened = house.chat.open_link(Some(&removed.actor), token.as_str()).await;
        let is_refused = opened == Ok(Opened::Refused);
        assert_eq!(is_refused, access == Access::Private, "{access:?}");
        assert_eq!(joins(&removed, &token).await, again, "{access:?}");

        chat.remove_member(by, club, asked.actor.person()).await.unwrap();
        chat.invite(by, club, &[asked.actor.person()]).await.unwrap();
        let opened = house.chat.open_link(Some(&asked.actor), token.as_str()).await;
        assert!(matches!(opened, Ok(Opened::Invited(_))), "{access:?}");
        assert_eq!(joins(&asked, &token).await, Ok(club), "{access:?}");

        chat.ban_member(by, club, unbanned.actor.person()).await.unwrap();
        assert_eq!(joins(&unbanned, &token).await, Err(Problem::Gone), "{access:?}");
        chat.pardon_member(by, club, unbanned.actor.person()).await.unwrap();
        assert_eq!(joins(&unbanned, &token).await, again, "{access:?}");
    }
}

#[tokio::test]
async fn a_link_ends_when_its_time_has_come_and_when_it_is_revoked() {
    let house = House::new().await;
    let [minji, junho, seoyeon] = house.people(["민지", "준호", "서연"]).await;
    let club = private_room(&minji).await;
    let day = link(&minji, club, Lifetime::Day, Uses::Any).await;
    house.passes(24 * HOUR - 1);
    assert_eq!(joins(&junho, &day).await, Ok(club));
    house.passes(1);
    assert_eq!(joins(&seoyeon, &day).await, Err(Problem::Gone));
    assert_eq!(house.chat.open_link(None, day.as_str()).await, Err(Problem::Gone));
    assert_eq!(used(&minji, club).await, None, "it is no longer listed");
    assert_eq!(house.store.sweep_links(house.now()).await.unwrap(), 1);

    let week = link(&minji, club, Lifetime::Week, Uses::Any).await;
    let shown = minji.chat.hand_out_link(&minji.actor, club, week.as_str()).await.unwrap();
    let revokes = async |by: &Person| by.chat.revoke_link(&by.actor, club, shown.link.id).await;
    assert_eq!(revokes(&junho).await, Err(Problem::NotAllowed));
    assert_eq!(revokes(&seoyeon).await, Err(Problem::NotFound));
    assert_eq!(revokes(&minji).await, Ok(()));
    assert_eq!(revokes(&minji).await, Err(Problem::NotFound));
    assert_eq!(joins(&seoyeon, &week).await, Err(Problem::Gone));

    let last = link(&minji, club, Lifetime::Week, Uses::Any).await;
    minji.chat.close_room(&minji.actor, club).await.unwrap();
    assert_eq!(joins(&seoyeon, &last).await, Err(Problem::Gone));
    assert_eq!(house.chat.open_link(None, last.as_str()).await, Err(Problem::Gone));
}

#[tokio::test]
async fn a_link_stands_for_whoever_made_it() {
    let house = House::new().await;
    let [minji, junho, seoyeon] = house.people(["민지", "준호", "서연"]).await;
    let club = private_room(&minji).await;
    let own = link(&minji, club, Lifetime::Week, Uses::Any).await;
    joins(&junho, &own).await.unwrap();
    let becomes = async |role| {
        let person = junho.actor.person();
        minji.chat.appoint_member(&minji.actor, club, person, role).await.unwrap();
    };
    let comes_and_goes = async |link| {
        let came = joins(&seoyeon, link).await;
        if came.is_ok() {
            seoyeon.chat.leave_room(&seoyeon.actor, club).await.unwrap();
        }
        came
    };
    becomes(Role::Moderator).await;
    let theirs = link(&junho, club, Lifetime::Week, Uses::Any).await;
    assert_eq!(comes_and_goes(&theirs).await, Ok(club));

    becomes(Role::Member).await;
    assert_eq!(comes_and_goes(&theirs).await, Err(Problem::Gone));
    assert_eq!(house.chat.open_link(None, theirs.as_str()).await, Err(Problem::Gone));
    becomes(Role::Moderator).await;
    let person = junho.actor.person();
    minji.chat.do_to(&minji.actor, person, Deed::Suspended).await.unwrap();
    assert_eq!(comes_and_goes(&theirs).await, Err(Problem::Gone));
    assert_eq!(used(&minji, club).await, Some(1), "only what works is listed");
    minji.chat.do_to(&minji.actor, person, Deed::Restored).await.unwrap();
    assert_eq!(comes_and_goes(&theirs).await, Ok(club));

    minji.chat.remove_member(&minji.actor, club, person).await.unwrap();
    assert_eq!(joins(&junho, &theirs).await, Err(Problem::Gone), "nobody asks themselves back in");
    assert_eq!(comes_and_goes(&theirs).await, Err(Problem::Gone));
    assert_eq!(comes_and_goes(&own).await, Ok(club));
}

#[tokio::test]
async fn links_are_made_and_shown_by_those_who_keep_order_each_in_their_room() {
    let house = House::new().await;
    let [minji, junho, seoyeon] = house.people(["민지", "준호", "서연"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let token = link(&minji, study, Lifetime::Week, Uses::Ten).await;
    let form = MakeLink { lifetime: Lifetime::Week, uses: Uses::Ten, once: None };
    for (person, refused) in [(&junho, Problem::NotAllowed), (&seoyeon, Problem::NotFound)] {
        let made = person.chat.make_link(&person.actor, study, form.clone()).await;
        assert_eq!(made.err(), Some(refused.clone()));
        let shown = person.chat.hand_out_link(&person.actor, study, token.as_str()).await;
        assert_eq!(shown.err(), Some(refused));
    }
    let other = minji.makes_a_room("다른 방").await;
    let shown = minji.chat.hand_out_link(&minji.actor, other, token.as_str()).await;
    assert_eq!(shown.err(), Some(Problem::NotFound), "it is another room's");
    assert!(
        !house.bytes().windows(32).any(|bytes| bytes == token.as_str().as_bytes()),
        "the secret is not on disk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_come_in_up_to_the_limit() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, Lifetime::Week, Uses::Ten).await;
    let mut crowd = Vec::new();
    for nth in 0..25 {
        crowd.push(house.person(&format!("손님 {nth}")).await);
    }
    let coming = crowd.into_iter().map(|person| {
        let token = token.clone();
        tokio::spawn(async move { joins(&person, &token).await })
    });
    let came: Vec<_> = join_all(coming).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(came.iter().filter(|came| **came == Ok(club)).count(), 10);
    assert_eq!(came.iter().filter(|came| **came == Err(Problem::Gone)).count(), 15);
    let settings = minji.chat.room_settings(&minji.actor, club, "", 1).await.unwrap();
    assert_eq!(settings.headcount, 11);
}
