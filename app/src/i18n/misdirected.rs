//! What is said to a request that came to an address that is not answered.

use super::{
    Language,
    catalogue::{Text, catalogue},
};

catalogue! {
    Misdirected {
        /// The right address follows as a link.
        elsewhere: Text,
        /// The instance is on HTTPS; the right address follows as a link.
        over_http: Text,
        /// The host, and what the operator would set the variable to.
        unnamed: fn(&str, &str) -> String,
        malformed: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Misdirected {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Misdirected = Misdirected {
    elsewhere: "이 사랑방은 다른 주소로 열려요. 아래 주소로 들어와 주세요.",
    over_http: "이 사랑방은 HTTPS로만 쓸 수 있어요. 아래 주소로 들어와 주세요.",
    unnamed: |host, url| {
        format!(
            "‘{host}’라는 주소로 온 요청에는 답하지 않아요. 이 주소로 쓰려면 서버를 켜는 분이 SARANGBANG_URL={url} 을 정해 주세요."
        )
    },
    malformed: "요청에 적힌 주소를 알아볼 수 없어요.",
};

static EN: Misdirected = Misdirected {
    elsewhere: "This sarangbang has another address. Please open it there.",
    over_http: "This sarangbang is used over HTTPS only. Please open it there.",
    unnamed: |host, url| {
        format!(
            "Requests to {host} are not answered. To use this address, whoever runs the server sets SARANGBANG_URL={url}."
        )
    },
    malformed: "The address in the request cannot be read.",
};
