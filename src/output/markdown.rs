use std::fmt::Write as _;

use crate::term::visible;

/// A table in GitHub's Markdown below a heading. Text from a server is escaped:
/// it cannot create a link, an image, HTML or another cell. Rows above the
/// limit are only counted.
#[derive(Debug)]
pub(crate) struct MarkdownTable {
    title: String,
    head: String,
    rows: Vec<String>,
    most: usize,
    more: u64,
}

/// A row to which cells are added.
#[derive(Debug)]
pub(crate) struct MarkdownRow {
    line: String,
}

impl MarkdownTable {
    /// An empty table with a limit on the number of rows.
    pub(crate) fn new(title: &str, head: &[&str], most: usize) -> Self {
        let names = head.join(" | ");
        let rule = "---|".repeat(head.len());
        Self {
            title: escaped(title),
            head: format!("| {names} |\n|{rule}\n"),
            rows: Vec::new(),
            most,
            more: 0,
        }
    }

    /// Adds a row, which must have as many cells as the header.
    pub(crate) fn row(&mut self, fill: impl FnOnce(&mut MarkdownRow)) {
        if self.rows.len() >= self.most {
            self.more += 1;
            return;
        }
        let mut row = MarkdownRow {
            line: "|".to_owned(),
        };
        fill(&mut row);
        self.rows.push(row.line);
    }

    /// The Markdown, with a note about omitted rows.
    pub(crate) fn finish(self) -> String {
        let mut text = format!("### {}\n\n", self.title);
        if self.rows.is_empty() {
            text.push_str("Nothing.\n\n");
            return text;
        }
        text.push_str(&self.head);
        for row in &self.rows {
            text.push_str(row);
            text.push('\n');
        }
        if self.more > 0 {
            let _ = write!(text, "\nand {} more\n", self.more);
        }
        text.push('\n');
        text
    }
}

impl MarkdownRow {
    pub(crate) fn text(&mut self, text: &str) {
        let _ = write!(self.line, " {} |", escaped(text));
    }

    /// A cell with a link to a URL that the program made.
    pub(crate) fn link(&mut self, text: &str, url: &str) {
        let _ = write!(self.line, " [{}]({}) |", escaped(text), in_link(url));
    }

    /// A cell with a URL from a server: a link if it is http or https,
    /// otherwise text.
    pub(crate) fn address(&mut self, url: &str) {
        match url::Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => {
                self.link(url, parsed.as_str());
            }
            _ => self.text(url),
        }
    }
}

/// Escapes Markdown, HTML and line breaks.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c if c.is_ascii_punctuation() && !matches!(c, '-' | '/' | ',') => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Escapes characters that would end the link or the cell.
fn in_link(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '|' | '\\' | '`') {
            safe.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_said_stays_text() {
        let mut table = MarkdownTable::new("Deployed", &["Id", "State", "Address"], 1);
        table.row(|row| {
            row.link("7", "https://github.com/o/r?a=(1)|");
            row.text("a|b\n<img src=x> [x](y) `c` **d**");
            row.address("javascript:alert(1)");
        });
        table.row(|row| {
            row.text("8");
            row.text("");
            row.address("https://x.example/a b");
        });
        assert_eq!(
            table.finish(),
            "### Deployed\n\n| Id | State | Address |\n|---|---|---|\n\
             | [7](https://github.com/o/r?a=%281%29%7C) | \
             a\\|b\\\\n&lt;img src\\=x&gt; \\[x\\]\\(y\\) \\`c\\` \\*\\*d\\*\\* | \
             javascript\\:alert\\(1\\) |\n\nand 1 more\n\n"
        );
    }

    #[test]
    fn a_web_address_is_a_link_and_an_empty_table_is_noted() {
        let mut table = MarkdownTable::new("A", &["B"], 9);
        table.row(|row| row.address("https://x.example/a b"));
        let text = table.finish();
        assert!(
            text.contains("| [https\\://x\\.example/a b](https://x.example/a%20b) |"),
            "{text}"
        );
        assert_eq!(
            MarkdownTable::new("A", &["B"], 9).finish(),
            "### A\n\nNothing.\n\n"
        );
    }
}
