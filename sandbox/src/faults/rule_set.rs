//! The rules of a running server, and how often each fitted.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::large_query::count_repositories;
use super::request::FaultRequest;
use super::rule::FaultRule;
use crate::http::{DOCS, Reply, refusal};

/// The rules, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct FaultRules(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    rule: FaultRule,
    fitted: u64,
    struck: u64,
}

/// An entry as it is shown.
#[derive(Serialize)]
struct EntryReport {
    rule: String,
    /// How many requests matched.
    fitted: u64,
    /// To how many of them the fault happened.
    struck: u64,
}

#[derive(Deserialize)]
struct FaultsBody {
    faults: Vec<String>,
}

impl FaultRules {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Self {
        Self(Mutex::new(rules.into_iter().map(Entry::new).collect()))
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and returns the faults that affect it.
    pub(super) fn count_request(&self, request: &FaultRequest<'_>) -> Vec<Fault> {
        let (method, path) = (request.method.as_str(), request.path);
        let mut matching = Vec::new();
        for entry in self.entries().iter_mut() {
            let rule = &entry.rule;
            let spared = |most| count_repositories(request.body) <= most;
            if !rule.matches_request(method, path) || rule.fault.spares().is_some_and(spared) {
                continue;
            }
            entry.fitted += 1;
            if entry.rule.applies_to(entry.fitted) {
                entry.struck += 1;
                matching.push(entry.rule.fault.clone());
            }
        }
        matching
    }

    /// Shows or changes the rules.
    pub(super) fn administer(&self, method: &Method, body: &[u8]) -> Reply {
        let changed = match *method {
            Method::GET => Ok(()),
            Method::DELETE => {
                self.entries().clear();
                Ok(())
            }
            Method::PUT => read(body).map(|entries| *self.entries() = entries),
            Method::POST => read(body).map(|entries| self.entries().extend(entries)),
            _ => return refusal(404, "Not Found", DOCS),
        };
        if let Err(message) = changed {
            return refusal(422, &message, DOCS);
        }
        let report: Vec<EntryReport> = self.entries().iter().map(Entry::report).collect();
        Reply::json(200, &serde_json::json!({ "faults": report }))
    }
}

impl Entry {
    fn new(rule: FaultRule) -> Self {
        Self {
            rule,
            fitted: 0,
            struck: 0,
        }
    }

    fn report(&self) -> EntryReport {
        EntryReport {
            rule: self.rule.to_string(),
            fitted: self.fitted,
            struck: self.struck,
        }
    }
}

fn read(body: &[u8]) -> Result<Vec<Entry>, String> {
    let FaultsBody { faults } = serde_json::from_slice(body)
        .map_err(|error| format!("write {{\"faults\": [\"RULE\"]}}: {error}"))?;
    faults
        .iter()
        .map(|text| match text.parse() {
            Ok(rule) => Ok(Entry::new(rule)),
            Err(error) => Err(format!("{text:?}: {error}")),
        })
        .collect()
}
