use super::super::blueprint::Blueprint;
use super::super::diff::{self, Change, format_pattern};
use super::super::settings::{Settings, same_name};
use crate::error::{Failure, Kind};
use crate::model::{Branches, PatternKind};
use crate::output::EnvironmentDetails;

/// The changes that one environment needs.
#[derive(Debug)]
pub(super) struct EnvironmentPlan<'a> {
    pub(super) name: String,
    /// All changes, for the user.
    pub(super) changes: Vec<Change>,
    /// Whether the settings have to be sent.
    pub(super) needs_settings: bool,
    /// The current settings.
    pub(super) before: Settings,
    /// The new settings, without reviewers whose IDs are not known yet.
    pub(super) settings: Settings,
    pub(super) unknown_reviewers: Vec<String>,
    pub(super) new_patterns: Vec<(PatternKind, String)>,
    /// By id.
    pub(super) old_patterns: Vec<u64>,
    pub(super) new_apps: Vec<String>,
    /// By the id of the rule.
    pub(super) old_apps: Vec<u64>,
    pub(super) new_variables: Vec<(&'a str, &'a str)>,
    pub(super) old_variables: Vec<&'a str>,
    /// Names of secrets that have no value yet.
    pub(super) secrets: Vec<String>,
}

impl<'a> EnvironmentPlan<'a> {
    /// The changes that turn an environment, `None` if it does not exist, into the
    /// wanted one.
    pub(super) fn new(
        wanted: &'a Blueprint,
        details: Option<&'a EnvironmentDetails>,
    ) -> Result<Self, Failure> {
        let before = details.map(|details| Settings::of(&details.environment));
        let mut plan = Self {
            name: wanted.name.clone(),
            changes: Vec::new(),
            needs_settings: before.is_none(),
            before: before.clone().unwrap_or_default(),
            settings: before.clone().unwrap_or_default(),
            unknown_reviewers: Vec::new(),
            new_patterns: Vec::new(),
            old_patterns: Vec::new(),
            new_apps: Vec::new(),
            old_apps: Vec::new(),
            new_variables: Vec::new(),
            old_variables: Vec::new(),
            secrets: Vec::new(),
        };
        if before.is_none() {
            plan.changes.push(Change::create(&wanted.name));
        }
        plan.plan_settings(wanted, &before.unwrap_or_default());
        plan.plan_patterns(wanted, details)?;
        plan.plan_apps(wanted, details);
        plan.plan_variables(wanted, details)?;
        let known = details.and_then(|details| details.secrets.as_ref());
        let names = wanted.secrets.iter().flatten();
        let lacks = |name: &&String| {
            !known.is_some_and(|known| known.iter().any(|one| same_name(&one.name, name)))
        };
        plan.secrets = names.filter(lacks).cloned().collect();
        Ok(plan)
    }

    fn plan_settings(&mut self, wanted: &Blueprint, before: &Settings) {
        let name = wanted.name.as_str();
        if let Some(minutes) = wanted.wait_timer {
            self.settings.wait_timer = minutes;
        }
        if let Some(branches) = wanted.branches {
            self.settings.branches = branches;
        }
        if let Some(reviewers) = &wanted.reviewers {
            let is_wanted = |known: &str| reviewers.iter().any(|name| same_name(known, name));
            self.settings
                .reviewers
                .retain(|reviewer| is_wanted(&reviewer.name));
            for reviewer in reviewers {
                let is_known = |known: &str| same_name(known, reviewer);
                let there = self.settings.reviewers.iter();
                let asked = self.unknown_reviewers.iter();
                if !there.map(|known| known.name.as_str()).any(is_known)
                    && !asked.map(String::as_str).any(is_known)
                {
                    self.unknown_reviewers.push(reviewer.clone());
                }
            }
        }
        let nobody = self.settings.reviewers.is_empty() && self.unknown_reviewers.is_empty();
        match wanted.prevent_self_review {
            Some(prevented) => self.settings.prevent_self_review = prevented,
            None if nobody => self.settings.prevent_self_review = false,
            None => {}
        }
        let mut changes = diff::settings(name, before, &self.settings);
        let added = self.unknown_reviewers.iter();
        changes.extend(added.map(|reviewer| Change::add(name, "reviewer", reviewer)));
        self.needs_settings |= !changes.is_empty();
        self.changes.extend(changes);
    }

    fn plan_patterns(
        &mut self,
        wanted: &Blueprint,
        details: Option<&EnvironmentDetails>,
    ) -> Result<(), Failure> {
        let Some(patterns) = &wanted.branch_policies else {
            return Ok(());
        };
        if self.settings.branches != Branches::Custom {
            if patterns.is_empty() {
                return Ok(());
            }
            return Err(Failure::new(
                Kind::Usage,
                format!(
                    "environment {:?}: branch_policies need \"branches\": \"custom\", and \
                     it has {:?}",
                    self.name,
                    self.settings.branches.as_str()
                ),
            ));
        }
        let known = details.map_or(&[][..], |details| &details.branch_policies);
        let mut changes = Vec::new();
        for policy in known {
            let is_same = |one: &super::super::blueprint::Pattern| {
                one.kind == policy.kind && one.name == policy.name
            };
            if !patterns.iter().any(is_same) {
                self.old_patterns.push(policy.id);
                let text = format_pattern(&policy.kind, &policy.name);
                changes.push(Change::remove(&self.name, "branch_policy", text));
            }
        }
        for pattern in patterns {
            let is_known = known
                .iter()
                .any(|one| one.kind == pattern.kind && one.name == pattern.name);
            let pair = (pattern.kind.clone(), pattern.name.clone());
            if !is_known && !self.new_patterns.contains(&pair) {
                let text = format_pattern(&pattern.kind, &pattern.name);
                changes.push(Change::add(&self.name, "branch_policy", text));
                self.new_patterns.push(pair);
            }
        }
        self.changes.extend(changes);
        Ok(())
    }

    fn plan_apps(&mut self, wanted: &Blueprint, details: Option<&EnvironmentDetails>) {
        let Some(apps) = &wanted.apps else {
            return;
        };
        let rules = details.and_then(|details| details.custom_rules.as_deref());
        let rules = rules.unwrap_or_default();
        let slugs: Vec<String> = rules.iter().map(|rule| rule.app.slug.clone()).collect();
        for rule in rules {
            if !apps.iter().any(|slug| same_name(slug, &rule.app.slug)) {
                self.old_apps.push(rule.id);
            }
        }
        for slug in apps {
            let is_same = |other: &String| same_name(other, slug);
            if !slugs.iter().any(is_same) && !self.new_apps.iter().any(is_same) {
                self.new_apps.push(slug.clone());
            }
        }
        self.changes
            .extend(diff::lists(&self.name, "app", &slugs, apps));
    }

    fn plan_variables(
        &mut self,
        wanted: &'a Blueprint,
        details: Option<&'a EnvironmentDetails>,
    ) -> Result<(), Failure> {
        let Some(variables) = &wanted.variables else {
            return Ok(());
        };
        let known = match details {
            None => &[][..],
            Some(details) => match &details.variables {
                Some(known) => known,
                None => {
                    return Err(Failure::new(
                        Kind::Forbidden,
                        format!(
                            "not allowed: the token may not see the variables of {:?}",
                            self.name
                        ),
                    )
                    .hint(
                        "a fine-grained token needs 'Environments: write', a classic one the \
                         scope repo; or leave \"variables\" out of the document",
                    ));
                }
            },
        };
        for one in known {
            if !variables.contains_key(&one.name.to_ascii_uppercase()) {
                self.old_variables.push(&one.name);
                self.changes
                    .push(Change::remove(&self.name, "variable", &one.name));
            }
        }
        for (name, value) in variables {
            let before = known.iter().find(|one| same_name(&one.name, name));
            let change = match before {
                Some(before) if before.value == *value => continue,
                Some(before) => {
                    let (from, to) = (
                        format!("{name}={}", before.value),
                        format!("{name}={value}"),
                    );
                    Change::set(&self.name, "variable", from, to)
                }
                None => Change::add(&self.name, "variable", format!("{name}={value}")),
            };
            self.changes.push(change);
            self.new_variables.push((name, value));
        }
        Ok(())
    }
}
