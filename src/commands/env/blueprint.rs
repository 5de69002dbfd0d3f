use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::entry::parse_entry;
use super::settings::{MAX_REVIEWERS, MAX_WAIT_MINUTES, parse_name, parse_reviewer};
use crate::error::{Failure, Kind};
use crate::model::{Branches, PatternKind};
use crate::output::{EnvironmentDetails, Record};

/// The version of the document format.
const VERSION: u32 = 1;

/// A document of environments, with names instead of IDs, so that it can be applied
/// to any repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// Always 1.
    pub(super) version: u32,
    pub(super) environments: Vec<Blueprint>,
}

/// One environment. A setting that is left out is not changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Blueprint {
    pub(super) name: String,
    /// Minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) wait_timer: Option<u32>,
    /// Logins, and `ORGANIZATION/SLUG` of teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reviewers: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) prevent_self_review: Option<bool>,
    /// `all`, `protected` or `custom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) branches: Option<Branches>,
    /// Only with `custom` branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) branch_policies: Option<Vec<Pattern>>,
    /// Slugs of apps that gate the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) apps: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) variables: Option<BTreeMap<String, String>>,
    /// Names only: values cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secrets: Option<BTreeSet<String>>,
}

/// A name pattern of branches or tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    pub(super) name: String,
    /// `branch` if it is left out.
    #[serde(rename = "type", default = "branch")]
    pub(super) kind: PatternKind,
}

fn branch() -> PatternKind {
    PatternKind::Branch
}

impl Record for Document {
    const FIELDS: &'static [&'static str] = &["version", "environments"];
}

impl Document {
    pub(super) fn new(environments: Vec<Blueprint>) -> Self {
        Self {
            version: VERSION,
            environments,
        }
    }

    /// Parses a document, and refuses one that GitHub would not accept.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::new(Kind::Usage, what);
        let mut document: Self = serde_json::from_str(text)
            .map_err(|error| wrong(format!("this is not a document of environments: {error}")))?;
        if document.version != VERSION {
            return Err(wrong(format!(
                "the document has version {}; this deployctl reads version {VERSION}",
                document.version
            )));
        }
        let mut names = BTreeSet::new();
        for one in &mut document.environments {
            one.check()
                .map_err(|what| wrong(format!("environment {:?}: {what}", one.name)))?;
            if !names.insert(one.name.clone()) {
                return Err(wrong(format!("environment {:?} appears twice", one.name)));
            }
        }
        Ok(document)
    }
}

impl Blueprint {
    pub(super) fn of(details: &EnvironmentDetails) -> Self {
        let environment = &details.environment;
        let patterns = details.branch_policies.iter().map(|policy| Pattern {
            name: policy.name.clone(),
            kind: policy.kind.clone(),
        });
        let branches = environment.branches();
        Self {
            name: environment.name.clone(),
            wait_timer: Some(environment.wait_timer()),
            reviewers: Some(
                environment
                    .reviewers()
                    .iter()
                    .map(|reviewer| reviewer.name.clone())
                    .collect(),
            ),
            prevent_self_review: Some(environment.prevents_self_review()),
            branches: Some(branches),
            branch_policies: (branches == Branches::Custom).then(|| patterns.collect()),
            apps: details
                .custom_rules
                .as_ref()
                .map(|rules| rules.iter().map(|rule| rule.app.slug.clone()).collect()),
            variables: details.variables.as_ref().map(|all| {
                all.iter()
                    .map(|one| (one.name.clone(), one.value.clone()))
                    .collect()
            }),
            secrets: details
                .secrets
                .as_ref()
                .map(|all| all.iter().map(|one| one.name.clone()).collect()),
        }
    }

    /// Checks the values, and converts the names of variables and secrets to upper case
    /// as GitHub does.
    fn check(&mut self) -> Result<(), String> {
        parse_name(&self.name)?;
        if self
            .wait_timer
            .is_some_and(|minutes| i64::from(minutes) > MAX_WAIT_MINUTES)
        {
            return Err(format!("wait_timer is at most {MAX_WAIT_MINUTES} minutes"));
        }
        let reviewers = self.reviewers.as_deref().unwrap_or_default();
        if reviewers.len() > MAX_REVIEWERS {
            return Err(format!("it has more than {MAX_REVIEWERS} reviewers"));
        }
        for name in reviewers {
            parse_reviewer(name).map_err(|error| format!("reviewer {name:?}: {error}"))?;
        }
        let is_empty = self.reviewers.as_ref().is_some_and(Vec::is_empty);
        if self.prevent_self_review == Some(true) && is_empty {
            return Err("prevent_self_review needs a reviewer".to_owned());
        }
        let patterns = self.branch_policies.as_deref().unwrap_or_default();
        if !patterns.is_empty() && self.branches.is_some_and(|which| which != Branches::Custom) {
            return Err("branch_policies need \"branches\": \"custom\"".to_owned());
        }
        if let Some(pattern) = patterns
            .iter()
            .find(|pattern| pattern.name.trim().is_empty())
        {
            return Err(format!("the pattern {:?} is empty", pattern.name));
        }
        if let Some(variables) = &mut self.variables {
            for (name, value) in std::mem::take(variables) {
                variables.insert(entry(&name)?, value);
            }
        }
        if let Some(secrets) = &mut self.secrets {
            *secrets = secrets
                .iter()
                .map(|name| entry(name))
                .collect::<Result<_, String>>()?;
        }
        Ok(())
    }
}

fn entry(name: &str) -> Result<String, String> {
    let name = parse_entry(name).map_err(|error| format!("{name:?}: {error}"))?;
    Ok(name.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_back_as_it_was_written() {
        let document = Document::new(vec![Blueprint {
            name: "preview/pr-7 é%".to_owned(),
            wait_timer: Some(30),
            reviewers: Some(vec!["octocat".to_owned(), "acme/ops".to_owned()]),
            prevent_self_review: Some(true),
            branches: Some(Branches::Custom),
            branch_policies: Some(vec![
                Pattern {
                    name: "release/*".to_owned(),
                    kind: PatternKind::Branch,
                },
                Pattern {
                    name: "v*".to_owned(),
                    kind: PatternKind::Tag,
                },
            ]),
            apps: Some(vec!["gate".to_owned()]),
            variables: Some([("A".to_owned(), "b\n".to_owned())].into()),
            secrets: Some(["KEY".to_owned()].into()),
        }]);
        let text = serde_json::to_string(&document).expect("serializes");
        assert_eq!(Document::parse(&text).expect("read"), document);
    }

    #[test]
    fn what_is_left_out_stays_out() {
        let text = r#"{"version":1,"environments":[{"name":"qa","variables":{"a":"1"}}]}"#;
        let document = Document::parse(text).expect("read");
        let one = &document.environments[0];
        assert_eq!(one.wait_timer, None);
        assert_eq!(
            one.variables,
            Some([("A".to_owned(), "1".to_owned())].into())
        );
    }

    #[test]
    fn mistakes_are_found_before_anything_is_sent() {
        for (environment, word) in [
            (r#"{"name":""}"#, "empty"),
            (r#"{"name":"a","wait_timer":43201}"#, "wait_timer"),
            (r#"{"name":"a","wait_timer":-1}"#, "invalid value"),
            (r#"{"name":"a","waittimer":1}"#, "unknown field"),
            (
                r#"{"name":"a","reviewers":["a","b","c","d","e","f","g"]}"#,
                "more than 6",
            ),
            (r#"{"name":"a","reviewers":["a/b/c"]}"#, "a/b/c"),
            (
                r#"{"name":"a","reviewers":[],"prevent_self_review":true}"#,
                "needs a reviewer",
            ),
            (
                r#"{"name":"a","branches":"all","branch_policies":[{"name":"x"}]}"#,
                "custom",
            ),
            (r#"{"name":"a","branches":"some"}"#, "unknown variant"),
            (r#"{"name":"a","variables":{"a-b":"1"}}"#, "a-b"),
            (r#"{"name":"a"},{"name":"a"}"#, "twice"),
        ] {
            let text = format!(r#"{{"version":1,"environments":[{environment}]}}"#);
            let failure = Document::parse(&text).expect_err(environment);
            assert_eq!(failure.kind(), Kind::Usage);
            assert!(failure.message().contains(word), "{}", failure.message());
        }
        for text in ["", "[]", r#"{"version":2,"environments":[]}"#] {
            assert!(Document::parse(text).is_err(), "{text:?}");
        }
    }
}
