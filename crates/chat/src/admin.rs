//! Administration of the instance: accounts, registration, the audit log. To all but administrators it answers that there
//! is no such page.

mod cli;

use crate::{Actor, Chat, MapStoreError, users::name_query};
use domain::{
    admin::{
        ADMIN_PER_PAGE, AdminAction, AdminRoomSummary, AdminUserDetail, AdminUserSummary,
        AuditLogEntry, InstanceRole, RegistrationMode,
    },
    error::{AppError, What},
    ids::UserId,
    pagination::Paginated,
    policy::admin::{AdminPermission, AdminTarget, admin_can},
    users::Email,
};
use store::{AdminCommand, AdminOutcome, Committed, PageQuery};

impl Chat {
    /// Whether the actor is an administrator.
    pub async fn is_administrator(&self, actor: &Actor) -> Result<bool, AppError> {
        let admin_user = self.store.admin_user(actor.user()).await.map_store_error()?;
        Ok(admin_user.is_some_and(|me| !me.suspended && admin_can(AdminPermission::View, me.role)))
    }

    /// A page of the accounts whose name or address holds what was typed, the newest first.
    pub async fn admin_users(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
    ) -> Result<Paginated<AdminUserSummary>, AppError> {
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let (typed, query) = name_query(typed);
        // Part of an address, or all of it however it is written.
        let whole = Email::parse(&typed).map(|email| email.as_str().to_owned());
        let address = whole.unwrap_or_else(|_| typed.to_lowercase());
        let of = PageQuery { query: &query, page, per_page: ADMIN_PER_PAGE };
        let admin_users = self.store.admin_users(of, &address).await.map_store_error()?;
        Ok(admin_users.for_query(typed))
    }

    /// An account, and what the actor may do to it.
    pub async fn admin_user_detail(
        &self,
        actor: &Actor,
        user: UserId,
    ) -> Result<AdminUserDetail, AppError> {
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let admin_user = self.admin_user(user).await?;
        let devices = self.store.sessions_of(user).await.map_store_error()?.len();
        let may = PERMISSIONS.into_iter().filter(|(_, permission)| {
            admin_can(permission(target(actor, &admin_user)), InstanceRole::Administrator)
        });
        let may = may.map(|(action, _)| action).collect();
        Ok(AdminUserDetail { admin_user, devices, may })
    }

    /// All rooms with a title, page by page.
    pub async fn admin_rooms(
        &self,
        actor: &Actor,
        page: usize,
    ) -> Result<Paginated<AdminRoomSummary>, AppError> {
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let rooms = self.store.admin_rooms(page, ADMIN_PER_PAGE).await.map_store_error()?;
        Ok(rooms)
    }

    /// What administrators did, page by page, the newest first.
    pub async fn audit_log(
        &self,
        actor: &Actor,
        page: usize,
    ) -> Result<Paginated<AuditLogEntry>, AppError> {
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let audit_log = self.store.audit_log(page, ADMIN_PER_PAGE).await.map_store_error()?;
        Ok(audit_log)
    }

    /// Who may sign up; no permission is needed.
    pub async fn registration_mode(&self) -> Result<RegistrationMode, AppError> {
        self.store.registration_mode().await.map_store_error()
    }

    pub async fn set_registration(
        &self,
        actor: &Actor,
        mode: RegistrationMode,
    ) -> Result<(), AppError> {
        self.require_admin_permission(actor, AdminPermission::SetRegistration).await?;
        let user = actor.user();
        self.run_to_completion(move |chat| async move {
            let done =
                chat.store.set_registration(mode, user, chat.now()).await.map_store_error()?;
            insert_audit_entry(done, AdminAction::SetRegistration(mode), Some(user), None);
            changed(done).map(|_| ())
        })
        .await
    }

    /// Suspends, unsuspends, promotes or demotes a user, signs them out everywhere, or removes their second
    /// factor. It takes effect at once, on open sockets too. What is so already is left as it is.
    pub async fn run_admin_action(
        &self,
        actor: &Actor,
        user: UserId,
        action: AdminAction,
    ) -> Result<(), AppError> {
        let permission = PERMISSIONS.into_iter().find(|(each, _)| *each == action);
        let (_, permission) = permission.ok_or(AppError::Malformed)?;
        self.require_admin_permission(actor, AdminPermission::View).await?;
        let admin_user = self.admin_user(user).await?;
        let already = match action {
            AdminAction::Suspend => admin_user.suspended,
            AdminAction::Unsuspend => !admin_user.suspended,
            AdminAction::RemoveTwoFactor => !admin_user.has_two_factor,
            _ => false,
        };
        if !already {
            self.require_admin_permission(actor, permission(target(actor, &admin_user))).await?;
        }
        let by = actor.user();
        self.run_to_completion(move |chat| async move {
            if already {
                // Published again: a user without sessions has nothing to lose by it.
                chat.publish(Committed::by_action(action, user)).await;
                return Ok(());
            }
            let doing = AdminCommand { action, by: Some(by), at: chat.now() };
            let (done, committed) =
                chat.store.run_admin_action(user, doing).await.map_store_error()?;
            insert_audit_entry(done, action, Some(by), Some(user));
            chat.publish(committed).await;
            changed(done).map(|_| ())
        })
        .await
    }

    pub(crate) async fn admin_user(&self, user: UserId) -> Result<AdminUserSummary, AppError> {
        self.store.admin_user(user).await.map_store_error()?.ok_or(AppError::NotFound(What::User))
    }

    /// Goes on if the actor may. A user who is no administrator is told that there is no such page.
    pub(crate) async fn require_admin_permission(
        &self,
        actor: &Actor,
        action: AdminPermission,
    ) -> Result<(), AppError> {
        let me = self.admin_user(actor.user()).await?;
        if me.suspended || !admin_can(AdminPermission::View, me.role) {
            return Err(AppError::NotFound(What::Page));
        }
        if admin_can(action, me.role) { Ok(()) } else { Err(AppError::NotAllowed) }
    }
}

/// Whether it changed something. To a user who is no administrator by now there is no such page.
pub(crate) fn changed(done: AdminOutcome) -> Result<bool, AppError> {
    match done {
        AdminOutcome::Done => Ok(true),
        AdminOutcome::Unchanged => Ok(false),
        AdminOutcome::LastAdministrator => Err(AppError::LastAdministrator),
        AdminOutcome::NotAdministrator => Err(AppError::NotFound(What::Page)),
    }
}

/// What changed something is logged, in the task that changed it.
pub(crate) fn insert_audit_entry(
    done: AdminOutcome,
    action: AdminAction,
    by: Option<UserId>,
    user: Option<UserId>,
) {
    if done != AdminOutcome::Done {
        return;
    }
    let id = |id: Option<UserId>, other: &str| id.map_or(other.to_owned(), |id| id.to_string());
    let (by, user) = (id(by, "machine"), id(user, "everyone"));
    tracing::info!(target: "security", event = "administration", ?action, by, user);
}

type PermissionOver = fn(AdminTarget) -> AdminPermission;

/// What is done to people, and what policy calls it.
const PERMISSIONS: [(AdminAction, PermissionOver); 7] = [
    (AdminAction::Promote, AdminPermission::Promote),
    (AdminAction::Demote, AdminPermission::Demote),
    (AdminAction::IssuePasswordReset, AdminPermission::IssuePasswordReset),
    (AdminAction::RemoveTwoFactor, AdminPermission::RemoveTwoFactor),
    (AdminAction::SignOut, AdminPermission::SignOut),
    (AdminAction::Suspend, AdminPermission::Suspend),
    (AdminAction::Unsuspend, AdminPermission::Unsuspend),
];

pub(crate) fn target(actor: &Actor, admin_user: &AdminUserSummary) -> AdminTarget {
    AdminTarget {
        role: admin_user.role,
        suspended: admin_user.suspended,
        is_self: admin_user.summary.user == actor.user(),
        has_two_factor: admin_user.has_two_factor,
    }
}
