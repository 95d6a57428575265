//! What is said about the second step of a sign-in, where it is set up.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

catalogue! {
    TwoFactor {
        hint: Text,
        begin: Text,
        scan: Text,
        scan_hint: Text,
        /// What the QR code is, for whoever does not see it.
        qr: Text,
        type_in: Text,
        keep: Text,
        keep_hint: Text,
        confirm: Text,
        confirm_hint: Text,
        code: Text,
        turn_on: Text,
        stop: Text,
        is_on: Text,
        codes_left: fn(u64) -> String,
        turn_off: Text,
        turn_off_hint: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static TwoFactor {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: TwoFactor = TwoFactor {
    hint: "로그인할 때 비밀번호 다음에 인증 앱의 여섯 자리 코드를 한 번 더 물어요. 비밀번호를 들켜도 계정은 안전해요.",
    begin: "설정 시작하기",
    scan: "인증 앱에 등록하기",
    scan_hint: "휴대전화의 인증 앱으로 이 코드를 찍으세요.",
    qr: "인증 앱에 등록하는 QR 코드",
    type_in: "찍을 수 없으면 이 키를 앱에 입력하세요.",
    keep: "복구 코드 적어 두기",
    keep_hint: "휴대전화를 잃어버렸을 때 쓰는 코드예요. 하나를 한 번씩만 쓸 수 있고, 지금만 볼 수 있어요.",
    confirm: "앱의 코드로 확인하기",
    confirm_hint: "앱에 지금 보이는 여섯 자리 숫자를 입력하세요.",
    code: "코드",
    turn_on: "켜기",
    stop: "설정 그만두기",
    is_on: "2단계 로그인이 켜져 있어요.",
    codes_left: |count| match count {
        0 => "남은 복구 코드가 없어요. 껐다가 다시 켜면 새로 받을 수 있어요.".into(),
        count => {
            format!("복구 코드가 {count}개 남아 있어요. 껐다가 다시 켜면 새로 받을 수 있어요.")
        }
    },
    turn_off: "끄기",
    turn_off_hint: "끄면 비밀번호만으로 로그인하고, 복구 코드는 버려져요.",
};

static EN: TwoFactor = TwoFactor {
    hint: "After your password, signing in asks for a six-digit code from an authenticator app. Your account stays safe even if somebody learns your password.",
    begin: "Set it up",
    scan: "Add it to your app",
    scan_hint: "Scan this code with the authenticator app on your phone.",
    qr: "QR code for an authenticator app",
    type_in: "If you cannot scan it, type this key into the app.",
    keep: "Write down the recovery codes",
    keep_hint: "They let you in should you lose your phone. Each works once, and you can only see them now.",
    confirm: "Confirm with a code",
    confirm_hint: "Enter the six digits that the app shows now.",
    code: "Code",
    turn_on: "Turn on",
    stop: "Leave it off",
    is_on: "Two-step sign-in is on.",
    codes_left: |count| match count {
        0 => "You have no recovery codes left. Turn it off and on again to get new ones.".into(),
        1 => "You have 1 recovery code left. Turn it off and on again to get new ones.".into(),
        count => format!(
            "You have {count} recovery codes left. Turn it off and on again to get new ones."
        ),
    },
    turn_off: "Turn off",
    turn_off_hint: "Your password alone will sign you in, and the recovery codes are thrown away.",
};
