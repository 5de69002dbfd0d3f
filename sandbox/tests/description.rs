//! The check against GitHub's description must reject wrong responses;
//! otherwise it would prove nothing about the sandbox.

use serde_json::{Value, json};

use crate::support::openapi::{Answered, SECOND_VERSION, description, description_of};

/// Official examples that break their own schemas.
const BROKEN_EXAMPLES: &[&str] = &[
    "GET /meta",
    "GET /repos/{owner}/{repo}",
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
    "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "GET /repos/{owner}/{repo}/commits/{ref}",
    "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules/apps",
    "GET /repos/{owner}/{repo}/pulls",
    "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    "POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun",
    "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
    "POST /repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel",
    "POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun",
    "POST /repos/{owner}/{repo}/environments/{environment_name}/variables",
    "POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts",
    "PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}",
];

fn check(method: &str, path: &str, status: u16, body: &Value) -> Result<(), String> {
    let headers = [
        (
            "content-type".to_owned(),
            "application/json; charset=utf-8".to_owned(),
        ),
        ("location".to_owned(), "http://127.0.0.1/1".to_owned()),
        ("x-ratelimit-limit".to_owned(), "60".to_owned()),
        ("x-ratelimit-remaining".to_owned(), "59".to_owned()),
        ("x-ratelimit-reset".to_owned(), "1767225600".to_owned()),
    ];
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    description().check(&Answered {
        method,
        path,
        status,
        headers: &headers,
        body: &body,
    })
}

/// An official example of a deployment.
fn deployment() -> Value {
    description()
        .examples("GET", "/repos/{owner}/{repo}/deployments/{deployment_id}")
        .swap_remove(0)
        .1
}

const ONE: &str = "/repos/octocat/hello-world/deployments/1";

#[test]
fn the_official_examples_pass_but_for_the_broken_ones() {
    let (mut checked, mut broken) = (0, Vec::new());
    for (method, template) in description().operations() {
        let path = template
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for (status, body) in description().examples(&method, &template) {
            checked += 1;
            if let Err(error) = check(&method, &path, status, &body) {
                broken.push((format!("{method} {template}"), error));
            }
        }
    }
    assert!(checked > 40, "only {checked} examples were checked");
    let mut operations: Vec<&str> = broken.iter().map(|(name, _)| name.as_str()).collect();
    operations.sort_unstable();
    assert_eq!(operations, BROKEN_EXAMPLES, "{broken:#?}");
}

#[test]
fn a_broken_deployment_is_refused() {
    assert_eq!(check("GET", ONE, 200, &deployment()), Ok(()));
    for (field, wrong) in [
        ("id", json!("1")),
        ("id", Value::Null),
        ("payload", json!(7)),
        ("payload", Value::Null),
        ("creator", json!({"login": "octocat"})),
        ("created_at", json!("yesterday")),
        ("created_at", json!(1_767_225_600)),
        ("url", json!("no address")),
        ("transient_environment", json!("false")),
        ("environment", Value::Null),
    ] {
        let mut body = deployment();
        body[field] = wrong.clone();
        let refused = check("GET", ONE, 200, &body).expect_err(&format!("{field}: {wrong}"));
        assert!(refused.contains(field), "{refused}");
    }
    for field in ["id", "node_id", "sha", "ref", "payload", "statuses_url"] {
        let mut body = deployment();
        body.as_object_mut().expect("an object").remove(field);
        let refused = check("GET", ONE, 200, &body).expect_err(field);
        assert!(refused.contains(field), "{refused}");
    }
}

#[test]
fn what_may_be_null_may_be_null() {
    let mut body = deployment();
    body["creator"] = Value::Null;
    body["description"] = Value::Null;
    body["payload"] = json!("a string");
    assert_eq!(check("GET", ONE, 200, &body), Ok(()));
}

#[test]
fn a_wrong_element_of_a_list_is_refused() {
    let path = "/repos/octocat/hello-world/deployments";
    assert_eq!(check("GET", path, 200, &json!([])), Ok(()));
    assert_eq!(check("GET", path, 200, &json!([deployment()])), Ok(()));
    assert!(check("GET", path, 200, &json!([deployment(), {}])).is_err());
    assert!(check("GET", path, 200, &json!({})).is_err());
}

#[test]
fn an_unlisted_status_is_refused() {
    assert!(check("GET", ONE, 201, &deployment()).is_err());
    assert!(check("GET", ONE, 422, &json!({"message": "No"})).is_err());
    assert!(check("GET", ONE, 418, &json!({"message": "No"})).is_err());
}

#[test]
fn an_operation_that_is_not_described_is_refused() {
    assert!(check("PATCH", ONE, 200, &deployment()).is_err());
    assert!(check("GET", "/repos/o/r/deploymints", 200, &json!([])).is_err());
}

#[test]
fn an_error_has_githubs_form() {
    let not_found = json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"});
    assert_eq!(check("GET", ONE, 404, &not_found), Ok(()));
    assert_eq!(check("GET", ONE, 401, &not_found), Ok(()));
    assert!(check("GET", ONE, 401, &json!({"error": "No"})).is_err());
    assert!(
        check(
            "GET",
            ONE,
            404,
            &json!({"message": "Not Found", "status": 404})
        )
        .is_err()
    );
    let list = "/repos/octocat/hello-world/deployments";
    assert!(check("POST", list, 409, &json!("Conflict")).is_err());
    // The `errors` of a delete are strings; those of a create are objects.
    let strings = json!({"message": "No", "documentation_url": "", "errors": ["No"]});
    assert_eq!(check("DELETE", ONE, 422, &strings), Ok(()));
    assert!(check("POST", list, 422, &strings).is_err());
}

#[test]
fn a_body_is_allowed_only_where_described() {
    assert_eq!(check("DELETE", ONE, 204, &Value::Null), Ok(()));
    assert!(check("DELETE", ONE, 204, &json!({})).is_err());
    assert!(check("GET", ONE, 200, &Value::Null).is_err());
    assert_eq!(check("GET", ONE, 304, &Value::Null), Ok(()));
    assert!(check("GET", ONE, 304, &deployment()).is_err());
}

#[test]
fn a_header_that_is_described_must_be_there() {
    let status = description()
        .examples(
            "POST",
            "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
        )
        .swap_remove(0)
        .1
        .to_string();
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let answered = |headers: &[(String, String)]| {
        description().check(&Answered {
            method: "POST",
            path: "/repos/octocat/hello-world/deployments/1/statuses",
            status: 201,
            headers,
            body: status.as_bytes(),
        })
    };
    assert!(
        answered(&headers)
            .expect_err("no Location")
            .contains("Location")
    );
    headers.push(("location".to_owned(), "http://127.0.0.1/1".to_owned()));
    assert_eq!(answered(&headers), Ok(()));
    headers[0].1 = "text/html".to_owned();
    assert!(
        answered(&headers)
            .expect_err("a page")
            .contains("text/html")
    );
}

#[test]
fn refs_with_slashes_fit_the_paths_that_end_in_one() {
    let refused = check("GET", "/repos/o/r/commits/feature/login", 200, &json!({}))
        .expect_err("an empty commit");
    assert!(refused.contains("/commits/{ref} "), "{refused}");
    let refused = check("GET", "/repos/o/r/commits/main/status", 200, &json!({}))
        .expect_err("an empty combined status");
    assert!(refused.contains("/commits/{ref}/status "), "{refused}");
    let refused = check("GET", "/repos/o/r/commits/a/b/status", 200, &json!({}))
        .expect_err("an empty combined status");
    assert!(refused.contains("/commits/{ref}/status "), "{refused}");
}

#[test]
fn the_second_version_lacks_what_it_removed() {
    let (_, mut body) = description().examples("GET", "/rate_limit").swap_remove(0);
    let second = |body: &Value| {
        let headers = [
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ]
        .map(|name| (name.to_owned(), "1".to_owned()))
        .into_iter()
        .chain([("content-type".to_owned(), "application/json".to_owned())])
        .collect::<Vec<_>>();
        description_of(SECOND_VERSION).check(&Answered {
            method: "GET",
            path: "/rate_limit",
            status: 200,
            headers: &headers,
            body: body.to_string().as_bytes(),
        })
    };
    assert_eq!(check("GET", "/rate_limit", 200, &body), Ok(()));
    assert!(second(&body).expect_err("`rate` exists").contains("/rate"));
    body.as_object_mut().expect("an object").remove("rate");
    assert!(check("GET", "/rate_limit", 200, &body).is_err());
    assert_eq!(second(&body), Ok(()));
}
