use jiff::Timestamp;

use super::ListFilter;
use crate::model::Pattern;

impl ListFilter {
    /// The texts of `-e` that are patterns and may be names as well, such as
    /// `feat[1]`.
    pub(crate) fn ambiguous_environments(&self) -> Vec<String> {
        let texts = self.environments.iter().map(Pattern::as_str);
        texts
            .filter(|text| text.contains('[') && !text.contains(['*', '?']))
            .map(str::to_owned)
            .collect()
    }

    /// Takes a text of `-e` for the name of one environment.
    pub(crate) fn take_for_name(&mut self, text: &str) {
        if let [_] = self.environments[..] {
            self.environments.clear();
            self.server.environment = Some(text.to_owned());
            return;
        }
        for pattern in &mut self.environments {
            if pattern.as_str() == text {
                *pattern = Pattern::exact(text);
            }
        }
    }

    /// The environment, where exactly one is named.
    pub(crate) fn only_environment(&self) -> Option<&str> {
        self.server.environment.as_deref()
    }

    /// Whether `-e` has this name without a pattern.
    pub(crate) fn names_exactly(&self, name: &str) -> bool {
        self.only_environment() == Some(name)
            || self.environments.iter().any(|one| one.as_str() == name)
    }

    /// Whether `-e` allows an environment of this name.
    pub(crate) fn fits_environment(&self, name: &str) -> bool {
        self.only_environment().is_none_or(|only| only == name)
            && (self.environments.is_empty() || self.environments.iter().any(|one| one.fits(name)))
    }

    /// Whether what was made then is old enough for `--until` and the like.
    pub(crate) fn is_old_enough(&self, created: Option<Timestamp>) -> bool {
        self.until
            .is_none_or(|until| created.is_some_and(|created| created < until))
    }
}
