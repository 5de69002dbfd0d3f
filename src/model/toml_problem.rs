use std::fmt;
use std::ops::Range;

/// A problem in a TOML file and its position, shown as `LINE:COLUMN: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "agent"),
    allow(unreachable_pub, reason = "the configuration of the agent exports it")
)]
pub struct TomlProblem {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    pub message: String,
}

impl TomlProblem {
    /// A problem in the bytes `span` of `text`.
    fn at(text: &str, span: &Range<usize>, message: impl Into<String>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            message: message.into(),
        }
    }

    /// A problem that the TOML parser found. For an unknown key the most similar
    /// known one is suggested.
    pub(crate) fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        let message = unknown_key(error.message()).unwrap_or_else(|| {
            let message = error.message().trim_end().replace('\n', ", ");
            message.replace("field", "key")
        });
        Self::at(text, &span, message)
    }
}

/// Collects the problems in the text of a TOML file.
#[derive(Debug)]
pub(crate) struct TomlProblems<'a> {
    text: &'a str,
    /// Each with its place in the text, in bytes, and in the order of these.
    found: Vec<(usize, TomlProblem)>,
}

impl<'a> TomlProblems<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    /// Adds a problem in the bytes `span`.
    pub(crate) fn report(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let problem = TomlProblem::at(self.text, span, message);
        let place = self.found.partition_point(|(at, _)| *at <= span.start);
        self.found.insert(place, (span.start, problem));
    }

    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// The value that was read, or else the problems in the order of their lines.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Vec<TomlProblem>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        Err(self.found.into_iter().map(|(_, problem)| problem).collect())
    }
}

impl fmt::Display for TomlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Rewords serde's "unknown field `a`, expected one of `b`, `c`".
fn unknown_key(message: &str) -> Option<String> {
    let mut names = message
        .strip_prefix("unknown field `")?
        .split('`')
        .step_by(2);
    let unknown = names.next()?;
    let known: Vec<&str> = names.collect();
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4);
    Some(match nearest {
        Some((_, name)) => format!("unknown key {unknown:?}; did you mean {name:?}?"),
        None => format!(
            "unknown key {unknown:?}; the keys here are {}",
            known.join(", ")
        ),
    })
}
