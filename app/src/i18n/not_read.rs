//! What is said of requests that were not read to their end. The server draws these pages alone.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use crate::pages::NotRead;

catalogue! {
    Words {
        title: Text,
        sentence: fn(NotRead) -> Text,
        back: Text,
        /// Before anything was asked: there is no page around it.
        too_many_connections: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Words = Words {
    title: "보내지 못했어요",
    sentence: |why| match why {
        NotRead::TooLarge => {
            "한 번에 보내기에는 너무 커요. 브라우저에서 뒤로 가면 쓰던 내용이 남아 있어요. 줄여서 다시 보내 주세요."
        }
        NotRead::TooSlow => {
            "연결이 너무 느려서 끝까지 받지 못했어요. 브라우저에서 뒤로 가면 쓰던 내용이 남아 있어요. 연결을 확인하고 다시 보내 주세요."
        }
        NotRead::TooManyUploads => {
            "지금 올리는 파일이 너무 많아요. 앞의 파일이 다 올라간 뒤에 다시 올려 주세요."
        }
    },
    back: "돌아가기",
    too_many_connections: "지금 연결이 너무 많아요. 쓰지 않는 창을 닫고 잠시 뒤에 새로 고침해 주세요.",
};

static EN: Words = Words {
    title: "That was not sent",
    sentence: |why| match why {
        NotRead::TooLarge => {
            "That is too much to send at once. Go back in your browser to find what you wrote, make it shorter and send it again."
        }
        NotRead::TooSlow => {
            "The connection was too slow, and not everything arrived. Go back in your browser to find what you wrote, check the connection and send it again."
        }
        NotRead::TooManyUploads => {
            "Too many files are being sent at the moment. Wait until those before it have arrived, then send this one again."
        }
    },
    back: "Back to the page",
    too_many_connections: "There are too many connections at the moment. Close the tabs that you do not need, and reload in a moment.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        for language in [Language::Ko, Language::En] {
            let said: HashSet<_> = NotRead::ALL.map(words(language).sentence).into();
            assert_eq!(said.len(), NotRead::ALL.len(), "{language:?}");
        }
    }
}
