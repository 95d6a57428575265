//! Text on its way into HTML, where the view does not escape it.

/// As it stands between tags, in a title or in a quoted attribute.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_what_it_stands_in() {
        assert_eq!(escaped("</title><b>&lt;\"'"), "&lt;/title&gt;&lt;b&gt;&amp;lt;&quot;'");
        assert_eq!(escaped("공부방 · 사랑방"), "공부방 · 사랑방");
    }
}
