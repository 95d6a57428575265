//! Every form that there is: its fields, and how much of it is read. What is posted to anything else is not
//! read at all, and no other field is looked at.

use app::{
    api,
    forms::{Failure, Form as Named, Landing, Refusal},
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
};
use domain::problem::Problem;
use futures::future::BoxFuture;
use leptos::server_fn::{
    ServerFn,
    codec::{FromReq, PostUrl},
};

/// Bytes of a form of ids, names and choices, percent-encoded.
const SHORT: usize = 16 * 1024;
/// Bytes of a form with a text in it: the longest message is 4,000 characters, each of up to 12 bytes once
/// percent-encoded, and one that is somewhat too long comes back with the reason.
const LONG: usize = 64 * 1024;

#[derive(Debug)]
pub struct Form {
    /// The name of its server function.
    pub name: &'static str,
    /// Drawn back into the page when the form is refused.
    pub fields: &'static [&'static str],
    /// Never drawn back.
    pub secrets: &'static [&'static str],
    /// The most bytes that are read.
    pub most: usize,
    /// None for a function that only reads: scripts call it, and no page has a form for it.
    run: Option<Run>,
}

/// Calls a server function with the fields of its form.
type Run = fn(Bytes) -> BoxFuture<'static, Result<Landing, Failure>>;

/// The fields are decoded as those of a call from a script are.
fn run<F>(fields: Bytes) -> BoxFuture<'static, Result<Landing, Failure>>
where
    F: ServerFn<Output = Landing, Error = Failure> + FromReq<PostUrl, Request, Failure>,
{
    let request = Request::new(Body::from(fields));
    Box::pin(async move { F::from_req(request).await?.run_body().await })
}

impl Form {
    const fn of<F>(fields: &'static [&'static str]) -> Self
    where
        F: ServerFn<Output = Landing, Error = Failure> + FromReq<PostUrl, Request, Failure>,
    {
        Self { name: F::NAME, fields, secrets: &[], most: SHORT, run: Some(run::<F>) }
    }

    const fn reading<F: ServerFn>(fields: &'static [&'static str]) -> Self {
        Self { name: F::NAME, fields, secrets: &[], most: SHORT, run: None }
    }

    const fn and(self, secrets: &'static [&'static str]) -> Self {
        Self { secrets, ..self }
    }

    const fn long(self) -> Self {
        Self { most: LONG, ..self }
    }

    /// Whether it is a form of a page.
    pub const fn is_of_a_page(&self) -> bool {
        self.run.is_some()
    }

    /// Runs its server function, within the context that it expects.
    pub async fn run(&self, fields: Bytes) -> Result<Landing, Failure> {
        match self.run {
            Some(run) => run(fields).await,
            None => Err(Failure(Problem::Malformed)),
        }
    }

    /// The form beside which its refusal is drawn: none of its own for those in a menu that is closed again, and for
    /// a button with nothing beside it.
    pub fn place(&self) -> &'static str {
        let has_none = [
            api::SetLanguage::NAME,
            api::SetTheme::NAME,
            api::SignOut::NAME,
            api::EndOtherDevices::NAME,
        ]
        .contains(&self.name);
        if has_none { Refusal::NO_FORM } else { self.name }
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.contains(&field) || self.secrets.contains(&field)
    }
}

pub fn find(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

static FORMS: &[Form] = &[
    Form::of::<api::SignIn>(&["email", "next"]).and(&["password"]),
    Form::of::<api::SignUp>(&["name", "email", "next", "invitation", "setup"]).and(&["password"]),
    Form::of::<api::SignOut>(&[]),
    Form::of::<api::MarkNoticesRead>(&["through", "next"]),
    Form::of::<api::EnterCode>(&["next"]).and(&["code"]),
    Form::of::<api::ResetPassword>(&["token"]).and(&["password"]),
    Form::of::<api::BeginSecondStep>(&[]).and(&["password"]),
    Form::of::<api::ConfirmSecondStep>(&[]).and(&["code"]),
    Form::of::<api::EndSecondStep>(&[]).and(&["password"]),
    Form::of::<api::ChangeEmail>(&["email"]).and(&["password"]),
    Form::of::<api::ChangePassword>(&[]).and(&["password", "new_password"]),
    Form::of::<api::DeleteAccount>(&["sure"]).and(&["password"]),
    Form::of::<api::EndDevice>(&["session"]),
    Form::of::<api::EndOtherDevices>(&[]),
    Form::of::<api::SetLanguage>(&["language"]),
    Form::of::<api::SetTheme>(&["theme"]),
    Form::reading::<api::ListRooms>(&[]),
    Form::of::<api::CreateRoom>(&["title", "access", "client_id"]),
    Form::of::<api::EnterRoom>(&["room"]),
    Form::of::<api::ArrangeRoom>(&["room", "title", "description", "access"]).long(),
    Form::of::<api::ClearRoomPicture>(&["room"]),
    Form::of::<api::CloseRoom>(&["room"]),
    Form::reading::<api::ReadPage>(&["room", "before"]),
    Form::of::<api::PostMessage>(&["room", "client_id", "text"]).long(),
    Form::of::<api::Talk>(&["person"]),
    Form::of::<api::LeaveRoom>(&["room"]),
    Form::of::<api::RemoveMember>(&["room", "person"]),
    Form::of::<api::BanMember>(&["room", "person"]),
    Form::of::<api::PardonMember>(&["room", "person"]),
    Form::of::<api::AppointMember>(&["room", "person", "role"]),
    Form::of::<api::HandOverRoom>(&["room", "person"]),
    Form::of::<api::InvitePeople>(&["room", "people[]"]),
    Form::of::<api::WithdrawInvitation>(&["room", "person"]),
    Form::of::<api::DeclineInvitation>(&["room"]),
    Form::of::<api::MakeLink>(&["room", "lifetime", "uses", "client_id"]).and(&["token"]),
    Form::of::<api::RevokeLink>(&["room", "link"]),
    Form::of::<api::JoinRoom>(&["invitation"]),
    Form::of::<api::MakeProfile>(&["name", "client_id"]),
    Form::of::<api::RenameProfile>(&["profile", "name"]),
    Form::of::<api::MakeDefault>(&["profile"]),
    Form::of::<api::DeleteProfile>(&["profile"]),
    Form::of::<api::WearProfile>(&["room", "profile"]),
    Form::of::<api::ClearPicture>(&["profile"]),
    Form::of::<api::ChooseSignUp>(&["mode"]),
    Form::of::<api::DoToPerson>(&["person", "deed"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::server_fn::axum::server_fn_paths;
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_server_function_is_here_and_nothing_else() {
        let there: BTreeSet<_> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
        let here: BTreeSet<_> = FORMS.iter().map(|form| format!("/api/{}", form.name)).collect();
        assert_eq!(here, there);
        assert_eq!(here.len(), FORMS.len(), "none of them twice");
    }

    /// The arguments of each server function, as its source says them.
    fn arguments() -> Vec<(String, BTreeSet<String>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/api");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let sources = files.map(|file| fs::read_to_string(file).unwrap()).collect::<String>();
        let functions = sources.split("pub async fn ").skip(1).map(|rest| {
            let (name, rest) = rest.split_once('(').unwrap();
            let (list, _) = rest.split_once(") -> ").unwrap();
            let list = list.replace("#[server(default)]", "");
            let arguments = list.split(',').filter_map(|argument| {
                let (name, kind) = argument.split_once(':')?;
                let many = if kind.contains("Vec<") { "[]" } else { "" };
                Some(format!("{}{many}", name.trim()))
            });
            (name.to_owned(), arguments.collect())
        });
        functions.collect()
    }

    #[test]
    fn a_form_has_the_fields_that_its_function_takes() {
        let functions = arguments();
        assert_eq!(functions.len(), FORMS.len());
        for (name, arguments) in functions {
            let form = find(&name).unwrap_or_else(|| panic!("{name} is not known"));
            let fields = form.fields.iter().chain(form.secrets);
            let fields: BTreeSet<_> = fields.map(|field| (*field).to_owned()).collect();
            assert_eq!(fields, arguments, "{name}");
        }
    }

    #[test]
    fn no_secret_is_drawn_back() {
        for form in FORMS {
            for secret in ["password", "new_password", "code"] {
                assert!(!form.fields.contains(&secret), "{} {secret}", form.name);
            }
        }
    }
}
