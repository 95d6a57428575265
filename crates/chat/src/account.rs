//! One's own account: address, password, what was chosen for every device, and leaving for good. Whatever
//! could lock the user out of their account asks for the password first.

use crate::{
    Actor, Chat, ClientInfo, MapStoreError,
    limits::{LimitedAction, Subject},
    passwords::Caller,
};
use domain::{
    account::{Account, Confirmation, Preferences},
    error::{AppError, Field, FieldErrors},
    users::{Email, Password},
};
use store::{AccountRow, DeletionOutcome, EmailOutcome, TotpState};

/// The form, as typed.
#[derive(Debug, Clone)]
pub struct ChangeEmail {
    pub email: String,
    pub password: String,
}

/// The form, as typed. `Debug` is redacted.
#[derive(Clone)]
pub struct ChangePassword {
    pub password: String,
    pub new_password: String,
}

impl Chat {
    /// What the account holds, and where it is signed in.
    pub async fn account(&self, actor: &Actor) -> Result<Account, AppError> {
        let AccountRow { email, email_is_shared, .. } = self.own_account(actor).await?;
        let known = self.store.two_factor(actor.user()).await.map_store_error()?;
        let has_two_factor = matches!(known, Some(TotpState::On { .. }));
        let devices = self.devices(actor).await?;
        Ok(Account { email, email_is_shared, has_two_factor, devices })
    }

    pub async fn change_email(
        &self,
        actor: &Actor,
        form: ChangeEmail,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        let mut errors = FieldErrors::default();
        let email = errors.check(Field::Email, Email::parse(&form.email));
        errors.check(Field::PresentPassword, Password::for_login(&form.password));
        let Some(email) = email.filter(|_| errors.is_empty()) else { return Err(errors.into()) };
        let checked = self.verify_own_password(actor, &form.password, client_info).await?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            match chat.store.change_email(user, &email, &checked).await.map_store_error()? {
                EmailOutcome::Done => {
                    tracing::info!(target: "security", event = "email_changed", user = %user);
                    Ok(())
                }
                EmailOutcome::Taken => Err(AppError::EmailTaken),
                EmailOutcome::PasswordChanged => Err(AppError::WrongPassword),
            }
        })
        .await
    }

    /// Changes the password and signs the person out everywhere but here.
    pub async fn change_password(
        &self,
        actor: &Actor,
        form: ChangePassword,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        let mut errors = FieldErrors::default();
        errors.check(Field::PresentPassword, Password::for_login(&form.password));
        let new = errors.check(Field::NewPassword, Password::parse(&form.new_password));
        let Some(new) = new.filter(|_| errors.is_empty()) else { return Err(errors.into()) };
        let changed = self.replace_password(actor, &form.password, new.clone(), client_info).await;
        // Of a form that was sent twice the first has changed it.
        if changed == Err(AppError::WrongPassword) && self.is_own_password(actor, new).await? {
            return Ok(());
        }
        changed
    }

    async fn replace_password(
        &self,
        actor: &Actor,
        present: &str,
        new: Password,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        let checked = self.verify_own_password(actor, present, client_info).await?;
        let email = self.own_account(actor).await?.email;
        let new = new.unlike([actor.viewer().name.as_str(), email.as_str()]);
        let new = new.map_err(|error| AppError::invalid(Field::NewPassword, error))?;
        let hash = self.passwords.hash(Caller::Known(actor.user()), new).await?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let (user, session) = (actor.user(), actor.session());
            let changed = chat.store.change_password(user, &hash, session, &checked).await;
            chat.publish(changed.map_store_error()?.ok_or(AppError::WrongPassword)?).await;
            tracing::info!(target: "security", event = "password_changed", %user, %session);
            Ok(())
        })
        .await
    }

    /// Deletes the account for ever. Its messages stay, without a name.
    pub async fn delete_account(
        &self,
        actor: &Actor,
        password: &str,
        is_sure: bool,
        client_info: &ClientInfo,
    ) -> Result<(), AppError> {
        let mut errors = FieldErrors::default();
        errors.check(Field::PresentPassword, Password::for_login(password));
        errors.check(Field::Confirmation, Confirmation::parse(is_sure));
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let checked = self.verify_own_password(actor, password, client_info).await?;
        let actor = actor.clone();
        self.run_to_completion(move |chat| async move {
            let _guard = chat.lock_memberships().await;
            let user = actor.user();
            match chat.store.delete_user(user, chat.now(), &checked).await.map_store_error()? {
                DeletionOutcome::Done(committed) => {
                    chat.publish(committed).await;
                    tracing::info!(target: "security", event = "account_deleted", %user);
                    chat.log_how_to_set_up().await;
                    Ok(())
                }
                DeletionOutcome::NoSuchUser => Err(AppError::SignedOut),
                DeletionOutcome::PasswordChanged => Err(AppError::WrongPassword),
                DeletionOutcome::LastAdministrator => Err(AppError::LastAdministrator),
            }
        })
        .await
    }

    /// For the operator, once the last account has been deleted.
    async fn log_how_to_set_up(&self) {
        if let Ok(false) = self.store.is_set_up().await {
            tracing::info!(
                "the last account is deleted: `sarangbang setup-link` leads to a first one"
            );
        }
    }

    /// Whether an older account has the same address, so that the user is asked to change it.
    pub async fn shares_address(&self, actor: &Actor) -> Result<bool, AppError> {
        Ok(self.own_account(actor).await?.email_is_shared)
    }

    pub async fn preferences(&self, actor: &Actor) -> Result<Preferences, AppError> {
        Ok(self.own_account(actor).await?.preferences)
    }

    /// Keeps a language, by its code, for the devices on which the person signs in from now on.
    pub async fn choose_language(&self, actor: &Actor, code: &str) -> Result<(), AppError> {
        self.limits.account(actor.user())?;
        let (user, code) = (actor.user(), code.to_owned());
        self.run_to_completion(move |chat| async move {
            chat.store.choose_language(user, &code).await.map_store_error()
        })
        .await
    }

    /// The same for light and dark.
    pub async fn choose_theme(&self, actor: &Actor, code: &str) -> Result<(), AppError> {
        self.limits.account(actor.user())?;
        let (user, code) = (actor.user(), code.to_owned());
        self.run_to_completion(move |chat| async move {
            chat.store.choose_theme(user, &code).await.map_store_error()
        })
        .await
    }

    pub(crate) async fn own_account(&self, actor: &Actor) -> Result<AccountRow, AppError> {
        self.store.account(actor.user()).await.map_store_error()?.ok_or(AppError::SignedOut)
    }

    /// Goes on if this is the actor's password, and answers its hash: what follows is done only where it still is.
    /// Wrong ones are counted by session: failed sign-ins do not count.
    pub(crate) async fn verify_own_password(
        &self,
        actor: &Actor,
        password: &str,
        client_info: &ClientInfo,
    ) -> Result<String, AppError> {
        let refused = |error| AppError::invalid(Field::PresentPassword, error);
        let password = Password::for_login(password).map_err(refused)?;
        let session = Subject::Session(actor.session());
        let counted = self.limits.reserve(vec![(LimitedAction::FailedPassword, session)])?;
        let hash = self.own_account(actor).await?.password_hash;
        let caller = Caller::Known(actor.user());
        match self.passwords.verify(caller, password, Some(hash.clone())).await {
            Ok(false) => {
                let (user, session) = (actor.user(), actor.session());
                let address = client_info.address;
                tracing::info!(
                    target: "security", event = "password_check_failed", %user, %session, %address,
                );
                Err(AppError::WrongPassword)
            }
            checked => {
                counted.give_back();
                checked.map(|_| hash)
            }
        }
    }

    /// Whether it is the actor's password at present. Not counted: only what was refused as another, and counted,
    /// leads here.
    async fn is_own_password(&self, actor: &Actor, password: Password) -> Result<bool, AppError> {
        let hash = self.own_account(actor).await?.password_hash;
        self.passwords.verify(Caller::Known(actor.user()), password, Some(hash)).await
    }
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangePassword(…)")
    }
}
