use std::fmt;

use anstyle::{AnsiColor, Color, Effects, Style};

use crate::model::{DeploymentState, Phase, StatusState};

/// What a piece of text means; how that looks is decided here alone. Nothing
/// is told by colour only: the words stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// A title, or the head of a column.
    Heading,
    /// What matters less, such as an age.
    Dim,
    /// What names a thing: an id, a SHA.
    Id,
    /// It succeeded and serves.
    Success,
    /// It went wrong.
    Failure,
    /// It is underway.
    Pending,
    /// The deployment is no longer in use.
    Inactive,
    /// The word before a warning.
    Warning,
    /// The word before an error.
    Error,
    /// The word before a hint.
    Hint,
    /// The key of a JSON object.
    JsonKey,
    /// A JSON string.
    JsonString,
    /// A JSON number, `true`, `false`.
    JsonValue,
    /// JSON's `null`, and its punctuation.
    JsonDim,
}

impl Role {
    /// The role of a deployment's state.
    pub(crate) fn of_state(state: &DeploymentState) -> Self {
        match state.phase() {
            Phase::Succeeded => Self::Success,
            Phase::Failed => Self::Failure,
            Phase::Retired => Self::Inactive,
            Phase::Underway if *state == DeploymentState::Abandoned => Self::Inactive,
            Phase::Underway => Self::Pending,
        }
    }

    /// The role of a status' state.
    pub(crate) fn of_status(state: &StatusState) -> Self {
        match state {
            StatusState::Success => Self::Success,
            StatusState::Error | StatusState::Failure => Self::Failure,
            StatusState::Inactive => Self::Inactive,
            _ => Self::Pending,
        }
    }

    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(Color::Ansi(color)));
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().effects(Effects::BOLD),
            Self::Dim | Self::Inactive | Self::JsonDim => Style::new().effects(Effects::DIMMED),
            Self::Id | Self::Hint => color(AnsiColor::Cyan),
            Self::Success | Self::JsonString => color(AnsiColor::Green),
            Self::Failure => color(AnsiColor::Red),
            Self::Pending | Self::JsonValue => color(AnsiColor::Yellow),
            Self::Warning => color(AnsiColor::Yellow).effects(Effects::BOLD),
            Self::Error => color(AnsiColor::Red).effects(Effects::BOLD),
            Self::JsonKey => color(AnsiColor::Blue).effects(Effects::BOLD),
        }
    }
}

/// How a stream paints: with colour and links, or without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(super) color: bool,
    pub(super) links: bool,
}

impl Palette {
    /// Neither colour nor links.
    pub(crate) const PLAIN: Self = Self {
        color: false,
        links: false,
    };

    /// A palette that paints as said.
    pub(crate) fn new(color: bool, links: bool) -> Self {
        Self { color, links }
    }

    /// Whether it has colour.
    pub(crate) fn color(self) -> bool {
        self.color
    }

    /// `text`, which must have been made visible before, as `role` looks.
    pub(crate) fn paint(self, role: Role, text: &str) -> Painted<'_> {
        self.paint_link(role, text, None)
    }

    /// Like [`Palette::paint`], linked to `url` where the terminal has links
    /// and the address is a plain web address.
    pub(crate) fn paint_link<'a>(
        self,
        role: Role,
        text: &'a str,
        url: Option<&'a str>,
    ) -> Painted<'a> {
        Painted {
            style: self.color.then(|| role.style()),
            text,
            url: url.filter(|url| self.links && is_web_address(url)),
        }
    }
}

/// Whether `url` can stand inside an escape sequence and lead to a web page.
fn is_web_address(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Text with its look, to be printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painted<'a> {
    style: Option<Style>,
    text: &'a str,
    url: Option<&'a str>,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            return Ok(());
        }
        if let Some(url) = self.url {
            write!(f, "\x1b]8;;{url}\x1b\\")?;
        }
        match self.style {
            Some(style) => write!(f, "{style}{}{style:#}", self.text)?,
            None => f.write_str(self.text)?,
        }
        if self.url.is_some() {
            f.write_str("\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_nothing_is_added() {
        let plain = Palette::PLAIN.paint_link(Role::Error, "x", Some("https://x"));
        assert_eq!(plain.to_string(), "x");
        assert_eq!(
            Palette::new(true, false)
                .paint(Role::Plain, "x")
                .to_string(),
            "x"
        );
    }

    #[test]
    fn with_colour_it_is_closed_again() {
        let painted = Palette::new(true, false).paint(Role::Failure, "failure");
        assert_eq!(painted.to_string(), "\x1b[31mfailure\x1b[0m");
    }

    #[test]
    fn only_a_web_address_becomes_a_link() {
        let palette = Palette::new(false, true);
        let link = |url| palette.paint_link(Role::Plain, "x", Some(url)).to_string();
        assert_eq!(
            link("https://github.com/a"),
            "\x1b]8;;https://github.com/a\x1b\\x\x1b]8;;\x1b\\"
        );
        for url in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://x/\x1b\\",
            "https://x/\u{9c}",
            "https://x y",
            "",
        ] {
            assert_eq!(link(url), "x", "{url:?}");
        }
    }

    #[test]
    fn an_unknown_state_is_underway() {
        let role = |word| Role::of_state(&DeploymentState::from_word(word));
        assert_eq!(role("teleported"), Role::Pending);
        assert_eq!(role("active"), Role::Success);
        assert_eq!(role("error"), Role::Failure);
        assert_eq!(role("destroyed"), Role::Inactive);
        assert_eq!(role("abandoned"), Role::Inactive);
    }
}
