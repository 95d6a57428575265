//! 한국어.

use crate::i18n::{
    Language,
    ko::{grouped, too_long},
    quotas,
};
use domain::{
    avatars::ImageLimit,
    error::{AppError, Field, FieldError, What},
    text::ValidationError,
};

pub fn sentence(error: &AppError) -> String {
    let sentence = match error {
        AppError::Invalid { .. } => "입력한 내용을 다시 확인해 주세요.",
        AppError::EmailTaken => "이미 가입한 이메일이에요.",
        AppError::WrongPassword => "지금 쓰는 비밀번호가 아니에요.",
        AppError::WrongCode => WRONG_CODE,
        AppError::PendingLoginExpired => {
            "시간이 지났거나 너무 여러 번 틀렸어요. 처음부터 다시 로그인해 주세요."
        }
        AppError::LastOwner => "방장을 다른 멤버에게 넘기거나 방을 닫아야 나갈 수 있어요.",
        AppError::LastAdministrator => {
            "마지막 관리자예요. 먼저 다른 사람을 관리자로 만들어 주세요."
        }
        AppError::NoUserChosen => "초대할 사람을 골라 주세요.",
        AppError::TooManyInvited { most } => {
            return format!("한 번에 {most}명까지 초대할 수 있어요.");
        }
        AppError::DefaultProfile => {
            "기본 프로필은 지울 수 없어요. 다른 프로필을 먼저 기본으로 정해 주세요."
        }
        AppError::TooManyProfiles { most } => {
            return format!("프로필은 {most}개까지 만들 수 있어요.");
        }
        AppError::NoImage => "사진을 골라 주세요.",
        AppError::ImageTooLarge { limit } => return image_too_large(*limit),
        AppError::UnreadableImage => {
            "읽을 수 없는 파일이에요. PNG, JPEG, WebP, GIF 사진을 골라 주세요."
        }
        AppError::Malformed => "요청을 알아듣지 못했어요. 새로 고침하고 다시 해 주세요.",
        AppError::WrongCredentials => "이메일이나 비밀번호가 맞지 않아요.",
        AppError::Suspended => "정지된 계정이에요. 관리자에게 물어봐 주세요.",
        AppError::SignUpClosed => "지금은 초대 없이 가입할 수 없어요.",
        AppError::SignedOut => "로그인이 필요해요.",
        AppError::NotFound(what) => not_found(*what),
        AppError::NotAllowed => "이 방에서 할 수 없는 일이에요.",
        AppError::Gone => "더는 쓸 수 없는 링크예요. 새 링크를 받아 주세요.",
        AppError::Conflict => "다른 내용으로 이미 보냈어요. 한 번 더 보내 주세요.",
        AppError::SlowDown { seconds } => {
            return format!("조금 천천히 해 주세요. {seconds}초 뒤에 다시 할 수 있어요.");
        }
        AppError::QuotaReached { quota, most } => {
            return quotas::sentence(Language::Ko, *quota, *most);
        }
        AppError::OnlyKnownDevices => {
            "이 계정에 틀린 비밀번호가 너무 많이 들어왔어요. 당분간은 전에 로그인한 적이 있는 기기에서만 로그인할 수 있어요. 급하면 관리자에게 비밀번호 재설정 링크를 받아 주세요. 아니면 한 시간쯤 뒤에 다시 해 주세요."
        }
        AppError::Busy => "지금은 처리하지 못했어요. 잠시 뒤 다시 해 주세요.",
        AppError::TooLarge => "한 번에 보내기에는 너무 커요.",
        AppError::CrossSite => "다른 사이트에서 온 요청이라 받지 않았어요.",
        AppError::Internal { id } => {
            return format!("저희 쪽에 문제가 생겼어요. 알려 주실 때 이 번호를 적어 주세요: {id}.");
        }
    };
    sentence.to_owned()
}

const fn not_found(what: What) -> &'static str {
    match what {
        What::Room => "그런 방을 찾지 못했어요.",
        What::User => "그런 사람을 찾지 못했어요.",
        What::Member => "그런 멤버를 찾지 못했어요.",
        What::Profile => "그런 프로필을 찾지 못했어요.",
        What::Avatar => "그런 사진을 찾지 못했어요.",
        What::InvitationLink => "그런 초대 링크를 찾지 못했어요.",
        What::TwoFactorSetup => {
            "2단계 로그인 설정이 끝났거나 다른 곳에서 시작됐어요. 처음부터 다시 해 주세요."
        }
        What::Page => "그런 페이지를 찾지 못했어요.",
    }
}

const WRONG_CODE: &str = "맞지 않거나 이미 쓴 코드예요. 다음 코드로 다시 해 보세요.";
const CHECK: &str = "다시 확인해 주세요.";

pub fn field_sentence(FieldError { field, error }: FieldError) -> String {
    let sentence = match error {
        ValidationError::Empty => empty(field),
        ValidationError::InvalidFormat => invalid_format(field),
        ValidationError::NotConfirmed => "계속하려면 이 칸에 표시해 주세요.",
        ValidationError::TooShort { least } => return format!("{least}자 이상이어야 해요."),
        ValidationError::TooLong { most } => return too_long(most),
        ValidationError::Control => "쓸 수 없는 문자가 들어 있어요.",
        ValidationError::Common => "너무 흔한 비밀번호예요. 다른 것으로 정해 주세요.",
        ValidationError::Personal => {
            "내 이름이나 이메일로 만든 비밀번호는 맞히기 쉬워요. 다른 것으로 정해 주세요."
        }
    };
    sentence.to_owned()
}

const fn empty(field: Field) -> &'static str {
    match field {
        Field::Email => "이메일을 입력해 주세요.",
        Field::Name => "이름을 입력해 주세요.",
        Field::Password | Field::NewPassword => "비밀번호를 입력해 주세요.",
        Field::PresentPassword => "지금 쓰는 비밀번호를 입력해 주세요.",
        Field::Title => "방 이름을 입력해 주세요.",
        Field::Room => "방 링크나 아이디를 입력해 주세요.",
        Field::Text => "메시지를 입력해 주세요.",
        Field::Code => "코드를 입력해 주세요.",
        Field::Profile
        | Field::Avatar
        | Field::Description
        | Field::Owner
        | Field::Users
        | Field::Administrator
        | Field::Confirmation => CHECK,
    }
}

const fn invalid_format(field: Field) -> &'static str {
    match field {
        Field::Email => "이메일 주소를 다시 확인해 주세요.",
        Field::Room => "방 링크나 아이디가 아닌 것 같아요.",
        Field::Code => WRONG_CODE,
        Field::Name
        | Field::Password
        | Field::NewPassword
        | Field::PresentPassword
        | Field::Title
        | Field::Text
        | Field::Profile
        | Field::Avatar
        | Field::Description
        | Field::Owner
        | Field::Users
        | Field::Administrator
        | Field::Confirmation => CHECK,
    }
}

fn image_too_large(limit: ImageLimit) -> String {
    match limit {
        ImageLimit::Bytes(most) => {
            format!("사진이 너무 커요. {}MB까지 올릴 수 있어요.", most / 1_048_576)
        }
        ImageLimit::Pixels(most) => {
            format!("사진이 너무 커요. {} 화소까지 올릴 수 있어요.", in_ten_thousands(most))
        }
    }
}

/// A large number of pixels as Korean says it: in ten thousands, whole thousands of those by their own word.
fn in_ten_thousands(number: u32) -> String {
    match number / 10_000 {
        count if count >= 1_000 && count % 1_000 == 0 && count < 10_000 => {
            format!("{}천만", count / 1_000)
        }
        count => format!("{}만", grouped(count)),
    }
}
