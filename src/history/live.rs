//! What is live in an environment. The deployments of an environment are given
//! newest first, as far as they were read.

use crate::model::PastDeployment;

/// The task whose deployments are meant: the one that was asked for, or else
/// that of the newest deployment that is live, or else that of the newest one.
pub(crate) fn choose_task<'a>(
    deployments: &'a [PastDeployment],
    asked: Option<&'a str>,
) -> Option<&'a str> {
    let live = deployments.iter().find(|one| one.is_live());
    let newest = deployments.first();
    asked.or_else(|| Some(live.or(newest)?.task.as_str()))
}

/// The live deployment: the newest one of the task whose newest status is a
/// success. A newer one may have failed, or be under way.
pub(crate) fn find_live<'a>(
    deployments: &'a [PastDeployment],
    task: &str,
) -> Option<&'a PastDeployment> {
    of_task(deployments, task).find(|one| one.is_live())
}

/// The newest deployment of the task that is under way and newer than the live
/// one.
pub(crate) fn find_under_way<'a>(
    deployments: &'a [PastDeployment],
    task: &str,
) -> Option<&'a PastDeployment> {
    newer_than_live(deployments, task).find(|one| one.is_under_way())
}

/// The deployments of the task that are newer than the live one.
pub(super) fn newer_than_live<'a>(
    deployments: &'a [PastDeployment],
    task: &str,
) -> impl Iterator<Item = &'a PastDeployment> {
    of_task(deployments, task).take_while(|one| !one.is_live())
}

pub(super) fn of_task<'a>(
    deployments: &'a [PastDeployment],
    task: &str,
) -> impl Iterator<Item = &'a PastDeployment> {
    deployments.iter().filter(move |one| one.task == task)
}

#[cfg(test)]
mod tests {
    use super::super::past::past;
    use super::*;

    fn live(text: &str) -> Option<String> {
        let deployments = past(text);
        let task = choose_task(&deployments, None)?;
        find_live(&deployments, task).map(|one| one.id.to_string())
    }

    #[test]
    fn the_newest_success_is_live_whatever_failed_after_it() {
        for (text, expected) in [
            ("", None),
            ("A:success", Some("1")),
            ("A:success B:success", Some("2")),
            ("A:success B:failure", Some("1")),
            ("A:success B:success,inactive", Some("1")),
            ("A:success,inactive B:success,failure", None),
            ("A:success B:pending", Some("1")),
            ("A:success B:success,failure,success", Some("2")),
            ("A:pending", None),
        ] {
            assert_eq!(live(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_task_is_that_of_the_newest_live_deployment() {
        let deployments = past("A:success B:success/migrate C:failure/seed D:success,inactive");
        assert_eq!(choose_task(&deployments, None), Some("migrate"));
        assert_eq!(choose_task(&deployments, Some("deploy")), Some("deploy"));
        let found = find_live(&deployments, "deploy").expect("live");
        assert_eq!(found.sha, past("A:success")[0].sha);
        assert_eq!(choose_task(&past("A:failure/seed"), None), Some("seed"));
        assert_eq!(choose_task(&[], None), None);
    }

    #[test]
    fn what_is_newer_and_under_way_is_found() {
        for (text, expected) in [
            ("A:success B:pending", Some("2")),
            ("A:success B:in_progress C:failure", Some("2")),
            ("A:success B:queued C:waiting", Some("3")),
            ("A:pending B:success", None),
            ("A:success B:abandoned", None),
            ("A:success B:pending/migrate", None),
            ("A:failure B:in_progress", Some("2")),
        ] {
            let deployments = past(text);
            let task = "deploy";
            let found = find_under_way(&deployments, task).map(|one| one.id.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
