//! The fields of a posted form: those that the form has, and nothing else from the body.

use super::known::Form;
use app::forms::DRAWN_FOR;
use axum::body::Bytes;
use url::form_urlencoded;

/// More values than any form has; further ones are dropped.
const MAX_VALUES: usize = 256;
/// Bytes that are rendered back into a page. Each may take up to six bytes once escaped, twice.
const ECHO_MAX: usize = 32 * 1024;

#[derive(Debug, Clone)]
pub struct Filled {
    form: &'static Form,
    /// As posted: names and values, percent-encoded.
    body: Bytes,
    /// The id of the user for whom the form was rendered, as the form says.
    drawn_for: Option<String>,
}

impl Filled {
    pub fn of(form: &'static Form, posted: &[u8]) -> Self {
        let values = posted.split(|byte| *byte == b'&').filter(|value| form.has(&name(value)));
        let body = values.take(MAX_VALUES).collect::<Vec<_>>().join(&b'&');
        let mut posted = form_urlencoded::parse(posted);
        let drawn_for = posted.find(|(name, value)| name == DRAWN_FOR && !value.is_empty());
        let drawn_for = drawn_for.map(|(_, user)| user.into_owned());
        Self { form, body: body.into(), drawn_for }
    }

    pub fn drawn_for(&self) -> Option<&str> {
        self.drawn_for.as_deref()
    }

    pub fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// The values to render back into the page; none when they are too large.
    pub fn typed(&self) -> Option<Vec<(String, String)>> {
        let values = form_urlencoded::parse(&self.body).into_owned();
        let typed: Vec<_> =
            values.filter(|(name, _)| self.form.fields.contains(&name.as_str())).collect();
        let bytes: usize = typed.iter().map(|(name, value)| name.len() + value.len()).sum();
        Some(typed).filter(|_| bytes <= ECHO_MAX)
    }
}

fn name(value: &[u8]) -> String {
    let name = value.split(|byte| *byte == b'=').next().unwrap_or_default();
    form_urlencoded::parse(name).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::known;

    fn filled(form: &str, posted: &str) -> Filled {
        Filled::of(known::find(form).unwrap(), posted.as_bytes())
    }

    fn handed_on(form: &str, posted: &str) -> String {
        String::from_utf8(filled(form, posted).body().to_vec()).unwrap()
    }

    #[test]
    fn only_its_own_fields_are_handed_on() {
        assert_eq!(
            handed_on("sign_in", "a&email=x&b=2&&=&password=y&email"),
            "email=x&password=y&email"
        );
        assert_eq!(
            handed_on("create_room", "title[a]=1&title=%EB%B0%A9&titl%65=2"),
            "title=%EB%B0%A9&titl%65=2"
        );
        assert_eq!(
            handed_on("invite_users", "users[]=1&users%5B%5D=2&person=3"),
            "users[]=1&users%5B%5D=2"
        );
        for nothing in ["", "&", "=", "a&".repeat(1_000).as_str(), "%ff=1"] {
            assert_eq!(handed_on("sign_in", nothing), "", "{nothing:.10}");
        }
    }

    #[test]
    fn what_is_drawn_back_holds_no_secret_and_is_bounded() {
        let typed =
            filled("sign_up", "name=%EB%AF%BC%EC%A7%80&password=secret&p%61ssword=x&x=y").typed();
        assert_eq!(typed, Some(vec![("name".to_owned(), "민지".to_owned())]));
        assert_eq!(filled("sign_up", &"name&".repeat(10_000)).typed().unwrap().len(), MAX_VALUES);
        let longest = "%F0%9F%8E%89".repeat(5_000);
        assert!(filled("post_message", &format!("text={longest}")).typed().is_some());
        assert_eq!(filled("post_message", &format!("text={}", "<".repeat(40_000))).typed(), None);
    }
}
