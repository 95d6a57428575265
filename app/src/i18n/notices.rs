//! What users are told about their accounts that others have done.

use super::{
    Language, Named,
    catalogue::{Text, catalogue},
};
use domain::notices::NoticeKind;

catalogue! {
    Notices {
        title: Text,
        new_hint: Text,
        none: Text,
        read: Text,
        /// What was done, and by whom.
        told: fn(NoticeKind, Named<'_>) -> String,
        /// What to do about it.
        advice: fn(NoticeKind) -> Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Notices {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Notices = Notices {
    title: "계정 알림",
    new_hint: "내 계정에 이런 일이 있었어요. 읽고 나서 계속해 주세요.",
    none: "아직 알림이 없어요.",
    read: "확인했어요",
    told: |kind, by| match kind {
        NoticeKind::ResetLinkMade => {
            format!("{} 내 비밀번호 재설정 링크를 만들었어요.", by.ko_subject())
        }
        NoticeKind::TwoFactorRemoved => format!("{} 내 2단계 로그인을 껐어요.", by.ko_subject()),
        NoticeKind::RecoveryCodesEnded => {
            "백업에서 복원하면서 복구 코드를 더는 쓸 수 없게 됐어요.".into()
        }
    },
    advice: |kind| match kind {
        NoticeKind::ResetLinkMade => {
            "부탁한 적이 없다면 비밀번호를 바꾸고, 왜 만들었는지 물어보세요."
        }
        NoticeKind::TwoFactorRemoved => {
            "지금은 비밀번호만으로 로그인할 수 있어요. ‘계정과 기기’에서 다시 켜세요. 부탁한 적이 없다면 비밀번호도 바꾸세요."
        }
        NoticeKind::RecoveryCodesEnded => {
            "2단계 로그인을 껐다가 다시 켜면 새 복구 코드를 받을 수 있어요."
        }
    },
};

static EN: Notices = Notices {
    title: "About your account",
    new_hint: "This was done to your account. Read it, then go on.",
    none: "Nothing has been done to your account.",
    read: "I have read it",
    told: |kind, by| match kind {
        NoticeKind::ResetLinkMade => {
            format!("{} made a link to choose your password anew.", by.en_subject())
        }
        NoticeKind::TwoFactorRemoved => {
            format!("{} turned off your two-step sign-in.", by.en_subject())
        }
        NoticeKind::RecoveryCodesEnded => {
            "Your recovery codes ended, because the data was restored from a backup.".into()
        }
    },
    advice: |kind| match kind {
        NoticeKind::ResetLinkMade => {
            "If you did not ask for it, change your password and ask why it was made."
        }
        NoticeKind::TwoFactorRemoved => {
            "Your password alone signs you in now. Turn two-step sign-in on again under “Account and devices”. If you did not ask for this, change your password too."
        }
        NoticeKind::RecoveryCodesEnded => {
            "Turn two-step sign-in off and on again to get new recovery codes."
        }
    },
};
