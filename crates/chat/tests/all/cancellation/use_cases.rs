//! Every use case that changes something, as one of the users of a scene does it.

use super::scene::{PENDING_LOGIN_TOKEN, RECOVERY_CODE, Scene};
use crate::helpers::{PASSWORD, client_info, fresh_id};
use chat::{ChangeEmail, ChangePassword, ClientInfo, CreateInviteLink, SignIn, SignUp, UpdateRoom};
use domain::{
    admin::{AdminAction, RegistrationMode},
    error::AppError,
    ids::NoticeId,
    invitation_links::{ExpiresAfter, MaxUses},
    memberships::Role,
    messages::{MessageText, Seq},
    rooms::Visibility,
};
use futures::future::BoxFuture;
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use uuid::Uuid;

type UseCase = for<'a> fn(&'a Scene) -> BoxFuture<'a, Result<(), AppError>>;

const NEW_PASSWORD: &str = "서늘한 대청마루의 낮";

fn new_account(invitation: Option<String>) -> SignUp {
    SignUp {
        email: "jiwoo@example.com".to_owned(),
        name: "지우".to_owned(),
        password: NEW_PASSWORD.to_owned(),
        invitation,
        setup_link: None,
        at_the_machine: false,
    }
}

fn square() -> bytes::Bytes {
    let mut png = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(16, 16).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner().into()
}

macro_rules! use_case {
    (|$scene:ident| $done:expr) => {
        |$scene: &Scene| Box::pin(async move { $done.await.map(drop) })
    };
}

pub const USE_CASES: &[(&str, UseCase)] = &[
    ("sign up", use_case!(|s| s.chat().sign_up(new_account(None), &client_info()))),
    (
        "sign up by a link",
        use_case!(|s| s.chat().sign_up(new_account(Some(s.link.clone())), &client_info())),
    ),
    (
        "sign in",
        use_case!(|s| {
            let (email, password) = ("junho@example.com".to_owned(), PASSWORD.to_owned());
            async { s.chat().sign_in(SignIn { email, password }, &client_info()).await }
        }),
    ),
    (
        "sign in as another",
        use_case!(|s| {
            let (email, password) = ("minji@example.com".to_owned(), PASSWORD.to_owned());
            let browser = ClientInfo { session: Some(s.junho.actor.session()), ..client_info() };
            async move { s.chat().sign_in(SignIn { email, password }, &browser).await }
        }),
    ),
    ("sign out", use_case!(|s| s.chat().sign_out(&s.junho.actor))),
    ("end a device", use_case!(|s| s.chat().end_device(&s.junho.actor, s.junho.actor.session()))),
    ("end other devices", use_case!(|s| s.chat().end_other_devices(&s.junho.actor))),
    (
        "change the address",
        use_case!(|s| {
            let (email, password) = ("new@example.com".to_owned(), PASSWORD.to_owned());
            let form = ChangeEmail { email, password };
            async { s.chat().change_email(&s.junho.actor, form, &client_info()).await }
        }),
    ),
    (
        "change the password",
        use_case!(|s| {
            let (password, new_password) = (PASSWORD.to_owned(), NEW_PASSWORD.to_owned());
            let form = ChangePassword { password, new_password };
            async { s.chat().change_password(&s.junho.actor, form, &client_info()).await }
        }),
    ),
    (
        "delete an account",
        use_case!(|s| s.chat().delete_account(&s.junho.actor, PASSWORD, true, &client_info())),
    ),
    ("choose a language", use_case!(|s| s.chat().choose_language(&s.junho.actor, "en"))),
    ("choose a theme", use_case!(|s| s.chat().choose_theme(&s.junho.actor, "dark"))),
    (
        "talk to one",
        use_case!(|s| s.chat().open_direct_room(&s.junho.actor, s.seoyeon.actor.user())),
    ),
    (
        "make a room",
        use_case!(|s| s.chat().create_room(&s.junho.actor, None, "마당", Visibility::Open)),
    ),
    (
        "set up a room",
        use_case!(|s| {
            let (title, description) = ("독서실".to_owned(), "조용히".to_owned());
            let form = UpdateRoom { title, description, visibility: Visibility::Private };
            s.chat().update_room(&s.minji.actor, s.study, form)
        }),
    ),
    ("close a room", use_case!(|s| s.chat().close_room(&s.minji.actor, s.study))),
    (
        "enter a room",
        use_case!(|s| {
            let pasted = s.kitchen.to_string();
            async move { s.chat().join_room(&s.doyun.actor, &pasted).await }
        }),
    ),
    ("leave a room", use_case!(|s| s.chat().leave_room(&s.junho.actor, s.study))),
    (
        "remove a member",
        use_case!(|s| s.chat().remove_member(&s.minji.actor, s.study, s.junho.actor.user())),
    ),
    (
        "ban a member",
        use_case!(|s| s.chat().ban_member(&s.minji.actor, s.study, s.junho.actor.user())),
    ),
    (
        "lift a ban",
        use_case!(|s| s.chat().unban_member(&s.minji.actor, s.study, s.haeun.actor.user())),
    ),
    (
        "change a role",
        use_case!(|s| {
            let member = s.junho.actor.user();
            s.chat().change_role(&s.minji.actor, s.study, member, Role::Moderator)
        }),
    ),
    (
        "hand a room over",
        use_case!(|s| s.chat().transfer_ownership(&s.minji.actor, s.study, s.junho.actor.user())),
    ),
    (
        "invite",
        use_case!(|s| {
            let invited = [s.doyun.actor.user(), s.haeun.actor.user()];
            async move { s.chat().invite(&s.seoyeon.actor, s.kitchen, &invited).await }
        }),
    ),
    (
        "take an invitation back",
        use_case!(|s| {
            s.chat().revoke_invitation(&s.minji.actor, s.study, s.doyun.actor.user())
        }),
    ),
    ("decline", use_case!(|s| s.chat().decline_invitation(&s.doyun.actor, s.study))),
    (
        "make a link",
        use_case!(|s| {
            let form =
                CreateInviteLink { lifetime: ExpiresAfter::Day, uses: MaxUses::One, once: None };
            s.chat().create_invite_link(&s.minji.actor, s.study, form)
        }),
    ),
    ("revoke a link", use_case!(|s| s.chat().revoke_link(&s.minji.actor, s.study, s.link_id))),
    ("join by a link", use_case!(|s| s.chat().join_by_link(&s.doyun.actor, &s.link))),
    (
        "suspend",
        use_case!(|s| s.chat().run_admin_action(
            &s.minji.actor,
            s.junho.actor.user(),
            AdminAction::Suspend
        )),
    ),
    (
        "sign a user out",
        use_case!(|s| s.chat().run_admin_action(
            &s.minji.actor,
            s.junho.actor.user(),
            AdminAction::SignOut
        )),
    ),
    (
        "make an administrator",
        use_case!(|s| s.chat().run_admin_action(
            &s.minji.actor,
            s.junho.actor.user(),
            AdminAction::Promote
        )),
    ),
    (
        "close sign-up",
        use_case!(|s| s.chat().set_registration(&s.minji.actor, RegistrationMode::Closed)),
    ),
    (
        "make a reset link",
        use_case!(|s| s.chat().issue_password_reset(&s.minji.actor, s.junho.actor.user())),
    ),
    (
        "reset a password",
        use_case!(|s| s.chat().reset_password(&s.reset, NEW_PASSWORD, &client_info())),
    ),
    ("make a profile", use_case!(|s| s.chat().create_profile(&s.junho.actor, None, "준"))),
    (
        "rename a profile",
        use_case!(|s| s.chat().rename_profile(&s.junho.actor, s.second_profile, "준")),
    ),
    (
        "make a profile the default",
        use_case!(|s| s.chat().set_default_profile(&s.junho.actor, s.second_profile)),
    ),
    ("delete a profile", use_case!(|s| s.chat().delete_profile(&s.junho.actor, s.second_profile))),
    (
        "choose a room's profile",
        use_case!(|s| s.chat().set_room_profile(&s.junho.actor, s.study, Some(s.second_profile))),
    ),
    (
        "set a picture",
        use_case!(|s| s.chat().set_avatar(&s.junho.actor, s.second_profile, square().into(), None)),
    ),
    ("clear a picture", use_case!(|s| s.chat().clear_avatar(&s.junho.actor, s.second_profile))),
    (
        "set a room's picture",
        use_case!(|s| s.chat().set_room_avatar(&s.minji.actor, s.study, square().into(), None)),
    ),
    ("clear a room's picture", use_case!(|s| s.chat().clear_room_avatar(&s.minji.actor, s.study))),
    (
        "begin a second step",
        use_case!(|s| s.chat().begin_two_factor(&s.junho.actor, PASSWORD, &client_info())),
    ),
    (
        "take off a second step",
        use_case!(|s| {
            s.chat().run_admin_action(
                &s.minji.actor,
                s.haeun.actor.user(),
                AdminAction::RemoveTwoFactor,
            )
        }),
    ),
    (
        "take off a second step on the machine",
        use_case!(|s| s.chat().end_two_factor_from_cli("haeun@example.com")),
    ),
    (
        "give the code of the second step",
        use_case!(|s| s.chat().complete_two_factor(
            Some(PENDING_LOGIN_TOKEN),
            RECOVERY_CODE,
            &client_info()
        )),
    ),
    (
        "read the notices",
        use_case!(|s| {
            s.chat().mark_notices_read(&s.junho.actor, NoticeId::from_uuid(Uuid::max()))
        }),
    ),
    (
        "post",
        use_case!(|s| {
            let text = MessageText::parse("지금 하는 말").unwrap();
            s.chat().post(&s.junho.actor, s.study, fresh_id(), text)
        }),
    ),
    ("mark as read", use_case!(|s| s.chat().mark_read(&s.seoyeon.actor, s.study, Seq(9)))),
];
