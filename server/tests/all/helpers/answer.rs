//! A response, and what is on its page.

use app::errors::ErrorAnswer;
use domain::error::AppError;
use reqwest::{Response, header::HeaderMap};
use serde::de::DeserializeOwned;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// The response, asserting this status.
    #[track_caller]
    pub fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The page, asserting this status.
    #[track_caller]
    pub fn page(self, status: u16) -> Self {
        let page = self.with(status);
        assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
        assert!(page.body.contains("</html>"), "{page:?}");
        page
    }

    /// The path of the redirect.
    #[track_caller]
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location")
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    /// The error of a server function, which says its own status and a sentence.
    #[track_caller]
    pub fn error(&self) -> AppError {
        let ErrorAnswer { error, shown } = self.json();
        assert_eq!(shown.status, self.status);
        assert!(shown.sentence().ends_with('.'), "{}", self.body);
        error
    }

    /// Empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` value of a cookie, whose name may end in the epoch.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let set = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        set.into_iter().find(|cookie| base(cookie.split_once('=').unwrap().0) == name)
    }

    #[track_caller]
    pub fn shows(&self, text: &str) {
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
    }

    #[track_caller]
    pub fn hides(&self, text: &str) {
        assert!(!self.body.contains(text), "{text:?} in {}", self.body);
    }

    /// The start tags of a kind, each without its brackets.
    pub fn tags(&self, kind: &str) -> Vec<&str> {
        let begins = format!("<{kind}");
        let tags = self.body.split(begins.as_str()).skip(1).map(|rest| {
            let mut quoted = false;
            let end = rest.find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            });
            rest.split_at(end.unwrap()).0
        });
        tags.filter(|tag| tag.is_empty() || tag.starts_with([' ', '\n'])).collect()
    }

    /// The initial value of a field of a form.
    pub fn field(&self, name: &str) -> Option<String> {
        let inputs = self.tags("input").into_iter();
        let mut named = inputs.filter(|tag| attribute(tag, "name").as_deref() == Some(name));
        named.find_map(|tag| attribute(tag, "value"))
    }

    /// The page's title.
    #[track_caller]
    pub fn title(&self) -> String {
        let (_, title) = self.body.split_once("<title>").unwrap();
        unescaped(title.split_once("</title>").unwrap().0)
    }

    /// The text in the composer.
    pub fn composer(&self) -> String {
        let (_, area) = self.body.split_once("<textarea").unwrap();
        let (area, _) = area.split_once("</textarea>").unwrap();
        let (_, text) = area.split_once('>').unwrap();
        unescaped(text.strip_prefix('\n').unwrap_or(text))
    }

    /// The texts of the messages on the page.
    pub fn lines(&self) -> Vec<String> {
        let bubbles = self.body.split("class=\"bubble\"").skip(1);
        bubbles.map(|rest| text_of(rest.split_once('>').unwrap().1)).collect()
    }

    /// The address of the link to older messages.
    pub fn older(&self) -> Option<String> {
        let mut links = self.tags("a").into_iter();
        links.find_map(|tag| attribute(tag, "href").filter(|href| href.contains("?before=")))
    }
}

/// The name of a cookie without the epoch of the instance.
pub fn base(name: &str) -> &str {
    name.rsplit_once('-').filter(|(_, epoch)| epoch.len() == 8).map_or(name, |(base, _)| base)
}

pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(value.split_once('"')?.0))
}

/// The text up to the end of the element, without the tags inside.
fn text_of(html: &str) -> String {
    let inside = html.split_once("</div>").unwrap().0;
    let pieces = inside.split('<').enumerate().map(|(n, piece)| match n {
        0 => piece,
        _ => piece.split_once('>').map_or("", |(_, text)| text),
    });
    unescaped(&pieces.collect::<String>())
}

fn unescaped(html: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    named.iter().fold(html.to_owned(), |text, (name, c)| text.replace(name, c))
}
