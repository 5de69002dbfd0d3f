use jiff::Timestamp;

use super::branch_name::Target;
use super::error::LockError;
use super::freeze::{Freeze, Settings, SettingsError};
use super::held::{Lock, Locks};
use super::lock_file::LockFile;
use crate::api::{Client, FileText};
use crate::model::{DESCRIPTION_LIMIT, RepoSlug};

/// The locks and freezes of a repository at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Restrictions {
    pub(crate) locks: Locks,
    pub(crate) settings: Result<Settings, SettingsError>,
}

/// The owner of a lock whose file cannot be read.
const UNKNOWN: &str = "somebody unknown";

/// Why nothing may be deployed to an environment.
#[derive(Clone, Debug)]
pub(crate) enum Blocked {
    Locked(Box<Lock>),
    Frozen {
        /// The name of the freeze, if it has one.
        name: Option<String>,
        reason: Option<String>,
        /// When it ends; `None` if it does not.
        until: Option<Timestamp>,
    },
}

impl Restrictions {
    /// Reads both with one request, unless there are more than 100 locks.
    pub(crate) async fn read(client: &Client, repo: &RepoSlug) -> Result<Self, LockError> {
        Ok(Self::new(Locks::read(client, repo).await?))
    }

    pub(crate) fn new(locks: Locks) -> Self {
        let settings = match &locks.settings {
            FileText::Missing => Ok(Settings::default()),
            FileText::Text(text) => Settings::parse(text),
            FileText::Unreadable => Err(SettingsError {
                problems: Vec::new(),
            }),
        };
        Self { locks, settings }
    }

    /// Why a user may not deploy a task to an environment; `None` if that is
    /// possible.
    ///
    /// # Errors
    /// If the settings are not valid and no lock is in the way: nothing may be
    /// deployed then either.
    pub(crate) fn blocked(
        &self,
        environment: &str,
        task: &str,
        login: &str,
    ) -> Result<Option<Blocked>, &SettingsError> {
        let target = Target::Environment(environment.to_owned());
        if let Some(lock) = self.locks.blocking(&target, login) {
            return Ok(Some(Blocked::Locked(Box::new(lock.clone()))));
        }
        let settings = self.settings.as_ref()?;
        let frozen = settings.frozen(Some(environment), task, self.locks.now);
        Ok(frozen.map(|(freeze, one)| Blocked::frozen(freeze, one.end)))
    }
}

impl Blocked {
    /// A freeze that is in force, and when it ends.
    pub(crate) fn frozen(freeze: &Freeze, until: Option<Timestamp>) -> Self {
        Self::Frozen {
            name: freeze.name.clone(),
            reason: freeze.reason.clone(),
            until,
        }
    }

    /// The whole sentence, such as `production is locked by octocat since …`.
    pub(crate) fn describe(&self, environment: &str) -> String {
        let (is_global, time) = match self {
            Self::Locked(lock) => {
                let since = lock.file.as_ref().ok().and_then(LockFile::created_at);
                let since = since.map(|time| format!(" since {time:.0}"));
                (lock.target == Target::Global, since)
            }
            Self::Frozen { until, .. } => (false, until.map(|end| format!(" until {end:.0}"))),
        };
        let what = if is_global {
            "all environments are"
        } else {
            &format!("{environment} is")
        };
        let (time, why) = (time.unwrap_or_default(), why(self.reason().as_deref()));
        format!("{what} {}{time}{why}", self.state())
    }

    /// The sentence for the description of a status, cut to the length that
    /// GitHub accepts.
    pub(crate) fn in_short(&self) -> String {
        let why = why(self.reason().as_deref());
        cut(&format!("{}{why}", self.state()), DESCRIPTION_LIMIT)
    }

    /// Adds to the description of a deployment that the lock or freeze was
    /// ignored, by whom and why. The description is cut rather than that.
    pub(crate) fn note_ignored(
        &self,
        description: Option<&str>,
        login: &str,
        given_reason: Option<&str>,
    ) -> String {
        let what = match self {
            Self::Locked(lock) => format!("lock of {}", lock.owner().unwrap_or(UNKNOWN)),
            Self::Frozen { name, .. } => name
                .as_ref()
                .map_or("freeze".to_owned(), |name| format!("freeze {name}")),
        };
        let reason = given_reason.map(str::to_owned).or_else(|| self.reason());
        let note = format!("{what} ignored by {login}{}", why(reason.as_deref()));
        let note = cut(&note, DESCRIPTION_LIMIT);
        let left = (DESCRIPTION_LIMIT - note.chars().count()).saturating_sub(2);
        match description.filter(|text| !text.is_empty()) {
            Some(text) if left > 0 => format!("{}; {note}", cut(text, left)),
            _ => note,
        }
    }

    /// What the environment is.
    fn state(&self) -> String {
        match self {
            Self::Locked(lock) => format!("locked by {}", lock.owner().unwrap_or(UNKNOWN)),
            Self::Frozen { .. } => "frozen".to_owned(),
        }
    }

    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Locked(lock) => match &lock.file {
                Ok(file) => file.reason(),
                Err(unreadable) => Some(unreadable.to_string()),
            },
            Self::Frozen { name, reason, .. } => reason.clone().or_else(|| name.clone()),
        }
    }
}

fn why(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(": {reason}"))
}

/// Cuts a text that has more than `most` characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::held::testing::{lock, locks};
    use super::*;

    const FROZEN: &str = "[[freeze]]\nname = \"summer\"\nfrom = 2026-06-01\nuntil = 2026-08-31\ntime_zone = \"UTC\"\nallow_task = [\"hotfix\"]\n";

    fn environment(name: &str) -> Target {
        Target::Environment(name.to_owned())
    }

    fn restrictions(all: Vec<Lock>, settings: FileText) -> Restrictions {
        let mut locks = locks(all);
        locks.settings = settings;
        Restrictions::new(locks)
    }

    #[test]
    fn locks_come_before_freezes_and_broken_settings_block() {
        let frozen = FileText::Text(FROZEN.to_owned());
        let held = || lock(&environment("qa"), Some("hubot"), None);
        let said = |restrictions: &Restrictions, task: &str| match restrictions
            .blocked("qa", task, "mona")
        {
            Ok(blocked) => blocked.map_or("free".to_owned(), |one| one.describe("qa")),
            Err(error) => error.to_string(),
        };
        let free = restrictions(vec![], FileText::Missing);
        assert_eq!(said(&free, "deploy"), "free");
        let both = restrictions(vec![held()], frozen.clone());
        assert_eq!(
            said(&both, "deploy"),
            "qa is locked by hubot since 2026-06-14T21:12:14Z: why"
        );
        let only = restrictions(vec![], frozen);
        assert_eq!(
            said(&only, "deploy"),
            "qa is frozen until 2026-09-01T00:00:00Z: summer"
        );
        assert_eq!(said(&only, "hotfix"), "free");
        for broken in [FileText::Text("freeze".to_owned()), FileText::Unreadable] {
            let broken = restrictions(vec![], broken);
            assert!(said(&broken, "deploy").contains("not valid"));
        }
        let unknown = restrictions(vec![lock(&Target::Global, None, None)], FileText::Missing);
        let said = said(&unknown, "deploy");
        assert!(
            said.starts_with("all environments are locked by somebody unknown: "),
            "{said}"
        );
    }

    #[test]
    fn what_was_ignored_is_part_of_the_description() {
        let blocked = Blocked::Locked(Box::new(lock(&environment("qa"), Some("hubot"), None)));
        assert_eq!(
            blocked.note_ignored(None, "mona", None),
            "lock of hubot ignored by mona: why"
        );
        assert_eq!(
            blocked.note_ignored(Some("Fix it"), "mona", Some("outage")),
            "Fix it; lock of hubot ignored by mona: outage"
        );
        let frozen = Blocked::Frozen {
            name: Some("summer".to_owned()),
            reason: None,
            until: None,
        };
        assert_eq!(
            frozen.note_ignored(None, "mona", None),
            "freeze summer ignored by mona: summer"
        );
    }

    proptest! {
        #[test]
        fn a_description_is_never_too_long(text in ".{0,300}", reason in ".{0,300}") {
            let blocked = Blocked::Frozen { name: None, reason: Some(reason.clone()), until: None };
            let described = blocked.note_ignored(Some(&text), "mona", None);
            prop_assert!(described.chars().count() <= DESCRIPTION_LIMIT);
            prop_assert!(described.contains("ignored by mona"));
            prop_assert!(blocked.in_short().chars().count() <= DESCRIPTION_LIMIT);
        }
    }
}
