//! The second step of a sign-in: without a fresh code the right password is not enough.

use crate::helpers::{House, MINUTE, PASSWORD, Person, visitor};
use chat::{SignedIn, Token};
use domain::{
    clock::Millis,
    house::Deed,
    notices::NoticeKind,
    problem::{Field, Problem},
    second_step::{SecondStep, Setup},
    text::Fault,
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

fn refused<T>(fault: Fault) -> Result<T, Problem> {
    Err(Problem::invalid(Field::Code, fault))
}

async fn setup(minji: &Person) -> Setup {
    minji.chat.begin_second_step(&minji.actor, PASSWORD, &visitor()).await.unwrap();
    match minji.chat.second_step(&minji.actor).await.unwrap() {
        SecondStep::Pending(setup) => setup,
        other => panic!("{other:?}"),
    }
}

/// Somebody whose account asks for codes, and what they have in their hands.
async fn careful(house: &House) -> (Person, Setup) {
    let minji = house.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let code = code(&setup.secret, house.now());
    minji.chat.confirm_second_step(&minji.actor, &code).await.unwrap();
    house.passes(MINUTE);
    (minji, setup)
}

async fn half_way(house: &House) -> Token {
    match house.gives_password(EMAIL, PASSWORD).await.unwrap() {
        SignedIn::HalfWay(token) => token,
        SignedIn::Inside(_) => panic!("no code was asked for"),
    }
}

async fn gives(house: &House, half: &Token, code: &str) -> Result<Token, Problem> {
    house.chat.finish_sign_in(Some(half.as_str()), code, &visitor()).await
}

#[tokio::test]
async fn after_the_password_a_code_is_asked_for_and_leads_in() {
    let house = House::new().await;
    let (minji, setup) = careful(&house).await;
    let half = half_way(&house).await;
    assert_eq!(house.actor(&half).await, None, "half a sign-in opens nothing");
    let token = gives(&house, &half, &code(&setup.secret, house.now())).await.unwrap();
    assert_eq!(house.actor(&token).await.unwrap().person(), minji.actor.person());
    assert!(house.chat.account(&minji.actor).await.unwrap().has_second_step);
}

#[tokio::test]
async fn what_is_set_up_is_not_asked_for_before_a_code_has_confirmed_it() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let first = setup(&minji).await;
    assert!(house.signs_in(EMAIL, PASSWORD).await.is_ok());
    let again = setup(&minji).await;
    assert_ne!(first, again);
    let confirm = async |code: &str| house.chat.confirm_second_step(&minji.actor, code).await;
    assert_eq!(confirm("").await, refused(Fault::Empty));
    assert_eq!(confirm(&again.recovery_codes[0]).await, refused(Fault::Form));
    let old = code(&first.secret, house.now());
    if old != code(&again.secret, house.now()) {
        assert_eq!(confirm(&old).await, refused(Fault::Form), "the first secret is forgotten");
    }
    assert_eq!(confirm(&code(&again.secret, house.now())).await, Ok(()));
    let on = SecondStep::On { codes_left: 10 };
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(on.clone()));
    minji.chat.begin_second_step(&minji.actor, PASSWORD, &visitor()).await.unwrap();
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(on), "what is on stays as it is");
    let half = half_way(&house).await;
    let used = code(&again.secret, house.now());
    assert_eq!(gives(&house, &half, &used).await, refused(Fault::Form), "it has confirmed");
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute_and_a_half() {
    let house = House::new().await;
    let (_, setup) = careful(&house).await;
    let now = house.now();
    let [early, late] =
        [now.0 - 2 * STEP, now.0 + 2 * STEP].map(|at| code(&setup.secret, Millis(at)));
    let [next, present] = [now.0 + STEP, now.0].map(|at| code(&setup.secret, Millis(at)));
    let half = half_way(&house).await;
    for wrong in [&early, &late] {
        if *wrong != next && *wrong != present {
            assert_eq!(gives(&house, &half, wrong).await, refused(Fault::Form));
        }
    }
    assert!(gives(&house, &half, &next).await.is_ok());
    let half = half_way(&house).await;
    for used in [&next, &present] {
        assert_eq!(gives(&house, &half, used).await, refused(Fault::Form), "used, or older");
    }
}

#[tokio::test]
async fn of_many_who_give_the_same_code_at_once_one_gets_in() {
    let house = House::new().await;
    let (_, setup) = careful(&house).await;
    let code = code(&setup.secret, house.now());
    let mut halves = Vec::new();
    for _ in 0..6 {
        halves.push(half_way(&house).await);
    }
    let tries = halves.iter().map(|half| gives(&house, half, &code));
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
}

#[tokio::test]
async fn each_recovery_code_is_good_once_and_only_for_its_owner() {
    let house = House::new().await;
    let (minji, setup) = careful(&house).await;
    let [first, second, ..] = &*setup.recovery_codes else { panic!("none") };
    assert!(gives(&house, &half_way(&house).await, &first.to_uppercase()).await.is_ok());
    let half = half_way(&house).await;
    assert_eq!(gives(&house, &half, first).await, refused(Fault::Form));
    assert!(gives(&house, &half, &second.replace('-', " ")).await.is_ok());
    let left = house.chat.second_step(&minji.actor).await;
    assert_eq!(left, Ok(SecondStep::On { codes_left: 8 }));
}

#[tokio::test]
async fn five_wrong_codes_or_five_minutes_end_it() {
    let house = House::new().await;
    let (_, setup) = careful(&house).await;
    let half = half_way(&house).await;
    let over = refused(Fault::Taken);
    for _ in 0..5 {
        assert_eq!(gives(&house, &half, "abcdefghijkmnpqr").await, refused(Fault::Form));
    }
    assert_eq!(gives(&house, &half, &code(&setup.secret, house.now())).await, over);

    let half = half_way(&house).await;
    house.passes(5 * MINUTE);
    assert_eq!(gives(&house, &half, &code(&setup.secret, house.now())).await, over);
    let half = half_way(&house).await;
    house.passes(5 * MINUTE - 1);
    let right = code(&setup.secret, house.now());
    assert!(gives(&house, &half, &right).await.is_ok());
    assert_eq!(gives(&house, &half, &right).await, over, "it has been used");
    let nobody = house.chat.finish_sign_in(None, &right, &visitor()).await;
    assert_eq!(nobody, over);
}

#[tokio::test]
async fn guessing_is_slowed_down_however_often_it_begins_anew() {
    let house = House::strict().await;
    let (_, setup) = careful(&house).await;
    let mut slowed = false;
    for _ in 0..3 {
        let half = half_way(&house).await;
        for _ in 0..5 {
            let answer = gives(&house, &half, "abcdefghijkmnpqr").await;
            slowed |= matches!(answer, Err(Problem::SlowDown { .. }));
        }
    }
    assert!(slowed);
    let half = half_way(&house).await;
    let right = gives(&house, &half, &code(&setup.secret, house.now())).await;
    assert!(matches!(right, Err(Problem::SlowDown { .. })), "the right one has to wait as well");
}

#[tokio::test]
async fn turning_it_on_asks_for_the_password() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let begins = async |password: &str| {
        minji.chat.begin_second_step(&minji.actor, password, &visitor()).await
    };
    let refused = |fault| Err(Problem::invalid(Field::Password, fault));
    assert_eq!(begins("").await, refused(Fault::Empty));
    for wrong in ["차가운 온돌방의 밤", " ", "' OR 1=1 --"] {
        assert!(begins(wrong).await.is_err(), "{wrong:?}");
    }
    assert_eq!(begins("차가운 온돌방의 밤").await, refused(Fault::Form));
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(SecondStep::Off));
    let nothing = house.chat.confirm_second_step(&minji.actor, "123456").await;
    assert_eq!(nothing, Err(Problem::NotFound));
    assert_eq!(begins(PASSWORD).await, Ok(()));
    let pending = house.chat.second_step(&minji.actor).await.unwrap();
    assert!(matches!(pending, SecondStep::Pending(_)));
}

#[tokio::test]
async fn guessing_the_password_there_is_slowed_down_too() {
    let house = House::strict().await;
    let minji = house.member(EMAIL, "민지").await;
    let mut slowed = false;
    for nth in 0..20 {
        let guess = format!("어쩌면 이것 {nth}");
        let answer = minji.chat.begin_second_step(&minji.actor, &guess, &visitor()).await;
        slowed |= matches!(answer, Err(Problem::SlowDown { .. }));
    }
    assert!(slowed);
}

/// Secret and recovery codes are for whoever typed the password, and for no other device.
#[tokio::test]
async fn what_is_being_set_up_is_seen_and_confirmed_where_it_was_begun() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let token = house.signs_in(EMAIL, PASSWORD).await.unwrap();
    let phone = house.actor(&token).await.unwrap();
    let setup = setup(&minji).await;
    assert_eq!(house.chat.second_step(&phone).await, Ok(SecondStep::Off));
    let code = code(&setup.secret, house.now());
    let elsewhere = house.chat.confirm_second_step(&phone, &code).await;
    assert_eq!(elsewhere, Err(Problem::NotFound));

    house.store.sweep_setups().await.unwrap();
    assert!(house.store.second_step(phone.person()).await.unwrap().is_some());
    house.chat.sign_out(&minji.actor).await.unwrap();
    house.store.sweep_setups().await.unwrap();
    assert_eq!(house.store.second_step(phone.person()).await.unwrap(), None, "nor is it kept");
}

#[tokio::test]
async fn an_administrator_takes_off_a_lost_one_and_its_user_is_told() {
    let house = House::new().await;
    let keeper = house.person("집사").await;
    let (minji, setup) = careful(&house).await;
    let takes_off = |by: &Person, of: &Person| {
        let (chat, by, of) = (by.chat.clone(), by.actor.clone(), of.actor.person());
        async move { chat.do_to(&by, of, Deed::EndedSecondStep).await }
    };
    let may = async |of: &Person| {
        let housed = keeper.chat.housed(&keeper.actor, of.actor.person()).await.unwrap();
        housed.may.contains(&Deed::EndedSecondStep)
    };
    let junho = house.person("준호").await;
    assert_eq!(takes_off(&junho, &minji).await, Err(Problem::NotFound));
    assert!(may(&minji).await && !may(&junho).await);
    let half = half_way(&house).await;

    assert_eq!(takes_off(&keeper, &minji).await, Ok(()));
    assert_eq!(takes_off(&keeper, &minji).await, Ok(()), "again is nothing");
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(SecondStep::Off));
    let late = gives(&house, &half, &code(&setup.secret, house.now())).await;
    assert_eq!(late, refused(Fault::Taken));
    let token = house.signs_in(EMAIL, PASSWORD).await.unwrap();
    assert!(house.actor(&token).await.unwrap().has_unread_notices());
    let told = house.chat.notices(&minji.actor).await.unwrap();
    assert_eq!((told.len(), told[0].kind), (1, NoticeKind::SecondStepEnded));
    assert_eq!(told[0].by.as_ref().unwrap().id, keeper.actor.person());
    let log = keeper.chat.deeds(&keeper.actor, 1).await.unwrap();
    let deeds: Vec<_> = log.entries.iter().map(|entry| entry.deed).collect();
    assert_eq!(deeds, [Deed::EndedSecondStep]);
}

/// With an open session alone an administrator could go around their own password.
#[tokio::test]
async fn nobody_takes_off_their_own_without_the_password() {
    let house = House::new().await;
    let (minji, _) = careful(&house).await;
    let own = minji.actor.person();
    let off = minji.chat.do_to(&minji.actor, own, Deed::EndedSecondStep).await;
    assert_eq!(off, Err(Problem::NotAllowed));
    assert_eq!(minji.chat.make_reset(&minji.actor, own).await.err(), Some(Problem::NotAllowed));
    assert!(house.chat.notices(&minji.actor).await.unwrap().is_empty());
    let half = half_way(&house).await;
    assert_eq!(house.actor(&half).await, None);
}

#[tokio::test]
async fn the_operator_takes_off_a_lost_one() {
    let house = House::new().await;
    let (minji, _) = careful(&house).await;
    let takes_off = || house.chat.end_second_step_from_machine(EMAIL);
    assert_eq!(takes_off().await, Ok(true));
    assert_eq!(takes_off().await, Ok(false));
    let nobody = house.chat.end_second_step_from_machine("nobody@example.com").await;
    assert_eq!(nobody, Err(Problem::NotFound));
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(SecondStep::Off));
    let told = house.chat.notices(&minji.actor).await.unwrap();
    assert_eq!(
        (told.len(), told[0].kind, told[0].by.as_ref()),
        (1, NoticeKind::SecondStepEnded, None)
    );
    setup(&minji).await;
    assert_eq!(takes_off().await, Ok(false), "what is only being set up asks for nothing");
}

/// Codes of the present length, and those of 16 letters that were handed out before.
#[tokio::test]
async fn recovery_codes_hold_120_bits_and_shorter_ones_of_before_are_still_taken() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let letters = |code: &String| code.chars().filter(char::is_ascii_alphanumeric).count();
    assert!(setup.recovery_codes.iter().all(|code| letters(code) == 24), "{setup:?}");
    let distinct: std::collections::BTreeSet<_> = setup.recovery_codes.iter().collect();
    assert_eq!(distinct.len(), 10);

    let (person, old) = (minji.actor.person(), "abcdefghijkmnpqr");
    let hash = Sha256::new().chain_update(person.uuid().as_bytes()).chain_update(old).finalize();
    let known = house.store.second_step(person).await.unwrap();
    let Some(store::StepSecret::Pending { secret, .. }) = known else { panic!("not begun") };
    let confirm =
        house.store.confirm_second_step(person, &secret, 0, vec![hash.into()], house.now());
    assert!(confirm.await.unwrap());
    assert!(gives(&house, &half_way(&house).await, "abcd-efgh-ijkm-npqr").await.is_ok());
}

#[tokio::test]
async fn turning_it_off_asks_for_the_password() {
    let house = House::new().await;
    let (minji, _) = careful(&house).await;
    let half = half_way(&house).await;
    let off =
        async |password: &str| house.chat.end_second_step(&minji.actor, password, &visitor()).await;
    let wrong = Problem::invalid(Field::Password, Fault::Form);
    assert_eq!(off("차가운 온돌방의 밤").await, Err(wrong));
    assert_eq!(off(PASSWORD).await, Ok(()));
    assert_eq!(house.chat.second_step(&minji.actor).await, Ok(SecondStep::Off));
    assert!(house.signs_in(EMAIL, PASSWORD).await.is_ok());
    assert_eq!(gives(&house, &half, "123456").await, refused(Fault::Taken));
    setup(&minji).await;
    assert_eq!(off("").await, Ok(()), "a set-up that is given up needs none");
}

#[tokio::test]
async fn a_changed_password_ends_what_was_half_way_with_the_old_one() {
    let house = House::new().await;
    let (minji, setup) = careful(&house).await;
    let half = half_way(&house).await;
    let form = chat::ChangePassword {
        password: PASSWORD.into(),
        new_password: "시원한 대청마루의 낮".into(),
    };
    house.chat.change_password(&minji.actor, form, &visitor()).await.unwrap();
    let answer = gives(&house, &half, &code(&setup.secret, house.now())).await;
    assert_eq!(answer, refused(Fault::Taken));
}

#[tokio::test]
async fn half_sign_ins_that_are_being_checked_while_the_password_changes_lead_nowhere() {
    let house = House::new().await;
    let (minji, setup) = careful(&house).await;
    let passwords = [PASSWORD, "시원한 대청마루의 낮"];
    for round in 0..3 {
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        let form = chat::ChangePassword { password: old.into(), new_password: new.into() };
        let here = visitor();
        let (answers, changed) = tokio::join!(
            join_all((0..8).map(|_| house.gives_password(EMAIL, old))),
            house.chat.change_password(&minji.actor, form, &here),
        );
        changed.unwrap();
        for answer in answers {
            if let Ok(SignedIn::HalfWay(half)) = answer {
                let code = code(&setup.secret, house.now());
                assert_eq!(gives(&house, &half, &code).await, refused(Fault::Taken), "{round}");
                house.passes(MINUTE);
            }
        }
    }
}

/// The second step is turned on while sign-ins are under way that began without.
#[tokio::test]
async fn a_sign_in_on_its_way_when_the_second_step_is_turned_on_asks_for_a_code() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let setup = setup(&minji).await;
    let code = code(&setup.secret, house.now());
    let (answers, confirmed) = tokio::join!(
        join_all((0..8).map(|_| house.gives_password(EMAIL, PASSWORD))),
        minji.chat.confirm_second_step(&minji.actor, &code),
    );
    confirmed.unwrap();
    let last = answers.last().unwrap().as_ref().unwrap();
    assert!(matches!(last, SignedIn::HalfWay(_)), "its password was checked after that");
}

/// Somebody who knows the password guesses at codes: known devices are not kept waiting.
#[tokio::test]
async fn guessing_at_codes_keeps_the_owner_out_of_no_known_device() {
    let house = House::strict().await;
    let (minji, setup) = careful(&house).await;
    let device = house.chat.remember_device(&minji.actor, &visitor()).await.unwrap().unwrap();
    for _ in 0..3 {
        let half = half_way(&house).await;
        for _ in 0..5 {
            let _ = gives(&house, &half, "abcdefghijkmnpqr").await;
        }
    }
    let known = chat::Visitor { device_token: Some(device.as_str().to_owned()), ..visitor() };
    let half = half_way(&house).await;
    let right = code(&setup.secret, house.now());
    assert!(house.chat.finish_sign_in(Some(half.as_str()), &right, &known).await.is_ok());
}

#[tokio::test]
async fn recovery_codes_are_not_on_disk_once_it_is_on() {
    let house = House::new().await;
    let (minji, setup) = careful(&house).await;
    let known = house.store.second_step(minji.actor.person()).await.unwrap().unwrap();
    let known = format!("{known:?}");
    for code in setup.recovery_codes {
        assert!(!known.contains(&code.replace('-', "")), "only its hash is kept");
    }
}
