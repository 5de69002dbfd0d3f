mod environments;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use futures_util::{Stream, StreamExt};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::api::{ApiError, DeploymentFilter, Paging};
use crate::error::{Failure, Kind};
use crate::model::parse_moment;
use crate::model::{Deployment, DeploymentState, Observed, Pattern};
use crate::session::Connection;

/// Which deployments are meant.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Environment, or a pattern with *, ? and [abc] (repeatable)
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    /// Ref, exactly as it was requested
    #[arg(long = "ref", value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub ref_name: Option<String>,

    /// Commit SHA, or the first digits of it
    #[arg(long, value_parser = parse_sha)]
    pub sha: Option<String>,

    /// Task
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub task: Option<String>,

    /// State, such as active or failure (repeatable)
    #[arg(long, value_parser = parse_state)]
    pub state: Vec<DeploymentState>,

    /// Only what is live; same as --state active
    #[arg(long, conflicts_with = "state")]
    pub active: bool,

    /// User who requested the deployment, by login
    #[arg(long, value_name = "LOGIN", value_parser = NonEmptyStringValueParser::new())]
    pub creator: Option<String>,

    /// Only deployments to transient environments; with =false all others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub transient: Option<bool>,

    /// Only deployments to production environments; with =false all others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub production: Option<bool>,

    /// Only deployments requested since then: 7d, 12h, 2026-01-31
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,

    /// Only deployments requested before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
}

/// A filter that is ready to be used: what the server can do is apart from
/// what is left to do here.
#[derive(Debug)]
pub(crate) struct ListFilter {
    server: DeploymentFilter,
    /// What the server is not asked for, since the rest is to be seen as well.
    here: DeploymentFilter,
    whole: bool,
    environments: Vec<Pattern>,
    sha_prefix: Option<String>,
    states: Vec<DeploymentState>,
    creator: Option<String>,
    transient: Option<bool>,
    production: Option<bool>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl FilterArgs {
    /// The time that ages are counted from. The zones of a system are many
    /// files, so that of the user is looked up only where a day is named.
    pub(crate) fn now(&self) -> Zoned {
        let names_a_day = [&self.since, &self.until]
            .into_iter()
            .flatten()
            .any(|text| text.trim().parse::<Date>().is_ok());
        let zone = if names_a_day {
            TimeZone::system()
        } else {
            TimeZone::UTC
        };
        Timestamp::now().to_zoned(zone)
    }

    /// Whether it chooses by more than the environment and the age.
    pub(crate) fn is_about_deployments(&self) -> bool {
        let others = Self {
            environment: Vec::new(),
            until: None,
            ..self.clone()
        };
        others != Self::default()
    }

    /// Makes the filter. `now` is what ages are counted from.
    pub(crate) fn compile(&self, now: &Zoned) -> Result<ListFilter, Failure> {
        let moment = |flag: &str, text: &Option<String>| {
            text.as_deref()
                .map(|text| parse_moment(text, now))
                .transpose()
                .map_err(|error| Failure::new(Kind::Usage, format!("{flag}: {error}")))
        };
        let mut server = DeploymentFilter {
            ref_name: self.ref_name.clone(),
            task: self.task.clone(),
            ..DeploymentFilter::default()
        };
        let mut environments = Vec::new();
        match &self.environment[..] {
            [one] if !Pattern::is_one(one) => server.environment = Some(one.clone()),
            several => environments.extend(several.iter().map(Pattern::new)),
        }
        let mut sha_prefix = None;
        if let Some(sha) = &self.sha {
            if sha.len() >= 40 {
                server.sha = Some(sha.clone());
            } else {
                sha_prefix = Some(sha.clone());
            }
        }
        let mut states = self.state.clone();
        if self.active {
            states.push(DeploymentState::Active);
        }
        Ok(ListFilter {
            server,
            here: DeploymentFilter::default(),
            whole: false,
            environments,
            sha_prefix,
            states,
            creator: self.creator.clone(),
            transient: self.transient,
            production: self.production,
            since: moment("--since", &self.since)?,
            until: moment("--until", &self.until)?,
        })
    }
}

impl ListFilter {
    /// Has the server list the whole of each environment, beside what is
    /// selected: only the environment is left to it.
    pub(crate) fn over_whole_environments(mut self) -> Self {
        let environment = self.server.environment.take();
        self.here = std::mem::take(&mut self.server);
        self.server.environment = environment;
        self.whole = true;
        self
    }

    /// Takes those only that were requested before `moment`, too.
    pub(crate) fn before(mut self, moment: Timestamp) -> Self {
        self.until = Some(self.until.map_or(moment, |until| until.min(moment)));
        self
    }

    /// What the server is asked for.
    pub(crate) fn server(&self) -> &DeploymentFilter {
        &self.server
    }

    /// The one environment that is asked for, unless a pattern names it.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.server.environment.as_deref()
    }

    /// Whether a deployment's state has a say.
    pub(crate) fn needs_state(&self) -> bool {
        !self.states.is_empty()
    }

    /// Whether the server does all the work, so that as many deployments are
    /// asked for as are wanted.
    fn is_left_to_server(&self) -> bool {
        self.environments.is_empty()
            && self.sha_prefix.is_none()
            && self.states.is_empty()
            && self.creator.is_none()
            && self.transient.is_none()
            && self.production.is_none()
            && self.since.is_none()
            && self.until.is_none()
    }

    fn is_before(&self, deployment: &Deployment) -> bool {
        self.since
            .is_some_and(|since| deployment.created_at < since)
    }

    pub(crate) fn matches(&self, observed: &Observed) -> bool {
        self.matches_but_for_state(&observed.deployment)
            && (self.states.is_empty() || self.states.contains(&observed.state))
    }

    /// Whether a deployment is selected where its state has no say.
    pub(crate) fn selects(&self, deployment: &Deployment) -> bool {
        !self.is_before(deployment) && self.matches_but_for_state(deployment)
    }

    fn matches_but_for_state(&self, deployment: &Deployment) -> bool {
        let is_one = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        let is_text =
            |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|text| text == is);
        let is_sha = |sha: &String| deployment.sha.eq_ignore_ascii_case(sha);
        is_text(&self.here.ref_name, &deployment.ref_name)
            && is_text(&self.here.task, &deployment.task)
            && self.here.sha.as_ref().is_none_or(is_sha)
            && (self.environments.is_empty()
                || self
                    .environments
                    .iter()
                    .any(|one| one.fits(&deployment.environment)))
            && self
                .sha_prefix
                .as_deref()
                .is_none_or(|prefix| deployment.sha.to_ascii_lowercase().starts_with(prefix))
            && self.creator.as_deref().is_none_or(|login| {
                deployment
                    .creator_login()
                    .is_some_and(|name| name.eq_ignore_ascii_case(login))
            })
            && is_one(self.transient, deployment.is_transient())
            && is_one(self.production, deployment.is_production())
            && self.until.is_none_or(|until| deployment.created_at < until)
    }
}

/// The deployments that a filter selects, newest first, in portions as they
/// come.
///
/// No page is asked for once `limit` is filled, or once deployments are older
/// than the filter's beginning. With `with_state` false, and where the filter
/// needs none, states are not asked for, and those in the result say nothing.
pub(crate) fn select<'a>(
    connection: &'a Connection,
    filter: &'a ListFilter,
    limit: Option<usize>,
    with_state: bool,
) -> impl Stream<Item = Result<Vec<Observed>, ApiError>> + 'a {
    let paging = match limit {
        Some(limit) if filter.is_left_to_server() => Paging::up_to(limit),
        None if filter.since.is_none() => Paging::all(),
        _ => Paging::until_stopped(),
    };
    let client = &connection.client;
    let pages = if with_state || filter.needs_state() {
        client
            .repo(&connection.repo)
            .observed_deployments(&filter.server, paging)
            .left_stream()
    } else {
        client
            .repo(&connection.repo)
            .deployments(&filter.server, paging)
            .map(|page| {
                let without_state = |deployment: Deployment| {
                    let now = deployment.last_change();
                    Observed::from_latest(deployment, None, now)
                };
                page.map(|page| page.into_iter().map(without_state).collect())
            })
            .right_stream()
    };
    let left = limit.unwrap_or(usize::MAX);
    let state = Some((Box::pin(pages), left));
    futures_util::stream::unfold(state, move |state| async move {
        let (mut pages, left) = state?;
        let page: Vec<Observed> = match pages.next().await? {
            Ok(page) => page,
            Err(error) => return Some((Err(error), None)),
        };
        let is_last = page.iter().any(|one| filter.is_before(&one.deployment));
        let kept: Vec<Observed> = page
            .into_iter()
            .take_while(|one| !filter.is_before(&one.deployment))
            .filter(|one| filter.matches(one))
            .take(left)
            .collect();
        let left = left - kept.len();
        let next = (left > 0 && !is_last).then_some((pages, left));
        Some((Ok(kept), next))
    })
}

/// Deployments with states, each with whether the filter selects it: for those
/// who must see more than what is selected.
///
/// Over whole environments that is all there are; else, as with [`select`],
/// none that is older than the filter's beginning.
pub(crate) fn survey<'a>(
    connection: &'a Connection,
    filter: &'a ListFilter,
) -> impl Stream<Item = Result<Vec<(Observed, bool)>, ApiError>> + 'a {
    let stops = !filter.whole && filter.since.is_some();
    let paging = if stops {
        Paging::until_stopped()
    } else {
        Paging::all()
    };
    let pages = connection
        .client
        .repo(&connection.repo)
        .observed_deployments(&filter.server, paging);
    let state = Some(Box::pin(pages));
    futures_util::stream::unfold(state, move |state| async move {
        let mut pages = state?;
        let page: Vec<Observed> = match pages.next().await? {
            Ok(page) => page,
            Err(error) => return Some((Err(error), None)),
        };
        let is_last = stops && page.iter().any(|one| filter.is_before(&one.deployment));
        let judged = page
            .into_iter()
            .map(|one| {
                let is_selected = !filter.is_before(&one.deployment) && filter.matches(&one);
                (one, is_selected)
            })
            .collect();
        Some((Ok(judged), (!is_last).then_some(pages)))
    })
}

pub(crate) fn parse_sha(text: &str) -> Result<String, String> {
    let is_sha = (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_sha {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("use a SHA, or at least 4 digits of it".to_owned())
    }
}

/// How alike two words are (0 to 1) when one may be a slip of the other.
const ALIKE: f64 = 0.8;

/// Reads a state. `success` is taken for `active`: it is the word of statuses
/// for the same.
pub(crate) fn parse_state(text: &str) -> Result<DeploymentState, String> {
    match DeploymentState::from_word(text) {
        DeploymentState::Success => Ok(DeploymentState::Active),
        DeploymentState::Other(word) => {
            let word = word.to_lowercase();
            let nearest = DeploymentState::KNOWN
                .iter()
                .map(|known| (strsim::jaro_winkler(&word, known), known))
                .filter(|(likeness, _)| *likeness >= ALIKE)
                .max_by(|(a, _), (b, _)| a.total_cmp(b));
            let meant = nearest.map_or_else(String::new, |(_, state)| {
                format!("did you mean {state:?}? ")
            });
            let known = DeploymentState::KNOWN.join(", ");
            Err(format!("{meant}the states are {known}"))
        }
        state => Ok(state),
    }
}
