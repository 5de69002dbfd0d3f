mod actions;
mod agent_config;
mod environment;
mod exit_codes;
mod formatting;
mod selectors;

/// A help text about something that many commands share.
pub(in crate::commands) struct Topic {
    /// The name that it is asked for by.
    pub(in crate::commands) name: &'static str,
    /// One line that says what it is about.
    pub(in crate::commands) about: &'static str,
    parts: &'static [Part],
}

/// A part of a topic's text.
pub(in crate::commands) enum Part {
    /// A heading, in capitals.
    Heading(&'static str),
    /// A paragraph.
    Text(&'static str),
    /// Lines that stay as they are: examples and tables.
    Lines(&'static str),
    /// Lines made from a table in the program.
    Made(fn() -> String),
}

impl Topic {
    /// The text for a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.about);
        for part in self.parts {
            text.push('\n');
            match part {
                Part::Heading(heading) => text.push_str(&format!("{heading}:\n")),
                Part::Text(paragraph) => text.push_str(&format!("{paragraph}\n")),
                Part::Lines(lines) => text.push_str(&indented(lines)),
                Part::Made(make) => text.push_str(&make()),
            }
        }
        // No blank line between a heading and what is below it.
        text.replace(":\n\n  ", ":\n  ")
    }

    /// The parts, for a man page.
    pub(in crate::commands) fn parts(&self) -> &'static [Part] {
        self.parts
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

/// Every topic of `help`.
pub(in crate::commands) const TOPICS: &[Topic] = &[
    exit_codes::TOPIC,
    environment::TOPIC,
    formatting::TOPIC,
    selectors::TOPIC,
    actions::TOPIC,
    agent_config::TOPIC,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_into_80_columns() {
        for topic in TOPICS {
            let text = topic.text();
            let wide: Vec<&str> = text.lines().filter(|line| line.len() > 80).collect();
            assert_eq!(wide, [""; 0], "{}", topic.name);
        }
    }
}
