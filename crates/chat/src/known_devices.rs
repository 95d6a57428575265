//! Known devices: a browser on which a user has signed in keeps a token of its own, by which failures elsewhere do
//! not keep that user out of it. It opens nothing: the password is asked for all the same.

use crate::{
    Actor, Chat, ClientInfo, MapStoreError, Token,
    limits::{LimitedAction, Reservation, Subject, address_block, network},
    sessions::sha256,
};
use domain::{error::AppError, ids::UserId};
use store::{DeviceToken, DeviceUse};

impl Chat {
    /// Remembers the device on which the user has just signed in or changed the password, for a year. Answers the
    /// token for its cookie; none when the session has been ended meanwhile.
    pub async fn remember_device(
        &self,
        actor: &Actor,
        client_info: &ClientInfo,
    ) -> Result<Option<Token>, AppError> {
        let fresh = Token::generate();
        let device = DeviceUse {
            user: actor.user(),
            session: actor.session(),
            presented: client_info.device_token.as_deref().map(sha256),
            new_token: sha256(fresh.as_str()),
            at: self.now(),
        };
        let presented = client_info.device_token.clone();
        self.run_to_completion(move |chat| async move {
            let remembered = chat.store.remember_device(device).await.map_store_error()?;
            Ok(match remembered {
                Some(DeviceToken::Presented) => presented.map(Token::presented),
                Some(DeviceToken::New) => Some(fresh),
                None => None,
            })
        })
        .await
    }

    /// The hash of the device's token, if the user is known on it.
    pub(crate) async fn known_device(
        &self,
        user: UserId,
        client_info: &ClientInfo,
    ) -> Result<Option<[u8; 32]>, AppError> {
        let Some(hash) = client_info.device_token.as_deref().map(sha256) else { return Ok(None) };
        let is_known =
            self.store.is_known_device(&hash, user, self.now()).await.map_store_error()?;
        Ok(is_known.then_some(hash))
    }

    /// Counts a wrong password in advance: on a known device by itself, else by account and network, by address, and
    /// over all networks.
    pub(crate) fn count_password(
        &self,
        email_key: &str,
        known_device: Option<[u8; 32]>,
        client_info: &ClientInfo,
    ) -> Result<Reservation<'_>, AppError> {
        let account = sha256(email_key);
        if let Some(device) = known_device {
            let on_device = Subject::AccountOn(account, device);
            return self.limits.reserve(vec![(LimitedAction::FailedPassword, on_device)]);
        }
        let (address, from) = (address_block(client_info.address), network(client_info.address));
        self.limits.reserve(vec![
            (LimitedAction::FailedFromAddress, Subject::Address(address)),
            (LimitedAction::FailedPassword, Subject::AccountFrom(account, from)),
            (LimitedAction::FailedPasswordOfAccount, Subject::Account(account)),
        ])
    }

    /// Counts a wrong code of the second step in advance: on a known device by itself, else by user and by address.
    pub(crate) async fn count_code(
        &self,
        user: UserId,
        client_info: &ClientInfo,
    ) -> Result<Reservation<'_>, AppError> {
        if let Some(device) = self.known_device(user, client_info).await? {
            let counted = (LimitedAction::FailedCode, Subject::UserOn(user, device));
            return self.limits.reserve(vec![counted]);
        }
        self.limits.reserve(vec![
            (
                LimitedAction::FailedFromAddress,
                Subject::Address(address_block(client_info.address)),
            ),
            (LimitedAction::FailedCode, Subject::User(user)),
        ])
    }

    pub(crate) async fn sweep_known_devices(&self) -> store::Result<u64> {
        self.store.sweep_known_devices(self.now()).await
    }
}
