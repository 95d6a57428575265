//! Looking after the house: who lives here, who may come, and what was done about it. To everybody but its
//! administrators there is nothing of the kind.

use crate::{
    Actor, Chat, OrProblem, Token, Visitor, passwords::Caller, people::name_query, sessions::sha256,
};
use domain::{
    clock::Millis,
    house::{
        Deed, Entry, HOUSE_PAGE, HouseRole, HouseRoom, Housed, Leaf, RESET_MILLIS, Resident,
        SignUpMode,
    },
    ids::PersonId,
    invitation_links::{LinkToken, TOKEN_BYTES},
    people::{Email, Password, TypedEmail},
    policy::house::{HouseAction, Whom, house_allows},
    problem::{Field, Problem},
    text::Fault,
};
use rand::RngCore;
use store::{Committed, Doing, Done, PageQuery, Paginated};

impl Chat {
    /// Whether the actor looks after the house.
    pub async fn is_administrator(&self, actor: &Actor) -> Result<bool, Problem> {
        let resident = self.store.resident(actor.person()).await.or_problem()?;
        Ok(resident.is_some_and(|me| !me.suspended && house_allows(HouseAction::Look, me.role)))
    }

    /// A page of everybody whose name or address holds what was typed, the newest first.
    pub async fn residents(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
    ) -> Result<Leaf<Resident>, Problem> {
        self.allow_in_house(actor, HouseAction::Look).await?;
        let (typed, query) = name_query(typed);
        // Part of an address, or all of it however it is written.
        let whole = Email::parse(&typed).map(|email| email.as_str().to_owned());
        let address = whole.unwrap_or_else(|_| typed.to_lowercase());
        let of = PageQuery { query: &query, page, per_page: HOUSE_PAGE };
        let residents = self.store.residents(of, &address).await.or_problem()?;
        Ok(leaf(typed, residents))
    }

    /// Somebody who lives here, and what the actor may do to them.
    pub async fn housed(&self, actor: &Actor, person: PersonId) -> Result<Housed, Problem> {
        self.allow_in_house(actor, HouseAction::Look).await?;
        let resident = self.resident(person).await?;
        let devices = self.store.sessions_of(person).await.or_problem()?.len();
        let may = DEEDS.into_iter().filter(|(_, action)| {
            house_allows(action(whom(actor, &resident)), HouseRole::Administrator)
        });
        let may = may.map(|(deed, _)| deed).collect();
        Ok(Housed { resident, devices, may })
    }

    /// All rooms with a title, page by page.
    pub async fn house_rooms(
        &self,
        actor: &Actor,
        page: usize,
    ) -> Result<Leaf<HouseRoom>, Problem> {
        self.allow_in_house(actor, HouseAction::Look).await?;
        let rooms = self.store.house_rooms(page, HOUSE_PAGE).await.or_problem()?;
        Ok(leaf(String::new(), rooms))
    }

    /// What administrators did, page by page, the newest first.
    pub async fn deeds(&self, actor: &Actor, page: usize) -> Result<Leaf<Entry>, Problem> {
        self.allow_in_house(actor, HouseAction::Look).await?;
        let deeds = self.store.deeds(page, HOUSE_PAGE).await.or_problem()?;
        Ok(leaf(String::new(), deeds))
    }

    /// Who may become somebody here; anybody may know.
    pub async fn sign_up_mode(&self) -> Result<SignUpMode, Problem> {
        self.store.sign_up_mode().await.or_problem()
    }

    pub async fn choose_sign_up(&self, actor: &Actor, mode: SignUpMode) -> Result<(), Problem> {
        self.allow_in_house(actor, HouseAction::ChooseSignUp).await?;
        let person = actor.person();
        self.run_to_completion(move |chat| async move {
            let done = chat.store.choose_sign_up(mode, person, chat.now()).await.or_problem()?;
            log_deed(done, Deed::ChoseSignUp(mode), Some(person), None);
            changed(done).map(|_| ())
        })
        .await
    }

    /// Suspends, restores, appoints or dismisses somebody, signs them out everywhere, or takes off their second
    /// step. It takes effect at once, on open sockets too. What is so already is left as it is.
    pub async fn do_to(&self, actor: &Actor, person: PersonId, deed: Deed) -> Result<(), Problem> {
        let action = DEEDS.into_iter().find(|(each, _)| *each == deed).map(|(_, action)| action);
        let action = action.ok_or(Problem::Malformed)?;
        self.allow_in_house(actor, HouseAction::Look).await?;
        let resident = self.resident(person).await?;
        let already = match deed {
            Deed::Suspended => resident.suspended,
            Deed::Restored => !resident.suspended,
            Deed::EndedSecondStep => !resident.has_second_step,
            _ => false,
        };
        if !already {
            self.allow_in_house(actor, action(whom(actor, &resident))).await?;
        }
        let by = actor.person();
        self.run_to_completion(move |chat| async move {
            if already {
                // Published again: a user without sessions has nothing to lose by it.
                chat.publish(Committed::by_deed(deed, person)).await;
                return Ok(());
            }
            let doing = Doing { deed, by: Some(by), at: chat.now() };
            let (done, committed) = chat.store.do_to(person, doing).await.or_problem()?;
            log_deed(done, deed, Some(by), Some(person));
            chat.publish(committed).await;
            changed(done).map(|_| ())
        })
        .await
    }

    /// Makes a link by which the person chooses a new password, good for four hours and once.
    pub async fn make_reset(&self, actor: &Actor, person: PersonId) -> Result<LinkToken, Problem> {
        self.allow_in_house(actor, HouseAction::Look).await?;
        let resident = self.resident(person).await?;
        self.allow_in_house(actor, HouseAction::Reset(whom(actor, &resident))).await?;
        self.hand_out_reset(person, Some(actor.person())).await
    }

    /// Makes a user an administrator, for the operator on the machine itself. False when they are one already;
    /// [`Problem::Suspended`] when they could not sign in as one.
    pub async fn appoint_from_machine(&self, email: &str) -> Result<bool, Problem> {
        let resident = self.addressed(email).await?;
        if resident.suspended {
            return Err(Problem::Suspended);
        }
        self.do_from_machine(resident.face.person, Deed::Appointed).await
    }

    /// Takes off the second step of a user who has lost it, for the operator on the machine itself. False when
    /// they have none.
    pub async fn end_second_step_from_machine(&self, email: &str) -> Result<bool, Problem> {
        let resident = self.addressed(email).await?;
        self.do_from_machine(resident.face.person, Deed::EndedSecondStep).await
    }

    async fn do_from_machine(&self, person: PersonId, deed: Deed) -> Result<bool, Problem> {
        self.run_to_completion(move |chat| async move {
            let doing = Doing { deed, by: None, at: chat.now() };
            let (done, committed) = chat.store.do_to(person, doing).await.or_problem()?;
            log_deed(done, deed, None, Some(person));
            chat.publish(committed).await;
            changed(done)
        })
        .await
    }

    /// Makes a link by which somebody chooses a new password, for whoever has the machine itself.
    pub async fn reset_from_machine(&self, email: &str) -> Result<LinkToken, Problem> {
        let resident = self.addressed(email).await?;
        self.hand_out_reset(resident.face.person, None).await
    }

    async fn hand_out_reset(
        &self,
        person: PersonId,
        by: Option<PersonId>,
    ) -> Result<LinkToken, Problem> {
        let mut random = [0; TOKEN_BYTES];
        rand::rng().fill_bytes(&mut random);
        let (token, now) = (LinkToken::from_random(random), self.now());
        let until = Millis(now.0.saturating_add(RESET_MILLIS));
        let hash = sha256(token.as_str());
        self.run_to_completion(move |chat| async move {
            let made = chat.store.make_reset(person, hash, until, by, now).await;
            let (done, committed) = made.or_problem()?;
            chat.publish(committed).await;
            log_deed(done, Deed::MadeReset, by, Some(person));
            if changed(done)? { Ok(token) } else { Err(Problem::NotFound) }
        })
        .await
    }

    /// Whose address this is.
    async fn addressed(&self, email: &str) -> Result<Resident, Problem> {
        let address = TypedEmail::parse(email).map_err(|_| Problem::NotFound)?;
        let person = self.store.addressed(&address).await.or_problem()?;
        self.resident(person.ok_or(Problem::NotFound)?).await
    }

    /// Whether a link by which somebody chooses a new password is still good.
    pub async fn open_reset(&self, token: &str) -> Result<LinkToken, Problem> {
        self.find_reset(token).await.map(|(token, _)| token)
    }

    async fn find_reset(&self, token: &str) -> Result<(LinkToken, PersonId), Problem> {
        let token = LinkToken::parse(token).map_err(|_| Problem::Gone)?;
        let person = self.store.reset_of(&sha256(token.as_str()), self.now()).await.or_problem()?;
        Ok((token, person.ok_or(Problem::Gone)?))
    }

    /// Changes a password by such a link, and signs its person out everywhere. Answers the token of a known device:
    /// failures elsewhere do not keep them from signing in now.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Token, Problem> {
        let password =
            Password::parse(password).map_err(|fault| Problem::invalid(Field::Password, fault))?;
        let (token, person) = match self.find_reset(token).await {
            Ok(found) => found,
            Err(refused) => {
                let address = visitor.address;
                tracing::info!(target: "security", event = "reset_failed", %address);
                return Err(self.limits.failed_from(visitor.address).err().unwrap_or(refused));
            }
        };
        let password = self.unlike_their_own(password, person).await?;
        let hash = self.passwords.hash(Caller::Known(person), password).await?;
        let address = visitor.address;
        self.run_to_completion(move |chat| async move {
            let token_hash = sha256(token.as_str());
            let (device, now) = (Token::mint(), chat.now());
            let known = sha256(device.as_str());
            let reset = chat.store.reset_password(&token_hash, hash, known, now).await;
            let (user, committed) = reset.or_problem()?.ok_or(Problem::Gone)?;
            chat.publish(committed).await;
            tracing::info!(target: "security", event = "password_reset", %user, %address);
            Ok(device)
        })
        .await
    }

    /// The password, if it is more than the name or the address of the user.
    async fn unlike_their_own(
        &self,
        password: Password,
        person: PersonId,
    ) -> Result<Password, Problem> {
        let resident = self.resident(person).await?;
        let own = [resident.face.name.as_str(), resident.email.as_str()];
        password.unlike(own).map_err(|fault| Problem::invalid(Field::Password, fault))
    }

    async fn resident(&self, person: PersonId) -> Result<Resident, Problem> {
        self.store.resident(person).await.or_problem()?.ok_or(Problem::NotFound)
    }

    /// Goes on if the actor may. To whoever does not look after the house it is as if there were no such page.
    async fn allow_in_house(&self, actor: &Actor, action: HouseAction) -> Result<(), Problem> {
        let me = self.resident(actor.person()).await?;
        if me.suspended || !house_allows(HouseAction::Look, me.role) {
            return Err(Problem::NotFound);
        }
        if house_allows(action, me.role) { Ok(()) } else { Err(Problem::NotAllowed) }
    }
}

/// Whether it changed something. To a user who is no administrator by now there is no such page.
fn changed(done: Done) -> Result<bool, Problem> {
    match done {
        Done::Done => Ok(true),
        Done::Unchanged => Ok(false),
        Done::LastAdministrator => Err(Problem::invalid(Field::Administrator, Fault::Empty)),
        Done::NotAdministrator => Err(Problem::NotFound),
    }
}

/// What changed something is logged, in the task that changed it.
fn log_deed(done: Done, deed: Deed, by: Option<PersonId>, user: Option<PersonId>) {
    if done != Done::Done {
        return;
    }
    let id = |id: Option<PersonId>, other: &str| id.map_or(other.to_owned(), |id| id.to_string());
    let (by, user) = (id(by, "machine"), id(user, "everyone"));
    tracing::info!(target: "security", event = "administration", ?deed, by, user);
}

type Asked = fn(Whom) -> HouseAction;

/// What is done to people, and what policy calls it.
const DEEDS: [(Deed, Asked); 7] = [
    (Deed::Appointed, HouseAction::Appoint),
    (Deed::Dismissed, HouseAction::Dismiss),
    (Deed::MadeReset, HouseAction::Reset),
    (Deed::EndedSecondStep, HouseAction::EndSecondStep),
    (Deed::SignedOut, HouseAction::SignOut),
    (Deed::Suspended, HouseAction::Suspend),
    (Deed::Restored, HouseAction::Restore),
];

fn whom(actor: &Actor, resident: &Resident) -> Whom {
    Whom {
        role: resident.role,
        suspended: resident.suspended,
        is_self: resident.face.person == actor.person(),
        has_second_step: resident.has_second_step,
    }
}

fn leaf<T>(query: String, found: Paginated<T>) -> Leaf<T> {
    let Paginated { entries, found, page } = found;
    Leaf { query, entries, found, page, pages: found.div_ceil(HOUSE_PAGE).max(1) }
}
