//! Who looks after the instance, and what they did. Each deed is written down in the transaction that does it.

use crate::{
    Committed, Error, PageQuery, Result, Store,
    account::end_sessions,
    known_devices::know_device,
    notices::insert_notice,
    pages::{List, holding},
    sql::{count, decode, execute, exists, query_one, query_value},
    two_factor::forget_two_factor,
    users::UserSummaryRow,
};
use domain::{
    admin::{
        AdminAction, AdminRoomSummary, AdminUserSummary, AuditLogEntry, InstanceRole,
        RegistrationMode, UserRef,
    },
    clock::Millis,
    ids::{RoomId, UserId},
    notices::NoticeKind,
    pagination::Paginated,
    rooms::{Access, RoomTitle},
    users::DisplayName,
};
use sea_orm::{DatabaseTransaction, FromQueryResult, Value};
use uuid::Uuid;

/// What is done, by whom and when. Without a person it is whoever has the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminCommand {
    pub action: AdminAction,
    pub by: Option<UserId>,
    pub at: Millis,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Outcome,
    /// It was so already, or there is nobody of this id.
    Unchanged,
    /// Nobody would be left who looks after the instance.
    LastAdministrator,
    /// The user who does it is no administrator, or no longer: nothing has changed.
    NotAdministrator,
}

impl Store {
    /// Who may become somebody here.
    pub async fn registration_mode(&self) -> Result<RegistrationMode> {
        let code: Option<String> =
            query_value(&self.read, "SELECT registration FROM instance", []).await?;
        let code = code.ok_or(Error::Corrupt { what: "instance" })?;
        decode(RegistrationMode::from_code(&code), "registration mode")
    }

    /// Chooses it; done by nobody else than the deed says.
    pub async fn set_registration(
        &self,
        mode: RegistrationMode,
        by: UserId,
        at: Millis,
    ) -> Result<Outcome> {
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, Some(by)).await? {
            return Ok(Outcome::NotAdministrator);
        }
        let choose = "UPDATE instance SET registration = $1 WHERE registration <> $1";
        if execute(&transaction, choose, [mode.code().into()]).await? == 0 {
            return Ok(Outcome::Unchanged);
        }
        let doing = AdminCommand { action: AdminAction::SetRegistration(mode), by: Some(by), at };
        insert_audit(&transaction, doing, None).await?;
        transaction.commit().await?;
        Ok(Outcome::Outcome)
    }

    /// Does it to a person. What it leaves to publish is the same where it was so already.
    pub async fn run_admin_action(
        &self,
        user: UserId,
        doing: AdminCommand,
    ) -> Result<(Outcome, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let id: Value = user.uuid().into();
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, doing.by).await? {
            return refused(Outcome::NotAdministrator);
        }
        let changed = match doing.action {
            AdminAction::Suspend => execute(&transaction, SUSPEND, [id, doing.at.0.into()]).await?,
            AdminAction::Unsuspend => execute(&transaction, UNSUSPEND, [id]).await?,
            AdminAction::Promote => execute(&transaction, PROMOTE, [id]).await?,
            AdminAction::Demote => execute(&transaction, DEMOTE, [id]).await?,
            AdminAction::SignOut => 1,
            AdminAction::RemoveTwoFactor => execute(&transaction, END_TWO_FACTOR, [id]).await?,
            AdminAction::IssuePasswordReset | AdminAction::SetRegistration(_) => 0,
        };
        if changed == 0 {
            return Ok((Outcome::Unchanged, Committed::by_action(doing.action, user)));
        }
        if administrators(&transaction).await? == 0 {
            return refused(Outcome::LastAdministrator);
        }
        if matches!(doing.action, AdminAction::Suspend | AdminAction::SignOut) {
            end_sessions(&transaction, user, None).await?;
        }
        if doing.action == AdminAction::RemoveTwoFactor {
            forget_two_factor(&transaction, user).await?;
            let kind = NoticeKind::TwoFactorRemoved;
            insert_notice(&transaction, user, kind, doing.by, doing.at).await?;
        }
        insert_audit(&transaction, doing, Some(user)).await?;
        transaction.commit().await?;
        Ok((Outcome::Outcome, Committed::by_action(doing.action, user)))
    }

    /// Keeps the hash of a link by which the person chooses a new password; an earlier one is worth nothing
    /// from now on.
    pub async fn issue_password_reset(
        &self,
        user: UserId,
        token_hash: [u8; 32],
        expires_at: Millis,
        by: Option<UserId>,
        at: Millis,
    ) -> Result<(Outcome, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, by).await? {
            return refused(Outcome::NotAdministrator);
        }
        let values = [user.uuid().into(), token_hash.to_vec().into(), expires_at.0.into()];
        if execute(&transaction, ISSUE_PASSWORD_RESET, values).await? == 0 {
            return refused(Outcome::Unchanged);
        }
        insert_notice(&transaction, user, NoticeKind::ResetLinkMade, by, at).await?;
        let doing = AdminCommand { action: AdminAction::IssuePasswordReset, by, at };
        insert_audit(&transaction, doing, Some(user)).await?;
        transaction.commit().await?;
        Ok((Outcome::Outcome, Committed::by_action(doing.action, user)))
    }

    /// Whose the link with this secret is, if it is still good.
    pub async fn reset_of(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<UserId>> {
        let values = [token_hash.to_vec().into(), now.0.into()];
        let user = query_value(&self.read, PASSWORD_RESET_OF, values).await?;
        Ok(user.map(UserId::from_uuid))
    }

    /// Changes the password by a link, which is used up, ends all sessions of its person, and knows the device that
    /// did it. None when the link
    /// is no longer good.
    pub async fn reset_password(
        &self,
        token_hash: &[u8; 32],
        password_hash: String,
        device_token_hash: [u8; 32],
        now: Millis,
    ) -> Result<Option<(UserId, Committed)>> {
        let transaction = self.begin_write().await?;
        let values = [token_hash.to_vec().into(), now.0.into()];
        let user: Option<Uuid> = query_value(&transaction, USE_PASSWORD_RESET, values).await?;
        let Some(user) = user else { return Ok(None) };
        let change = "UPDATE users SET password_hash = $2 WHERE id = $1";
        execute(&transaction, change, [user.into(), password_hash.into()]).await?;
        let user = UserId::from_uuid(user);
        let ended_sessions = end_sessions(&transaction, user, None).await?;
        know_device(&transaction, user, device_token_hash, now).await?;
        transaction.commit().await?;
        let signed_out = vec![user];
        Ok(Some((user, Committed { ended_sessions, signed_out, ..Committed::default() })))
    }

    /// What a person is to the instance. None when there is nobody of this id.
    pub async fn admin_user(&self, user: UserId) -> Result<Option<AdminUserSummary>> {
        let sql = format!(
            "SELECT {ADMIN_USER} FROM users p JOIN profiles f ON f.id = p.default_profile_id
             WHERE p.deleted_at IS NULL AND p.id = $1"
        );
        let row = query_one::<AdminUserRow>(&self.read, sql, [user.uuid().into()]).await?;
        row.map(AdminUserRow::user).transpose()
    }

    /// All accounts, the suspended too, the newest first: those whose name is looked for, and those whose address
    /// holds a text.
    pub async fn admin_users(
        &self,
        of: PageQuery<'_>,
        address: &str,
    ) -> Result<Paginated<AdminUserSummary>> {
        let mut list = List {
            columns: ADMIN_USER,
            from: "users p JOIN profiles f ON f.id = p.default_profile_id",
            condition: "p.deleted_at IS NULL",
            order: "p.created_at DESC, p.id",
            values: Vec::new(),
        };
        if of.query.is_empty() {
            return self.list(list, of.page, of.per_page, AdminUserRow::user).await;
        }
        list.condition = "p.deleted_at IS NULL
            AND (f.initials LIKE $1 ESCAPE '\\' OR p.email LIKE $2 ESCAPE '\\')";
        list.values = vec![holding(&of.query.initials()).into(), holding(address).into()];
        let finds = |it: &AdminUserSummary| {
            of.query.finds(it.summary.name.as_str()) || it.email.contains(address)
        };
        self.list_kept(list, of.page, of.per_page, AdminUserRow::user, finds).await
    }

    /// All rooms with a title, the one with the newest activity first.
    pub async fn admin_rooms(
        &self,
        page: usize,
        per_page: usize,
    ) -> Result<Paginated<AdminRoomSummary>> {
        let list = List {
            columns: ROOM,
            from: "rooms r",
            condition: "r.kind <> 'direct' AND r.closed_at IS NULL",
            order: "active_at DESC, r.id",
            values: Vec::new(),
        };
        self.list(list, page, per_page, AdminRoomRow::room).await
    }

    /// What administrators did, the newest first.
    pub async fn audit_log(
        &self,
        page: usize,
        per_page: usize,
    ) -> Result<Paginated<AuditLogEntry>> {
        let list = List {
            columns: "d.action, d.actor_id, d.target_id, d.done_at, af.name AS actor_name, tf.name AS target_name",
            from: AUDIT_LOG,
            condition: "TRUE",
            order: "d.id DESC",
            values: Vec::new(),
        };
        self.list(list, page, per_page, AuditLogRow::entry).await
    }
}

impl Committed {
    /// What a deed leaves to publish: who has no session any more, or other notices.
    pub fn by_action(action: AdminAction, user: UserId) -> Self {
        match action {
            AdminAction::Suspend | AdminAction::SignOut => {
                Self { signed_out: vec![user], ..Self::default() }
            }
            AdminAction::RemoveTwoFactor | AdminAction::IssuePasswordReset => {
                Self { changed_accounts: vec![user], ..Self::default() }
            }
            AdminAction::Promote
            | AdminAction::Demote
            | AdminAction::Unsuspend
            | AdminAction::SetRegistration(_) => Self::default(),
        }
    }
}

const SUSPEND: &str = "
    UPDATE users SET suspended_at = $2
    WHERE id = $1 AND suspended_at IS NULL AND deleted_at IS NULL";
const UNSUSPEND: &str = "
    UPDATE users SET suspended_at = NULL
    WHERE id = $1 AND suspended_at IS NOT NULL AND deleted_at IS NULL";
const PROMOTE: &str = "
    UPDATE users SET role = 'administrator'
    WHERE id = $1 AND role <> 'administrator' AND deleted_at IS NULL";
const DEMOTE: &str = "
    UPDATE users SET role = 'member'
    WHERE id = $1 AND role <> 'member' AND deleted_at IS NULL";

const ADMINISTRATOR: &str = "
    SELECT 1 FROM users
    WHERE id = $1 AND role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL";

/// Not what is only being set up: nothing asks for it yet.
const END_TWO_FACTOR: &str =
    "DELETE FROM two_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL";

const ISSUE_PASSWORD_RESET: &str = "
    INSERT INTO password_resets (user_id, token_hash, expires_at)
    SELECT p.id, $2, $3 FROM users p WHERE p.id = $1 AND p.deleted_at IS NULL
    ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, expires_at = $3";
const PASSWORD_RESET_OF: &str = "
    SELECT r.user_id FROM password_resets r JOIN users p ON p.id = r.user_id AND p.suspended_at IS NULL
    WHERE r.token_hash = $1 AND r.expires_at > $2";
const USE_PASSWORD_RESET: &str =
    "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id";

const ADMIN_USER: &str = "
    p.id, f.name, f.avatar_id, p.email, p.role, p.suspended_at, p.created_at,
    EXISTS (SELECT 1 FROM two_factor s
        WHERE s.user_id = p.id AND s.confirmed_at IS NOT NULL) AS has_two_factor";

const ROOM: &str = "
    r.id, r.title, r.kind,
    (SELECT COUNT(*) FROM memberships ms WHERE ms.room_id = r.id AND ms.status = 'in') AS members,
    (SELECT COUNT(*) FROM messages m WHERE m.room_id = r.id) AS messages,
    COALESCE((SELECT m.posted_at FROM messages m WHERE m.room_id = r.id
        ORDER BY m.seq DESC LIMIT 1), r.created_at) AS active_at";

const AUDIT_LOG: &str = "audit_log d
    LEFT JOIN users a ON a.id = d.actor_id
    LEFT JOIN profiles af ON af.id = a.default_profile_id
    LEFT JOIN users t ON t.id = d.target_id
    LEFT JOIN profiles tf ON tf.id = t.default_profile_id";

async fn insert_audit(
    transaction: &DatabaseTransaction,
    doing: AdminCommand,
    user: Option<UserId>,
) -> Result<()> {
    let values = [
        Uuid::now_v7().into(),
        doing.action.code().into(),
        doing.by.map(UserId::uuid).into(),
        user.map(UserId::uuid).into(),
        doing.at.0.into(),
    ];
    let insert = "INSERT INTO audit_log (id, action, actor_id, target_id, done_at) VALUES ($1, $2, $3, $4, $5)";
    execute(transaction, insert, values).await.map(drop)
}

/// Whether the user is an administrator who is still here and not suspended; the operator on the machine, who is
/// none of the users, always may.
async fn may_administer(transaction: &DatabaseTransaction, by: Option<UserId>) -> Result<bool> {
    let Some(by) = by else { return Ok(true) };
    exists(transaction, ADMINISTRATOR, [by.uuid().into()]).await
}

/// Those who look after the instance and are not suspended.
pub(crate) async fn administrators(transaction: &DatabaseTransaction) -> Result<i64> {
    let all = "SELECT COUNT(*) FROM users
         WHERE role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL";
    count(transaction, all, []).await
}

#[derive(Debug, FromQueryResult)]
struct AdminUserRow {
    #[sea_orm(nested)]
    summary: UserSummaryRow,
    email: String,
    role: String,
    suspended_at: Option<i64>,
    created_at: i64,
    has_two_factor: bool,
}

impl AdminUserRow {
    fn user(self) -> Result<AdminUserSummary> {
        Ok(AdminUserSummary {
            summary: self.summary.summary()?,
            email: self.email,
            role: decode(InstanceRole::from_code(&self.role), "role")?,
            suspended: self.suspended_at.is_some(),
            has_two_factor: self.has_two_factor,
            since: Millis(self.created_at),
        })
    }
}

#[derive(Debug, FromQueryResult)]
struct AdminRoomRow {
    id: Uuid,
    title: String,
    kind: String,
    members: i64,
    messages: i64,
    active_at: i64,
}

impl AdminRoomRow {
    fn room(self) -> Result<AdminRoomSummary> {
        Ok(AdminRoomSummary {
            id: RoomId::from_uuid(self.id),
            title: decode(RoomTitle::parse(&self.title).ok(), "title")?,
            access: decode(Access::from_code(&self.kind), "kind")?,
            members: u64::try_from(self.members).unwrap_or_default(),
            messages: u64::try_from(self.messages).unwrap_or_default(),
            active_at: Millis(self.active_at),
        })
    }
}

#[derive(Debug, FromQueryResult)]
struct AuditLogRow {
    action: String,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    target_id: Option<Uuid>,
    target_name: Option<String>,
    done_at: i64,
}

impl AuditLogRow {
    fn entry(self) -> Result<AuditLogEntry> {
        let user = |id: Option<Uuid>, name: Option<String>| {
            // The name of a deleted account is empty.
            let user = |(id, name): (_, String)| UserRef {
                id: UserId::from_uuid(id),
                name: DisplayName::parse(&name).ok(),
            };
            id.zip(name).map(user)
        };
        Ok(AuditLogEntry {
            action: decode(AdminAction::from_code(&self.action), "action")?,
            actor: user(self.actor_id, self.actor_name),
            target: user(self.target_id, self.target_name),
            at: Millis(self.done_at),
        })
    }
}
