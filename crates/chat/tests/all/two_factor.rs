//! The second step of a sign-in: without a fresh code the right password is not enough.

use crate::helpers::{MINUTE, PASSWORD, TestApp, User, client_info};
use chat::{LoginResult, Token};
use domain::{
    admin::AdminAction,
    clock::Millis,
    error::{AppError, Field, What},
    notices::NoticeKind,
    text::ValidationError,
    two_factor::{TotpEnrollment, TwoFactor},
};
use futures::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

const EMAIL: &str = "minji@example.com";
const STEP: i64 = 30 * 1_000;

/// What an app does with the secret that its owner typed in.
fn code(secret: &str, at: Millis) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters = secret.chars().filter_map(|c| letters.find(c));
    let bits = letters.flat_map(|letter| (0..5).rev().map(move |bit| letter >> bit & 1));
    let bits: Vec<_> = bits.map(|bit| u8::from(bit == 1)).collect();
    let bytes = bits.chunks_exact(8);
    let secret: Vec<_> =
        bytes.map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    assert_eq!(secret.len(), 20);
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&(at.0 / STEP).to_be_bytes());
    let mac = mac.finalize().into_bytes();
    let at = usize::from(mac[19] & 0xF);
    let word = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7FFF_FFFF) % 1_000_000)
}

fn refused<T>(error: ValidationError) -> Result<T, AppError> {
    Err(AppError::invalid(Field::Code, error))
}

async fn setup(minji: &User) -> TotpEnrollment {
    minji.chat.begin_two_factor(&minji.actor, PASSWORD, &client_info()).await.unwrap();
    match minji.chat.two_factor(&minji.actor).await.unwrap() {
        TwoFactor::Pending(setup) => setup,
        other => panic!("{other:?}"),
    }
}

/// Somebody whose account asks for codes, and what they have in their hands.
async fn careful(test_app: &TestApp) -> (User, TotpEnrollment) {
    let minji = test_app.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let code = code(&setup.secret, test_app.now());
    minji.chat.confirm_two_factor(&minji.actor, &code).await.unwrap();
    test_app.passes(MINUTE);
    (minji, setup)
}

async fn pending_login(test_app: &TestApp) -> Token {
    match test_app.gives_password(EMAIL, PASSWORD).await.unwrap() {
        LoginResult::NeedsCode(token) => token,
        LoginResult::Session(_) => panic!("no code was asked for"),
    }
}

async fn gives(test_app: &TestApp, pending: &Token, code: &str) -> Result<Token, AppError> {
    test_app.chat.complete_two_factor(Some(pending.as_str()), code, &client_info()).await
}

#[tokio::test]
async fn after_the_password_a_code_is_asked_for_and_leads_in() {
    let test_app = TestApp::new().await;
    let (minji, setup) = careful(&test_app).await;
    let pending = pending_login(&test_app).await;
    assert_eq!(test_app.actor(&pending).await, None, "half a sign-in opens nothing");
    let token = gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await.unwrap();
    assert_eq!(test_app.actor(&token).await.unwrap().user(), minji.actor.user());
    assert!(test_app.chat.account(&minji.actor).await.unwrap().has_two_factor);
}

#[tokio::test]
async fn what_is_set_up_is_not_asked_for_before_a_code_has_confirmed_it() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let first = setup(&minji).await;
    assert!(test_app.signs_in(EMAIL, PASSWORD).await.is_ok());
    let again = setup(&minji).await;
    assert_ne!(first, again);
    let confirm = async |code: &str| test_app.chat.confirm_two_factor(&minji.actor, code).await;
    assert_eq!(confirm("").await, refused(ValidationError::Empty));
    assert_eq!(confirm(&again.recovery_codes[0]).await, Err(AppError::WrongCode));
    let old = code(&first.secret, test_app.now());
    if old != code(&again.secret, test_app.now()) {
        assert_eq!(confirm(&old).await, Err(AppError::WrongCode), "the first secret is forgotten");
    }
    assert_eq!(confirm(&code(&again.secret, test_app.now())).await, Ok(()));
    let on = TwoFactor::On { codes_left: 10 };
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(on.clone()));
    minji.chat.begin_two_factor(&minji.actor, PASSWORD, &client_info()).await.unwrap();
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(on), "what is on stays as it is");
    let pending = pending_login(&test_app).await;
    let used = code(&again.secret, test_app.now());
    assert_eq!(
        gives(&test_app, &pending, &used).await,
        Err(AppError::WrongCode),
        "it has confirmed"
    );
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute_and_a_half() {
    let test_app = TestApp::new().await;
    let (_, setup) = careful(&test_app).await;
    let now = test_app.now();
    let [early, late] =
        [now.0 - 2 * STEP, now.0 + 2 * STEP].map(|at| code(&setup.secret, Millis(at)));
    let [next, present] = [now.0 + STEP, now.0].map(|at| code(&setup.secret, Millis(at)));
    let pending = pending_login(&test_app).await;
    for wrong in [&early, &late] {
        if *wrong != next && *wrong != present {
            assert_eq!(gives(&test_app, &pending, wrong).await, Err(AppError::WrongCode));
        }
    }
    assert!(gives(&test_app, &pending, &next).await.is_ok());
    let pending = pending_login(&test_app).await;
    for used in [&next, &present] {
        assert_eq!(
            gives(&test_app, &pending, used).await,
            Err(AppError::WrongCode),
            "used, or older"
        );
    }
}

#[tokio::test]
async fn of_many_who_give_the_same_code_at_once_one_gets_in() {
    let test_app = TestApp::new().await;
    let (_, setup) = careful(&test_app).await;
    let code = code(&setup.secret, test_app.now());
    let mut pendings = Vec::new();
    for _ in 0..6 {
        pendings.push(pending_login(&test_app).await);
    }
    let tries = pendings.iter().map(|pending| gives(&test_app, pending, &code));
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
}

#[tokio::test]
async fn each_recovery_code_is_good_once_and_only_for_its_owner() {
    let test_app = TestApp::new().await;
    let (minji, setup) = careful(&test_app).await;
    let [first, second, ..] = &*setup.recovery_codes else { panic!("none") };
    assert!(gives(&test_app, &pending_login(&test_app).await, &first.to_uppercase()).await.is_ok());
    let pending = pending_login(&test_app).await;
    assert_eq!(gives(&test_app, &pending, first).await, Err(AppError::WrongCode));
    assert!(gives(&test_app, &pending, &second.replace('-', " ")).await.is_ok());
    let left = test_app.chat.two_factor(&minji.actor).await;
    assert_eq!(left, Ok(TwoFactor::On { codes_left: 8 }));
}

#[tokio::test]
async fn five_wrong_codes_or_five_minutes_end_it() {
    let test_app = TestApp::new().await;
    let (_, setup) = careful(&test_app).await;
    let pending = pending_login(&test_app).await;
    let over = Err(AppError::PendingLoginExpired);
    for _ in 0..5 {
        assert_eq!(gives(&test_app, &pending, "abcdefghijkmnpqr").await, Err(AppError::WrongCode));
    }
    assert_eq!(gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await, over);

    let pending = pending_login(&test_app).await;
    test_app.passes(5 * MINUTE);
    assert_eq!(gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await, over);
    let pending = pending_login(&test_app).await;
    test_app.passes(5 * MINUTE - 1);
    let right = code(&setup.secret, test_app.now());
    assert!(gives(&test_app, &pending, &right).await.is_ok());
    assert_eq!(gives(&test_app, &pending, &right).await, over, "it has been used");
    let nobody = test_app.chat.complete_two_factor(None, &right, &client_info()).await;
    assert_eq!(nobody, over);
}

#[tokio::test]
async fn guessing_is_slowed_down_however_often_it_begins_anew() {
    let test_app = TestApp::strict().await;
    let (_, setup) = careful(&test_app).await;
    let mut slowed = false;
    for _ in 0..3 {
        let pending = pending_login(&test_app).await;
        for _ in 0..5 {
            let answer = gives(&test_app, &pending, "abcdefghijkmnpqr").await;
            slowed |= matches!(answer, Err(AppError::SlowDown { .. }));
        }
    }
    assert!(slowed);
    let pending = pending_login(&test_app).await;
    let right = gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await;
    assert!(matches!(right, Err(AppError::SlowDown { .. })), "the right one has to wait as well");
}

#[tokio::test]
async fn turning_it_on_asks_for_the_password() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let begins = async |password: &str| {
        minji.chat.begin_two_factor(&minji.actor, password, &client_info()).await
    };
    let refused = |error| Err(AppError::invalid(Field::PresentPassword, error));
    assert_eq!(begins("").await, refused(ValidationError::Empty));
    for wrong in ["차가운 온돌방의 밤", " ", "' OR 1=1 --"] {
        assert!(begins(wrong).await.is_err(), "{wrong:?}");
    }
    assert_eq!(begins("차가운 온돌방의 밤").await, Err(AppError::WrongPassword));
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(TwoFactor::Off));
    let nothing = test_app.chat.confirm_two_factor(&minji.actor, "123456").await;
    assert_eq!(nothing, Err(AppError::NotFound(What::TwoFactorSetup)));
    assert_eq!(begins(PASSWORD).await, Ok(()));
    let pending = test_app.chat.two_factor(&minji.actor).await.unwrap();
    assert!(matches!(pending, TwoFactor::Pending(_)));
}

#[tokio::test]
async fn guessing_the_password_there_is_slowed_down_too() {
    let test_app = TestApp::strict().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let mut slowed = false;
    for nth in 0..20 {
        let guess = format!("어쩌면 이것 {nth}");
        let answer = minji.chat.begin_two_factor(&minji.actor, &guess, &client_info()).await;
        slowed |= matches!(answer, Err(AppError::SlowDown { .. }));
    }
    assert!(slowed);
}

/// Secret and recovery codes are for whoever typed the password, and for no other device.
#[tokio::test]
async fn what_is_being_set_up_is_seen_and_confirmed_where_it_was_begun() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let token = test_app.signs_in(EMAIL, PASSWORD).await.unwrap();
    let phone = test_app.actor(&token).await.unwrap();
    let setup = setup(&minji).await;
    assert_eq!(test_app.chat.two_factor(&phone).await, Ok(TwoFactor::Off));
    let code = code(&setup.secret, test_app.now());
    let elsewhere = test_app.chat.confirm_two_factor(&phone, &code).await;
    assert_eq!(elsewhere, Err(AppError::NotFound(What::TwoFactorSetup)));

    test_app.store.sweep_setups().await.unwrap();
    assert!(test_app.store.two_factor(phone.user()).await.unwrap().is_some());
    test_app.chat.sign_out(&minji.actor).await.unwrap();
    test_app.store.sweep_setups().await.unwrap();
    assert_eq!(test_app.store.two_factor(phone.user()).await.unwrap(), None, "nor is it kept");
}

#[tokio::test]
async fn an_administrator_takes_off_a_lost_one_and_its_user_is_told() {
    let test_app = TestApp::new().await;
    let keeper = test_app.user("집사").await;
    let (minji, setup) = careful(&test_app).await;
    let takes_off = |by: &User, of: &User| {
        let (chat, by, of) = (by.chat.clone(), by.actor.clone(), of.actor.user());
        async move { chat.run_admin_action(&by, of, AdminAction::RemoveTwoFactor).await }
    };
    let may = async |of: &User| {
        let admin_user_detail =
            keeper.chat.admin_user_detail(&keeper.actor, of.actor.user()).await.unwrap();
        admin_user_detail.may.contains(&AdminAction::RemoveTwoFactor)
    };
    let junho = test_app.user("준호").await;
    assert_eq!(takes_off(&junho, &minji).await, Err(AppError::NotFound(What::Page)));
    assert!(may(&minji).await && !may(&junho).await);
    let pending = pending_login(&test_app).await;

    assert_eq!(takes_off(&keeper, &minji).await, Ok(()));
    assert_eq!(takes_off(&keeper, &minji).await, Ok(()), "again is nothing");
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(TwoFactor::Off));
    let late = gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await;
    assert_eq!(late, Err(AppError::PendingLoginExpired));
    let token = test_app.signs_in(EMAIL, PASSWORD).await.unwrap();
    assert!(test_app.actor(&token).await.unwrap().has_unread_notices());
    let told = test_app.chat.notices(&minji.actor).await.unwrap();
    assert_eq!((told.len(), told[0].kind), (1, NoticeKind::TwoFactorRemoved));
    assert_eq!(told[0].by.as_ref().unwrap().id, keeper.actor.user());
    let log = keeper.chat.audit_log(&keeper.actor, 1).await.unwrap();
    let audit_log: Vec<_> = log.entries.iter().map(|entry| entry.action).collect();
    assert_eq!(audit_log, [AdminAction::RemoveTwoFactor]);
}

/// With an open session alone an administrator could go around their own password.
#[tokio::test]
async fn nobody_takes_off_their_own_without_the_password() {
    let test_app = TestApp::new().await;
    let (minji, _) = careful(&test_app).await;
    let own = minji.actor.user();
    let off = minji.chat.run_admin_action(&minji.actor, own, AdminAction::RemoveTwoFactor).await;
    assert_eq!(off, Err(AppError::NotAllowed));
    assert_eq!(
        minji.chat.issue_password_reset(&minji.actor, own).await.err(),
        Some(AppError::NotAllowed)
    );
    assert!(test_app.chat.notices(&minji.actor).await.unwrap().is_empty());
    let pending = pending_login(&test_app).await;
    assert_eq!(test_app.actor(&pending).await, None);
}

#[tokio::test]
async fn the_operator_takes_off_a_lost_one() {
    let test_app = TestApp::new().await;
    let (minji, _) = careful(&test_app).await;
    let takes_off = || test_app.chat.end_two_factor_from_cli(EMAIL);
    assert_eq!(takes_off().await, Ok(true));
    assert_eq!(takes_off().await, Ok(false));
    let nobody = test_app.chat.end_two_factor_from_cli("nobody@example.com").await;
    assert_eq!(nobody, Err(AppError::NotFound(What::User)));
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(TwoFactor::Off));
    let told = test_app.chat.notices(&minji.actor).await.unwrap();
    assert_eq!(
        (told.len(), told[0].kind, told[0].by.as_ref()),
        (1, NoticeKind::TwoFactorRemoved, None)
    );
    setup(&minji).await;
    assert_eq!(takes_off().await, Ok(false), "what is only being set up asks for nothing");
}

/// Codes of the present length, and those of 16 letters that were handed out before.
#[tokio::test]
async fn recovery_codes_hold_120_bits_and_shorter_ones_of_before_are_still_taken() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let letters = |code: &String| code.chars().filter(char::is_ascii_alphanumeric).count();
    assert!(setup.recovery_codes.iter().all(|code| letters(code) == 24), "{setup:?}");
    let distinct: std::collections::BTreeSet<_> = setup.recovery_codes.iter().collect();
    assert_eq!(distinct.len(), 10);

    let (user, old) = (minji.actor.user(), "abcdefghijkmnpqr");
    let hash = Sha256::new().chain_update(user.uuid().as_bytes()).chain_update(old).finalize();
    let known = test_app.store.two_factor(user).await.unwrap();
    let Some(store::TotpState::Pending { secret, .. }) = known else { panic!("not begun") };
    let confirm =
        test_app.store.confirm_two_factor(user, &secret, 0, vec![hash.into()], test_app.now());
    assert!(confirm.await.unwrap());
    assert!(gives(&test_app, &pending_login(&test_app).await, "abcd-efgh-ijkm-npqr").await.is_ok());
}

#[tokio::test]
async fn turning_it_off_asks_for_the_password() {
    let test_app = TestApp::new().await;
    let (minji, _) = careful(&test_app).await;
    let pending = pending_login(&test_app).await;
    let off = async |password: &str| {
        test_app.chat.end_two_factor(&minji.actor, password, &client_info()).await
    };
    let wrong = AppError::WrongPassword;
    assert_eq!(off("차가운 온돌방의 밤").await, Err(wrong));
    assert_eq!(off(PASSWORD).await, Ok(()));
    assert_eq!(test_app.chat.two_factor(&minji.actor).await, Ok(TwoFactor::Off));
    assert!(test_app.signs_in(EMAIL, PASSWORD).await.is_ok());
    assert_eq!(gives(&test_app, &pending, "123456").await, Err(AppError::PendingLoginExpired));
    setup(&minji).await;
    assert_eq!(off("").await, Ok(()), "a set-up that is given up needs none");
}

#[tokio::test]
async fn a_changed_password_ends_what_was_half_way_with_the_old_one() {
    let test_app = TestApp::new().await;
    let (minji, setup) = careful(&test_app).await;
    let pending = pending_login(&test_app).await;
    let form = chat::ChangePassword {
        password: PASSWORD.into(),
        new_password: "시원한 대청마루의 낮".into(),
    };
    test_app.chat.change_password(&minji.actor, form, &client_info()).await.unwrap();
    let answer = gives(&test_app, &pending, &code(&setup.secret, test_app.now())).await;
    assert_eq!(answer, Err(AppError::PendingLoginExpired));
}

#[tokio::test]
async fn half_sign_ins_that_are_being_checked_while_the_password_changes_lead_nowhere() {
    let test_app = TestApp::new().await;
    let (minji, setup) = careful(&test_app).await;
    let passwords = [PASSWORD, "시원한 대청마루의 낮"];
    for round in 0..3 {
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        let form = chat::ChangePassword { password: old.into(), new_password: new.into() };
        let here = client_info();
        let (answers, changed) = tokio::join!(
            join_all((0..8).map(|_| test_app.gives_password(EMAIL, old))),
            test_app.chat.change_password(&minji.actor, form, &here),
        );
        changed.unwrap();
        for answer in answers {
            if let Ok(LoginResult::NeedsCode(pending)) = answer {
                let code = code(&setup.secret, test_app.now());
                assert_eq!(
                    gives(&test_app, &pending, &code).await,
                    Err(AppError::PendingLoginExpired),
                    "{round}"
                );
                test_app.passes(MINUTE);
            }
        }
    }
}

/// The second step is turned on while sign-ins are under way that began without.
#[tokio::test]
async fn a_sign_in_on_its_way_when_the_second_step_is_turned_on_asks_for_a_code() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let code = code(&setup.secret, test_app.now());
    let (answers, confirmed) = tokio::join!(
        join_all((0..8).map(|_| test_app.gives_password(EMAIL, PASSWORD))),
        minji.chat.confirm_two_factor(&minji.actor, &code),
    );
    confirmed.unwrap();
    let last = answers.last().unwrap().as_ref().unwrap();
    assert!(matches!(last, LoginResult::NeedsCode(_)), "its password was checked after that");
}

/// Somebody who knows the password guesses at codes: known devices are not kept waiting.
#[tokio::test]
async fn guessing_at_codes_keeps_the_owner_out_of_no_known_device() {
    let test_app = TestApp::strict().await;
    let (minji, setup) = careful(&test_app).await;
    let device =
        test_app.chat.remember_device(&minji.actor, &client_info()).await.unwrap().unwrap();
    for _ in 0..3 {
        let pending = pending_login(&test_app).await;
        for _ in 0..5 {
            let _ = gives(&test_app, &pending, "abcdefghijkmnpqr").await;
        }
    }
    let known =
        chat::ClientInfo { device_token: Some(device.as_str().to_owned()), ..client_info() };
    let pending = pending_login(&test_app).await;
    let right = code(&setup.secret, test_app.now());
    assert!(
        test_app.chat.complete_two_factor(Some(pending.as_str()), &right, &known).await.is_ok()
    );
}

#[tokio::test]
async fn recovery_codes_are_not_on_disk_once_it_is_on() {
    let test_app = TestApp::new().await;
    let (minji, setup) = careful(&test_app).await;
    let known = test_app.store.two_factor(minji.actor.user()).await.unwrap().unwrap();
    let known = format!("{known:?}");
    for code in setup.recovery_codes {
        assert!(!known.contains(&code.replace('-', "")), "only its hash is kept");
    }
}
