use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rooms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Empty in a one-to-one room.
    pub title: String,
    pub head: i64,
    pub rev: i64,
    pub created_by: Uuid,
    pub created_at: i64,
    pub kind: String,
    pub description: String,
    /// When it was closed for ever.
    pub closed_at: Option<i64>,
    pub avatar_id: Option<Uuid>,
    /// What the title is sorted and found by, as `NameKeys` makes it; so are the two below.
    pub hangul_first: String,
    pub latin_first: String,
    pub initials: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
