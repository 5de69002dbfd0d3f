use jiff::Timestamp;

use crate::api::DeploymentFilter;
use crate::model::{Deployment, DeploymentState, DeploymentWithState, Pattern};

/// The length of a complete SHA-1.
const SHA_LENGTH: usize = 40;

/// A filter of deployments. What the server can filter by is kept apart from what
/// has to be checked here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    pub(super) query: DeploymentFilter,
    /// What is taken out of the query because the whole of each environment has
    /// to be read.
    pub(super) unqueried: DeploymentFilter,
    pub(super) reads_whole_environments: bool,
    pub(super) environments: Vec<Pattern>,
    pub(super) sha_prefix: Option<String>,
    pub(crate) states: Vec<DeploymentState>,
    pub(super) creator: Option<String>,
    pub(super) is_transient: Option<bool>,
    pub(super) is_production: Option<bool>,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl Filter {
    /// Sets the names and patterns of environments.
    pub(super) fn set_environments(&mut self, texts: &[String]) {
        match texts {
            [name] if !Pattern::is_pattern(name) => self.query.environment = Some(name.clone()),
            texts => self.environments = texts.iter().map(Pattern::new).collect(),
        }
    }

    /// Sets a SHA or the first digits of one.
    pub(super) fn set_sha(&mut self, sha: Option<&str>) {
        let sha = sha.map(str::to_owned);
        match &sha {
            Some(text) if text.len() < SHA_LENGTH => self.sha_prefix = sha,
            _ => self.query.sha = sha,
        }
    }

    /// Has the server list the whole of each environment, even what does not
    /// match: it filters by the environment alone.
    pub(crate) fn over_whole_environments(mut self) -> Self {
        let environment = self.query.environment.take();
        self.unqueried = std::mem::take(&mut self.query);
        self.query.environment = environment;
        self.reads_whole_environments = true;
        self
    }

    /// Excludes what was requested after `moment`, too.
    pub(crate) fn before(mut self, moment: Timestamp) -> Self {
        self.until = Some(self.until.map_or(moment, |until| until.min(moment)));
        self
    }

    /// What the server filters by.
    pub(crate) fn query(&self) -> &DeploymentFilter {
        &self.query
    }

    /// Whether the state of deployments has to be known.
    pub(crate) fn needs_state(&self) -> bool {
        !self.states.is_empty()
    }

    /// Whether it asks for what only REST has, or filters by what only REST
    /// filters by.
    pub(crate) fn needs_rest(&self) -> bool {
        let query = &self.query;
        self.is_transient.is_some()
            || self.is_production.is_some()
            || query.ref_name.is_some()
            || query.sha.is_some()
            || query.task.is_some()
    }

    /// Whether the server does all the filtering.
    pub(super) fn is_left_to_server(&self) -> bool {
        let rest = Self {
            query: DeploymentFilter::default(),
            ..self.clone()
        };
        rest == Self::default()
    }

    /// Whether a list, which is newest first, need not be read to its end.
    pub(crate) fn stops_early(&self) -> bool {
        self.since.is_some() && !self.reads_whole_environments
    }

    /// Whether nothing that follows in a list can match.
    pub(crate) fn ends_before(&self, deployment: &Deployment) -> bool {
        self.stops_early() && self.is_too_old(deployment)
    }

    pub(crate) fn matches(&self, observed: &DeploymentWithState) -> bool {
        self.matches_deployment(&observed.deployment)
            && (self.states.is_empty() || self.states.contains(&observed.state))
    }

    /// Whether a deployment matches, apart from its state.
    pub(crate) fn matches_deployment(&self, deployment: &Deployment) -> bool {
        let Self { unqueried, .. } = self;
        let is_equal =
            |wanted: Option<&str>, text: &str| wanted.is_none_or(|wanted| wanted == text);
        let is_equal_ignoring_case = |wanted: Option<&str>, text: &str| {
            wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(text))
        };
        let has_sha_prefix =
            |prefix: &String| deployment.sha.to_ascii_lowercase().starts_with(prefix);
        let has_creator = |login: &String| {
            let creator = deployment.creator_login();
            creator.is_some_and(|creator| creator.eq_ignore_ascii_case(login))
        };
        !self.is_too_old(deployment)
            && self.until.is_none_or(|until| deployment.created_at < until)
            && is_equal(unqueried.ref_name.as_deref(), &deployment.ref_name)
            && is_equal(unqueried.task.as_deref(), &deployment.task)
            && is_equal_ignoring_case(unqueried.sha.as_deref(), &deployment.sha)
            && self.matches_pattern(&deployment.environment)
            && self.sha_prefix.as_ref().is_none_or(has_sha_prefix)
            && self.creator.as_ref().is_none_or(has_creator)
            && self
                .is_transient
                .is_none_or(|wanted| wanted == deployment.is_transient())
            && self
                .is_production
                .is_none_or(|wanted| wanted == deployment.is_production())
    }

    fn is_too_old(&self, deployment: &Deployment) -> bool {
        self.since
            .is_some_and(|since| deployment.created_at < since)
    }

    fn matches_pattern(&self, environment: &str) -> bool {
        self.environments.is_empty()
            || self
                .environments
                .iter()
                .any(|pattern| pattern.fits(environment))
    }
}

/// What a filter says about environments.
impl Filter {
    pub(crate) fn has_environments(&self) -> bool {
        self.environment_texts().next().is_some()
    }

    /// The names and patterns as the user wrote them.
    pub(crate) fn environment_texts(&self) -> impl Iterator<Item = &str> {
        let patterns = self.environments.iter().map(Pattern::as_str);
        self.exact_environment().into_iter().chain(patterns)
    }

    /// The environment, if exactly one is named.
    pub(crate) fn exact_environment(&self) -> Option<&str> {
        self.query.environment.as_deref()
    }

    /// Whether this name is given as it is, not only matched by a pattern.
    pub(crate) fn names_exactly(&self, name: &str) -> bool {
        self.environment_texts().any(|text| text == name)
    }

    pub(crate) fn allows_environment(&self, name: &str) -> bool {
        self.exact_environment().is_none_or(|exact| exact == name) && self.matches_pattern(name)
    }

    /// Whether something was created early enough.
    pub(crate) fn is_old_enough(&self, created: Option<Timestamp>) -> bool {
        self.until
            .is_none_or(|until| created.is_some_and(|created| created < until))
    }

    /// Whether it filters by more than the environment and the age.
    pub(crate) fn is_about_deployments(&self) -> bool {
        let mut rest = self.clone();
        rest.query.environment = None;
        rest.environments.clear();
        rest.until = None;
        rest != Self::default()
    }

    /// The patterns that may be meant as names, such as `feat[1]`.
    pub(crate) fn ambiguous_environments(&self) -> Vec<String> {
        let texts = self.environments.iter().map(Pattern::as_str);
        texts
            .filter(|text| text.contains('[') && !text.contains(['*', '?']))
            .map(str::to_owned)
            .collect()
    }

    /// Takes a pattern for the name of one environment.
    pub(crate) fn treat_as_name(&mut self, text: &str) {
        if let [_] = self.environments[..] {
            self.environments.clear();
            self.query.environment = Some(text.to_owned());
            return;
        }
        for pattern in &mut self.environments {
            if pattern.as_str() == text {
                *pattern = Pattern::exact(text);
            }
        }
    }
}
