use std::fmt;

/// What a lock is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// All environments.
    Global,
    Environment(String),
}

/// The end of the name of every branch with a lock.
pub(super) const SUFFIX: &str = "branch-deploy-lock";

/// The branch of the global lock.
pub(super) const GLOBAL_BRANCH: &str = "global-branch-deploy-lock";

impl Target {
    /// The targets that the arguments of a command name, each once.
    pub(crate) fn from_args(environments: &[String], global: bool) -> Result<Vec<Self>, String> {
        let mut targets: Vec<Self> = Vec::new();
        if global {
            targets.push(Self::Global);
        }
        for name in environments {
            let target = Self::Environment(name.clone());
            if name.trim().is_empty() {
                return Err("the name of an environment is empty".to_owned());
            }
            if let Some(refusal) = target.refusal() {
                return Err(refusal);
            }
            if !targets.iter().any(|one| one.branch() == target.branch()) {
                targets.push(target);
            }
        }
        Ok(targets)
    }

    /// The short name of the branch with the lock. As in github/branch-deploy,
    /// each whitespace character of the environment's name becomes a hyphen.
    pub(crate) fn branch(&self) -> String {
        match self {
            Self::Global => GLOBAL_BRANCH.to_owned(),
            Self::Environment(name) => {
                let part: String = name.chars().map(without_whitespace).collect();
                format!("{part}-{SUFFIX}")
            }
        }
    }

    /// The target whose lock a branch is, as far as its name says.
    pub(super) fn of_branch(branch: &str) -> Option<Self> {
        if branch == GLOBAL_BRANCH {
            return Some(Self::Global);
        }
        let name = branch.strip_suffix(SUFFIX)?.strip_suffix('-')?;
        (!name.is_empty()).then(|| Self::Environment(name.to_owned()))
    }

    /// The name of the environment; `None` for all.
    pub(crate) fn environment(&self) -> Option<&str> {
        match self {
            Self::Global => None,
            Self::Environment(name) => Some(name),
        }
    }

    /// Why no lock can be taken for the target; `None` if one can. The rules are
    /// those of git-check-ref-format(1).
    fn refusal(&self) -> Option<String> {
        let branch = self.branch();
        if matches!(self, Self::Environment(_)) && branch == GLOBAL_BRANCH {
            let reason = "an environment named \"global\" cannot have a lock of its own: its branch would be that of the global lock";
            return Some(reason.to_owned());
        }
        let is_part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && !std::path::Path::new(part)
                    .extension()
                    .is_some_and(|end| end.eq_ignore_ascii_case("lock"))
        };
        let is_name = !branch.starts_with('-')
            && !branch.contains("..")
            && !branch.contains("@{")
            && !branch.contains(|c: char| c.is_ascii_control() || "~^:?*[\\".contains(c))
            && branch.split('/').all(is_part);
        (!is_name).then(|| format!("{branch:?} is not a valid name of a branch"))
    }
}

/// JavaScript's `\s`, which github/branch-deploy uses, differs from Unicode's
/// whitespace in two characters.
fn without_whitespace(c: char) -> char {
    let is_whitespace = c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}');
    if is_whitespace { '-' } else { c }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.environment().unwrap_or("all environments"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn environment(name: &str) -> Target {
        Target::Environment(name.to_owned())
    }

    #[test]
    fn branches_are_those_of_branch_deploy() {
        for (name, branch) in [
            ("production", "production-branch-deploy-lock"),
            ("my env", "my-env-branch-deploy-lock"),
            ("a\tb\u{a0}c\u{feff}d", "a-b-c-d-branch-deploy-lock"),
            ("preview/pr-7", "preview/pr-7-branch-deploy-lock"),
        ] {
            assert_eq!(environment(name).branch(), branch);
            assert_eq!(environment(name).refusal(), None, "{name}");
        }
        assert_eq!(Target::Global.branch(), "global-branch-deploy-lock");
        assert_eq!(
            environment("a\u{85}b").branch(),
            "a\u{85}b-branch-deploy-lock"
        );
    }

    #[test]
    fn names_without_a_branch_are_refused() {
        for name in [
            "global", "a..b", "a~b", "-x", "a//b", ".a", "a.lock/b", "x[1]", "a\\b",
        ] {
            assert!(environment(name).refusal().is_some(), "{name}");
        }
        assert_eq!(Target::Global.refusal(), None);
    }

    #[test]
    fn a_branch_names_its_target() {
        assert_eq!(Target::of_branch(GLOBAL_BRANCH), Some(Target::Global));
        assert_eq!(
            Target::of_branch("qa-branch-deploy-lock"),
            Some(environment("qa"))
        );
        for branch in [
            "main",
            "branch-deploy-lock",
            "-branch-deploy-lock",
            "x-branch-deploy-lock-2",
        ] {
            assert_eq!(Target::of_branch(branch), None, "{branch}");
        }
    }

    proptest! {
        #[test]
        fn a_name_without_whitespace_is_found_again(name in "[a-z0-9/._-]{1,20}") {
            let target = environment(&name);
            if target.refusal().is_none() {
                prop_assert_eq!(Target::of_branch(&target.branch()), Some(target));
            }
        }
    }
}
