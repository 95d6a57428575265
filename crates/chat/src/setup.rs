//! Setting an instance up: its first account is an administrator's, and made through a link that only the operator
//! sees.

use crate::{Chat, MapStoreError, sessions::sha256};
use domain::{
    error::AppError,
    invitation_links::{SecretToken, TOKEN_BYTES},
};
use rand::RngCore;
use store::SetupProof;

impl Chat {
    /// Whether there is an account; no permission is needed.
    pub async fn is_set_up(&self) -> Result<bool, AppError> {
        self.store.is_set_up().await.map_store_error()
    }

    /// Makes a set-up link, which ends an earlier one. None when there is an account already.
    pub async fn make_setup_link(&self) -> Result<Option<SecretToken>, AppError> {
        let mut random = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut random);
        let token = SecretToken::from_random(random);
        let is_made = self.store.make_setup_link(sha256(token.as_str())).await.map_store_error()?;
        Ok(is_made.then_some(token))
    }

    /// Whether a set-up link is still good.
    pub async fn open_setup_link(&self, token: &str) -> Result<SecretToken, AppError> {
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let is_good = self.store.is_setup_link(&sha256(token.as_str())).await.map_store_error()?;
        if is_good { Ok(token) } else { Err(AppError::Gone) }
    }
}

/// What a sign-up has to show for being the first.
pub(crate) fn proof(link: Option<&str>, at_the_machine: bool) -> SetupProof {
    match link {
        Some(token) => SetupProof::Link(sha256(token)),
        None if at_the_machine => SetupProof::AtTheMachine,
        None => SetupProof::None,
    }
}
