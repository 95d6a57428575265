//! What is said when there are as many as there may be.

use super::Language;
use domain::quotas::Quota;

pub(super) fn sentence(language: Language, quota: Quota, most: u32) -> String {
    match language {
        Language::Ko => korean(quota, &super::ko::grouped(most)),
        Language::En => english(quota, &super::ko::grouped(most)),
    }
}

fn korean(quota: Quota, most: &str) -> String {
    match quota {
        Quota::RoomsMadeADay => {
            format!("방은 하루에 {most}개까지 만들 수 있어요. 내일 다시 만들어 주세요.")
        }
        Quota::RoomsOwned => format!(
            "한 사람이 방장을 맡을 수 있는 방은 {most}개까지예요. 쓰지 않는 방을 닫거나 넘긴 뒤 다시 해 주세요."
        ),
        Quota::RoomsJoined => format!(
            "한 사람이 들어갈 수 있는 방은 {most}개까지예요. 다른 방에서 나간 뒤 다시 해 주세요."
        ),
        Quota::DirectRooms => format!("일대일 대화는 {most}개까지 열 수 있어요."),
        Quota::Members => format!("자리가 없어요. 한 방에는 {most}명까지 들어갈 수 있어요."),
        Quota::Invitations => format!(
            "답을 기다리는 초대는 한 방에 {most}명까지예요. 기다리는 초대를 취소한 뒤 다시 해 주세요."
        ),
        Quota::Links => format!(
            "초대 링크는 한 방에 {most}개까지 만들 수 있어요. 쓰지 않는 링크를 없앤 뒤 다시 해 주세요."
        ),
    }
}

fn english(quota: Quota, most: &str) -> String {
    match quota {
        Quota::RoomsMadeADay => {
            format!("You can make at most {most} rooms a day. Try again tomorrow.")
        }
        Quota::RoomsOwned => format!(
            "One person can own at most {most} rooms. Close one or hand one over, and try again."
        ),
        Quota::RoomsJoined => {
            format!("One person can be in at most {most} rooms. Leave another one, and try again.")
        }
        Quota::DirectRooms => format!("You can open at most {most} one-to-one rooms."),
        Quota::Members => format!("The room is full: it holds at most {most} people."),
        Quota::Invitations => format!(
            "At most {most} invitations into a room can wait for an answer. Take some back, and try again."
        ),
        Quota::Links => {
            format!("A room can have at most {most} invitation links. Revoke one, and try again.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::errors;
    use domain::error::AppError;
    use std::collections::HashSet;

    #[test]
    fn each_quota_has_a_sentence_that_names_the_number() {
        for language in [Language::Ko, Language::En] {
            let said = Quota::ALL.map(|quota| {
                errors::sentence(language, &AppError::QuotaReached { quota, most: 1_234 })
            });
            assert!(said.iter().all(|it| it.contains("1,234") && it.ends_with('.')), "{said:?}");
            assert_eq!(said.iter().collect::<HashSet<_>>().len(), said.len());
        }
    }
}
