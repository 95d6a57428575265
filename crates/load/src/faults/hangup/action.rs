//! The requests during which the client disconnects.

use crate::user::PASSWORD;
use domain::ids::{RoomId, UserId};

/// A request that changes what others may see or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAction {
    SignOut,
    EndOtherDevices,
    ChangePassword,
    DeleteAccount,
    Suspend,
    Ban,
    Remove,
    Leave,
    CloseRoom,
    Enter,
    UpdateRoom,
    Invite,
}

/// Who sends the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Guest,
    Owner,
    Administrator,
}

pub type Fields = Vec<(&'static str, String)>;

impl UserAction {
    pub const ALL: [Self; 12] = [
        Self::SignOut,
        Self::EndOtherDevices,
        Self::ChangePassword,
        Self::DeleteAccount,
        Self::Suspend,
        Self::Ban,
        Self::Remove,
        Self::Leave,
        Self::CloseRoom,
        Self::Enter,
        Self::UpdateRoom,
        Self::Invite,
    ];

    pub const fn by(self) -> By {
        match self {
            Self::Suspend => By::Administrator,
            Self::Ban | Self::Remove | Self::CloseRoom | Self::UpdateRoom | Self::Invite => {
                By::Owner
            }
            _ => By::Guest,
        }
    }

    /// Whether its effect is observed from another device of the guest.
    pub const fn is_seen_elsewhere(self) -> bool {
        matches!(self, Self::EndOtherDevices | Self::ChangePassword)
    }

    /// Whether it changes the guest's account: each scene then needs a guest of its own.
    pub const fn is_about_an_account(self) -> bool {
        matches!(
            self,
            Self::SignOut
                | Self::EndOtherDevices
                | Self::ChangePassword
                | Self::DeleteAccount
                | Self::Suspend
        )
    }

    /// Whether the guest is a member of the room when it begins.
    pub const fn begins_inside(self) -> bool {
        !matches!(self, Self::Enter | Self::Invite)
    }

    /// The path that the form posts to, and its fields.
    pub fn form(self, room: RoomId, guest: UserId) -> (String, Fields) {
        let in_room = || ("room", room.to_string());
        let to_guest = || ("user", guest.to_string());
        let settings = |form: &str| format!("/room/{room}/settings?/{form}");
        let password = || ("password", PASSWORD.to_owned());
        match self {
            Self::SignOut => ("/?/sign_out".to_owned(), Vec::new()),
            Self::EndOtherDevices => ("/account?/end_other_devices".to_owned(), Vec::new()),
            Self::ChangePassword => {
                let new = ("new_password", "시원한 마루의 아침 바람".to_owned());
                ("/account/password?/change_password".to_owned(), vec![password(), new])
            }
            Self::DeleteAccount => {
                let confirmed = ("confirmed", "yes".to_owned());
                ("/account/delete?/delete_account".to_owned(), vec![password(), confirmed])
            }
            Self::Suspend => {
                let action = ("action", "suspend".to_owned());
                (format!("/admin/people/{guest}?/run_admin_action"), vec![to_guest(), action])
            }
            Self::Ban => (settings("ban_member"), vec![in_room(), to_guest()]),
            Self::Remove => (settings("remove_member"), vec![in_room(), to_guest()]),
            Self::Leave => (settings("leave_room"), vec![in_room()]),
            Self::CloseRoom => (settings("close_room"), vec![in_room()]),
            Self::Enter => (format!("/room/{room}?/join_room"), vec![in_room()]),
            Self::UpdateRoom => {
                let rest = [("title", "다른 이름"), ("description", ""), ("visibility", "private")];
                let rest = rest.map(|(name, value)| (name, value.to_owned()));
                (settings("update_room"), [in_room()].into_iter().chain(rest).collect())
            }
            Self::Invite => {
                let users = ("users[]", guest.to_string());
                (format!("/room/{room}/invite?/invite_users"), vec![in_room(), users])
            }
        }
    }
}
