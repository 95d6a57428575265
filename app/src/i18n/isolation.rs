//! A name that is written from right to left leaves the words around it in their order, in every sentence.

use super::{Language, Named, admin, invitations, notices, profiles, rooms, users};
use domain::{admin::AdminAction, events::EventKind, notices::NoticeKind, text::Isolated};

const NAME: Isolated<'static> = Isolated("שלום");

fn sentences(language: Language) -> Vec<String> {
    let t = language.words();
    let (rooms, invitations) = (rooms::words(language), invitations::words(language));
    let (users, profiles) = (users::words(language), profiles::words(language));
    let admin = admin::words(language);
    let format_event = EventKind::ALL.map(|what| t.format_event(what, NAME.0, NAME.0));
    let did = [
        AdminAction::Suspend,
        AdminAction::Unsuspend,
        AdminAction::Promote,
        AdminAction::Demote,
        AdminAction::SignOut,
    ]
    .map(|action| (admin.did)(action, Named::User(NAME), Named::User(NAME)));
    let notices = notices::words(language);
    let told_of_account = [NoticeKind::ResetLinkMade, NoticeKind::TwoFactorRemoved]
        .map(|kind| (notices.told)(kind, Named::User(NAME)));
    let told = [
        (t.enter_of)(NAME, "0123abcd"),
        (t.welcome)(NAME),
        (t.invited_by)(NAME),
        (rooms.nothing)(NAME),
        (rooms.enter_of)(NAME),
        (rooms.settings_of)(NAME),
        (rooms.manage_of)(NAME),
        (rooms.role_of)(NAME),
        (rooms.hand_over_hint)(NAME),
        (rooms.pardon_of)(NAME),
        (invitations.title)(NAME),
        (invitations.by)(NAME),
        (invitations.withdraw_of)(NAME),
        (invitations.made_by)(NAME),
        (invitations.revoke_of)(NAME, "11. 22."),
        (invitations.share_text)(NAME),
        (invitations.asked)(NAME, NAME),
        (users.nobody)(NAME),
        (users.card)(NAME),
        (profiles.edit)(NAME),
        (profiles.as_default)(NAME),
        (profiles.profile_in)(NAME),
        (admin.nobody)(NAME),
        (admin.reset_hint)(NAME),
    ];
    told.into_iter().chain(format_event).chain(did).chain(told_of_account).collect()
}

#[test]
fn names_are_isolated_in_every_sentence() {
    for sentence in [Language::Ko, Language::En].into_iter().flat_map(sentences) {
        assert!(sentence.contains(NAME.0), "{sentence}");
        let around = sentence.replace("\u{2068}שלום\u{2069}", "");
        assert!(!around.contains(NAME.0), "{sentence:?}");
        assert!(!around.contains(['\u{2068}', '\u{2069}']), "isolated once: {sentence:?}");
    }
}
