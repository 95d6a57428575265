//! Every form of the instance: its fields and the limit on its body. The body of an unknown form is not read,
//! and unknown fields are ignored.

use app::{
    forms::{Form as Named, FormError, Redirect, ServerError},
    server_fns,
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
};
use domain::error::AppError;
use futures::future::BoxFuture;
use leptos::server_fn::{
    ServerFn,
    codec::{FromReq, PostUrl},
};

/// Bytes of a form of ids, names and choices, percent-encoded.
const SHORT: usize = 16 * 1024;
/// Bytes of a form with a text: the longest message has 4,000 characters, each of up to 12 bytes
/// percent-encoded, and a text somewhat too long must come back with the error.
const LONG: usize = 64 * 1024;

#[derive(Debug)]
pub struct Form {
    /// The name of its server function.
    pub name: &'static str,
    /// Fields that are rendered back into the page when the form is refused.
    pub fields: &'static [&'static str],
    /// Fields that are never rendered back.
    pub secrets: &'static [&'static str],
    /// The most bytes of its body.
    pub max_bytes: usize,
    /// None for a function that only reads: scripts call it, and no page has a form for it.
    run: Option<Run>,
}

/// Calls a server function with the fields of its form.
type Run = fn(Bytes) -> BoxFuture<'static, Result<Redirect, ServerError>>;

/// The fields are decoded as those of a call from a script are.
fn run<F>(fields: Bytes) -> BoxFuture<'static, Result<Redirect, ServerError>>
where
    F: ServerFn<Output = Redirect, Error = ServerError> + FromReq<PostUrl, Request, ServerError>,
{
    let request = Request::new(Body::from(fields));
    Box::pin(async move { F::from_req(request).await?.run_body().await })
}

impl Form {
    const fn of<F>(fields: &'static [&'static str]) -> Self
    where
        F: ServerFn<Output = Redirect, Error = ServerError>
            + FromReq<PostUrl, Request, ServerError>,
    {
        Self { name: F::NAME, fields, secrets: &[], max_bytes: SHORT, run: Some(run::<F>) }
    }

    const fn reading<F: ServerFn>(fields: &'static [&'static str]) -> Self {
        Self { name: F::NAME, fields, secrets: &[], max_bytes: SHORT, run: None }
    }

    const fn and(self, secrets: &'static [&'static str]) -> Self {
        Self { secrets, ..self }
    }

    const fn long(self) -> Self {
        Self { max_bytes: LONG, ..self }
    }

    /// Whether a page has this form.
    pub const fn is_of_a_page(&self) -> bool {
        self.run.is_some()
    }

    /// Runs its server function, within the context that it expects.
    pub async fn run(&self, fields: Bytes) -> Result<Redirect, ServerError> {
        match self.run {
            Some(run) => run(fields).await,
            None => Err(ServerError(AppError::Malformed)),
        }
    }

    /// The form beside which the error is rendered. Empty for forms in a menu, which is closed after the post,
    /// and for buttons with no room for an error beside them.
    pub fn place(&self) -> &'static str {
        let has_none = [
            server_fns::SetLanguage::NAME,
            server_fns::SetTheme::NAME,
            server_fns::SignOut::NAME,
            server_fns::EndOtherDevices::NAME,
        ]
        .contains(&self.name);
        if has_none { FormError::NO_FORM } else { self.name }
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.contains(&field) || self.secrets.contains(&field)
    }
}

pub fn find(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

static FORMS: &[Form] = &[
    Form::of::<server_fns::SignIn>(&["email", "next"]).and(&["password"]),
    Form::of::<server_fns::SignUp>(&["name", "email", "next", "invitation", "setup"])
        .and(&["password"]),
    Form::of::<server_fns::SignOut>(&[]),
    Form::of::<server_fns::MarkNoticesRead>(&["through", "next"]),
    Form::of::<server_fns::SubmitCode>(&["next"]).and(&["code"]),
    Form::of::<server_fns::ResetPassword>(&["token"]).and(&["password"]),
    Form::of::<server_fns::BeginTwoFactor>(&[]).and(&["password"]),
    Form::of::<server_fns::ConfirmTwoFactor>(&[]).and(&["code"]),
    Form::of::<server_fns::EndTwoFactor>(&[]).and(&["password"]),
    Form::of::<server_fns::ChangeEmail>(&["email"]).and(&["password"]),
    Form::of::<server_fns::ChangePassword>(&[]).and(&["password", "new_password"]),
    Form::of::<server_fns::DeleteAccount>(&["confirmed"]).and(&["password"]),
    Form::of::<server_fns::EndDevice>(&["session"]),
    Form::of::<server_fns::EndOtherDevices>(&[]),
    Form::of::<server_fns::SetLanguage>(&["language"]),
    Form::of::<server_fns::SetTheme>(&["theme"]),
    Form::reading::<server_fns::ListRooms>(&[]),
    Form::of::<server_fns::CreateRoom>(&["title", "visibility", "client_id"]),
    Form::of::<server_fns::JoinRoom>(&["room"]),
    Form::of::<server_fns::UpdateRoom>(&["room", "title", "description", "visibility"]).long(),
    Form::of::<server_fns::ClearRoomAvatar>(&["room"]),
    Form::of::<server_fns::CloseRoom>(&["room"]),
    Form::reading::<server_fns::ReadPage>(&["room", "before", "after", "at"]),
    Form::of::<server_fns::PostMessage>(&["room", "client_id", "text"]).long(),
    Form::of::<server_fns::OpenDirectRoom>(&["user"]),
    Form::of::<server_fns::LeaveRoom>(&["room"]),
    Form::of::<server_fns::RemoveMember>(&["room", "user"]),
    Form::of::<server_fns::BanMember>(&["room", "user"]),
    Form::of::<server_fns::UnbanMember>(&["room", "user"]),
    Form::of::<server_fns::ChangeRole>(&["room", "user", "role"]),
    Form::of::<server_fns::TransferOwnership>(&["room", "user"]),
    Form::of::<server_fns::InviteUsers>(&["room", "users[]"]),
    Form::of::<server_fns::RevokeInvitation>(&["room", "user"]),
    Form::of::<server_fns::DeclineInvitation>(&["room"]),
    Form::of::<server_fns::CreateInviteLink>(&["room", "lifetime", "uses", "client_id"])
        .and(&["token"]),
    Form::of::<server_fns::RevokeLink>(&["room", "link"]),
    Form::of::<server_fns::JoinByLink>(&["invitation"]),
    Form::of::<server_fns::CreateProfile>(&["name", "client_id"]),
    Form::of::<server_fns::RenameProfile>(&["profile", "name"]),
    Form::of::<server_fns::SetDefaultProfile>(&["profile"]),
    Form::of::<server_fns::DeleteProfile>(&["profile"]),
    Form::of::<server_fns::SetRoomProfile>(&["room", "profile"]),
    Form::of::<server_fns::ClearAvatar>(&["profile"]),
    Form::of::<server_fns::SetRegistration>(&["mode"]),
    Form::of::<server_fns::RunAdminAction>(&["user", "action"]),
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

    /// The arguments of each server function, read from its source.
    fn arguments() -> Vec<(String, BTreeSet<String>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/server_fns");
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
