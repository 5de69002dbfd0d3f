use std::fmt;

use anstyle::{AnsiColor, Color, Effects, Style};

use crate::model::{DeploymentState, Phase, StatusState};

/// The meaning of a piece of text, which decides its style. Colour alone never
/// carries information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Plain,
    /// A title, or a column header.
    Heading,
    /// Less important text, such as an age.
    Dim,
    /// An identifier, such as an ID or a SHA.
    Id,
    /// The deployment is live.
    Success,
    Failure,
    /// The deployment is in progress.
    Pending,
    /// The deployment is no longer in use.
    Inactive,
    /// The label of a warning.
    Warning,
    /// The label of an error.
    Error,
    /// The label of a hint.
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
    pub(crate) fn of_state(state: &DeploymentState) -> Self {
        match state.phase() {
            Phase::Succeeded => Self::Success,
            Phase::Failed => Self::Failure,
            Phase::Retired => Self::Inactive,
            Phase::Underway if *state == DeploymentState::Abandoned => Self::Inactive,
            Phase::Underway => Self::Pending,
        }
    }

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

/// Whether a stream has colour and links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(super) color: bool,
    pub(super) links: bool,
}

impl Palette {
    pub(crate) const PLAIN: Self = Self {
        color: false,
        links: false,
    };

    pub(crate) fn new(color: bool, links: bool) -> Self {
        Self { color, links }
    }

    pub(crate) fn color(self) -> bool {
        self.color
    }

    /// Styles `text`, which must have been escaped before.
    pub(crate) fn paint(self, role: Role, text: &str) -> Painted<'_> {
        self.paint_link(role, text, None)
    }

    /// Like [`Palette::paint`], with a link to `url` if the stream has links
    /// and the URL is an http or https URL.
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

/// Whether `url` is an http or https URL that is safe inside an escape
/// sequence.
fn is_web_address(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Styled text.
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
