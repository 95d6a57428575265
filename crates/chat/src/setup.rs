//! Setting an instance up: its first account is an administrator's, and made through a link that only the operator
//! sees.

use crate::{Chat, OrProblem, sessions::sha256};
use domain::{
    invitation_links::{LinkToken, TOKEN_BYTES},
    problem::Problem,
};
use rand::RngCore;
use store::SetupProof;

impl Chat {
    /// Whether there is an account; anybody may know.
    pub async fn is_set_up(&self) -> Result<bool, Problem> {
        self.store.is_set_up().await.or_problem()
    }

    /// Makes a set-up link, which ends an earlier one. None when there is an account already.
    pub async fn make_setup_link(&self) -> Result<Option<LinkToken>, Problem> {
        let mut random = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut random);
        let token = LinkToken::from_random(random);
        let is_made = self.store.make_setup_link(sha256(token.as_str())).await.or_problem()?;
        Ok(is_made.then_some(token))
    }

    /// Whether a set-up link is still good.
    pub async fn open_setup_link(&self, token: &str) -> Result<LinkToken, Problem> {
        let token = LinkToken::parse(token).map_err(|_| Problem::Gone)?;
        let is_good = self.store.is_setup_link(&sha256(token.as_str())).await.or_problem()?;
        if is_good { Ok(token) } else { Err(Problem::Gone) }
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
