//! People and how they prove who they are.

use crate::{Error, Result, Store, entities::people, is_unique_violation, stored};
use domain::{
    clock::Millis,
    ids::PersonId,
    people::{DisplayName, Email},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewPerson {
    pub email: Email,
    pub name: DisplayName,
    pub password_hash: String,
    pub at: Millis,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub person: PersonId,
    pub password_hash: String,
}

impl Store {
    /// None when somebody has the address already.
    pub async fn add_person(&self, new: NewPerson) -> Result<Option<PersonId>> {
        let id = Uuid::now_v7();
        let row = people::ActiveModel {
            id: Set(id),
            email: Set(new.email.as_str().to_owned()),
            name: Set(new.name.as_str().to_owned()),
            password_hash: Set(new.password_hash),
            created_at: Set(new.at.0),
        };
        match people::Entity::insert(row).exec_without_returning(&self.write).await {
            Ok(_) => Ok(Some(PersonId::from_uuid(id))),
            Err(error) if is_unique_violation(&error) => Ok(None),
            Err(error) => Err(Error::Database(error)),
        }
    }

    pub async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let of_address = people::Column::Email.eq(email.as_str());
        let row = people::Entity::find().filter(of_address).one(&self.read).await?;
        Ok(row.map(|row| Credentials {
            person: PersonId::from_uuid(row.id),
            password_hash: row.password_hash,
        }))
    }
}

impl people::Model {
    pub(crate) fn display_name(&self) -> Result<DisplayName> {
        stored(DisplayName::parse(&self.name), "name")
    }
}
