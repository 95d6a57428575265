//! Tables, columns and stored codes are named in the field's words, which the code uses.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (before, now) in TABLES {
            db.execute_unprepared(&rename_table(before, now)).await?;
        }
        for (table, before, now) in COLUMNS {
            db.execute_unprepared(&rename_column(table, before, now)).await?;
        }
        for (before, now, on) in INDEXES {
            db.execute_unprepared(&format!(r#"DROP INDEX "{before}""#)).await?;
            db.execute_unprepared(&format!("CREATE {}", on.replace("{}", now))).await?;
        }
        for (table, column, before, now) in CODES {
            db.execute_unprepared(&replace_code(table, column, before, now)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, column, before, now) in CODES {
            db.execute_unprepared(&replace_code(table, column, now, before)).await?;
        }
        for (before, now, on) in INDEXES {
            db.execute_unprepared(&format!(r#"DROP INDEX "{now}""#)).await?;
            db.execute_unprepared(&format!("CREATE {}", on.replace("{}", before))).await?;
        }
        for (table, before, now) in COLUMNS {
            db.execute_unprepared(&rename_column(table, now, before)).await?;
        }
        for (before, now) in TABLES {
            db.execute_unprepared(&rename_table(now, before)).await?;
        }
        Ok(())
    }
}

/// Foreign keys and indexes follow the table.
fn rename_table(from: &str, to: &str) -> String {
    format!(r#"ALTER TABLE "{from}" RENAME TO "{to}""#)
}

/// Foreign keys and indexes follow the column.
fn rename_column(table: &str, from: &str, to: &str) -> String {
    format!(r#"ALTER TABLE "{table}" RENAME COLUMN "{from}" TO "{to}""#)
}

fn replace_code(table: &str, column: &str, from: &str, to: &str) -> String {
    format!(r#"UPDATE "{table}" SET "{column}" = '{to}' WHERE "{column}" = '{from}'"#)
}

/// Before and now.
const TABLES: [(&str, &str); 7] = [
    ("house", "instance"),
    ("people", "users"),
    ("pairs", "direct_rooms"),
    ("resets", "password_resets"),
    ("deeds", "audit_log"),
    ("second_steps", "two_factor"),
    ("half_sign_ins", "pending_logins"),
];

/// The table as it is called now, its column before and now.
const COLUMNS: [(&str, &str, &str); 26] = [
    ("instance", "sign_up", "registration"),
    ("sessions", "person_id", "user_id"),
    ("memberships", "person_id", "user_id"),
    ("memberships", "state", "status"),
    ("profiles", "person_id", "user_id"),
    ("profiles", "picture_id", "avatar_id"),
    ("rooms", "picture_id", "avatar_id"),
    ("events", "what", "kind"),
    ("events", "by_id", "actor_id"),
    ("events", "person_id", "target_id"),
    ("invitations", "person_id", "user_id"),
    ("invitations", "by_id", "invited_by"),
    ("invitation_links", "by_id", "created_by"),
    ("invitation_links", "uses_most", "max_uses"),
    ("password_resets", "person_id", "user_id"),
    ("audit_log", "what", "action"),
    ("audit_log", "by_id", "actor_id"),
    ("audit_log", "person_id", "target_id"),
    ("two_factor", "person_id", "user_id"),
    ("two_factor", "last_step", "last_window"),
    ("recovery_codes", "person_id", "user_id"),
    ("pending_logins", "person_id", "user_id"),
    ("pending_logins", "tries", "attempts"),
    ("notices", "what", "kind"),
    ("notices", "by_id", "actor_id"),
    ("form_submissions", "made_id", "created_id"),
];

/// The name of an index before and now, and the index itself with a hole where its name is.
const INDEXES: [(&str, &str, &str); 9] = [
    (
        "memberships_person",
        "memberships_user",
        r#"INDEX "{}" ON "memberships" ("user_id", "room_id")"#,
    ),
    ("sessions_person", "sessions_user", r#"INDEX "{}" ON "sessions" ("user_id", "last_used_at")"#),
    ("profiles_person", "profiles_user", r#"UNIQUE INDEX "{}" ON "profiles" ("user_id", "id")"#),
    ("profiles_picture", "profiles_avatar", r#"UNIQUE INDEX "{}" ON "profiles" ("avatar_id")"#),
    ("rooms_picture", "rooms_avatar", r#"UNIQUE INDEX "{}" ON "rooms" ("avatar_id")"#),
    ("invitations_person", "invitations_user", r#"INDEX "{}" ON "invitations" ("user_id")"#),
    (
        "half_sign_ins_person",
        "pending_logins_user",
        r#"INDEX "{}" ON "pending_logins" ("user_id")"#,
    ),
    ("people_address_key", "users_address_key", r#"UNIQUE INDEX "{}" ON "users" ("address_key")"#),
    (
        "people_default_profile",
        "users_default_profile",
        r#"INDEX "{}" ON "users" ("default_profile_id")"#,
    ),
];

/// The table, its column, and the code before and now.
const CODES: [(&str, &str, &str, &str); 14] = [
    ("events", "kind", "entered", "joined"),
    ("events", "kind", "handed_over", "ownership_transferred"),
    ("events", "kind", "retitled", "renamed"),
    ("notices", "kind", "second_step_ended", "two_factor_removed"),
    ("audit_log", "action", "suspended", "suspend"),
    ("audit_log", "action", "restored", "unsuspend"),
    ("audit_log", "action", "appointed", "promote"),
    ("audit_log", "action", "dismissed", "demote"),
    ("audit_log", "action", "signed_out", "sign_out"),
    ("audit_log", "action", "made_reset", "issue_password_reset"),
    ("audit_log", "action", "ended_second_step", "remove_two_factor"),
    ("audit_log", "action", "sign_up_open", "set_registration_open"),
    ("audit_log", "action", "sign_up_invitation", "set_registration_invitation"),
    ("audit_log", "action", "sign_up_closed", "set_registration_closed"),
];
