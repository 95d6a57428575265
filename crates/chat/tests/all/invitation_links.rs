//! Coming by a link, with an account and without: as long as it lives, as many as it lets in.

use crate::helpers::{HOUR, TestApp, User, client_info, hears, hears_nothing};
use chat::{CreateInviteLink, InviteLinkView, SignUp};
use domain::{
    admin::AdminAction,
    error::{AppError, Field, What},
    events::EventKind,
    ids::RoomId,
    invitation_links::{ExpiresAfter, MaxUses, SecretToken},
    memberships::Role,
    rooms::Visibility,
    text::ValidationError,
};
use futures::future::join_all;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

async fn private_room(owner: &User) -> RoomId {
    owner.chat.create_room(&owner.actor, None, "비밀 독서회", Visibility::Private).await.unwrap()
}

async fn link(owner: &User, room: RoomId, lifetime: ExpiresAfter, uses: MaxUses) -> SecretToken {
    owner
        .chat
        .create_invite_link(&owner.actor, room, CreateInviteLink { lifetime, uses, once: None })
        .await
        .unwrap()
}

async fn joins(user: &User, link: &SecretToken) -> Result<RoomId, AppError> {
    user.chat.join_by_link(&user.actor, link.as_str()).await
}

async fn arrives(
    test_app: &TestApp,
    email: &str,
    name: &str,
    link: &str,
) -> Result<(User, Option<RoomId>), AppError> {
    let form = SignUp {
        email: email.into(),
        name: name.into(),
        password: PASSWORD.into(),
        invitation: Some(link.into()),
        setup_link: None,
        at_the_machine: false,
    };
    let signed_up = test_app.chat.sign_up(form, &client_info()).await?;
    let actor = test_app.actor(&signed_up.token).await.unwrap();
    Ok((User { actor, chat: test_app.chat.clone() }, signed_up.room))
}

/// What its maker sees of the only link.
async fn used(owner: &User, room: RoomId) -> Option<u32> {
    let first = domain::collation::ScriptFirst::Hangul;
    let page = owner.chat.inviting(&owner.actor, room, "", 1, first).await.unwrap();
    page.open.unwrap().links.first().map(|link| link.uses)
}

#[tokio::test]
async fn a_newcomer_signs_up_and_is_in_the_room_in_one_go() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let club = private_room(&minji).await;
    let tab = minji.connects().await;
    let token = link(&minji, club, ExpiresAfter::Week, MaxUses::Ten).await;
    let opened = test_app.chat.open_link(None, token.as_str()).await.unwrap();
    let InviteLinkView::Invited(invitation) = opened else { panic!("nobody is inside") };
    assert_eq!((invitation.by.as_str(), invitation.title.as_str()), ("민지", "비밀 독서회"));
    assert_eq!(invitation.members, 1);

    let (junho, room) =
        arrives(&test_app, "junho.kim@example.com", " ", token.as_str()).await.unwrap();
    assert_eq!(room, Some(club));
    assert_eq!(junho.actor.viewer().name.as_str(), "junho.kim", "until they say");
    assert_eq!(hears(&tab).await.events[0].kind, EventKind::Joined);
    junho.says("반가워요").in_room(club).await;
    assert_eq!(minji.sees_in(club).await, ["반가워요"]);
    let settings = junho.chat.room_settings(&junho.actor, club, "", 1).await.unwrap();
    assert_eq!((settings.role, settings.headcount), (Role::Member, 2));
    let (seoyeon, _) = arrives(&test_app, "s@example.com", "서연", token.as_str()).await.unwrap();
    assert_eq!(seoyeon.actor.viewer().name.as_str(), "서연");
    assert_eq!(used(&minji, club).await, Some(2));
}

#[tokio::test]
async fn who_is_refused_at_sign_up_uses_nothing_up() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, ExpiresAfter::Week, MaxUses::One).await;
    test_app.signs_up("junho@example.com", "준호", "시원한 대청마루의 낮").await.unwrap();
    let again = arrives(&test_app, "junho@example.com", "준호", token.as_str()).await;
    assert_eq!(again.err(), Some(AppError::EmailTaken));
    let odd = arrives(&test_app, "준호", "", token.as_str()).await.err().unwrap();
    assert_eq!(odd.field_error(Field::Email), Some(ValidationError::InvalidFormat));
    assert_eq!(used(&minji, club).await, Some(0));
    for unknown in ["", "0123", &"f".repeat(32)] {
        let gone = arrives(&test_app, "new@example.com", "새봄", unknown).await;
        assert_eq!(gone.err(), Some(AppError::Gone), "{unknown:?}");
    }
    assert!(test_app.signs_in("new@example.com", PASSWORD).await.is_err(), "nobody was made");
    let typed = SignUp {
        email: "name@example.com".into(),
        name: String::new(),
        password: PASSWORD.into(),
        invitation: None,
        setup_link: None,
        at_the_machine: false,
    };
    let refused = test_app.chat.sign_up(typed, &client_info()).await.unwrap_err();
    assert_eq!(
        refused.field_error(Field::Name),
        Some(ValidationError::Empty),
        "a name is asked of the uninvited"
    );
}

#[tokio::test]
async fn who_has_an_account_comes_in_once() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, ExpiresAfter::Day, MaxUses::Hundred).await;
    let tab = minji.connects().await;
    assert_eq!(joins(&junho, &token).await, Ok(club));
    assert_eq!(hears(&tab).await.events[0].kind, EventKind::Joined);
    assert_eq!(joins(&junho, &token).await, Ok(club));
    hears_nothing(&tab);
    assert_eq!(used(&minji, club).await, Some(1));
    let opened = test_app.chat.open_link(Some(&junho.actor), token.as_str()).await;
    assert_eq!(opened, Ok(InviteLinkView::Joined(club)));

    minji.chat.remove_member(&minji.actor, club, junho.actor.user()).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Err(AppError::Gone), "a moderator decides");
    minji.chat.invite(&minji.actor, club, &[junho.actor.user()]).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Ok(club), "who is invited again may take any way");
    minji.chat.ban_member(&minji.actor, club, junho.actor.user()).await.unwrap();
    assert_eq!(joins(&junho, &token).await, Err(AppError::Gone));
    let opened = test_app.chat.open_link(Some(&junho.actor), token.as_str()).await;
    assert_eq!(opened, Ok(InviteLinkView::Refused));
    assert_eq!(used(&minji, club).await, Some(2));
}

/// Left by themselves, removed, removed and invited again, unbanned: by rooms that are open and private.
#[tokio::test]
async fn a_link_into_a_private_room_refuses_whom_the_room_has_removed() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    for visibility in [Visibility::Open, Visibility::Private] {
        let club = minji.chat.create_room(&minji.actor, None, "독서회", visibility).await.unwrap();
        let token = link(&minji, club, ExpiresAfter::Week, MaxUses::Any).await;
        let (chat, by) = (&minji.chat, &minji.actor);
        let again = if visibility == Visibility::Open { Ok(club) } else { Err(AppError::Gone) };

        let [left, removed, asked, unbanned] =
            test_app.users(["나간 이", "내보낸 이", "다시 부른 이", "차단이 풀린 이"]).await;
        for user in [&left, &removed, &asked, &unbanned] {
            joins(user, &token).await.unwrap();
        }
        left.leaves(club).await;
        assert_eq!(joins(&left, &token).await, Ok(club), "{visibility:?}");

        chat.remove_member(by, club, removed.actor.user()).await.unwrap();
        let opened = test_app.chat.open_link(Some(&removed.actor), token.as_str()).await;
        let is_refused = opened == Ok(InviteLinkView::Refused);
        assert_eq!(is_refused, visibility == Visibility::Private, "{visibility:?}");
        assert_eq!(joins(&removed, &token).await, again, "{visibility:?}");

        chat.remove_member(by, club, asked.actor.user()).await.unwrap();
        chat.invite(by, club, &[asked.actor.user()]).await.unwrap();
        let opened = test_app.chat.open_link(Some(&asked.actor), token.as_str()).await;
        assert!(matches!(opened, Ok(InviteLinkView::Invited(_))), "{visibility:?}");
        assert_eq!(joins(&asked, &token).await, Ok(club), "{visibility:?}");

        chat.ban_member(by, club, unbanned.actor.user()).await.unwrap();
        assert_eq!(joins(&unbanned, &token).await, Err(AppError::Gone), "{visibility:?}");
        chat.unban_member(by, club, unbanned.actor.user()).await.unwrap();
        assert_eq!(joins(&unbanned, &token).await, again, "{visibility:?}");
    }
}

#[tokio::test]
async fn a_link_ends_when_its_time_has_come_and_when_it_is_revoked() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let club = private_room(&minji).await;
    let day = link(&minji, club, ExpiresAfter::Day, MaxUses::Any).await;
    test_app.passes(24 * HOUR - 1);
    assert_eq!(joins(&junho, &day).await, Ok(club));
    test_app.passes(1);
    assert_eq!(joins(&seoyeon, &day).await, Err(AppError::Gone));
    assert_eq!(test_app.chat.open_link(None, day.as_str()).await, Err(AppError::Gone));
    assert_eq!(used(&minji, club).await, None, "it is no longer listed");
    assert_eq!(test_app.store.sweep_links(test_app.now()).await.unwrap(), 1);

    let week = link(&minji, club, ExpiresAfter::Week, MaxUses::Any).await;
    let shown = minji.chat.hand_out_link(&minji.actor, club, week.as_str()).await.unwrap();
    let revokes = async |by: &User| by.chat.revoke_link(&by.actor, club, shown.link.id).await;
    assert_eq!(revokes(&junho).await, Err(AppError::NotAllowed));
    assert_eq!(revokes(&seoyeon).await, Err(AppError::NotFound(What::Room)));
    assert_eq!(revokes(&minji).await, Ok(()));
    assert_eq!(revokes(&minji).await, Err(AppError::NotFound(What::InvitationLink)));
    assert_eq!(joins(&seoyeon, &week).await, Err(AppError::Gone));

    let last = link(&minji, club, ExpiresAfter::Week, MaxUses::Any).await;
    minji.chat.close_room(&minji.actor, club).await.unwrap();
    assert_eq!(joins(&seoyeon, &last).await, Err(AppError::Gone));
    assert_eq!(test_app.chat.open_link(None, last.as_str()).await, Err(AppError::Gone));
}

#[tokio::test]
async fn a_link_stands_for_whoever_made_it() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let club = private_room(&minji).await;
    let own = link(&minji, club, ExpiresAfter::Week, MaxUses::Any).await;
    joins(&junho, &own).await.unwrap();
    let becomes = async |role| {
        let user = junho.actor.user();
        minji.chat.change_role(&minji.actor, club, user, role).await.unwrap();
    };
    let comes_and_goes = async |link| {
        let came = joins(&seoyeon, link).await;
        if came.is_ok() {
            seoyeon.chat.leave_room(&seoyeon.actor, club).await.unwrap();
        }
        came
    };
    becomes(Role::Moderator).await;
    let theirs = link(&junho, club, ExpiresAfter::Week, MaxUses::Any).await;
    assert_eq!(comes_and_goes(&theirs).await, Ok(club));

    becomes(Role::Member).await;
    assert_eq!(comes_and_goes(&theirs).await, Err(AppError::Gone));
    assert_eq!(test_app.chat.open_link(None, theirs.as_str()).await, Err(AppError::Gone));
    becomes(Role::Moderator).await;
    let user = junho.actor.user();
    minji.chat.run_admin_action(&minji.actor, user, AdminAction::Suspend).await.unwrap();
    assert_eq!(comes_and_goes(&theirs).await, Err(AppError::Gone));
    assert_eq!(used(&minji, club).await, Some(1), "only what works is listed");
    minji.chat.run_admin_action(&minji.actor, user, AdminAction::Unsuspend).await.unwrap();
    assert_eq!(comes_and_goes(&theirs).await, Ok(club));

    minji.chat.remove_member(&minji.actor, club, user).await.unwrap();
    assert_eq!(joins(&junho, &theirs).await, Err(AppError::Gone), "nobody asks themselves back in");
    assert_eq!(comes_and_goes(&theirs).await, Err(AppError::Gone));
    assert_eq!(comes_and_goes(&own).await, Ok(club));
}

#[tokio::test]
async fn links_are_made_and_shown_by_those_who_keep_order_each_in_their_room() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let token = link(&minji, study, ExpiresAfter::Week, MaxUses::Ten).await;
    let form = CreateInviteLink { lifetime: ExpiresAfter::Week, uses: MaxUses::Ten, once: None };
    for (user, refused) in
        [(&junho, AppError::NotAllowed), (&seoyeon, AppError::NotFound(What::Room))]
    {
        let made = user.chat.create_invite_link(&user.actor, study, form.clone()).await;
        assert_eq!(made.err(), Some(refused.clone()));
        let shown = user.chat.hand_out_link(&user.actor, study, token.as_str()).await;
        assert_eq!(shown.err(), Some(refused));
    }
    let other = minji.makes_a_room("다른 방").await;
    let shown = minji.chat.hand_out_link(&minji.actor, other, token.as_str()).await;
    assert_eq!(shown.err(), Some(AppError::NotFound(What::InvitationLink)), "it is another room's");
    assert!(
        !test_app.bytes().windows(32).any(|bytes| bytes == token.as_str().as_bytes()),
        "the secret is not on disk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_come_in_up_to_the_limit() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let club = private_room(&minji).await;
    let token = link(&minji, club, ExpiresAfter::Week, MaxUses::Ten).await;
    let mut crowd = Vec::new();
    for nth in 0..25 {
        crowd.push(test_app.user(&format!("손님 {nth}")).await);
    }
    let coming = crowd.into_iter().map(|user| {
        let token = token.clone();
        tokio::spawn(async move { joins(&user, &token).await })
    });
    let came: Vec<_> = join_all(coming).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(came.iter().filter(|came| **came == Ok(club)).count(), 10);
    assert_eq!(came.iter().filter(|came| **came == Err(AppError::Gone)).count(), 15);
    let settings = minji.chat.room_settings(&minji.actor, club, "", 1).await.unwrap();
    assert_eq!(settings.headcount, 11);
}
