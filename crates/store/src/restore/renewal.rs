//! What a backup must not bring back: whatever could be used to get in and was ended, or used up, since.

use crate::{
    Error, Result,
    entities::instance,
    schema::{has_column, has_table},
};
use domain::clock::Millis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    QueryFilter, Statement, TransactionTrait, Value, sea_query::Expr,
};
use uuid::Uuid;

/// How many of each were ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    pub sessions: u64,
    /// Sign-ins between password and code.
    pub pending_logins: u64,
    /// Links for a new password.
    pub resets: u64,
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

/// Gives a database its new epoch and ends what must not come back, in a file of this version or of an earlier
/// one. None when the file says of itself no epoch.
pub(super) async fn renew(db: &DatabaseConnection, at: Millis) -> Result<Option<Renewal>> {
    db.execute_unprepared("PRAGMA secure_delete = ON").await?;
    let transaction = db.begin().await?;
    let renewed = instance::Entity::update_many()
        .col_expr(instance::Column::Epoch, Expr::value(Uuid::new_v4()))
        .filter(instance::Column::Id.eq(1))
        .exec(&transaction)
        .await?;
    if renewed.rows_affected != 1 {
        return Ok(None);
    }
    let users_without_codes = tell_owners_of_codes(&transaction, at).await?;
    let renewal = Renewal {
        sessions: empty(&transaction, "sessions").await?,
        pending_logins: empty(&transaction, "half_sign_ins").await?,
        resets: empty(&transaction, "resets").await?,
        setup_links: end_setup_link(&transaction).await?,
        known_devices: empty(&transaction, "known_devices").await?,
        recovery_codes: empty(&transaction, "recovery_codes").await?,
        users_without_codes,
        invitation_links: count_links(&transaction, at).await?,
    };
    use_up_totp_codes(&transaction, at).await?;
    transaction.commit().await?;
    Ok(Some(renewal))
}

/// Removes all rows of a table, which a backup of an earlier version may be without.
async fn empty(db: &DatabaseTransaction, table: &str) -> Result<u64> {
    if !has_table(db, table).await? {
        return Ok(0);
    }
    write(db, &format!("DELETE FROM {table}"), []).await
}

/// Leaves a notice to all whose recovery codes are about to go, since they will need new ones.
async fn tell_owners_of_codes(db: &DatabaseTransaction, at: Millis) -> Result<u64> {
    if !has_table(db, "recovery_codes").await? {
        return Ok(0);
    }
    let knows_notices = has_table(db, "notices").await?;
    if !knows_notices {
        write(db, LOST_CODES, []).await?;
    }
    let ask = "SELECT DISTINCT person_id FROM recovery_codes";
    let owners = db.query_all_raw(Statement::from_string(db.get_database_backend(), ask)).await?;
    for owner in &owners {
        let owner: Uuid = owner.try_get("", "person_id")?;
        if knows_notices {
            write(db, NOTICE, [Uuid::now_v7().into(), owner.into(), at.0.into()]).await?;
        } else {
            write(db, LOST_CODE, [owner.into(), at.0.into()]).await?;
        }
    }
    Ok(u64::try_from(owners.len()).unwrap_or(u64::MAX))
}

const NOTICE: &str = "
    INSERT INTO notices (id, user_id, what, created_at) VALUES ($1, $2, 'recovery_codes_ended', $3)";

/// In a backup that is older than notices are; the migration that brings them makes notices of these rows.
const LOST_CODES: &str = "
    CREATE TABLE IF NOT EXISTS lost_recovery_codes (
        user_id uuid_text NOT NULL PRIMARY KEY, lost_at bigint NOT NULL
    )";
const LOST_CODE: &str = "INSERT OR REPLACE INTO lost_recovery_codes VALUES ($1, $2)";

/// A code that was used after the backup is used. What was being set up showed its secret and its codes.
async fn use_up_totp_codes(db: &DatabaseTransaction, at: Millis) -> Result<()> {
    if !has_table(db, "second_steps").await? {
        return Ok(());
    }
    write(db, "DELETE FROM second_steps WHERE confirmed_at IS NULL", []).await?;
    // The next one too: a clock that is a little fast may have used it.
    let window = at.0.div_euclid(TOTP_WINDOW_MILLIS) + 1;
    let use_up = "UPDATE second_steps SET last_step = MAX(last_step, $1)";
    write(db, use_up, [window.into()]).await.map(|_| ())
}

async fn end_setup_link(db: &DatabaseTransaction) -> Result<u64> {
    if !has_column(db, "house", "setup_hash").await? {
        return Ok(0);
    }
    write(db, "UPDATE house SET setup_hash = NULL WHERE setup_hash IS NOT NULL", []).await
}

async fn count_links(db: &DatabaseTransaction, at: Millis) -> Result<u64> {
    if !has_table(db, "invitation_links").await? {
        return Ok(0);
    }
    let ask = "SELECT COUNT(*) AS links FROM invitation_links WHERE expires_at > $1
               AND (uses_most IS NULL OR uses < uses_most)";
    let ask = Statement::from_sql_and_values(db.get_database_backend(), ask, [at.0.into()]);
    let row = db.query_one_raw(ask).await?.ok_or(Error::Corrupt { what: "count" })?;
    let links: i64 = row.try_get("", "links")?;
    Ok(u64::try_from(links).unwrap_or(0))
}

async fn write<const N: usize>(
    db: &DatabaseTransaction,
    sql: &str,
    values: [Value; N],
) -> Result<u64> {
    let write = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(write).await?.rows_affected())
}
