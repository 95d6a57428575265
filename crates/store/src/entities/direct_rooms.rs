use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "direct_rooms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub low: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub high: Uuid,
    pub room_id: Uuid,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
