//! HTML as text.

const STYLE: &str = "\
:root { --text: #1f2328; --dim: #59636e; --back: #ffffff; --line: #d1d9e0; --link: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --dim: #9198a1; --back: #0d1117; --line: #3d444d; --link: #4493f8; }
}
body { color: var(--text); background: var(--back); font: 16px/1.5 system-ui, sans-serif;
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
p { color: var(--dim); }
a { color: var(--link); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: normal; }
code { font: 14px ui-monospace, monospace; }
";

/// A page. `body` is HTML, and everything in it has been escaped.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n\
         </body>\n</html>\n"
    )
}

/// A table. The cells are HTML.
pub(super) fn table(titles: &[&str], rows: &[Vec<String>]) -> String {
    let titles = titles
        .iter()
        .map(|title| format!("<th scope=\"col\">{title}</th>"));
    let mut html = format!("<table>\n<tr>{}</tr>\n", titles.collect::<String>());
    for row in rows {
        let cells = row.iter().map(|cell| format!("<td>{cell}</td>"));
        html.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    html.push_str("</table>\n");
    html
}

/// A link with a text. An address that a client sent may be a script, so that
/// only addresses on the web become links.
pub(super) fn link(url: &str, text: &str) -> String {
    let text = escape(text);
    let is_safe = ["https://", "http://", "/", "#"]
        .iter()
        .any(|start| url.starts_with(start));
    if !is_safe {
        return text;
    }
    format!("<a href=\"{}\" rel=\"noreferrer\">{text}</a>", escape(url))
}

/// The text as HTML. Characters that change the direction of text are shown by
/// their numbers, so that they cannot disguise what follows.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                html.push_str(&format!("U+{:04X}", u32::from(c)));
            }
            c if c.is_control() && !matches!(c, '\n' | '\t') => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{escape, link, page, table};

    #[test]
    fn every_text_is_escaped() {
        let hostile = "</title><script>alert('\"&')</script>\u{202e}\u{1b}";
        let shown = escape(hostile);
        assert!(
            !shown.contains(['<', '>', '"', '\'', '\u{202e}', '\u{1b}']),
            "{shown}"
        );
        let whole = page(hostile, &table(&["NAME"], &[vec![escape(hostile)]]));
        assert!(!whole.contains("<script") && whole.ends_with("</html>\n"));
    }

    #[test]
    fn a_script_is_no_link() {
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            " https://x",
            "JavaScript:x",
        ] {
            assert_eq!(link(url, "a&b"), "a&amp;b", "{url}");
        }
        let quoted = link("https://x.example/\"onclick=\"x", "y");
        assert!(quoted.contains("&quot;onclick=&quot;x\""), "{quoted}");
    }
}
