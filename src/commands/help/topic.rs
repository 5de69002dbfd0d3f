/// A help text about something that several commands share.
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    /// One line that describes the topic.
    pub(crate) about: &'static str,
    pub(crate) parts: &'static [Part],
}

/// A part of a topic's text.
pub(crate) enum Part {
    /// A heading, in capitals.
    Heading(&'static str),
    /// A paragraph.
    Text(&'static str),
    /// Lines that stay as they are: examples and tables.
    Lines(&'static str),
    /// Lines generated from a table in the program.
    Generated(fn() -> String),
}

impl Topic {
    /// The text for a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n", self.about);
        for part in self.parts {
            text.push('\n');
            match part {
                Part::Heading(heading) => text.push_str(&format!("{heading}:\n")),
                Part::Text(paragraph) => text.push_str(&format!("{paragraph}\n")),
                Part::Lines(lines) => text.push_str(&indented(lines)),
                Part::Generated(make) => text.push_str(&make()),
            }
        }
        // No blank line between a heading and what is below it.
        text.replace(":\n\n  ", ":\n  ")
    }
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        })
        .collect()
}
