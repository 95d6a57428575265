//! All accounts, for administrators.

use crate::{
    PageQuery, Result, Store,
    pages::{List, like_pattern},
    sql::{decode, query_one},
    users::UserSummaryRow,
};
use domain::{
    admin::{AdminUserSummary, InstanceRole},
    clock::Millis,
    ids::UserId,
    pagination::Paginated,
};
use sea_orm::FromQueryResult;

impl Store {
    /// An account as administrators see it. None when there is no such user.
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
        list.values = vec![like_pattern(&of.query.initials()).into(), like_pattern(address).into()];
        let finds = |it: &AdminUserSummary| {
            of.query.finds(it.summary.name.as_str()) || it.email.contains(address)
        };
        self.list_kept(list, of.page, of.per_page, AdminUserRow::user, finds).await
    }
}

const ADMIN_USER: &str = "
    p.id, f.name, f.avatar_id, p.email, p.role, p.suspended_at, p.created_at,
    EXISTS (SELECT 1 FROM two_factor s
        WHERE s.user_id = p.id AND s.confirmed_at IS NOT NULL) AS has_two_factor";

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
