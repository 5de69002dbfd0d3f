//! The client in this process, with short timeouts: a second where the binary
//! waits for a minute. The exit code is the one that the binary would return
//! for the same error.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use deployctl::api::{
    ApiError, Client, ClientConfig, DeploymentFilter, EnvironmentSettings, NewDeployment,
    NewStatus, Paging, Review, RunFilter, Token,
};
use deployctl::internals::{Asking, Failure};
use deployctl::model::{
    DeploymentId, Endpoints, PatternKind, RepoSlug, ReviewState, RunId, StatusState,
};
use futures_util::TryStreamExt;
use secrecy::SecretSlice;

use crate::cell::Verb;
use crate::world::OWNER;

/// Returns the exit code and everything that was reported on the way.
pub(crate) fn run(url: &str, name: &str, verb: Verb, id: u64, token: &str) -> (u8, String) {
    let output = Arc::new(Mutex::new(String::new()));
    let endpoints = Endpoints::from_rest(&url.parse().expect("an address"));
    let mut config = ClientConfig::new(endpoints);
    config.token = Some(Token::new(token.to_owned()).expect("a token"));
    config.deadline = Duration::from_secs(12);
    config.request_timeout = Duration::from_secs(2);
    config.first_pause = Duration::from_millis(50);
    let sink = Arc::clone(&output);
    config.observer = Some(Arc::new(move |event| {
        sink.lock()
            .expect("no panic")
            .push_str(&format!("{event:?}\n"));
    }));
    let client = Client::new(config).expect("a client");
    let repo = RepoSlug::new(OWNER, name).expect("a repository");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let done = runtime.block_on(ask(&client, &repo, verb, DeploymentId(id)));
    let mut output = output.lock().expect("no panic").clone();
    let code = match done {
        Ok(()) => 0,
        Err(error) => {
            let failure = Failure::from_api(&error, &Asking::default());
            output.push_str(&format!("{error}\n{error:?}\n{}\n", failure.to_json()));
            failure.kind().exit_code()
        }
    };
    (code, output)
}

async fn ask(
    client: &Client,
    repo: &RepoSlug,
    verb: Verb,
    id: DeploymentId,
) -> Result<(), ApiError> {
    match verb {
        Verb::Create => {
            let new = NewDeployment::new("main").auto_merge(false);
            client.repo(repo).create_deployment(&new).await.map(drop)
        }
        Verb::List | Verb::WaitSince => {
            let all = client
                .repo(repo)
                .deployments_with_state(&DeploymentFilter::default(), Paging::all());
            all.try_collect::<Vec<_>>().await.map(drop)
        }
        Verb::Status | Verb::Wait => client.repo(repo).deployment(id).history().await.map(drop),
        Verb::StatusSet | Verb::Deactivate | Verb::Reap => {
            let state = match verb {
                Verb::StatusSet => StatusState::InProgress,
                Verb::Deactivate => StatusState::Inactive,
                _ => StatusState::Error,
            };
            let new = NewStatus::new(state);
            client
                .repo(repo)
                .deployment(id)
                .create_status(&new)
                .await
                .map(drop)
        }
        Verb::EnvBranchRemove => {
            client
                .repo(repo)
                .environment("qa")
                .delete_branch_policy(id.0)
                .await
        }
        Verb::EnvGateDisable => {
            client
                .repo(repo)
                .environment("qa")
                .disable_custom_rule(id.0)
                .await
        }
        Verb::EnvVariableDelete => {
            client
                .repo(repo)
                .environment("qa")
                .delete_variable("REGION")
                .await
        }
        Verb::EnvSecretDelete => {
            client
                .repo(repo)
                .environment("qa")
                .delete_secret("KEY")
                .await
        }
        Verb::Approve | Verb::Reject => {
            let run = client.repo(repo).run(RunId(id.0));
            let pending = run.pending_deployments().await?;
            let review = Review {
                environment_ids: pending
                    .iter()
                    .filter_map(|one| one.environment.id)
                    .collect(),
                state: if verb == Verb::Approve {
                    ReviewState::Approved
                } else {
                    ReviewState::Rejected
                },
                comment: "with a fault".to_owned(),
            };
            run.review(&review).await.map(drop)
        }
        Verb::ReapWaiting => client.repo(repo).run(RunId(id.0)).cancel().await,
        Verb::Blocked => client.repo(repo).concurrency_groups().await.map(drop),
        Verb::Pending => {
            let waiting = RunFilter::waiting();
            client.repo(repo).workflow_runs(&waiting).await.map(drop)
        }
        Verb::Lock | Verb::Stats | Verb::Promote | Verb::Rollback => {
            unreachable!("the library has no such call")
        }
        Verb::Delete => client.repo(repo).deployment(id).delete().await,
        Verb::EnvCreate | Verb::EnvEdit | Verb::EnvApply => {
            let settings = EnvironmentSettings::new().wait_timer(7);
            client
                .repo(repo)
                .environment("qa")
                .put(&settings)
                .await
                .map(drop)
        }
        Verb::EnvDelete => client.repo(repo).environment("qa").delete().await,
        Verb::EnvBranch => {
            let kind = PatternKind::Branch;
            let added = client
                .repo(repo)
                .environment("qa")
                .add_branch_policy(&kind, "release/*");
            added.await.map(drop)
        }
        Verb::EnvVariable => {
            client
                .repo(repo)
                .environment("qa")
                .create_variable("REGION", "eu")
                .await
        }
        Verb::EnvSecret => {
            let value = SecretSlice::from(b"eu".to_vec());
            client
                .repo(repo)
                .environment("qa")
                .put_secret("KEY", &value)
                .await
                .map(drop)
        }
    }
}
