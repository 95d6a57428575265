//! Becoming a person of this instance, and finding the others.

use crate::{
    Actor, Chat, ClientInfo, LoginResult, MapStoreError, SignIn, Token, passwords::Caller,
    setup::proof,
};
use domain::{
    collation::First,
    ids::{RoomId, UserId},
    people::{DIRECTORY_PER_PAGE, Directory, DisplayName, Email, Password, UserCard, UserSummary},
    policy::admin::may_sign_up,
    problem::{AppError, Field, FieldErrors},
    search::Query,
    text::{ValidationError, compose},
};
use store::{NewAccount, NewPerson, PageQuery, Paginated, SetupProof};

/// The most characters that are looked for.
const QUERY_MOST: usize = 80;

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
    /// Makes an account and signs it in. Whoever was invited need not think of a name yet.
    pub async fn sign_up(
        &self,
        form: SignUp,
        client_info: &ClientInfo,
    ) -> Result<SignedUp, AppError> {
        let mut flaws = FieldErrors::default();
        let (typed, email) = (compose(form.name.trim()), Email::parse(&form.email));
        let name = match &email {
            Ok(email) if typed.is_empty() && form.invitation.is_some() => email.name(),
            _ => DisplayName::parse(&typed),
        };
        let name = flaws.check(Field::Name, name);
        let email = flaws.check(Field::Email, email);
        let own = [name.as_ref().map(DisplayName::as_str), email.as_ref().map(Email::as_str)];
        let password = Password::parse(&form.password);
        let password = password.and_then(|password| password.unlike(own.into_iter().flatten()));
        let password = flaws.check(Field::Password, password);
        let (Some(name), Some(email), Some(password)) = (name, email, password) else {
            return Err(flaws.into());
        };
        self.allow_sign_up(&form).await?;
        self.limits.sign_up(client_info.address)?;
        let proof = proof(form.setup_link.as_deref(), form.at_the_machine);
        let password_hash =
            self.passwords.hash(Caller::Stranger(client_info.address), password).await?;
        let new = NewPerson { email, name, password_hash, at: self.now() };
        let client_info = client_info.clone();
        let again = SignIn { email: form.email.clone(), password: form.password.clone() };
        self.run_to_completion(move |chat| async move {
            let (person, room) = match form.invitation {
                Some(invitation) => chat.sign_up_with_invite(new, &invitation).await?,
                None => (chat.make_account(new, proof).await?, None),
            };
            let Some(person) = person else {
                return chat.sign_in_instead(again, &client_info).await;
            };
            let token = chat.open_session(person, &client_info).await?;
            let address = client_info.address;
            tracing::info!(target: "security", event = "signed_up", user = %person, %address);
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
            Ok(LoginResult::Inside(token)) => Ok(SignedUp { token, room: None }),
            Ok(LoginResult::NeedsCode(_)) | Err(_) => {
                Err(AppError::invalid(Field::Email, ValidationError::Taken))
            }
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

    /// None when somebody has the address already.
    async fn make_account(
        &self,
        new: NewPerson,
        proof: SetupProof,
    ) -> Result<Option<UserId>, AppError> {
        match self.store.make_account(new, proof).await.map_store_error()? {
            NewAccount::Made(person) => Ok(Some(person)),
            NewAccount::Taken => Ok(None),
            NewAccount::NotSetUp => Err(AppError::SignUpClosed),
            NewAccount::Gone => Err(AppError::Gone),
        }
    }

    /// A page of everybody here whose name holds what was typed, in the reader's order. Pages count from 1;
    /// one past the end is the last.
    pub async fn directory(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
        first: First,
    ) -> Result<Directory, AppError> {
        self.limits.read_list(actor.person())?;
        let (typed, query) = name_query(typed);
        let of = PageQuery { query: &query, page, per_page: DIRECTORY_PER_PAGE };
        let found = self.store.directory(of, first).await.map_store_error()?;
        Ok(directory(typed, found))
    }

    /// What the actor sees of a person, themselves included.
    pub async fn card(&self, actor: &Actor, person: UserId) -> Result<UserCard, AppError> {
        let face = self.store.face(person).await.map_store_error()?.ok_or(AppError::NotFound)?;
        if person == actor.person() {
            let own = self.store.profiles_of(person).await.map_store_error()?;
            return Ok(UserCard { face, rooms: Vec::new(), own: Some(own) });
        }
        let rooms = self.store.rooms_in_common(actor.person(), person).await.map_store_error()?;
        Ok(UserCard { face, rooms, own: None })
    }
}

/// What was typed, as it is shown again, and what it finds.
pub(crate) fn name_query(typed: &str) -> (String, Query) {
    let typed: String = compose(typed.trim()).chars().take(QUERY_MOST).collect();
    let query = Query::new(&typed);
    (typed, query)
}

pub(crate) fn directory(query: String, found: Paginated<UserSummary>) -> Directory {
    let Paginated { entries: people, found, page, pages } = found;
    Directory { query, people, found, page, pages }
}
