use super::args::RepositoryArgs;
use crate::context::{GitError, Target, resolve_target};
use crate::error::{Failure, Kind};
use crate::model::{Host, Pattern, RepoSlug, Repository};
use crate::session::{Session, read_text};

/// The repositories that the user selects.
#[derive(Debug, Default)]
pub(super) struct RepositoryChoice {
    pub(super) named: Vec<RepoSlug>,
    pub(super) owners: Vec<OwnerChoice>,
    pub(super) topic: Option<String>,
    /// One of them, which stands for their server; `None` if the file is empty.
    pub(super) target: Option<Target>,
}

/// The repositories of an organization or user whose names match a pattern.
#[derive(Debug)]
pub(super) struct OwnerChoice {
    pub(super) owner: String,
    pub(super) names: Vec<Pattern>,
}

/// A repository, or a pattern for the names of an owner's repositories.
#[derive(Debug, PartialEq, Eq)]
enum RepositoryName {
    One(Repository),
    Pattern {
        host: Option<Host>,
        owner: String,
        name: Pattern,
    },
}

impl RepositoryChoice {
    /// Reads the options, and the file that they name. No request is made.
    ///
    /// # Errors
    /// `Usage` for what is no repository, for repositories on two hosts, and for
    /// `--topic` alone.
    pub(super) fn read(session: &Session, args: &RepositoryArgs) -> anyhow::Result<Self> {
        let mut choice = Self {
            topic: args.topic.clone(),
            ..Self::default()
        };
        for text in &session.global.repo {
            let name = parse_name(text).map_err(|reason| usage(format!("--repo: {reason}")))?;
            choice.add(session, name)?;
        }
        if let Some(path) = &args.repos {
            let text = read_text("--repos", path)?;
            let file = path.display();
            for (number, name) in names_in(&text) {
                let name = name.map_err(|reason| usage(format!("{file}:{number}: {reason}")))?;
                choice.add(session, name)?;
            }
        }
        for owner in &args.org {
            // Any name shows whether the owner's is valid.
            let Some(slug) = RepoSlug::new(owner, "any") else {
                let reason = format!("--org: {owner:?} is not the name of an organization");
                return Err(usage(reason).into());
            };
            choice.add(
                session,
                RepositoryName::Pattern {
                    host: None,
                    owner: slug.owner().to_owned(),
                    name: Pattern::new("*"),
                },
            )?;
        }
        if choice.topic.is_some() && choice.owners.is_empty() {
            return Err(usage("--topic needs --org or a pattern".to_owned()).into());
        }
        Ok(choice)
    }

    fn add(&mut self, session: &Session, name: RepositoryName) -> anyhow::Result<()> {
        let (host, slug) = match &name {
            RepositoryName::One(one) => (one.host.as_ref(), Some(one.slug.clone())),
            RepositoryName::Pattern { host, owner, .. } => {
                (host.as_ref(), RepoSlug::new(owner, "any"))
            }
        };
        if let Some(slug) = slug {
            let host = host.map_or_else(String::new, |host| format!("{host}/"));
            let text = format!("{host}{slug}");
            // Git is not asked, because the repository is named.
            let target = resolve_target(&session.env, Some(&text), || Err(GitError::Missing))?;
            self.add_target(target)?;
        }
        match name {
            RepositoryName::One(one) => self.named.push(one.slug),
            RepositoryName::Pattern { owner, name, .. } => {
                let known = self
                    .owners
                    .iter_mut()
                    .find(|known| known.owner.eq_ignore_ascii_case(&owner));
                match known {
                    Some(known) => known.names.push(name),
                    None => self.owners.push(OwnerChoice {
                        owner,
                        names: vec![name],
                    }),
                }
            }
        }
        Ok(())
    }

    fn add_target(&mut self, target: Target) -> Result<(), Failure> {
        let Some(known) = &mut self.target else {
            self.target = Some(target);
            return Ok(());
        };
        if known.server.host != target.server.host {
            let hosts = format!("{} and {}", known.server.host, target.server.host);
            return Err(usage(format!("the repositories are on two hosts: {hosts}"))
                .hint("run the command once for each host"));
        }
        known.server.host_is_named |= target.server.host_is_named;
        Ok(())
    }
}

impl OwnerChoice {
    pub(super) fn selects(&self, repo: &RepoSlug) -> bool {
        let is_owner = repo.owner().eq_ignore_ascii_case(&self.owner);
        is_owner && self.names.iter().any(|name| name.fits(repo.name()))
    }
}

fn usage(message: String) -> Failure {
    Failure::new(Kind::Usage, message)
}

/// The names in a file, with the numbers of their lines.
fn names_in(text: &str) -> impl Iterator<Item = (usize, Result<RepositoryName, String>)> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    lines.enumerate().filter_map(|(index, line)| {
        let name = line.split('#').next().unwrap_or_default().trim();
        (!name.is_empty()).then(|| (index + 1, parse_name(name)))
    })
}

/// Reads `[HOST/]OWNER/REPO`, where `REPO` may be a pattern.
fn parse_name(text: &str) -> Result<RepositoryName, String> {
    if !Pattern::is_pattern(text) {
        let one = text.parse().map_err(|error| format!("{error}"))?;
        return Ok(RepositoryName::One(one));
    }
    let malformed = || {
        format!(
            "{text:?} is not a pattern for repositories: write OWNER/PATTERN or HOST/OWNER/PATTERN"
        )
    };
    let (before, name) = text.rsplit_once('/').ok_or_else(malformed)?;
    if Pattern::is_pattern(before) {
        return Err(format!(
            "{text:?}: only the name of a repository can be a pattern, not its owner"
        ));
    }
    let any: Repository = format!("{before}/any").parse().map_err(|_| malformed())?;
    Ok(RepositoryName::Pattern {
        host: any.host,
        owner: any.slug.owner().to_owned(),
        name: Pattern::new(name).ignoring_case(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_may_have_a_host_and_a_pattern() {
        for (text, host, owner, name) in [
            ("acme/*", None, "acme", "*"),
            ("acme/web-[ab]?", None, "acme", "web-[ab]?"),
            (
                "git.example.com/acme/a*",
                Some("git.example.com"),
                "acme",
                "a*",
            ),
        ] {
            let expected = RepositoryName::Pattern {
                host: host.map(|host: &str| host.parse().expect("a host")),
                owner: owner.to_owned(),
                name: Pattern::new(name).ignoring_case(),
            };
            assert_eq!(parse_name(text), Ok(expected), "{text}");
        }
        for text in ["*", "*/web", "ac?e/web", "acme/", "a b/*", "a/b/c/*", "web"] {
            assert!(parse_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_has_comments_and_its_lines_are_counted() {
        let text = "\u{feff}# all of ours\nacme/shop # the shop\r\n\n  acme/web-*  \nnonsense\n";
        let names: Vec<_> = names_in(text)
            .map(|(number, name)| (number, name.is_ok()))
            .collect();
        assert_eq!(names, [(2, true), (4, true), (5, false)]);
        assert_eq!(names_in("# nothing\n").count(), 0);
    }

    #[test]
    fn a_pattern_ignores_the_case_of_letters() {
        let choice = OwnerChoice {
            owner: "Acme".to_owned(),
            names: vec![Pattern::new("web-*").ignoring_case()],
        };
        for (repo, selected) in [
            ("acme/Web-1", true),
            ("ACME/web-", true),
            ("acme/api", false),
            ("other/web-1", false),
        ] {
            let slug = repo.parse().expect("a repository");
            assert_eq!(choice.selects(&slug), selected, "{repo}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_read_without_panic(text in "\\PC*") {
            let _ = parse_name(&text);
            let _ = names_in(&text).count();
        }
    }
}
