//! Checks the payloads of webhooks against two descriptions: Octokit's strict
//! schemas, and GitHub's own description, which includes the headers.

use std::sync::OnceLock;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::receiver::Received;

/// Checks a delivery against both descriptions.
pub(crate) fn check(received: &Received, payload: &Value) -> Result<(), String> {
    let event = received.event();
    let name = match payload["action"].as_str() {
        Some(action) => format!("{event}.{action}"),
        None => event.to_owned(),
    };
    let (strict, own) = validators(&name);
    let mut wrong: Vec<String> = Vec::new();
    for (whose, validator) in [("octokit", strict), ("github", own)] {
        wrong.extend(
            validator
                .iter_errors(payload)
                .map(|error| format!("{name}, {whose}: {error} at {}", error.instance_path())),
        );
    }
    for header in headers(&name) {
        // Only a webhook with a secret has this header; the tests check it
        // themselves.
        if received.header(&header).is_none() && header != "X-Hub-Signature-256" {
            wrong.push(format!("{name}: no header {header}"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// The events that the sandbox sends: their names, and their names in Octokit's
/// schemas and in GitHub's description.
const EVENTS: [(&str, &str, &str); 10] = [
    (
        "deployment.created",
        "deployment$created",
        "deployment-created",
    ),
    (
        "deployment_status.created",
        "deployment_status$created",
        "deployment-status-created",
    ),
    ("ping", "ping$event", "ping"),
    (
        "deployment_protection_rule.requested",
        "deployment_protection_rule$requested",
        "deployment-protection-rule-requested",
    ),
    (
        "deployment_review.approved",
        "deployment_review$approved",
        "deployment-review-approved",
    ),
    (
        "deployment_review.rejected",
        "deployment_review$rejected",
        "deployment-review-rejected",
    ),
    (
        "deployment_review.requested",
        "deployment_review$requested",
        "deployment-review-requested",
    ),
    (
        "workflow_run.completed",
        "workflow_run$completed",
        "workflow-run-completed",
    ),
    (
        "workflow_run.in_progress",
        "workflow_run$in_progress",
        "workflow-run-in-progress",
    ),
    (
        "workflow_run.requested",
        "workflow_run$requested",
        "workflow-run-requested",
    ),
];

fn github() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text = include_str!("../../../tests/fixtures/github/webhooks/openapi-webhooks.json");
        serde_json::from_str(text).expect("the description is JSON")
    })
}

fn at(name: &str) -> usize {
    let found = EVENTS.iter().position(|(event, _, _)| *event == name);
    found.unwrap_or_else(|| panic!("the sandbox sends no {name}"))
}

fn headers(name: &str) -> Vec<String> {
    let operation = &github()["webhooks"][EVENTS[at(name)].2]["post"];
    let parameters = operation["parameters"].as_array().expect("headers");
    parameters
        .iter()
        .filter(|parameter| parameter["required"] == true)
        .map(|parameter| parameter["name"].as_str().expect("a name").to_owned())
        .collect()
}

fn validators(name: &str) -> &'static (Validator, Validator) {
    static ALL: OnceLock<Vec<(Validator, Validator)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let text =
            include_str!("../../../tests/fixtures/github/webhooks/octokit-webhooks.schema.json");
        let octokit: Value = serde_json::from_str(text).expect("the schemas are JSON");
        let both = EVENTS.iter().map(|(_, strict, own)| {
            let strict = json!({
                "$ref": format!("#/definitions/{strict}"),
                "definitions": octokit["definitions"],
            });
            let own = github()["webhooks"][own]["post"]["requestBody"]["content"]
                ["application/json"]["schema"]
                .clone();
            let own = json!({"allOf": [own], "components": github()["components"]});
            (
                validator(Draft::Draft7, &strict),
                validator(Draft::Draft202012, &own),
            )
        });
        both.collect()
    });
    &all[at(name)]
}

fn validator(draft: Draft, schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(draft)
        .should_validate_formats(true)
        .build(schema)
        .expect("the description's schemas are valid")
}
