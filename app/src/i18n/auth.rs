//! What sign-in and sign-up say.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use domain::{error::Field, text::ValidationError};

catalogue! {
    Gate {
        tagline: Text,
        sign_in: Text,
        sign_up: Text,
        no_account: Text,
        have_account: Text,
        email: Text,
        password: Text,
        password_hint: Text,
        /// Why a password was refused.
        password_error: fn(ValidationError) -> String,
        name: Text,
        name_hint: Text,
        code_title: Text,
        code: Text,
        code_hint: Text,
        from_the_beginning: Text,
        /// When so many wrong passwords have come that only known devices may sign in.
        only_known_devices: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Gate {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Gate = Gate {
    tagline: "가까운 사람들과 나누는 조용한 이야기",
    sign_in: "로그인",
    sign_up: "가입하기",
    no_account: "아직 계정이 없나요?",
    have_account: "이미 계정이 있나요?",
    email: "이메일",
    password: "비밀번호",
    password_hint: "8자 이상. 좋아하는 문장이면 더 좋아요.",
    password_error: |error| match error {
        ValidationError::Empty => "비밀번호를 입력해 주세요.".into(),
        ValidationError::Common => "너무 흔한 비밀번호예요. 다른 것으로 정해 주세요.".into(),
        ValidationError::Personal => {
            "내 이름이나 이메일로 만든 비밀번호는 맞히기 쉬워요. 다른 것으로 정해 주세요.".into()
        }
        error => (Language::Ko.words().field_error)(Field::Password, error),
    },
    name: "이름",
    name_hint: "방에서 보이는 이름이에요.",
    code_title: "코드 입력",
    code: "인증 앱의 코드",
    code_hint: "휴대전화가 없으면 복구 코드를 입력하세요.",
    from_the_beginning: "처음부터 다시 로그인하기",
    only_known_devices: "이 계정에 틀린 비밀번호가 너무 많이 들어왔어요. 당분간은 전에 로그인한 적이 있는 기기에서만 로그인할 수 있어요. 급하면 관리자에게 비밀번호 재설정 링크를 받아 주세요. 아니면 한 시간쯤 뒤에 다시 해 주세요.",
};

static EN: Gate = Gate {
    tagline: "A quiet room for the people close to you",
    sign_in: "Sign in",
    sign_up: "Sign up",
    no_account: "No account yet?",
    have_account: "Already have an account?",
    email: "E-mail",
    password: "Password",
    password_hint: "At least 8 characters. A sentence you like is better still.",
    password_error: |error| match error {
        ValidationError::Empty => "Enter a password.".into(),
        ValidationError::Common => "This password is too common. Choose another.".into(),
        ValidationError::Personal => {
            "A password made of your own name or address is easily guessed. Choose another.".into()
        }
        error => (Language::En.words().field_error)(Field::Password, error),
    },
    name: "Name",
    name_hint: "How you are called in the rooms.",
    code_title: "Enter your code",
    code: "Code from your authenticator app",
    code_hint: "Without your phone, enter a recovery code.",
    from_the_beginning: "Sign in from the beginning",
    only_known_devices: "Too many wrong passwords have been tried for this account. For now it can be signed in to only on devices where that was done before. If it is urgent, ask an administrator for a link to reset the password; otherwise try again in an hour.",
};
