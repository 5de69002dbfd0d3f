//! The arguments after the colon of a fault: `429,retry-after=1`.

use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;

/// Values and named values, each used once.
pub(super) struct Args<'a> {
    values: Vec<&'a str>,
}

impl<'a> Args<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let values = text.split(',').map(str::trim);
        Self {
            values: values.filter(|value| !value.is_empty()).collect(),
        }
    }

    /// The next value that has no name.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        let at = self.values.iter().position(|value| !value.contains('='))?;
        Some(self.values.remove(at))
    }

    /// Whether this word is among the values.
    pub(super) fn flag(&mut self, word: &str) -> bool {
        let count = self.values.len();
        self.values.retain(|value| *value != word);
        self.values.len() < count
    }

    /// The value of this name.
    pub(super) fn named(&mut self, name: &str) -> Option<&'a str> {
        let value = |value: &&'a str| value.strip_prefix(name)?.strip_prefix('=');
        let at = self.values.iter().position(|one| value(one).is_some())?;
        value(&self.values.remove(at))
    }

    /// Fails if something was not used.
    pub(super) fn end(self) -> Result<(), String> {
        match self.values.first() {
            Some(extra) => Err(format!("{extra:?} is not understood")),
            None => Ok(()),
        }
    }
}

/// Reads a number, or returns the default.
pub(super) fn number<T: FromStr>(text: Option<&str>, usual: T) -> Result<T, String> {
    text.map_or(Ok(usual), |text| {
        text.parse()
            .map_err(|_| format!("{text:?} is not a number"))
    })
}

/// Reads a status and checks it, or returns the default.
pub(super) fn status(text: Option<&str>, usual: u16, among: &[u16]) -> Result<u16, String> {
    let status = number(text, usual)?;
    if among.contains(&status) || (among.is_empty() && (200..600).contains(&status)) {
        Ok(status)
    } else {
        Err(format!("{status} is not a valid status for this fault"))
    }
}

/// Reads a time such as `500ms` or `-1h`.
pub(super) fn signed(text: Option<&str>) -> Result<SignedDuration, String> {
    let text = text.ok_or("a duration such as 500ms or 1h is missing")?;
    text.parse()
        .map_err(|_| format!("{text:?} is not a duration such as 500ms or 1h"))
}

/// Reads a time that is not negative.
pub(super) fn duration(text: Option<&str>) -> Result<Duration, String> {
    Duration::try_from(signed(text)?).map_err(|_| "the duration is negative".to_owned())
}
