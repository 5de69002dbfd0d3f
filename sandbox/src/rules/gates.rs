//! Name patterns of branches, and apps that gate an environment
//! (<https://docs.github.com/rest/deployments/branch-policies>,
//! <https://docs.github.com/rest/deployments/protection-rules>).

use super::{Core, Failure};
use crate::store::{
    BranchPolicy, Branches, Environment, Integration, PatternKind, Repository, Rule, RuleKind,
    Slice, Window,
};

const MAX_APPS: usize = 6;
const TOO_MANY_APPS: &str = "An environment may have up to 6 deployment protection rules enabled.";
const ENABLED: &str = "The deployment protection rule is enabled already.";
const PATTERN: &str = "The name pattern must not be empty.";

impl Core {
    /// A page of an environment's name patterns, oldest first.
    pub(crate) fn branch_policies(
        &self,
        repository: &Repository,
        environment: &str,
        window: Window,
    ) -> Result<Slice<BranchPolicy>, Failure> {
        self.read_environment(repository, environment, |read, environment| {
            Ok(BranchPolicy::list(read, environment.id, window)?)
        })
    }

    /// A name pattern of an environment.
    pub(crate) fn branch_policy(
        &self,
        repository: &Repository,
        environment: &str,
        id: i64,
    ) -> Result<BranchPolicy, Failure> {
        self.read_environment(repository, environment, |read, environment| {
            BranchPolicy::by_id(read, environment.id, id)?.ok_or(Failure::NotFound)
        })
    }

    /// Adds a name pattern; `None` if it exists already. Fails unless the
    /// environment uses custom policies.
    pub(crate) fn add_branch_policy(
        &self,
        repository: &Repository,
        environment: &str,
        kind: PatternKind,
        name: &str,
    ) -> Result<Option<BranchPolicy>, Failure> {
        check_pattern(name)?;
        self.change_environment(repository, environment, |write, environment| {
            let custom = Rule::list(write, environment.id)?
                .iter()
                .any(|rule| rule.kind == RuleKind::BranchPolicy(Branches::Custom));
            if !custom {
                return Err(Failure::NotFound);
            }
            if BranchPolicy::by_name(write, environment.id, kind, name)?.is_some() {
                return Ok(None);
            }
            Ok(Some(BranchPolicy::insert(
                write,
                environment.id,
                kind,
                name,
            )?))
        })
    }

    /// Gives a name pattern another text.
    pub(crate) fn rename_branch_policy(
        &self,
        repository: &Repository,
        environment: &str,
        id: i64,
        name: &str,
    ) -> Result<BranchPolicy, Failure> {
        check_pattern(name)?;
        self.change_environment(repository, environment, |write, environment| {
            let found = BranchPolicy::by_id(write, environment.id, id)?;
            let mut policy = found.ok_or(Failure::NotFound)?;
            let taken = BranchPolicy::by_name(write, environment.id, policy.kind, name)?;
            if taken.is_some_and(|taken| taken.id != policy.id) {
                return Err(Failure::Refused("The name pattern exists already."));
            }
            policy.rename(write, name)?;
            Ok(policy)
        })
    }

    /// Removes a name pattern.
    pub(crate) fn delete_branch_policy(
        &self,
        repository: &Repository,
        environment: &str,
        id: i64,
    ) -> Result<(), Failure> {
        self.change_environment(repository, environment, |write, environment| {
            let found = BranchPolicy::by_id(write, environment.id, id)?;
            Ok(found.ok_or(Failure::NotFound)?.delete(write)?)
        })
    }

    /// The apps that gate an environment: the rules' ids, and the apps.
    pub(crate) fn gates(
        &self,
        repository: &Repository,
        environment: &str,
    ) -> Result<Vec<(i64, Integration)>, Failure> {
        self.read_environment(repository, environment, |read, environment| {
            Ok(Rule::list(read, environment.id)?
                .into_iter()
                .filter_map(gate)
                .collect())
        })
    }

    /// An app that gates an environment, by the rule's id.
    pub(crate) fn gate(
        &self,
        repository: &Repository,
        environment: &str,
        id: i64,
    ) -> Result<(i64, Integration), Failure> {
        self.read_environment(repository, environment, |read, environment| {
            let rule = Rule::by_id(read, environment.id, id)?;
            rule.and_then(gate).ok_or(Failure::NotFound)
        })
    }

    /// The apps that could gate an environment.
    pub(crate) fn integrations(
        &self,
        repository: &Repository,
        environment: &str,
    ) -> Result<Vec<Integration>, Failure> {
        self.read_environment(repository, environment, |read, _: &Environment| {
            Ok(Integration::all(read)?)
        })
    }

    /// Has an app gate an environment.
    pub(crate) fn enable_gate(
        &self,
        repository: &Repository,
        environment: &str,
        integration: i64,
    ) -> Result<(i64, Integration), Failure> {
        self.change_environment(repository, environment, |write, environment| {
            let app = Integration::by_id(write, integration)?.ok_or(Failure::NotFound)?;
            let rules = Rule::list(write, environment.id)?;
            let enabled: Vec<_> = rules.into_iter().filter_map(gate).collect();
            if enabled.iter().any(|(_, known)| *known == app) {
                return Err(Failure::Refused(ENABLED));
            }
            if enabled.len() >= MAX_APPS {
                return Err(Failure::Refused(TOO_MANY_APPS));
            }
            let rule = Rule::insert(write, environment.id, RuleKind::App(app.clone()))?;
            Ok((rule.id, app))
        })
    }

    /// Has an app gate an environment no more.
    pub(crate) fn disable_gate(
        &self,
        repository: &Repository,
        environment: &str,
        id: i64,
    ) -> Result<(), Failure> {
        self.change_environment(repository, environment, |write, environment| {
            let rule = Rule::by_id(write, environment.id, id)?.ok_or(Failure::NotFound)?;
            if !matches!(rule.kind, RuleKind::App(_)) {
                return Err(Failure::NotFound);
            }
            Ok(rule.delete(write)?)
        })
    }
}

fn gate(rule: Rule) -> Option<(i64, Integration)> {
    match rule.kind {
        RuleKind::App(app) => Some((rule.id, app)),
        _ => None,
    }
}

fn check_pattern(name: &str) -> Result<(), Failure> {
    if name.trim().is_empty() {
        return Err(Failure::Refused(PATTERN));
    }
    Ok(())
}
