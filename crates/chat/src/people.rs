//! Becoming a person of this house, and finding the others.

use crate::{Actor, Chat, OrProblem, Token, Visitor};
use domain::{
    collation::{First, Key},
    ids::PersonId,
    people::{Card, DIRECTORY_PAGE, Directory, DisplayName, Email, Password},
    problem::{Field, Flaws, Problem},
    search::Query,
    text::{Fault, compose},
};
use store::NewPerson;

/// The most characters that are looked for.
const QUERY_MOST: usize = 80;

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

    /// A page of everybody here whose name holds what was typed, in the reader's order. Pages count from 1;
    /// one past the end is the last.
    pub async fn directory(
        &self,
        _: &Actor,
        typed: &str,
        page: usize,
        first: First,
    ) -> Result<Directory, Problem> {
        let typed: String = compose(typed.trim()).chars().take(QUERY_MOST).collect();
        let query = Query::new(&typed);
        let mut people = self.store.everybody().await.or_problem()?;
        people.retain(|face| query.finds(face.name.as_str()));
        people.sort_by_cached_key(|face| (Key::new(face.name.as_str(), first), face.person));
        let found = people.len();
        let pages = found.div_ceil(DIRECTORY_PAGE).max(1);
        let page = page.clamp(1, pages);
        let people = people.into_iter().skip((page - 1) * DIRECTORY_PAGE).take(DIRECTORY_PAGE);
        Ok(Directory { query: typed, people: people.collect(), found, page, pages })
    }

    /// What the actor sees of a person, themselves included.
    pub async fn card(&self, actor: &Actor, person: PersonId) -> Result<Card, Problem> {
        let face = self.store.face(person).await.or_problem()?.ok_or(Problem::NotFound)?;
        if person == actor.person() {
            let own = self.store.profiles_of(person).await.or_problem()?;
            return Ok(Card { face, rooms: Vec::new(), own: Some(own) });
        }
        let rooms = self.store.rooms_in_common(actor.person(), person).await.or_problem()?;
        Ok(Card { face, rooms, own: None })
    }
}
