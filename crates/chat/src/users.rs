//! Becoming a person of this instance, and finding the others.

use crate::{
    Actor, Chat, ClientInfo, LoginResult, MapStoreError, SignIn, Token, passwords::Caller,
    setup::proof,
};
use domain::{
    collation::ScriptFirst,
    error::{AppError, Field, FieldErrors, What},
    ids::{RoomId, UserId},
    name_search::Query,
    pagination::Paginated,
    policy::admin::may_sign_up,
    profiles::UserCard,
    text::compose,
    users::{DIRECTORY_PER_PAGE, DisplayName, Email, Password, UserSummary},
};
use store::{NewUser, PageQuery, SetupProof, SignUpOutcome};

/// The most characters that are looked for.
const MAX_QUERY: usize = 80;

/// The form, as typed.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub email: String,
    pub name: String,
    pub password: String,
    /// The secret of the invitation link by which they come, if they do.
    pub invitation: Option<String>,
    /// The secret of the set-up link by which they come, if they do.
    pub setup_link: Option<String>,
    /// Whether they are at the machine on which the instance runs, where the first needs no link.
    pub at_the_machine: bool,
}

/// A new account, signed in.
#[derive(Debug, Clone)]
pub struct SignedUp {
    pub token: Token,
    /// The room that the invitation let them into.
    pub room: Option<RoomId>,
}

impl Chat {
    /// Makes an account and signs it in. With an invitation the name may be left out.
    pub async fn sign_up(
        &self,
        form: SignUp,
        client_info: &ClientInfo,
    ) -> Result<SignedUp, AppError> {
        let mut errors = FieldErrors::default();
        let (typed, email) = (compose(form.name.trim()), Email::parse(&form.email));
        let name = match &email {
            Ok(email) if typed.is_empty() && form.invitation.is_some() => email.name(),
            _ => DisplayName::parse(&typed),
        };
        let name = errors.check(Field::Name, name);
        let email = errors.check(Field::Email, email);
        let own = [name.as_ref().map(DisplayName::as_str), email.as_ref().map(Email::as_str)];
        let password = Password::parse(&form.password);
        let password = password.and_then(|password| password.unlike(own.into_iter().flatten()));
        let password = errors.check(Field::Password, password);
        let (Some(name), Some(email), Some(password)) = (name, email, password) else {
            return Err(errors.into());
        };
        self.allow_sign_up(&form).await?;
        self.limits.sign_up(client_info.address)?;
        let proof = proof(form.setup_link.as_deref(), form.at_the_machine);
        let password_hash =
            self.passwords.hash(Caller::Stranger(client_info.address), password).await?;
        let new = NewUser { email, name, password_hash, at: self.now() };
        let client_info = client_info.clone();
        let again = SignIn { email: form.email.clone(), password: form.password.clone() };
        self.run_to_completion(move |chat| async move {
            let (user, room) = match form.invitation {
                Some(invitation) => chat.sign_up_with_invite(new, &invitation).await?,
                None => (chat.make_account(new, proof).await?, None),
            };
            let Some(user) = user else {
                return chat.sign_in_instead(again, &client_info).await;
            };
            let token = chat.open_session(user, &client_info).await?;
            let address = client_info.address;
            tracing::info!(target: "security", event = "signed_up", user = %user, %address);
            Ok(SignedUp { token, room })
        })
        .await
    }

    /// Of an address that has an account: a form that was sent twice, or a user who forgot that they had signed up,
    /// knows its password, and is let in as by a sign-in, with the limits of one.
    async fn sign_in_instead(
        &self,
        form: SignIn,
        client_info: &ClientInfo,
    ) -> Result<SignedUp, AppError> {
        match self.sign_in(form, client_info).await {
            Ok(LoginResult::Session(token)) => Ok(SignedUp { token, room: None }),
            Ok(LoginResult::NeedsCode(_)) | Err(_) => Err(AppError::EmailTaken),
        }
    }

    /// Goes on if the form's sender may have an account. The transaction that makes it asks again whether they
    /// may have the first.
    async fn allow_sign_up(&self, form: &SignUp) -> Result<(), AppError> {
        if let Some(link) = &form.setup_link {
            return self.open_setup_link(link).await.map(|_| ());
        }
        let may = if self.is_set_up().await? {
            may_sign_up(self.registration_mode().await?, form.invitation.is_some())
        } else {
            form.at_the_machine
        };
        if may { Ok(()) } else { Err(AppError::SignUpClosed) }
    }

    /// None when another account has the address already.
    async fn make_account(
        &self,
        new: NewUser,
        proof: SetupProof,
    ) -> Result<Option<UserId>, AppError> {
        match self.store.make_account(new, proof).await.map_store_error()? {
            SignUpOutcome::Made(user) => Ok(Some(user)),
            SignUpOutcome::Taken => Ok(None),
            SignUpOutcome::NotSetUp => Err(AppError::SignUpClosed),
            SignUpOutcome::Gone => Err(AppError::Gone),
        }
    }

    /// A page of the users whose name matches what was typed, in the reader's order. Pages count from 1;
    /// one past the end is the last.
    pub async fn directory(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
        first: ScriptFirst,
    ) -> Result<Paginated<UserSummary>, AppError> {
        self.limits.read_list(actor.user())?;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PER_PAGE };
        let found = self.store.directory(of, first).await.map_store_error()?;
        Ok(found.for_query(typed))
    }

    /// What the actor sees of a person, themselves included.
    pub async fn card(&self, actor: &Actor, user: UserId) -> Result<UserCard, AppError> {
        let summary = self
            .store
            .summary(user)
            .await
            .map_store_error()?
            .ok_or(AppError::NotFound(What::User))?;
        if user == actor.user() {
            let own = self.store.profiles_of(user).await.map_store_error()?;
            return Ok(UserCard { summary, rooms: Vec::new(), own: Some(own) });
        }
        let rooms = self.store.rooms_in_common(actor.user(), user).await.map_store_error()?;
        Ok(UserCard { summary, rooms, own: None })
    }
}

/// What was typed, as it is shown again, and what it finds.
pub(crate) fn name_query(typed: &str) -> (String, Query) {
    let typed: String = compose(typed.trim()).chars().take(MAX_QUERY).collect();
    let query = Query::new(&typed);
    (typed, query)
}
