//! Becoming a person of this house.

use crate::{Chat, OrProblem, Token, Visitor};
use domain::{
    people::{DisplayName, Email, Password},
    problem::{Field, Flaws, Problem},
    text::{Fault, compose},
};
use store::NewPerson;

/// The form, as typed.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub email: String,
    pub name: String,
    pub password: String,
}

impl Chat {
    /// Makes an account and signs it in.
    pub async fn sign_up(&self, form: SignUp, visitor: &Visitor) -> Result<Token, Problem> {
        let mut flaws = Flaws::default();
        let name = flaws.check(Field::Name, DisplayName::parse(&compose(&form.name)));
        let email = flaws.check(Field::Email, Email::parse(&form.email));
        let password = flaws.check(Field::Password, Password::parse(&form.password));
        let (Some(name), Some(email), Some(password)) = (name, email, password) else {
            return Err(flaws.into());
        };
        self.limits.attempt(visitor.address)?;
        let password_hash = self.passwords.hash(password).await?;
        let new = NewPerson { email, name, password_hash, at: self.now() };
        match self.store.add_person(new).await.or_problem()? {
            Some(person) => self.open_session(person, visitor).await,
            None => Err(Problem::invalid(Field::Email, Fault::Taken)),
        }
    }
}
