use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "two_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub secret: Vec<u8>,
    /// The recovery codes while they are being shown, one a line.
    pub fresh_codes: Option<String>,
    /// The session that sets it up, while it is being set up.
    pub session_id: Option<Uuid>,
    /// None while it is being set up.
    pub confirmed_at: Option<i64>,
    /// The latest time window whose code has been used.
    pub last_window: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
