//! Escapes text for HTML, where the view does not do so.

/// For text between tags, in a title or in a quoted attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
    html
}

/// For a text area, whose first line break a parser drops.
#[must_use]
pub fn in_text_area(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n{}", escaped(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_what_it_stands_in() {
        assert_eq!(escaped("</title><b>&lt;\"'"), "&lt;/title&gt;&lt;b&gt;&amp;lt;&quot;'");
        assert_eq!(escaped("공부방 · 사랑방"), "공부방 · 사랑방");
    }

    #[test]
    fn a_refused_text_stays_text() {
        let area = in_text_area("</textarea><script>&");
        assert_eq!(area, "\n&lt;/textarea&gt;&lt;script&gt;&amp;");
        assert_eq!(in_text_area("\n가"), "\n\n가");
        assert_eq!(in_text_area(""), "");
    }
}
