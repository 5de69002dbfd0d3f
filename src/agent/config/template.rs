use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::rule_input::RuleInput;

/// Everything but the characters that are unreserved in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const MAX_LABEL_BYTES: usize = 63;

/// The names that may be used in braces.
const NAMES: [&str; 8] = [
    "deployment_id",
    "repository",
    "environment",
    "environment_slug",
    "ref",
    "sha",
    "task",
    "name",
];

/// A URL with placeholders for values of the deployment, such as
/// `https://logs.example.com/{deployment_id}`. Values are encoded, so that none
/// can add a part to the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Fails if a name is unknown, a brace is unbalanced, or the result is not a
    /// URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let template = Self(text.to_owned());
        let filled = template.fill(|name| {
            if NAMES.contains(&name) {
                Ok("1")
            } else {
                Err(format!(
                    "unknown placeholder {{{name}}}; the placeholders are {{{}}}",
                    NAMES.join("}, {")
                ))
            }
        })?;
        is_url(&filled)
            .then_some(template)
            .ok_or_else(|| format!("{text:?} is not an http or https URL"))
    }

    /// The URL for a deployment; `None` if a value makes it invalid. `agent` is the
    /// name of this agent.
    pub fn url(&self, id: u64, input: &RuleInput<'_>, agent: &str) -> Option<String> {
        let id = id.to_string();
        let repository = input.repository.to_string();
        let slug = slug(input.environment);
        let filled = self.fill(|name| {
            Ok::<_, String>(match name {
                "deployment_id" => id.as_str(),
                "repository" => repository.as_str(),
                "environment" => input.environment,
                "environment_slug" => slug.as_str(),
                "ref" => input.ref_name,
                "sha" => input.sha,
                "task" => input.task,
                _ => agent,
            })
        });
        filled.ok().filter(|filled| is_url(filled))
    }

    fn fill<'a>(&self, value: impl Fn(&str) -> Result<&'a str, String>) -> Result<String, String> {
        let mut filled = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            filled.push_str(before);
            let inner = from
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let (name, after) = inner.ok_or("unbalanced brace")?;
            // A repository is two segments of a path.
            let parts = value(name)?
                .split('/')
                .map(|part| utf8_percent_encode(part, ENCODED));
            let glue = if name == "repository" { "/" } else { "%2F" };
            for (number, part) in parts.enumerate() {
                if number > 0 {
                    filled.push_str(glue);
                }
                filled.extend(part);
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a host name label of a name: `preview-pr-7` of `preview/PR_7`. Empty if no
/// character is allowed in one.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(MAX_LABEL_BYTES);
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn is_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        matches!(url.scheme(), "http" | "https")
            && !host.is_empty()
            && !host.split('.').any(str::is_empty)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::RepoSlug;

    fn input<'a>(repository: &'a RepoSlug, environment: &'a str) -> RuleInput<'a> {
        RuleInput {
            repository,
            environment,
            ref_name: "feature/x",
            sha: "abc",
            task: "deploy",
            by_workflow: false,
        }
    }

    fn filled(template: &str, environment: &str) -> Option<String> {
        let repository = "octocat/hello-world".parse().expect("a repository");
        let template = Template::parse(template).expect("a template");
        template.url(7, &input(&repository, environment), "web-1")
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(
            filled(
                "https://logs.example.com/{repository}/{deployment_id}?ref={ref}&by={name}",
                "x"
            )
            .as_deref(),
            Some("https://logs.example.com/octocat/hello-world/7?ref=feature%2Fx&by=web-1")
        );
        assert_eq!(
            filled("https://x.example/{environment}", "../a b?c#d").as_deref(),
            Some("https://x.example/..%2Fa%20b%3Fc%23d")
        );
    }

    #[test]
    fn a_value_cannot_become_another_host() {
        assert_eq!(
            filled("https://{environment}.example.com/", "pr-1").as_deref(),
            Some("https://pr-1.example.com/")
        );
        for environment in ["evil.test/", "evil.test#", "a@evil.test?", "evil.test\\"] {
            assert_eq!(
                filled("https://{environment}.example.com/", environment),
                None,
                "{environment}"
            );
        }
    }

    #[test]
    fn a_slug_is_a_label_of_a_host() {
        let long = format!("{}/x", "a".repeat(62));
        for (environment, host) in [
            ("preview/pr-7", Some("preview-pr-7.example.com")),
            ("Feature_X (EU)", Some("feature-x-eu.example.com")),
            ("/--a--/", Some("a.example.com")),
            (
                long.as_str(),
                Some(&*format!("{}.example.com", "a".repeat(62))),
            ),
            ("\u{65e5}\u{672c}", None),
        ] {
            let address = filled("https://{environment_slug}.example.com/", environment);
            let expected = host.map(|host| format!("https://{host}/"));
            assert_eq!(address, expected, "{environment}");
        }
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in [
            "",
            "logs",
            "ftp://x/{ref}",
            "https://x/{reff}",
            "https://x/{ref",
            "https://x/}",
            "https://x/{}",
        ] {
            assert!(Template::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_value_stays_within_its_part(environment in "\\PC{1,20}") {
            let address = filled("https://x.example/a/{environment}/b?c=d", &environment).expect("an address");
            let url = Url::parse(&address).expect("an address");
            prop_assert_eq!(url.host_str(), Some("x.example"));
            prop_assert_eq!(url.query(), Some("c=d"));
            prop_assert_eq!(url.fragment(), None);
        }
    }
}
