//! The server functions. Each takes what was typed, gets the caller from the session, and makes
//! one call into `chat`. Those that a form calls answer with a `Landing`.

mod account;
mod devices;
mod direct;
mod house;
mod invitation_links;
mod invitations;
mod memberships;
mod messages;
mod notices;
mod people;
mod profiles;
mod rooms;
mod second_step;
mod sessions;
mod settings;

pub use account::{change_email, change_password, delete_account};
pub use devices::{end_device, end_other_devices};
pub use direct::talk;
pub use house::{choose_sign_up, do_to_person, reset_password};
pub use invitation_links::{join_room, make_link, revoke_link};
pub use invitations::{decline_invitation, invite_people, withdraw_invitation};
pub use memberships::{
    appoint_member, ban_member, hand_over_room, leave_room, pardon_member, remove_member,
};
pub use messages::{post_message, read_page};
pub use notices::mark_notices_read;
pub use people::sign_up;
pub use profiles::{
    clear_picture, delete_profile, make_default, make_profile, rename_profile, wear_profile,
};
pub use rooms::{
    arrange_room, clear_room_picture, close_room, create_room, enter_room, list_rooms,
};
pub use second_step::{begin_second_step, confirm_second_step, end_second_step, enter_code};
pub use sessions::{sign_in, sign_out};
pub use settings::{set_language, set_theme};
