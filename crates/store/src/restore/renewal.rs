//! What a backup must not bring back: whatever could be used to get in and was ended, or used up, since.

use crate::{
    Result,
    sql::{count, execute, query_values},
    sqlite::{has_column, has_table, overwrite_deletions},
};
use domain::clock::Millis;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use uuid::Uuid;

/// How many of each were ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    pub sessions: u64,
    /// Sign-ins between password and code.
    pub pending_logins: u64,
    /// Links for a new password.
    pub password_resets: u64,
    pub setup_links: u64,
    pub known_devices: u64,
    pub recovery_codes: u64,
    /// The users to whom these belonged, who are told when they sign in.
    pub users_without_codes: u64,
    /// Invitation links that work: those that were revoked since the backup do again.
    pub invitation_links: u64,
}

/// The length of the time that one code of an app is for, as in RFC 6238.
const TOTP_WINDOW_MILLIS: i64 = 30_000;

/// What a file calls the tables and columns that have had two names.
#[derive(Debug, Clone, Copy)]
struct Names {
    instance: &'static str,
    pending_logins: &'static str,
    password_resets: &'static str,
    two_factor: &'static str,
    user_id: &'static str,
    last_window: &'static str,
    notice_kind: &'static str,
    max_uses: &'static str,
}

const CURRENT: Names = Names {
    instance: "instance",
    pending_logins: "pending_logins",
    password_resets: "password_resets",
    two_factor: "two_factor",
    user_id: "user_id",
    last_window: "last_window",
    notice_kind: "kind",
    max_uses: "max_uses",
};

/// Until the migration `plain_names`.
const EARLIER: Names = Names {
    instance: "house",
    pending_logins: "half_sign_ins",
    password_resets: "resets",
    two_factor: "second_steps",
    user_id: "person_id",
    last_window: "last_step",
    notice_kind: "what",
    max_uses: "uses_most",
};

/// Gives a database its new epoch and ends what must not come back, in a file of this version or of an earlier
/// one. None when the file says of itself no epoch.
pub(super) async fn renew(db: &DatabaseConnection, at: Millis) -> Result<Option<Renewal>> {
    overwrite_deletions(db).await?;
    let transaction = db.begin().await?;
    let names = if has_table(&transaction, EARLIER.instance).await? { EARLIER } else { CURRENT };
    let renew = format!("UPDATE {} SET epoch = $1 WHERE id = 1", names.instance);
    if execute(&transaction, &renew, [Uuid::new_v4().into()]).await? != 1 {
        return Ok(None);
    }
    let users_without_codes = tell_owners_of_codes(&transaction, names, at).await?;
    let renewal = Renewal {
        sessions: empty(&transaction, "sessions").await?,
        pending_logins: empty(&transaction, names.pending_logins).await?,
        password_resets: empty(&transaction, names.password_resets).await?,
        setup_links: end_setup_link(&transaction, names).await?,
        known_devices: empty(&transaction, "known_devices").await?,
        recovery_codes: empty(&transaction, "recovery_codes").await?,
        users_without_codes,
        invitation_links: count_links(&transaction, names, at).await?,
    };
    use_up_totp_codes(&transaction, names, at).await?;
    transaction.commit().await?;
    Ok(Some(renewal))
}

/// Removes all rows of a table, which a backup of an earlier version may be without.
async fn empty(db: &DatabaseTransaction, table: &str) -> Result<u64> {
    if !has_table(db, table).await? {
        return Ok(0);
    }
    execute(db, &format!("DELETE FROM {table}"), []).await
}

/// Leaves a notice to all whose recovery codes are about to go, since they will need new ones.
async fn tell_owners_of_codes(db: &DatabaseTransaction, names: Names, at: Millis) -> Result<u64> {
    if !has_table(db, "recovery_codes").await? {
        return Ok(0);
    }
    let knows_notices = has_table(db, "notices").await?;
    if !knows_notices {
        execute(db, LOST_CODES, []).await?;
    }
    let Names { user_id, notice_kind, .. } = names;
    let notice = format!(
        "INSERT INTO notices (id, user_id, {notice_kind}, created_at)
         VALUES ($1, $2, 'recovery_codes_ended', $3)"
    );
    let sql = format!("SELECT DISTINCT {user_id} FROM recovery_codes");
    let owners: Vec<Uuid> = query_values(db, sql, []).await?;
    for owner in &owners {
        if knows_notices {
            let values = [Uuid::now_v7().into(), (*owner).into(), at.0.into()];
            execute(db, &notice, values).await?;
        } else {
            execute(db, LOST_CODE, [(*owner).into(), at.0.into()]).await?;
        }
    }
    Ok(u64::try_from(owners.len()).unwrap_or(u64::MAX))
}

/// In a backup that is older than notices are; the migration that brings them makes notices of these rows.
const LOST_CODES: &str = "
    CREATE TABLE IF NOT EXISTS lost_recovery_codes (
        user_id uuid_text NOT NULL PRIMARY KEY, lost_at bigint NOT NULL
    )";
const LOST_CODE: &str = "INSERT OR REPLACE INTO lost_recovery_codes VALUES ($1, $2)";

/// A code that was used after the backup is used. What was being set up showed its secret and its codes.
async fn use_up_totp_codes(db: &DatabaseTransaction, names: Names, at: Millis) -> Result<()> {
    let Names { two_factor, last_window, .. } = names;
    if !has_table(db, two_factor).await? {
        return Ok(());
    }
    execute(db, &format!("DELETE FROM {two_factor} WHERE confirmed_at IS NULL"), []).await?;
    // The next one too: a clock that is a little fast may have used it.
    let window = at.0.div_euclid(TOTP_WINDOW_MILLIS) + 1;
    let use_up = format!("UPDATE {two_factor} SET {last_window} = MAX({last_window}, $1)");
    execute(db, &use_up, [window.into()]).await.map(|_| ())
}

async fn end_setup_link(db: &DatabaseTransaction, names: Names) -> Result<u64> {
    let instance = names.instance;
    if !has_column(db, instance, "setup_hash").await? {
        return Ok(0);
    }
    let end = format!("UPDATE {instance} SET setup_hash = NULL WHERE setup_hash IS NOT NULL");
    execute(db, &end, []).await
}

async fn count_links(db: &DatabaseTransaction, names: Names, at: Millis) -> Result<u64> {
    if !has_table(db, "invitation_links").await? {
        return Ok(0);
    }
    let max_uses = names.max_uses;
    let sql = format!(
        "SELECT COUNT(*) FROM invitation_links WHERE expires_at > $1
         AND ({max_uses} IS NULL OR uses < {max_uses})"
    );
    Ok(u64::try_from(count(db, sql, [at.0.into()]).await?).unwrap_or(0))
}
