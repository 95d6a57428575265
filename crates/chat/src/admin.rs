//! Looking after the instance: who lives here, who may come, and what was done about it. To everybody but its
//! administrators there is nothing of the kind.

use crate::{
    Actor, Chat, ClientInfo, MapStoreError, Token, passwords::Caller, people::name_query,
    sessions::sha256,
};
use domain::{
    admin::{
        ADMIN_PER_PAGE, AdminAction, AdminRoomSummary, AdminUserDetail, AdminUserSummary, Entry,
        InstanceRole, Leaf, PASSWORD_RESET_TTL_MILLIS, RegistrationMode,
    },
    clock::Millis,
    ids::UserId,
    invitation_links::{SecretToken, TOKEN_BYTES},
    people::{Email, Password, TypedEmail},
    policy::admin::{AdminPermission, AdminTarget, admin_can},
    problem::{AppError, Field},
    text::ValidationError,
};
use rand::RngCore;
use store::{AdminCommand, Committed, Done, PageQuery, Paginated};

impl Chat {
    /// Whether the actor looks after the instance.
    pub async fn is_administrator(&self, actor: &Actor) -> Result<bool, AppError> {
        let admin_user = self.store.admin_user(actor.person()).await.map_store_error()?;
        Ok(admin_user
            .is_some_and(|me| !me.suspended && admin_can(AdminPermission::RoomView, me.role)))
    }

    /// A page of everybody whose name or address holds what was typed, the newest first.
    pub async fn admin_users(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
    ) -> Result<Leaf<AdminUserSummary>, AppError> {
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let (typed, query) = name_query(typed);
        // Part of an address, or all of it however it is written.
        let whole = Email::parse(&typed).map(|email| email.as_str().to_owned());
        let address = whole.unwrap_or_else(|_| typed.to_lowercase());
        let of = PageQuery { query: &query, page, per_page: ADMIN_PER_PAGE };
        let admin_users = self.store.admin_users(of, &address).await.map_store_error()?;
        Ok(leaf(typed, admin_users))
    }

    /// Somebody who lives here, and what the actor may do to them.
    pub async fn admin_user_detail(
        &self,
        actor: &Actor,
        person: UserId,
    ) -> Result<AdminUserDetail, AppError> {
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let admin_user = self.admin_user(person).await?;
        let devices = self.store.sessions_of(person).await.map_store_error()?.len();
        let may = DEEDS.into_iter().filter(|(_, action)| {
            admin_can(action(whom(actor, &admin_user)), InstanceRole::Administrator)
        });
        let may = may.map(|(deed, _)| deed).collect();
        Ok(AdminUserDetail { admin_user, devices, may })
    }

    /// All rooms with a title, page by page.
    pub async fn admin_rooms(
        &self,
        actor: &Actor,
        page: usize,
    ) -> Result<Leaf<AdminRoomSummary>, AppError> {
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let rooms = self.store.admin_rooms(page, ADMIN_PER_PAGE).await.map_store_error()?;
        Ok(leaf(String::new(), rooms))
    }

    /// What administrators did, page by page, the newest first.
    pub async fn audit_log(&self, actor: &Actor, page: usize) -> Result<Leaf<Entry>, AppError> {
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let audit_log = self.store.audit_log(page, ADMIN_PER_PAGE).await.map_store_error()?;
        Ok(leaf(String::new(), audit_log))
    }

    /// Who may become somebody here; anybody may know.
    pub async fn registration_mode(&self) -> Result<RegistrationMode, AppError> {
        self.store.registration_mode().await.map_store_error()
    }

    pub async fn choose_sign_up(
        &self,
        actor: &Actor,
        mode: RegistrationMode,
    ) -> Result<(), AppError> {
        self.require_admin_permission(actor, AdminPermission::SetRegistration).await?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let done =
                chat.store.choose_sign_up(mode, person, chat.now()).await.map_store_error()?;
            log_deed(done, AdminAction::SetRegistration(mode), Some(person), None);
            changed(done).map(|_| ())
        })
        .await
    }

    /// Suspends, restores, appoints or dismisses somebody, signs them out everywhere, or takes off their second
    /// step. It takes effect at once, on open sockets too. What is so already is left as it is.
    pub async fn run_admin_action(
        &self,
        actor: &Actor,
        person: UserId,
        deed: AdminAction,
    ) -> Result<(), AppError> {
        let action = DEEDS.into_iter().find(|(each, _)| *each == deed).map(|(_, action)| action);
        let action = action.ok_or(AppError::Malformed)?;
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let admin_user = self.admin_user(person).await?;
        let already = match deed {
            AdminAction::Suspended => admin_user.suspended,
            AdminAction::Restored => !admin_user.suspended,
            AdminAction::EndedTwoFactor => !admin_user.has_second_step,
            _ => false,
        };
        if !already {
            self.require_admin_permission(actor, action(whom(actor, &admin_user))).await?;
        }
        let by = actor.person();
        self.run_to_completion(move |chat| async move {
            if already {
                // Published again: a user without sessions has nothing to lose by it.
                chat.publish(Committed::by_deed(deed, person)).await;
                return Ok(());
            }
            let doing = AdminCommand { deed, by: Some(by), at: chat.now() };
            let (done, committed) =
                chat.store.run_admin_action(person, doing).await.map_store_error()?;
            log_deed(done, deed, Some(by), Some(person));
            chat.publish(committed).await;
            changed(done).map(|_| ())
        })
        .await
    }

    /// Makes a link by which the person chooses a new password, good for four hours and once.
    pub async fn make_reset(&self, actor: &Actor, person: UserId) -> Result<SecretToken, AppError> {
        self.require_admin_permission(actor, AdminPermission::RoomView).await?;
        let admin_user = self.admin_user(person).await?;
        self.require_admin_permission(actor, AdminPermission::Reset(whom(actor, &admin_user)))
            .await?;
        self.hand_out_reset(person, Some(actor.person())).await
    }

    /// Makes a user an administrator, for the operator on the machine itself. False when they are one already;
    /// [`AppError::Suspended`] when they could not sign in as one.
    pub async fn promote_from_cli(&self, email: &str) -> Result<bool, AppError> {
        let admin_user = self.addressed(email).await?;
        if admin_user.suspended {
            return Err(AppError::Suspended);
        }
        self.act_from_cli(admin_user.face.person, AdminAction::Appointed).await
    }

    /// Takes off the second step of a user who has lost it, for the operator on the machine itself. False when
    /// they have none.
    pub async fn end_two_factor_from_cli(&self, email: &str) -> Result<bool, AppError> {
        let admin_user = self.addressed(email).await?;
        self.act_from_cli(admin_user.face.person, AdminAction::EndedTwoFactor).await
    }

    async fn act_from_cli(&self, person: UserId, deed: AdminAction) -> Result<bool, AppError> {
        self.run_to_completion(move |chat| async move {
            let doing = AdminCommand { deed, by: None, at: chat.now() };
            let (done, committed) =
                chat.store.run_admin_action(person, doing).await.map_store_error()?;
            log_deed(done, deed, None, Some(person));
            chat.publish(committed).await;
            changed(done)
        })
        .await
    }

    /// Makes a link by which somebody chooses a new password, for whoever has the machine itself.
    pub async fn reset_password_from_cli(&self, email: &str) -> Result<SecretToken, AppError> {
        let admin_user = self.addressed(email).await?;
        self.hand_out_reset(admin_user.face.person, None).await
    }

    async fn hand_out_reset(
        &self,
        person: UserId,
        by: Option<UserId>,
    ) -> Result<SecretToken, AppError> {
        let mut random = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut random);
        let (token, now) = (SecretToken::from_random(random), self.now());
        let until = Millis(now.0.saturating_add(PASSWORD_RESET_TTL_MILLIS));
        let hash = sha256(token.as_str());
        self.run_to_completion(move |chat| async move {
            let made = chat.store.make_reset(person, hash, until, by, now).await;
            let (done, committed) = made.map_store_error()?;
            chat.publish(committed).await;
            log_deed(done, AdminAction::MadeReset, by, Some(person));
            if changed(done)? { Ok(token) } else { Err(AppError::NotFound) }
        })
        .await
    }

    /// Whose address this is.
    async fn addressed(&self, email: &str) -> Result<AdminUserSummary, AppError> {
        let address = TypedEmail::parse(email).map_err(|_| AppError::NotFound)?;
        let person = self.store.addressed(&address).await.map_store_error()?;
        self.admin_user(person.ok_or(AppError::NotFound)?).await
    }

    /// Whether a link by which somebody chooses a new password is still good.
    pub async fn open_reset(&self, token: &str) -> Result<SecretToken, AppError> {
        self.find_reset(token).await.map(|(token, _)| token)
    }

    async fn find_reset(&self, token: &str) -> Result<(SecretToken, UserId), AppError> {
        let token = SecretToken::parse(token).map_err(|_| AppError::Gone)?;
        let person =
            self.store.reset_of(&sha256(token.as_str()), self.now()).await.map_store_error()?;
        Ok((token, person.ok_or(AppError::Gone)?))
    }

    /// Changes a password by such a link, and signs its person out everywhere. Answers the token of a known device:
    /// failures elsewhere do not keep them from signing in now.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &str,
        client_info: &ClientInfo,
    ) -> Result<Token, AppError> {
        let password =
            Password::parse(password).map_err(|fault| AppError::invalid(Field::Password, fault))?;
        let (token, person) = match self.find_reset(token).await {
            Ok(found) => found,
            Err(refused) => {
                let address = client_info.address;
                tracing::info!(target: "security", event = "reset_failed", %address);
                return Err(self.limits.failed_from(client_info.address).err().unwrap_or(refused));
            }
        };
        let password = self.unlike_their_own(password, person).await?;
        let hash = self.passwords.hash(Caller::Known(person), password).await?;
        let address = client_info.address;
        self.run_to_completion(move |chat| async move {
            let token_hash = sha256(token.as_str());
            let (device, now) = (Token::mint(), chat.now());
            let known = sha256(device.as_str());
            let reset = chat.store.reset_password(&token_hash, hash, known, now).await;
            let (user, committed) = reset.map_store_error()?.ok_or(AppError::Gone)?;
            chat.publish(committed).await;
            tracing::info!(target: "security", event = "password_reset", %user, %address);
            Ok(device)
        })
        .await
    }

    /// The password, if it is more than the name or the address of the user.
    async fn unlike_their_own(
        &self,
        password: Password,
        person: UserId,
    ) -> Result<Password, AppError> {
        let admin_user = self.admin_user(person).await?;
        let own = [admin_user.face.name.as_str(), admin_user.email.as_str()];
        password.unlike(own).map_err(|fault| AppError::invalid(Field::Password, fault))
    }

    async fn admin_user(&self, person: UserId) -> Result<AdminUserSummary, AppError> {
        self.store.admin_user(person).await.map_store_error()?.ok_or(AppError::NotFound)
    }

    /// Goes on if the actor may. To whoever does not look after the instance it is as if there were no such page.
    async fn require_admin_permission(
        &self,
        actor: &Actor,
        action: AdminPermission,
    ) -> Result<(), AppError> {
        let me = self.admin_user(actor.person()).await?;
        if me.suspended || !admin_can(AdminPermission::RoomView, me.role) {
            return Err(AppError::NotFound);
        }
        if admin_can(action, me.role) { Ok(()) } else { Err(AppError::NotAllowed) }
    }
}

/// Whether it changed something. To a user who is no administrator by now there is no such page.
fn changed(done: Done) -> Result<bool, AppError> {
    match done {
        Done::Done => Ok(true),
        Done::Unchanged => Ok(false),
        Done::LastAdministrator => {
            Err(AppError::invalid(Field::Administrator, ValidationError::Empty))
        }
        Done::NotAdministrator => Err(AppError::NotFound),
    }
}

/// What changed something is logged, in the task that changed it.
fn log_deed(done: Done, deed: AdminAction, by: Option<UserId>, user: Option<UserId>) {
    if done != Done::Done {
        return;
    }
    let id = |id: Option<UserId>, other: &str| id.map_or(other.to_owned(), |id| id.to_string());
    let (by, user) = (id(by, "machine"), id(user, "everyone"));
    tracing::info!(target: "security", event = "administration", ?deed, by, user);
}

type Asked = fn(AdminTarget) -> AdminPermission;

/// What is done to people, and what policy calls it.
const DEEDS: [(AdminAction, Asked); 7] = [
    (AdminAction::Appointed, AdminPermission::Appoint),
    (AdminAction::Dismissed, AdminPermission::Dismiss),
    (AdminAction::MadeReset, AdminPermission::Reset),
    (AdminAction::EndedTwoFactor, AdminPermission::EndSecondStep),
    (AdminAction::SignedOut, AdminPermission::SignOut),
    (AdminAction::Suspended, AdminPermission::Suspend),
    (AdminAction::Restored, AdminPermission::Restore),
];

fn whom(actor: &Actor, admin_user: &AdminUserSummary) -> AdminTarget {
    AdminTarget {
        role: admin_user.role,
        suspended: admin_user.suspended,
        is_self: admin_user.face.person == actor.person(),
        has_second_step: admin_user.has_second_step,
    }
}

fn leaf<T>(query: String, found: Paginated<T>) -> Leaf<T> {
    let Paginated { entries, found, page, pages } = found;
    Leaf { query, entries, found, page, pages }
}
