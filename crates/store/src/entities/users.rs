use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    /// The address in the one form in which addresses are compared. None while an older account has the same
    /// one, or what is stored is none: then the user signs in with `email` as it was typed.
    pub address_key: Option<String>,
    pub default_profile_id: Uuid,
    pub password_hash: String,
    pub created_at: i64,
    pub role: String,
    /// When the account was suspended.
    pub suspended_at: Option<i64>,
    pub language: Option<String>,
    pub theme: Option<String>,
    /// When the account was deleted: what is left is what messages refer to.
    pub deleted_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
