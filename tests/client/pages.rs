//! Lists: every page once and in order, in parallel if the server reports the
//! number of pages, and never more than requested.

use std::sync::Arc;
use std::time::Duration;

use deployctl::api::{ApiError, Client, DeploymentFilter, Paging};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::github::{LIST, patient, repo};
use crate::server::{Act, ReceivedRequest, Response, Server};

/// The deployment with this number.
pub(crate) fn deployment(number: u64) -> Value {
    let made = "2026-11-01T00:00:00Z";
    json!({"id": number, "node_id": format!("N_{number}"), "ref": "main", "sha": "abc",
           "task": "deploy", "environment": "staging", "created_at": made, "updated_at": made})
}

pub(crate) fn page_of(requests: &ReceivedRequest) -> u64 {
    requests
        .query("page")
        .map_or(1, |page| page.parse().expect("a page"))
}

pub(crate) fn size_of(requests: &ReceivedRequest) -> u64 {
    let size = requests.query("per_page").expect("a page size");
    size.parse().expect("a page size")
}

/// A page of `total` deployments, numbered down from `total`, with GitHub's
/// `Link` to `/repositories/1`.
pub(crate) fn page(requests: &ReceivedRequest, total: u64, with_last: bool) -> Response {
    let (page, size) = (page_of(requests), size_of(requests));
    let numbers = (1..=total).rev();
    let skipped = usize::try_from((page - 1) * size).expect("small");
    let on_page: Vec<Value> = numbers
        .skip(skipped)
        .take(usize::try_from(size).expect("small"))
        .map(deployment)
        .collect();
    let last = total.div_ceil(size);
    let mut links = Vec::new();
    let mut link = |page: u64, name: &str| {
        let root = format!("http://{}", requests.header("host").expect("a host"));
        links.push(format!(
            "<{root}/repositories/1/deployments?per_page={size}&page={page}>; rel=\"{name}\""
        ));
    };
    if page < last {
        link(page + 1, "next");
        if with_last {
            link(last, "last");
        }
    }
    let response = Response::json(200, &json!(on_page));
    if links.is_empty() {
        response
    } else {
        response.with("Link", links.join(", "))
    }
}

fn client(server: &Server) -> Client {
    Client::new(patient(&server.root).0).expect("a client")
}

async fn ids(client: &Client, paging: Paging) -> Result<Vec<u64>, ApiError> {
    let filter = DeploymentFilter::default();
    let all = client
        .repo(&repo())
        .deployments(&filter, paging)
        .try_concat()
        .await?;
    Ok(all.into_iter().map(|deployment| deployment.id.0).collect())
}

#[tokio::test]
async fn a_thousand_come_once_each_in_order_and_in_parallel() {
    let server = Server::start(|requests| {
        // Early pages take longer, so that the order is not by chance.
        let wait = Duration::from_millis(60_u64.saturating_sub(5 * page_of(requests)));
        Act::After(wait, Box::new(page(requests, 1000, true).into()))
    });
    let ids = ids(&client(&server), Paging::all()).await.expect("a list");
    assert_eq!(ids, (1..=1000).rev().collect::<Vec<u64>>());
    let requests = server.received();
    assert_eq!(requests.len(), 10);
    assert!(
        requests[1..]
            .iter()
            .all(|requests| requests.path() == "/repositories/1/deployments")
    );
    assert!(
        requests
            .iter()
            .all(|requests| requests.query("per_page").as_deref() == Some("100"))
    );
    assert!(server.most_at_once() > 3, "{}", server.most_at_once());
}

#[tokio::test]
async fn requests_under_way_are_bounded() {
    let server = Server::start(|requests| {
        Act::After(
            Duration::from_millis(10),
            Box::new(page(requests, 1000, true).into()),
        )
    });
    let (mut config, _) = patient(&server.root);
    config.concurrency = 3;
    let client = Client::new(config).expect("a client");
    assert_eq!(
        ids(&client, Paging::all()).await.expect("a list").len(),
        1000
    );
    assert_eq!(server.most_at_once(), 3);
}

#[tokio::test]
async fn a_long_list_has_more_under_way_and_still_has_a_bound() {
    let server = Server::start(|requests| {
        Act::After(
            Duration::from_millis(20),
            Box::new(page(requests, 400, true).into()),
        )
    });
    let (mut config, _) = patient(&server.root);
    config.concurrency = 4;
    let client = Client::new(config).expect("a client");
    for (per_page, most) in [(20, 6), (4, 13)] {
        let paging = Paging::all().per_page(per_page);
        let ids = ids(&client, paging).await.expect("a list");
        assert_eq!(ids, (1..=400).rev().collect::<Vec<u64>>());
        let concurrent = server.most_at_once();
        assert!(concurrent <= most, "{concurrent} of {most}");
    }
    assert!(server.most_at_once() > 6, "{}", server.most_at_once());
    assert_eq!(server.received().len(), 20 + 100);
}

#[tokio::test]
async fn without_a_last_page_they_come_one_after_another() {
    let server = Server::start(|requests| page(requests, 450, false).into());
    let ids = ids(&client(&server), Paging::all()).await.expect("a list");
    assert_eq!(ids, (1..=450).rev().collect::<Vec<u64>>());
    assert_eq!(server.received().len(), 5);
    assert_eq!(server.most_at_once(), 1);
}

#[tokio::test]
async fn no_page_is_fetched_beyond_what_is_asked_for() {
    for (paging, count, requests) in [
        (Paging::up_to(0), 0, 0),
        (Paging::up_to(5), 5, 1),
        (Paging::up_to(6).per_page(5), 6, 2),
        (Paging::up_to(100), 100, 1),
        (Paging::up_to(250), 250, 3),
        (Paging::up_to(300).per_page(1000), 300, 3),
        (Paging::up_to(5000), 1000, 10),
    ] {
        let server = Server::start(|requests| page(requests, 1000, true).into());
        let ids = ids(&client(&server), paging).await.expect("a list");
        assert_eq!(ids.len(), count, "{paging:?}");
        assert_eq!(server.received().len(), requests, "{paging:?}");
    }
}

#[tokio::test]
async fn who_takes_one_page_pays_for_one() {
    let server = Server::start(|requests| page(requests, 1000, true).into());
    let filter = DeploymentFilter::default();
    let client = client(&server);
    let mut pages = std::pin::pin!(client.repo(&repo()).deployments(&filter, Paging::all()));
    let first = pages.next().await.expect("a page").expect("a page");
    assert_eq!(first.len(), 100);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_filter_is_sent_and_nothing_else() {
    let server = Server::start(|requests| page(requests, 1, true).into());
    let client = client(&server);
    let filter = DeploymentFilter::new()
        .ref_name("a/b&c")
        .environment("prod eu");
    let paging = Paging::all();
    let all: Vec<_> = client
        .repo(&repo())
        .deployments(&filter, paging)
        .try_concat()
        .await
        .expect("a list");
    assert_eq!(all.len(), 1);
    let target = format!("GET {LIST}?ref=a%2Fb%26c&environment=prod+eu&per_page=100");
    assert_eq!(server.lines(), [target]);
}

#[tokio::test]
async fn a_list_that_shifts_shows_nothing_twice() {
    // A new deployment appears after the first page, so all the others move by
    // one.
    let server = Server::start(|requests| {
        let total = if page_of(requests) == 1 { 300 } else { 301 };
        page(requests, total, true).into()
    });
    let ids = ids(&client(&server), Paging::all()).await.expect("a list");
    assert_eq!(ids, (1..=300).rev().collect::<Vec<u64>>());
    // The list grew by a page, which is requested as well.
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_list_that_shrinks_ends_where_it_ends() {
    let server = Server::start(|requests| {
        let total = if page_of(requests) == 1 { 1000 } else { 250 };
        page(requests, total, true).into()
    });
    let ids = ids(&client(&server), Paging::all()).await.expect("a list");
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]));
    assert_eq!(ids.last(), Some(&1));
}

#[tokio::test]
async fn a_smaller_page_than_asked_for_loses_nothing() {
    let server = Server::start(|requests| {
        let mut smaller = requests.clone();
        smaller.target = requests.target.replace("per_page=100", "per_page=30");
        page(&smaller, 95, true).into()
    });
    let paging = Paging::up_to(90).per_page(100);
    let all = ids(&client(&server), paging).await.expect("a list");
    assert_eq!(all, (6..=95).rev().collect::<Vec<u64>>());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn pages_in_a_circle_are_an_error() {
    let server = Server::start(|requests| {
        let next = 3 - page_of(requests);
        let link = format!("<{LIST}?page={next}&per_page=100>; rel=\"next\"");
        let items = json!([deployment(page_of(requests))]);
        Response::json(200, &items).with("Link", link).into()
    });
    let error = ids(&client(&server), Paging::all())
        .await
        .expect_err("a circle");
    assert!(error.to_string().contains("links back"), "{error}");
    assert!(server.received().len() <= 3);
}

#[tokio::test]
async fn empty_pages_without_end_are_an_error() {
    let server = Server::start(|requests| {
        let link = format!("<?page={}&per_page=9>; rel=\"next\"", page_of(requests) + 1);
        Response::json(200, &json!([])).with("Link", link).into()
    });
    let error = ids(&client(&server), Paging::all())
        .await
        .expect_err("no end");
    assert!(error.to_string().contains("empty pages"), "{error}");
    assert!(server.received().len() < 20);
}

#[tokio::test]
async fn a_link_to_another_server_is_not_followed() {
    let other = Arc::new(Server::start(|requests| page(requests, 1, true).into()));
    for relation in ["next", "last"] {
        let link = format!("<{}{LIST}?page=2>; rel=\"{relation}\"", other.root);
        let server = Server::start(move |_| {
            Response::json(200, &json!([deployment(1)]))
                .with("Link", link.clone())
                .into()
        });
        let error = ids(&client(&server), Paging::all())
            .await
            .expect_err("foreign");
        let ApiError::ForeignAddress { url, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(url.starts_with(&other.root));
        assert!(other.received().is_empty());
    }
}

#[tokio::test]
async fn a_link_that_is_not_understood_is_not_the_end() {
    let server = Server::start(|_| {
        Response::json(200, &json!([deployment(1)]))
            .with("Link", "<x; rel=next")
            .into()
    });
    let error = ids(&client(&server), Paging::all())
        .await
        .expect_err("not understood");
    assert!(matches!(error, ApiError::Unexpected(_)), "{error:?}");
}

#[tokio::test]
async fn a_page_that_fails_ends_the_list_with_its_error() {
    let server = Server::start(|requests| match page_of(requests) {
        3 => Response::json(404, &json!({"message": "Not Found"})).into(),
        _ => page(requests, 1000, true).into(),
    });
    let filter = DeploymentFilter::default();
    let pages: Vec<_> = client(&server)
        .repo(&repo())
        .deployments(&filter, Paging::all())
        .collect()
        .await;
    assert_eq!(pages.iter().filter(|page| page.is_ok()).count(), 2);
    assert_eq!(pages.len(), 3);
    assert_eq!(pages[2].as_ref().expect_err("an error").status(), Some(404));
}

#[tokio::test]
async fn environments_and_contexts_come_from_all_their_pages() {
    let server = Server::start(|requests| {
        let page = page_of(requests);
        let body = if requests.path().ends_with("/environments") {
            json!({"total_count": 2, "environments": [{"id": page, "name": format!("e{page}")}]})
        } else {
            json!({"state": "failure", "sha": "abc", "total_count": 2, "statuses": [
                {"context": format!("c{page}"), "state": "failure"}, {"context": "c1", "state": "old"}]})
        };
        let next = format!("<?per_page=100&page={}>; rel=\"next\"", page + 1);
        let response = Response::json(200, &body);
        if page < 2 {
            response.with("Link", next).into()
        } else {
            response.into()
        }
    });
    let client = client(&server);
    let names = client
        .repo(&repo())
        .environment_names()
        .await
        .expect("names");
    assert_eq!(names, ["e1", "e2"]);
    let combined = client
        .repo(&repo())
        .combined_status("feature/x")
        .await
        .expect("statuses");
    let contexts: Vec<&str> = combined
        .statuses
        .iter()
        .map(|c| c.context.as_str())
        .collect();
    assert_eq!(contexts, ["c1", "c1", "c2"]);
    assert_eq!(
        server.received()[2].path(),
        "/repos/octo/app/commits/feature%2Fx/status"
    );
}
