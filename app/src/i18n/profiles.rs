//! What the pages of one's own profiles say.

use super::{
    Language,
    catalogue::{Text, catalogue},
};
use domain::text::Isolated;

catalogue! {
    Profiles {
        title: Text,
        hint: Text,
        default: Text,
        edit: fn(Isolated<'_>) -> String,
        new: Text,
        new_hint: Text,
        name: Text,
        make: Text,
        in_rooms: Text,
        in_rooms_hint: Text,
        /// The choice of the default in a room's list.
        as_default: fn(Isolated<'_>) -> String,
        profile_in: fn(Isolated<'_>) -> String,
        choose: Text,
        edit_title: Text,
        save: Text,
        set_default_profile: Text,
        make_default_hint: Text,
        delete: Text,
        delete_hint: Text,
        avatar: Text,
        change_avatar: Text,
        add_avatar: Text,
        choose_file: Text,
        file_hint: Text,
        or_drop: Text,
        crop: Text,
        zoom: Text,
        upload: Text,
        clear: Text,
    }
}

#[must_use]
pub const fn words(language: Language) -> &'static Profiles {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

static KO: Profiles = Profiles {
    title: "내 프로필",
    hint: "기본 프로필은 어디서나 보여요. 방마다 다른 프로필을 쓸 수도 있어요.",
    default: "기본",
    edit: |name| format!("{name} 프로필 고치기"),
    new: "새 프로필",
    new_hint: "가족, 모임, 일터에서 저마다 다른 이름과 사진을 쓸 수 있어요.",
    name: "이름",
    make: "만들기",
    in_rooms: "방에서 쓰는 프로필",
    in_rooms_hint: "고르지 않은 방에서는 기본 프로필이 보여요.",
    as_default: |name| format!("기본 ({name})"),
    profile_in: |room| format!("{room}에서 쓸 프로필"),
    choose: "바꾸기",
    edit_title: "프로필 고치기",
    save: "저장",
    set_default_profile: "기본 프로필로 쓰기",
    make_default_hint: "따로 고르지 않은 모든 방에서 이 프로필이 보여요.",
    delete: "프로필 지우기",
    delete_hint: "이 프로필을 쓰던 방에서는 기본 프로필이 보여요.",
    avatar: "프로필 사진",
    change_avatar: "사진 바꾸기",
    add_avatar: "사진 올리기",
    choose_file: "사진 파일",
    file_hint: "PNG, JPEG, WebP, GIF. 8MB, 4천만 화소까지 올릴 수 있어요.",
    or_drop: "여기에 끌어다 놓거나 붙여 넣어도 돼요.",
    crop: "보일 부분. 끌거나 화살표 키로 옮겨요.",
    zoom: "확대",
    upload: "이 사진 쓰기",
    clear: "사진 없애기",
};

static EN: Profiles = Profiles {
    title: "Your profiles",
    hint: "Your default profile is what people see everywhere. A room can see another one.",
    default: "Default",
    edit: |name| format!("Edit the profile {name}"),
    new: "New profile",
    new_hint: "Use one name and picture with your family, and another with your club or at work.",
    name: "Name",
    make: "Make",
    in_rooms: "What each room sees",
    in_rooms_hint: "A room for which you choose nothing sees your default profile.",
    as_default: |name| format!("Default ({name})"),
    profile_in: |room| format!("Profile for {room}"),
    choose: "Change",
    edit_title: "Edit profile",
    save: "Save",
    set_default_profile: "Make this the default",
    make_default_hint: "Every room for which you chose nothing else will see this profile.",
    delete: "Delete this profile",
    delete_hint: "Rooms that saw it will see your default profile.",
    avatar: "Profile picture",
    change_avatar: "Change picture",
    add_avatar: "Add a picture",
    choose_file: "Picture file",
    file_hint: "PNG, JPEG, WebP or GIF, up to 8 MB and 40 megapixels.",
    or_drop: "You can also drop or paste it here.",
    crop: "The part that is shown. Drag it, or use the arrow keys.",
    zoom: "Zoom",
    upload: "Use this picture",
    clear: "Remove the picture",
};
