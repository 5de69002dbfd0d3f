//! Deletes many deployments one by one on a sandbox that enforces GitHub's
//! limits, and prints what that took beside the least that it can take.
//!
//! `cargo run --release --example pace -- 1000` takes five minutes.

#![expect(clippy::print_stdout, reason = "an example prints its figures")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deployctl::api::{Client, ClientConfig, Created, Event, NewDeployment, Token};
use deployctl::model::{DeploymentId, Endpoints, RepoSlug};
use deployctl::sandbox::{Config, RepositorySource, Sandbox};
use futures_util::{TryStreamExt, stream};
use tokio::time::Instant;

/// One token makes so many, to stay below the limits while seeding.
const PER_TOKEN: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1000), |n| n.parse())?;
    let data = tempfile::TempDir::new()?;
    let mut config = Config::new(data.path());
    config.enforce_limits = true;
    config.repositories.push(RepositorySource {
        owner: "octocat".to_owned(),
        name: "hello-world".to_owned(),
        path: None,
    });
    let sandbox = Sandbox::start(config).await?;
    let endpoints = Endpoints::from_rest(&sandbox.url().parse()?);
    let repo: RepoSlug = "octocat/hello-world".parse()?;

    let mut ids = Vec::new();
    for first in (0..count).step_by(PER_TOKEN) {
        let mut config = ClientConfig::new(endpoints.clone());
        config.token = Some(Token::new(format!("seed-{first}"))?);
        let client = Client::new(config)?;
        for number in first..count.min(first + PER_TOKEN) {
            ids.push(create(&client, &repo, number).await?);
        }
    }

    let requests = Arc::new(AtomicU64::new(0));
    let limited = Arc::new(AtomicU64::new(0));
    let (asked, refused) = (Arc::clone(&requests), Arc::clone(&limited));
    let mut config = ClientConfig::new(endpoints);
    config.token = Some(Token::new("worker".to_owned())?);
    config.deadline = Duration::from_secs(3600);
    config.observer = Some(Arc::new(move |event: &Event<'_>| {
        if let Event::Request { status, .. } = event {
            asked.fetch_add(1, Ordering::Relaxed);
            if matches!(status, Some(403 | 429)) {
                refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }));
    let client = Client::new(config)?;
    let least = client.least_time(ids.len() as u64 * 5);
    let began = Instant::now();
    stream::iter(ids.into_iter().map(Ok))
        .try_for_each_concurrent(client.concurrency(), |id| {
            client.repo(&repo).deployment(id).delete()
        })
        .await?;
    let took = began.elapsed();
    let requests = requests.load(Ordering::Relaxed);
    println!("deployments deleted   {count}");
    println!("requests              {requests}");
    println!("points                {}", requests * 5);
    println!("403 or 429            {}", limited.load(Ordering::Relaxed));
    println!("time                  {:.1} s", took.as_secs_f64());
    println!("least by the limits   {:.1} s", least.as_secs_f64());
    Ok(())
}

async fn create(
    client: &Client,
    repo: &RepoSlug,
    number: usize,
) -> Result<DeploymentId, Box<dyn Error>> {
    let new = NewDeployment::new("main")
        .environment(format!("preview/{}", number % 300))
        .auto_merge(false)
        .required_contexts([""; 0])
        .transient_environment(true);
    match client.repo(repo).create_deployment(&new).await? {
        Created::Deployment(deployment) => Ok(deployment.id),
        Created::Merged { message } => Err(message.into()),
    }
}
