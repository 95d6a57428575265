//! What concerns security is logged where it happens, with ids and addresses, and without secrets.

use crate::helpers::{HOUR, PASSWORD, TestApp, client_info};
use chat::{ChangeEmail, ChangePassword, LoginResult};
use domain::admin::AdminAction;
use std::{
    cell::RefCell,
    io::{self, Write},
    sync::{Arc, Mutex, Once},
};

const WRONG: &str = "차가운 온돌방의 밤";
const NEW: &str = "시원한 대청마루의 낮";

/// Everything that this thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

thread_local! {
    static OF_THIS_THREAD: RefCell<Log> = RefCell::default();
}

impl Log {
    /// One subscriber for all threads, which listens always: of several that come and go, one may be left out of what
    /// `tracing` remembers of who listens where.
    fn begin() -> Self {
        static LISTENS: Once = Once::new();
        LISTENS.call_once(|| {
            let writer = || OF_THIS_THREAD.with_borrow(Self::clone);
            tracing_subscriber::fmt().with_writer(writer).with_ansi(false).init();
        });
        OF_THIS_THREAD.replace(Self::default());
        OF_THIS_THREAD.with_borrow(Self::clone)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines about this event, each of which names all of these.
    #[track_caller]
    fn tells(&self, event: &str, times: usize, of: &[&str]) {
        let (text, event) = (self.text(), format!("event=\"{event}\""));
        let lines = text.lines().filter(|line| line.contains("security:") && line.contains(&event));
        let lines = lines.filter(|line| of.iter().all(|each| line.contains(each)));
        assert_eq!(lines.count(), times, "{event} of {of:?} in\n{text}");
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn sign_ins_and_what_was_done_to_an_account_are_logged_without_secrets() {
    let log = Log::begin();
    let test_app = TestApp::strict().await;
    let (email, from) = ("minji@example.com", client_info());
    let first = test_app.signs_up(email, "민지", PASSWORD).await.unwrap();
    let actor = test_app.actor(&first).await.unwrap();
    let user = actor.user().to_string();
    log.tells("signed_up", 1, &[&user, "192.0.2.1"]);

    assert!(test_app.gives_password(email, WRONG).await.is_err());
    log.tells("sign_in_failed", 1, &[&user, "192.0.2.1"]);
    assert!(test_app.gives_password("nobody@example.com", WRONG).await.is_err());
    log.tells("sign_in_failed", 1, &["unknown", "192.0.2.1"]);
    let LoginResult::Session(token) = test_app.gives_password(email, PASSWORD).await.unwrap()
    else {
        panic!("no code is asked for");
    };
    log.tells("password_accepted", 1, &[&user, "192.0.2.1", "Session"]);

    let form =
        |password: &str| ChangePassword { password: password.into(), new_password: NEW.into() };
    assert!(test_app.chat.change_password(&actor, form(WRONG), &from).await.is_err());
    log.tells("password_check_failed", 1, &[&user, &actor.session().to_string()]);
    test_app.chat.change_password(&actor, form(PASSWORD), &from).await.unwrap();
    log.tells("password_changed", 1, &[&user]);
    let to = ChangeEmail { email: "minji@example.org".into(), password: NEW.into() };
    test_app.chat.change_email(&actor, to, &from).await.unwrap();
    log.tells("email_changed", 1, &[&user]);

    let link = test_app.chat.reset_password_from_cli("minji@example.org").await.unwrap();
    log.tells("administration", 1, &["IssuePasswordReset", &user, "machine"]);
    let device = test_app.chat.reset_password(link.as_str(), PASSWORD, &from).await.unwrap();
    log.tells("password_reset", 1, &[&user, "192.0.2.1"]);
    assert!(test_app.chat.reset_password(link.as_str(), PASSWORD, &from).await.is_err());
    log.tells("reset_failed", 1, &["192.0.2.1"]);

    let text = log.text();
    for secret in [
        email,
        "example.org",
        WRONG,
        NEW,
        PASSWORD,
        token.as_str(),
        first.as_str(),
        link.as_str(),
        device.as_str(),
    ] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
}

#[tokio::test]
async fn what_administrators_do_is_logged() {
    let log = Log::begin();
    let test_app = TestApp::new().await;
    let [keeper, junho] = test_app.users(["집사", "준호"]).await;
    let (by, user) = (keeper.actor.user().to_string(), junho.actor.user().to_string());
    for action in [
        AdminAction::Promote,
        AdminAction::Demote,
        AdminAction::SignOut,
        AdminAction::Suspend,
        AdminAction::Unsuspend,
    ] {
        test_app.chat.run_admin_action(&keeper.actor, junho.actor.user(), action).await.unwrap();
        log.tells("administration", 1, &[&format!("{action:?}"), &by, &user]);
    }
    test_app
        .chat
        .run_admin_action(&keeper.actor, junho.actor.user(), AdminAction::Unsuspend)
        .await
        .unwrap();
    log.tells("administration", 1, &["Unsuspend"]);
}

#[tokio::test]
async fn refusals_by_limit_are_logged_once_a_minute_for_each_subject() {
    let log = Log::begin();
    let test_app = TestApp::strict().await;
    for _ in 0..30 {
        let _ = test_app.gives_password("minji@example.com", WRONG).await;
    }
    log.tells("refused_by_limit", 1, &["FailedPassword", "192.0.2.0"]);
    test_app.passes(HOUR);
    for _ in 0..30 {
        let _ = test_app.gives_password("minji@example.com", WRONG).await;
    }
    log.tells("refused_by_limit", 2, &["FailedPassword", "192.0.2.0"]);
}
