//! What sign-in and sign-up say.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

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
        name: Text,
        name_hint: Text,
        code_title: Text,
        code: Text,
        code_hint: Text,
        from_the_beginning: Text,
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
    name: "이름",
    name_hint: "방에서 보이는 이름이에요.",
    code_title: "코드 입력",
    code: "인증 앱의 코드",
    code_hint: "휴대전화가 없으면 복구 코드를 입력하세요.",
    from_the_beginning: "처음부터 다시 로그인하기",
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
    name: "Name",
    name_hint: "How you are called in the rooms.",
    code_title: "Enter your code",
    code: "Code from your authenticator app",
    code_hint: "Without your phone, enter a recovery code.",
    from_the_beginning: "Sign in from the beginning",
};
