//! Looking after the instance: who does, what it does to others at once, and that somebody always does.

use crate::helpers::{HOUR, MINUTE, TestApp, User, client_info, soon};
use chat::{Chat, RateLimits, SignIn, SignUp};
use domain::{
    admin::{AdminAction, InstanceRole, RegistrationMode},
    error::{AppError, Field, What},
    ids::UserId,
    name_search::Query,
    notices::NoticeKind,
    wire::CloseReason,
};
use futures::future::join_all;
use std::sync::Arc;
use store::PageQuery;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

fn id(user: &User) -> UserId {
    user.actor.user()
}

async fn does(by: &User, action: AdminAction, to: &User) -> Result<(), AppError> {
    by.chat.run_admin_action(&by.actor, id(to), action).await
}

async fn role(test_app: &TestApp, user: &User) -> InstanceRole {
    test_app.store.admin_user(id(user)).await.unwrap().unwrap().role
}

#[tokio::test]
async fn whoever_comes_first_looks_after_the_instance() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    assert_eq!(test_app.chat.is_administrator(&minji.actor).await, Ok(true));
    assert_eq!(test_app.chat.is_administrator(&junho.actor).await, Ok(false));
    assert_eq!(
        test_app.chat.admin_users(&junho.actor, "", 1).await.err(),
        Some(AppError::NotFound(What::Page))
    );
    assert_eq!(
        test_app.chat.audit_log(&junho.actor, 1).await.err(),
        Some(AppError::NotFound(What::Page))
    );
    assert_eq!(
        test_app.chat.admin_rooms(&junho.actor, 1).await.err(),
        Some(AppError::NotFound(What::Page))
    );
    assert_eq!(
        test_app.chat.admin_user_detail(&junho.actor, id(&minji)).await.err(),
        Some(AppError::NotFound(What::Page))
    );
    assert_eq!(
        does(&junho, AdminAction::Promote, &junho).await,
        Err(AppError::NotFound(What::Page))
    );
    let choose = test_app.chat.set_registration(&junho.actor, RegistrationMode::Closed).await;
    assert_eq!(choose, Err(AppError::NotFound(What::Page)));
    let reset = test_app.chat.issue_password_reset(&junho.actor, id(&minji)).await;
    assert_eq!(reset.err(), Some(AppError::NotFound(What::Page)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_at_once_one_looks_after_the_instance() {
    let test_app = TestApp::new().await;
    let coming = (0..8).map(|nth| {
        let chat = test_app.chat.clone();
        tokio::spawn(async move {
            let form = SignUp {
                email: format!("{nth}@example.com"),
                name: format!("손님 {nth}"),
                password: PASSWORD.into(),
                invitation: None,
                setup_link: None,
                at_the_machine: true,
            };
            chat.sign_up(form, &client_info()).await.map(|_| ())
        })
    });
    for came in join_all(coming).await {
        came.unwrap().unwrap();
    }
    let everyone = PageQuery { query: &Query::new(""), page: 1, per_page: 60 };
    let admin_users = test_app.store.admin_users(everyone, "").await.unwrap().entries;
    let administrators = admin_users.iter().filter(|it| it.role == InstanceRole::Administrator);
    assert_eq!((admin_users.len(), administrators.count()), (8, 1));
}

#[tokio::test]
async fn who_is_suspended_is_out_at_once_and_stays_out() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let token = test_app.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = User { actor: test_app.actor(&token).await.unwrap(), chat: test_app.chat.clone() };
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    junho.says("곧 나가요").in_room(study).await;
    let (tab, own) = (junho.connects().await, minji.connects().await);

    does(&minji, AdminAction::Suspend, &junho).await.unwrap();
    assert_eq!(soon(tab.receiver.closed()).await, CloseReason::SignedOut);
    assert_eq!(test_app.actor(&token).await, None);
    let wrong = test_app.signs_in("junho@example.com", "모르겠어요").await;
    assert_eq!(wrong.err(), Some(AppError::WrongCredentials), "only whoever knows it is told");
    let right = test_app.signs_in("junho@example.com", PASSWORD).await;
    assert_eq!(right.err(), Some(AppError::Suspended));
    assert_eq!(minji.sees_in(study).await, ["곧 나가요"], "what was said stays");
    let first = domain::collation::ScriptFirst::Hangul;
    let everybody = minji.chat.directory(&minji.actor, "", 1, first).await.unwrap();
    assert_eq!(everybody.found, 1);
    assert_eq!(
        minji.chat.open_direct_room(&minji.actor, id(&junho)).await.err(),
        Some(AppError::NotFound(What::User))
    );
    minji.says("조용하네요").in_room(study).await;
    drop(own);

    does(&minji, AdminAction::Suspend, &junho).await.unwrap();
    does(&minji, AdminAction::Unsuspend, &junho).await.unwrap();
    let token = test_app.signs_in("junho@example.com", PASSWORD).await.unwrap();
    let junho = User { actor: test_app.actor(&token).await.unwrap(), chat: test_app.chat.clone() };
    assert_eq!(junho.sees_in(study).await, ["곧 나가요", "조용하네요"]);
    does(&minji, AdminAction::SignOut, &junho).await.unwrap();
    assert_eq!(test_app.actor(&token).await, None);

    let log = minji.chat.audit_log(&minji.actor, 1).await.unwrap();
    let audit_log: Vec<_> = log.entries.iter().map(|entry| entry.action).collect();
    assert_eq!(
        audit_log,
        [AdminAction::SignOut, AdminAction::Unsuspend, AdminAction::Suspend],
        "once for each"
    );
    assert!(log.entries.iter().all(|entry| entry.actor.as_ref().unwrap().id == id(&minji)));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_always_looks_after_the_instance() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let last = Err(AppError::LastAdministrator);
    assert_eq!(does(&minji, AdminAction::Demote, &minji).await, last);
    assert_eq!(does(&minji, AdminAction::Suspend, &minji).await, Err(AppError::NotAllowed));
    for _ in 0..10 {
        for user in [&minji, &junho] {
            for by in [&minji, &junho] {
                // Whoever still is one makes both so.
                let _ = does(by, AdminAction::Promote, user).await;
            }
        }
        let each = [(&minji, &junho), (&junho, &minji)].map(|(by, to)| {
            let (by, to) = (by.clone(), to.clone());
            tokio::spawn(async move { does(&by, AdminAction::Demote, &to).await })
        });
        join_all(each).await;
        let roles = [role(&test_app, &minji).await, role(&test_app, &junho).await];
        assert!(roles.contains(&InstanceRole::Administrator));
    }
}

#[tokio::test]
async fn a_new_password_is_chosen_by_a_link_once_and_within_four_hours() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let token = test_app.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = User { actor: test_app.actor(&token).await.unwrap(), chat: test_app.chat.clone() };
    let makes = || test_app.chat.issue_password_reset(&minji.actor, id(&junho));
    let password_resets = async |link: &str| {
        test_app.chat.reset_password(link, "솔숲에 부는 바람", &client_info()).await.map(drop)
    };
    let (early, late) = (makes().await.unwrap(), makes().await.unwrap());
    assert_eq!(password_resets(early.as_str()).await, Err(AppError::Gone), "the newest one counts");
    let short =
        test_app.chat.reset_password(late.as_str(), "짧다", &client_info()).await.unwrap_err();
    assert!(short.field_error(Field::Password).is_some());
    assert!(
        !test_app.bytes().windows(32).any(|bytes| bytes == late.as_str().as_bytes()),
        "the secret is not on disk"
    );
    test_app.passes(4 * HOUR - 1);
    test_app.chat.open_reset(late.as_str()).await.unwrap();
    password_resets(late.as_str()).await.unwrap();
    assert_eq!(password_resets(late.as_str()).await, Err(AppError::Gone));
    assert_eq!(test_app.actor(&token).await, None, "who knew the old one is out");
    assert!(test_app.signs_in("junho@example.com", PASSWORD).await.is_err());
    test_app.signs_in("junho@example.com", "솔숲에 부는 바람").await.unwrap();

    let old = makes().await.unwrap();
    test_app.passes(4 * HOUR);
    assert_eq!(test_app.chat.open_reset(old.as_str()).await.err(), Some(AppError::Gone));
    assert_eq!(password_resets(old.as_str()).await, Err(AppError::Gone));
    let fresh = makes().await.unwrap();
    does(&minji, AdminAction::Suspend, &junho).await.unwrap();
    assert_eq!(test_app.chat.open_reset(fresh.as_str()).await.err(), Some(AppError::Gone));
    assert_eq!(makes().await.err(), Some(AppError::NotAllowed));
}

/// By an administrator, while the user is signed in; then by the operator.
#[tokio::test]
async fn a_link_for_a_new_password_is_told_to_whom_it_concerns() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let token = test_app.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    let junho = test_app.actor(&token).await.unwrap();
    assert!(!junho.has_unread_notices());
    minji.chat.issue_password_reset(&minji.actor, junho.user()).await.unwrap();
    assert!(test_app.actor(&token).await.unwrap().has_unread_notices(), "on the open session too");
    assert!(!test_app.actor(&token).await.unwrap().viewer().name.as_str().is_empty());
    let told = test_app.chat.notices(&junho).await.unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].is_new), (1, NoticeKind::ResetLinkMade, true));
    let by = told[0].by.as_ref().unwrap();
    assert_eq!((by.id, by.name.as_ref().unwrap().as_str()), (id(&minji), "민지"));
    assert!(test_app.chat.notices(&minji.actor).await.unwrap().is_empty(), "and to no one else");

    let shown = told[0].id;
    minji.chat.issue_password_reset(&minji.actor, junho.user()).await.unwrap();
    test_app.chat.mark_notices_read(&junho, shown).await.unwrap();
    assert!(
        test_app.actor(&token).await.unwrap().has_unread_notices(),
        "the page did not show it yet"
    );
    let told = test_app.chat.notices(&junho).await.unwrap();
    assert_eq!(told.iter().map(|it| it.is_new).collect::<Vec<_>>(), [true, false]);
    test_app.chat.mark_notices_read(&junho, told[0].id).await.unwrap();
    assert!(!test_app.actor(&token).await.unwrap().has_unread_notices());
    test_app.passes(HOUR);
    let link = test_app.chat.reset_password_from_cli("junho@example.com").await.unwrap();
    test_app.chat.reset_password(link.as_str(), "솔숲에 부는 바람", &client_info()).await.unwrap();
    let token = test_app.signs_in("junho@example.com", "솔숲에 부는 바람").await.unwrap();
    let junho = test_app.actor(&token).await.unwrap();
    assert!(junho.has_unread_notices());
    let told = test_app.chat.notices(&junho).await.unwrap();
    let told: Vec<_> = told.iter().map(|it| (it.by.is_none(), it.is_new)).collect();
    assert_eq!(
        told,
        [(true, true), (false, false), (false, false)],
        "what was read is still there"
    );
}

#[tokio::test]
async fn the_operator_is_told_what_has_changed() {
    let test_app = TestApp::new().await;
    let [minji, junho] = [("minji", "민지"), ("junho", "준호")].map(|(address, name)| {
        let test_app = &test_app;
        async move { test_app.member(&format!("{address}@example.com"), name).await }
    });
    let (minji, junho) = (minji.await, junho.await);
    let appoints = |email: &'static str| test_app.chat.promote_from_cli(email);
    assert_eq!(appoints("minji@example.com").await, Ok(false), "she came first");
    assert_eq!(appoints("JUNHO@example.com").await, Ok(true));
    assert_eq!(appoints("junho@example.com").await, Ok(false));
    assert_eq!(appoints("nobody@example.com").await, Err(AppError::NotFound(What::User)));
    does(&minji, AdminAction::Suspend, &junho).await.unwrap();
    assert_eq!(appoints("junho@example.com").await, Err(AppError::Suspended));
    let log = minji.chat.audit_log(&minji.actor, 1).await.unwrap();
    let audit_log: Vec<_> = log.entries.iter().map(|entry| entry.action).collect();
    assert_eq!(
        audit_log,
        [AdminAction::Suspend, AdminAction::Promote],
        "what changes nothing is no deed"
    );
}

#[tokio::test]
async fn people_sign_up_as_the_instance_has_it() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let form = chat::CreateInviteLink {
        lifetime: domain::invitation_links::ExpiresAfter::Week,
        uses: domain::invitation_links::MaxUses::Any,
        once: None,
    };
    let link = minji.chat.create_invite_link(&minji.actor, study, form).await.unwrap();
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
        test_app.chat.sign_up(form, &client_info()).await.err()
    };
    let closed = Some(AppError::SignUpClosed);
    for (mode, alone, invited) in [
        (RegistrationMode::Open, None, None),
        (RegistrationMode::Invitation, closed.clone(), None),
        (RegistrationMode::Closed, closed.clone(), closed),
    ] {
        minji.chat.set_registration(&minji.actor, mode).await.unwrap();
        assert_eq!(test_app.chat.registration_mode().await, Ok(mode));
        assert_eq!(comes(false).await, alone, "{mode:?}");
        assert_eq!(comes(true).await, invited, "{mode:?}");
    }
    let signs_in = SignIn { email: "1@example.com".into(), password: PASSWORD.into() };
    test_app.chat.sign_in(signs_in, &client_info()).await.unwrap();
}

#[tokio::test]
async fn people_and_rooms_are_looked_through() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    for nth in 0..70 {
        test_app.user(&format!("손님 {nth}")).await;
    }
    let study = minji.makes_a_room("공부방").await;
    minji.says("하나").in_room(study).await;
    let first = minji.chat.admin_users(&minji.actor, "", 1).await.unwrap();
    assert_eq!((first.found, first.pages, first.entries.len()), (71, 2, 60));
    let found = minji.chat.admin_users(&minji.actor, "ㅁㅈ", 1).await.unwrap();
    assert_eq!(found.entries[0].summary.name.as_str(), "민지");
    let email = &found.entries[0].email;
    let by_email = minji.chat.admin_users(&minji.actor, &email.to_uppercase(), 1).await.unwrap();
    assert_eq!(by_email.found, 1);
    let rooms = minji.chat.admin_rooms(&minji.actor, 1).await.unwrap();
    assert_eq!((rooms.entries[0].members, rooms.entries[0].messages), (1, 1));
}

/// A command of the operator is a process of its own, which knows nothing of what the server remembers.
#[tokio::test]
async fn what_the_operator_did_is_told_on_an_open_session_within_minutes() {
    let test_app = TestApp::new().await;
    test_app.user("민지").await;
    let token = test_app.signs_up("junho@example.com", "준호", PASSWORD).await.unwrap();
    assert!(!test_app.actor(&token).await.unwrap().has_unread_notices());
    let now = test_app.now();
    let command = Chat::new(test_app.store.clone(), RateLimits::Off, Arc::new(move || now));
    command.reset_password_from_cli("junho@example.com").await.unwrap();
    test_app.passes(2 * MINUTE);
    test_app.actor(&token).await.unwrap();
    assert!(test_app.actor(&token).await.unwrap().has_unread_notices());
}
