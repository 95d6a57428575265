//! Who looks after the instance, and what they did. Each deed is written down in the transaction that does it.

use crate::{
    Committed, Error, PageQuery, Paginated, Result, Store,
    account::end_sessions,
    known_devices::know_device,
    notices::insert_notice,
    pages::{List, holding},
    people::face,
    second_step::forget_two_factor,
    stored,
};
use domain::{
    admin::{
        AdminAction, AdminRoomSummary, AdminUserSummary, Entry, InstanceRole, RegistrationMode, Who,
    },
    clock::Millis,
    ids::{RoomId, UserId},
    notices::NoticeKind,
    people::DisplayName,
    rooms::{Access, RoomTitle},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, Value};
use uuid::Uuid;

/// What is done, by whom and when. Without a person it is whoever has the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminCommand {
    pub deed: AdminAction,
    pub by: Option<UserId>,
    pub at: Millis,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Done,
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
        let rows = self.ask("SELECT sign_up FROM house", []).await?;
        let code: String =
            rows.first().ok_or(Error::Corrupt { what: "instance" })?.try_get("", "sign_up")?;
        stored(RegistrationMode::from_code(&code).ok_or(()), "sign-up mode")
    }

    /// Chooses it; done by nobody else than the deed says.
    pub async fn choose_sign_up(
        &self,
        mode: RegistrationMode,
        by: UserId,
        at: Millis,
    ) -> Result<Done> {
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, Some(by)).await? {
            return Ok(Done::NotAdministrator);
        }
        let choose = "UPDATE house SET sign_up = $1 WHERE sign_up <> $1";
        if write(&transaction, choose, [mode.code().into()]).await? == 0 {
            return Ok(Done::Unchanged);
        }
        let doing = AdminCommand { deed: AdminAction::SetRegistration(mode), by: Some(by), at };
        insert_audit(&transaction, doing, None).await?;
        transaction.commit().await?;
        Ok(Done::Done)
    }

    /// Does it to a person. What it leaves to publish is the same where it was so already.
    pub async fn run_admin_action(
        &self,
        person: UserId,
        doing: AdminCommand,
    ) -> Result<(Done, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let id: Value = person.uuid().into();
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, doing.by).await? {
            return refused(Done::NotAdministrator);
        }
        let changed = match doing.deed {
            AdminAction::Suspended => write(&transaction, SUSPEND, [id, doing.at.0.into()]).await?,
            AdminAction::Restored => write(&transaction, RESTORE, [id]).await?,
            AdminAction::Appointed => write(&transaction, APPOINT, [id]).await?,
            AdminAction::Dismissed => write(&transaction, DISMISS, [id]).await?,
            AdminAction::SignedOut => 1,
            AdminAction::EndedTwoFactor => write(&transaction, END_SECOND_STEP, [id]).await?,
            AdminAction::MadeReset | AdminAction::SetRegistration(_) => 0,
        };
        if changed == 0 {
            return Ok((Done::Unchanged, Committed::by_deed(doing.deed, person)));
        }
        if administrators(&transaction).await? == 0 {
            return refused(Done::LastAdministrator);
        }
        if matches!(doing.deed, AdminAction::Suspended | AdminAction::SignedOut) {
            end_sessions(&transaction, person, None).await?;
        }
        if doing.deed == AdminAction::EndedTwoFactor {
            forget_two_factor(&transaction, person).await?;
            let kind = NoticeKind::TwoFactorEnded;
            insert_notice(&transaction, person, kind, doing.by, doing.at).await?;
        }
        insert_audit(&transaction, doing, Some(person)).await?;
        transaction.commit().await?;
        Ok((Done::Done, Committed::by_deed(doing.deed, person)))
    }

    /// Keeps the hash of a link by which the person chooses a new password; an earlier one is worth nothing
    /// from now on.
    pub async fn make_reset(
        &self,
        person: UserId,
        token_hash: [u8; 32],
        expires_at: Millis,
        by: Option<UserId>,
        at: Millis,
    ) -> Result<(Done, Committed)> {
        let refused = |done| Ok((done, Committed::default()));
        let transaction = self.begin_write().await?;
        if !may_administer(&transaction, by).await? {
            return refused(Done::NotAdministrator);
        }
        let values = [person.uuid().into(), token_hash.to_vec().into(), expires_at.0.into()];
        if write(&transaction, MAKE_RESET, values).await? == 0 {
            return refused(Done::Unchanged);
        }
        insert_notice(&transaction, person, NoticeKind::ResetLinkMade, by, at).await?;
        let doing = AdminCommand { deed: AdminAction::MadeReset, by, at };
        insert_audit(&transaction, doing, Some(person)).await?;
        transaction.commit().await?;
        Ok((Done::Done, Committed::by_deed(doing.deed, person)))
    }

    /// Whose the link with this secret is, if it is still good.
    pub async fn reset_of(&self, token_hash: &[u8; 32], now: Millis) -> Result<Option<UserId>> {
        let rows = self.ask(RESET_OF, [token_hash.to_vec().into(), now.0.into()]).await?;
        Ok(rows.first().map(|row| row.try_get("", "person_id")).transpose()?.map(UserId::from_uuid))
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
        let backend = transaction.get_database_backend();
        let values = [token_hash.to_vec().into(), now.0.into()];
        let used = Statement::from_sql_and_values(backend, USE_RESET, values);
        let Some(row) = transaction.query_one_raw(used).await? else { return Ok(None) };
        let person: Uuid = row.try_get("", "person_id")?;
        let change = "UPDATE people SET password_hash = $2 WHERE id = $1";
        write(&transaction, change, [person.into(), password_hash.into()]).await?;
        let person = UserId::from_uuid(person);
        let ended_sessions = end_sessions(&transaction, person, None).await?;
        know_device(&transaction, person, device_token_hash, now).await?;
        transaction.commit().await?;
        let signed_out = vec![person];
        Ok(Some((person, Committed { ended_sessions, signed_out, ..Committed::default() })))
    }

    /// What a person is to the instance. None when there is nobody of this id.
    pub async fn admin_user(&self, person: UserId) -> Result<Option<AdminUserSummary>> {
        let sql = format!(
            "SELECT {RESIDENT} FROM people p JOIN profiles f ON f.id = p.default_profile_id
             WHERE p.deleted_at IS NULL AND p.id = $1"
        );
        let rows = self.ask(&sql, [person.uuid().into()]).await?;
        rows.first().map(admin_user).transpose()
    }

    /// All accounts, the suspended too, the newest first: those whose name is looked for, and those whose address
    /// holds a text.
    pub async fn admin_users(
        &self,
        of: PageQuery<'_>,
        address: &str,
    ) -> Result<Paginated<AdminUserSummary>> {
        let mut list = List {
            columns: RESIDENT,
            from: "people p JOIN profiles f ON f.id = p.default_profile_id",
            condition: "p.deleted_at IS NULL",
            order: "p.created_at DESC, p.id",
            values: Vec::new(),
        };
        if of.query.is_empty() {
            return self.list(list, of.page, of.per_page, admin_user).await;
        }
        list.condition = "p.deleted_at IS NULL
            AND (f.initials LIKE $1 ESCAPE '\\' OR p.email LIKE $2 ESCAPE '\\')";
        list.values = vec![holding(&of.query.initials()).into(), holding(address).into()];
        let finds = |it: &AdminUserSummary| {
            of.query.finds(it.face.name.as_str()) || it.email.contains(address)
        };
        self.list_kept(list, of.page, of.per_page, admin_user, finds).await
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
        self.list(list, page, per_page, admin_room).await
    }

    /// What administrators did, the newest first.
    pub async fn audit_log(&self, page: usize, per_page: usize) -> Result<Paginated<Entry>> {
        let list = List {
            columns: "d.what, d.by_id, d.person_id, d.done_at, bf.name AS by_name, pf.name AS person_name",
            from: DEEDS,
            condition: "TRUE",
            order: "d.id DESC",
            values: Vec::new(),
        };
        self.list(list, page, per_page, entry).await
    }
}

impl Committed {
    /// What a deed leaves to publish: who has no session any more, or other notices.
    pub fn by_deed(deed: AdminAction, user: UserId) -> Self {
        match deed {
            AdminAction::Suspended | AdminAction::SignedOut => {
                Self { signed_out: vec![user], ..Self::default() }
            }
            AdminAction::EndedTwoFactor | AdminAction::MadeReset => {
                Self { changed_accounts: vec![user], ..Self::default() }
            }
            AdminAction::Appointed
            | AdminAction::Dismissed
            | AdminAction::Restored
            | AdminAction::SetRegistration(_) => Self::default(),
        }
    }
}

const SUSPEND: &str = "
    UPDATE people SET suspended_at = $2
    WHERE id = $1 AND suspended_at IS NULL AND deleted_at IS NULL";
const RESTORE: &str = "
    UPDATE people SET suspended_at = NULL
    WHERE id = $1 AND suspended_at IS NOT NULL AND deleted_at IS NULL";
const APPOINT: &str = "
    UPDATE people SET role = 'administrator'
    WHERE id = $1 AND role <> 'administrator' AND deleted_at IS NULL";
const DISMISS: &str = "
    UPDATE people SET role = 'member'
    WHERE id = $1 AND role <> 'member' AND deleted_at IS NULL";

const ADMINISTRATOR: &str = "
    SELECT 1 FROM people
    WHERE id = $1 AND role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL";

/// Not what is only being set up: nothing asks for it yet.
const END_SECOND_STEP: &str =
    "DELETE FROM second_steps WHERE person_id = $1 AND confirmed_at IS NOT NULL";

const MAKE_RESET: &str = "
    INSERT INTO resets (person_id, token_hash, expires_at)
    SELECT p.id, $2, $3 FROM people p WHERE p.id = $1 AND p.deleted_at IS NULL
    ON CONFLICT (person_id) DO UPDATE SET token_hash = $2, expires_at = $3";
const RESET_OF: &str = "
    SELECT r.person_id FROM resets r JOIN people p ON p.id = r.person_id AND p.suspended_at IS NULL
    WHERE r.token_hash = $1 AND r.expires_at > $2";
const USE_RESET: &str =
    "DELETE FROM resets WHERE token_hash = $1 AND expires_at > $2 RETURNING person_id";

const RESIDENT: &str = "
    p.id, f.name, f.picture_id, p.email, p.role, p.suspended_at, p.created_at,
    EXISTS (SELECT 1 FROM second_steps s
        WHERE s.person_id = p.id AND s.confirmed_at IS NOT NULL) AS has_second_step";

const ROOM: &str = "
    r.id, r.title, r.kind,
    (SELECT COUNT(*) FROM memberships ms WHERE ms.room_id = r.id AND ms.state = 'in') AS members,
    (SELECT COUNT(*) FROM messages m WHERE m.room_id = r.id) AS messages,
    COALESCE((SELECT m.posted_at FROM messages m WHERE m.room_id = r.id
        ORDER BY m.seq DESC LIMIT 1), r.created_at) AS active_at";

const DEEDS: &str = "deeds d
    LEFT JOIN people b ON b.id = d.by_id
    LEFT JOIN profiles bf ON bf.id = b.default_profile_id
    LEFT JOIN people p ON p.id = d.person_id
    LEFT JOIN profiles pf ON pf.id = p.default_profile_id";

/// Answers how many rows it changed.
async fn write<const N: usize>(
    transaction: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<u64> {
    let write = Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
    Ok(transaction.execute_raw(write).await?.rows_affected())
}

async fn insert_audit(
    transaction: &DatabaseTransaction,
    doing: AdminCommand,
    person: Option<UserId>,
) -> Result<()> {
    let values = [
        Uuid::now_v7().into(),
        doing.deed.code().into(),
        doing.by.map(UserId::uuid).into(),
        person.map(UserId::uuid).into(),
        doing.at.0.into(),
    ];
    let insert =
        "INSERT INTO deeds (id, what, by_id, person_id, done_at) VALUES ($1, $2, $3, $4, $5)";
    write(transaction, insert, values).await.map(|_| ())
}

/// Whether the user is an administrator who is still here and not suspended; the operator on the machine, who is
/// none of the users, always may.
async fn may_administer(transaction: &DatabaseTransaction, by: Option<UserId>) -> Result<bool> {
    let Some(by) = by else { return Ok(true) };
    let backend = transaction.get_database_backend();
    let find = Statement::from_sql_and_values(backend, ADMINISTRATOR, [by.uuid().into()]);
    Ok(transaction.query_one_raw(find).await?.is_some())
}

/// Those who look after the instance and are not suspended.
pub(crate) async fn administrators(transaction: &DatabaseTransaction) -> Result<i64> {
    let count = Statement::from_string(
        transaction.get_database_backend(),
        "SELECT COUNT(*) AS count FROM people
         WHERE role = 'administrator' AND suspended_at IS NULL AND deleted_at IS NULL",
    );
    let row = transaction.query_one_raw(count).await?.ok_or(Error::Corrupt { what: "people" })?;
    Ok(row.try_get("", "count")?)
}

fn admin_user(row: &QueryResult) -> Result<AdminUserSummary> {
    let role: String = row.try_get("", "role")?;
    let suspended_at: Option<i64> = row.try_get("", "suspended_at")?;
    Ok(AdminUserSummary {
        face: face(row)?,
        email: row.try_get("", "email")?,
        role: stored(InstanceRole::from_code(&role).ok_or(()), "role")?,
        suspended: suspended_at.is_some(),
        has_second_step: row.try_get("", "has_second_step")?,
        since: Millis(row.try_get("", "created_at")?),
    })
}

fn admin_room(row: &QueryResult) -> Result<AdminRoomSummary> {
    let (title, kind): (String, String) = (row.try_get("", "title")?, row.try_get("", "kind")?);
    let count = |column: &str| -> Result<u64> {
        let count: i64 = row.try_get("", column)?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    Ok(AdminRoomSummary {
        id: RoomId::from_uuid(row.try_get("", "id")?),
        title: stored(RoomTitle::parse(&title), "title")?,
        access: stored(Access::from_code(&kind).ok_or(()), "kind")?,
        members: count("members")?,
        messages: count("messages")?,
        active_at: Millis(row.try_get("", "active_at")?),
    })
}

fn entry(row: &QueryResult) -> Result<Entry> {
    let who = |id: &str, name: &str| -> Result<Option<Who>> {
        let id: Option<Uuid> = row.try_get("", id)?;
        let name: Option<String> = row.try_get("", name)?;
        Ok(id.zip(name).map(|(id, name)| Who {
            id: UserId::from_uuid(id),
            // Whoever has deleted their account has none.
            name: DisplayName::parse(&name).ok(),
        }))
    };
    let what: String = row.try_get("", "what")?;
    Ok(Entry {
        deed: stored(AdminAction::from_code(&what).ok_or(()), "deed")?,
        by: who("by_id", "by_name")?,
        person: who("person_id", "person_name")?,
        at: Millis(row.try_get("", "done_at")?),
    })
}
