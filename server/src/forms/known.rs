//! Every form that there is: its fields, and how much of it is read. What is posted to anything else is not
//! read at all, and no other field is looked at.

use app::forms::Refusal;

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
}

impl Form {
    const fn new(name: &'static str, fields: &'static [&'static str]) -> Self {
        Self { name, fields, secrets: &[], most: SHORT }
    }

    const fn and(self, secrets: &'static [&'static str]) -> Self {
        Self { secrets, ..self }
    }

    const fn long(self) -> Self {
        Self { most: LONG, ..self }
    }

    /// Whether it is a form of a page. What is only read is called by scripts.
    pub fn is_of_a_page(&self) -> bool {
        !["list_rooms", "read_page"].contains(&self.name)
    }

    /// The form beside which its refusal is drawn: none of its own for those in a menu that is closed again, and for
    /// a button with nothing beside it.
    pub fn place(&self) -> &'static str {
        let has_none =
            ["set_language", "set_theme", "sign_out", "end_other_devices"].contains(&self.name);
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
    Form::new("sign_in", &["email", "next"]).and(&["password"]),
    Form::new("sign_up", &["name", "email", "next", "invitation", "setup"]).and(&["password"]),
    Form::new("sign_out", &[]),
    Form::new("mark_notices_read", &["through", "next"]),
    Form::new("enter_code", &["next"]).and(&["code"]),
    Form::new("reset_password", &["token"]).and(&["password"]),
    Form::new("begin_second_step", &[]).and(&["password"]),
    Form::new("confirm_second_step", &[]).and(&["code"]),
    Form::new("end_second_step", &[]).and(&["password"]),
    Form::new("change_email", &["email"]).and(&["password"]),
    Form::new("change_password", &[]).and(&["password", "new_password"]),
    Form::new("delete_account", &["sure"]).and(&["password"]),
    Form::new("end_device", &["session"]),
    Form::new("end_other_devices", &[]),
    Form::new("set_language", &["language"]),
    Form::new("set_theme", &["theme"]),
    Form::new("list_rooms", &[]),
    Form::new("create_room", &["title", "access", "client_id"]),
    Form::new("enter_room", &["room"]),
    Form::new("arrange_room", &["room", "title", "description", "access"]).long(),
    Form::new("clear_room_picture", &["room"]),
    Form::new("close_room", &["room"]),
    Form::new("read_page", &["room", "before"]),
    Form::new("post_message", &["room", "client_id", "text"]).long(),
    Form::new("talk", &["person"]),
    Form::new("leave_room", &["room"]),
    Form::new("remove_member", &["room", "person"]),
    Form::new("ban_member", &["room", "person"]),
    Form::new("pardon_member", &["room", "person"]),
    Form::new("appoint_member", &["room", "person", "role"]),
    Form::new("hand_over_room", &["room", "person"]),
    Form::new("invite_people", &["room", "people[]"]),
    Form::new("withdraw_invitation", &["room", "person"]),
    Form::new("decline_invitation", &["room"]),
    Form::new("make_link", &["room", "lifetime", "uses", "client_id"]).and(&["token"]),
    Form::new("revoke_link", &["room", "link"]),
    Form::new("join_room", &["invitation"]),
    Form::new("make_profile", &["name", "client_id"]),
    Form::new("rename_profile", &["profile", "name"]),
    Form::new("make_default", &["profile"]),
    Form::new("delete_profile", &["profile"]),
    Form::new("wear_profile", &["room", "profile"]),
    Form::new("clear_picture", &["profile"]),
    Form::new("choose_sign_up", &["mode"]),
    Form::new("do_to_person", &["person", "deed"]),
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
