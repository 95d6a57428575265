//! Who did something to whom, as a sentence names them.

use domain::{admin::UserRef, text::Isolated};

#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    User(Isolated<'a>),
    /// The account has been deleted.
    Former,
    /// By a command on the machine.
    Operator,
}

impl<'a> Named<'a> {
    /// None is the operator.
    #[must_use]
    pub fn of(who: Option<&'a UserRef>) -> Self {
        let Some(who) = who else { return Self::Operator };
        who.name.as_ref().map_or(Self::Former, |name| Self::User(Isolated(name.as_str())))
    }

    pub(super) fn ko_subject(self) -> String {
        self.ko("이", "가")
    }

    pub(super) fn ko_object(self) -> String {
        self.ko("을", "를")
    }

    pub(super) fn ko_possessive(self) -> String {
        self.ko("의", "의")
    }

    /// With a particle: the first is for behind a consonant.
    fn ko(self, consonant: &str, vowel: &str) -> String {
        match self {
            Self::User(name) => format!("{name}님{consonant}"),
            Self::Former => format!("떠난 멤버{vowel}"),
            Self::Operator => format!("서버 운영자{vowel}"),
        }
    }

    /// At the beginning of a sentence.
    pub(super) fn en_subject(self) -> String {
        match self {
            Self::User(name) => name.to_string(),
            Self::Former => "A former member".to_owned(),
            Self::Operator => "The operator".to_owned(),
        }
    }

    pub(super) fn en_object(self) -> String {
        match self {
            Self::User(name) => name.to_string(),
            Self::Former => "a former member".to_owned(),
            Self::Operator => "the operator".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Language, admin, notices};
    use domain::{
        admin::{AdminAction, RegistrationMode},
        notices::NoticeKind,
    };

    const MINJI: Named<'static> = Named::User(Isolated("민지"));

    #[test]
    fn sentences_of_the_log_name_users_the_operator_and_former_members() {
        let (ko, en) = (admin::words(Language::Ko).did, admin::words(Language::En).did);
        for (action, by, target, in_korean, in_english) in [
            (
                AdminAction::Promote,
                Named::Operator,
                MINJI,
                "서버 운영자가 민지님을 관리자로 만들었습니다",
                "The operator made 민지 an administrator",
            ),
            (
                AdminAction::Suspend,
                MINJI,
                Named::Former,
                "민지님이 떠난 멤버를 정지했습니다",
                "민지 suspended a former member",
            ),
            (
                AdminAction::RemoveTwoFactor,
                Named::Former,
                MINJI,
                "떠난 멤버가 민지님의 2단계 로그인을 껐습니다",
                "A former member turned off the two-step sign-in of 민지",
            ),
            (
                AdminAction::SetRegistration(RegistrationMode::Closed),
                Named::Operator,
                Named::Operator,
                "서버 운영자가 가입을 닫았습니다",
                "The operator closed sign-up",
            ),
        ] {
            assert_eq!(ko(action, by, target), in_korean);
            assert_eq!(en(action, by, target), in_english);
        }
    }

    #[test]
    fn notices_name_the_operator_without_an_honorific() {
        for kind in [NoticeKind::ResetLinkMade, NoticeKind::TwoFactorRemoved] {
            let told = |language| (notices::words(language).told)(kind, Named::Operator);
            assert!(told(Language::Ko).starts_with("서버 운영자가 내 "), "{}", told(Language::Ko));
            assert!(told(Language::En).starts_with("The operator "), "{}", told(Language::En));
        }
    }
}
