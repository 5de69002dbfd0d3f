//! Webhooks of a repository (<https://docs.github.com/rest/repos/webhooks>).

use rusqlite::Connection;

use super::hook_settings::{HookConfig, HookEdit, blank, checked, invalid};
use super::{Core, Failure};
use crate::config::WebhookSource;
use crate::store::{Attempt, ContentType, Hook, NewHook, Repository, Slice, Window};

/// How many active webhooks of a repository may subscribe to the same event.
const MAX_HOOKS_PER_EVENT: usize = 20;

/// Rejects a webhook that would duplicate another one, and one too many; `own`
/// is the id of the webhook that is changed.
fn check_others(
    read: &Connection,
    repository: i64,
    new: &NewHook,
    own: Option<i64>,
) -> Result<(), Failure> {
    let mut others = Hook::all(read, repository)?;
    others.retain(|hook| Some(hook.id) != own);
    let is_same = |other: &NewHook| {
        other.url == new.url && other.content_type == new.content_type && other.overlaps(new)
    };
    if others.iter().any(|hook| is_same(&hook.settings)) {
        return Err(invalid("", "Hook already exists on this repository"));
    }
    others.retain(|hook| hook.settings.active);
    let full = |event: &&String| {
        let hear = others.iter().filter(|hook| hook.settings.hears_of(event));
        hear.count() >= MAX_HOOKS_PER_EVENT
    };
    if new.active
        && let Some(event) = new.events.iter().find(full)
    {
        let message =
            format!("The \"{event}\" event cannot have more than {MAX_HOOKS_PER_EVENT} hooks");
        return Err(invalid("", message));
    }
    Ok(())
}

impl Core {
    /// Makes a webhook. `announce` is called with it in the same transaction.
    pub(crate) fn create_hook(
        &self,
        repository: &Repository,
        edit: HookEdit,
        announce: impl FnOnce(&Connection, &Hook) -> Result<(), Failure>,
    ) -> Result<Hook, Failure> {
        let mut new = blank();
        edit.config.unwrap_or_default().apply(&mut new)?;
        if let Some(events) = edit.events {
            new.events = checked(events)?;
        }
        new.active = edit.active.unwrap_or(true);
        let now = self.now();
        let made = self.store.write(|write| {
            check_others(write, repository.id, &new, None)?;
            let made = Hook::insert(write, repository.id, &new, now)?;
            announce(write, &made)?;
            Ok::<_, Failure>(made)
        })?;
        self.outgoing.notify_one();
        Ok(made)
    }

    /// Changes a webhook.
    pub(crate) fn edit_hook(
        &self,
        repository: &Repository,
        id: i64,
        edit: HookEdit,
    ) -> Result<Hook, Failure> {
        self.change_hook(repository, id, |hook| {
            if let Some(config) = edit.config {
                *hook = NewHook {
                    active: hook.active,
                    events: hook.events.clone(),
                    is_given: hook.is_given,
                    ..blank()
                };
                config.apply(hook)?;
            }
            let mut events = edit.events.unwrap_or_else(|| hook.events.clone());
            events.extend(edit.add_events);
            events.retain(|event| !edit.remove_events.contains(event));
            hook.events = checked(events)?;
            hook.active = edit.active.unwrap_or(hook.active);
            Ok(())
        })
    }

    /// Changes some of the settings of the sending.
    pub(crate) fn edit_hook_config(
        &self,
        repository: &Repository,
        id: i64,
        config: HookConfig,
    ) -> Result<Hook, Failure> {
        self.change_hook(repository, id, |hook| config.apply(hook))
    }

    fn change_hook(
        &self,
        repository: &Repository,
        id: i64,
        change: impl FnOnce(&mut NewHook) -> Result<(), Failure>,
    ) -> Result<Hook, Failure> {
        let now = self.now();
        self.store.write(|write| {
            let hook = Hook::by_id(write, repository.id, id)?.ok_or(Failure::NotFound)?;
            let mut set = hook.settings.clone();
            change(&mut set)?;
            check_others(write, repository.id, &set, Some(id))?;
            Ok(hook.update(write, &set, now)?)
        })
    }

    /// Synchronizes the webhooks of a repository with those of the command
    /// line. One that is no longer given is made inactive, so that its log
    /// remains. `announce` is called with each new one.
    pub(crate) fn sync_configured_hooks(
        &self,
        repository: &Repository,
        given: &[WebhookSource],
        announce: impl Fn(&Connection, &Hook) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let now = self.now();
        self.store.write(|write| {
            let known = Hook::all(write, repository.id)?;
            for source in given {
                let new = NewHook {
                    active: true,
                    events: checked(source.events.clone())?,
                    url: source.url.clone(),
                    content_type: ContentType::Json,
                    secret: source.secret.clone(),
                    insecure_ssl: false,
                    is_given: true,
                };
                let same = known.iter().find(|hook| {
                    hook.settings.url == new.url && hook.settings.content_type == new.content_type
                });
                match same {
                    Some(hook) => {
                        hook.update(write, &new, now)?;
                    }
                    None => announce(write, &Hook::insert(write, repository.id, &new, now)?)?,
                }
            }
            for hook in known {
                let still = given.iter().any(|source| source.url == hook.settings.url);
                if hook.settings.is_given && hook.settings.active && !still {
                    let set = NewHook {
                        active: false,
                        ..hook.settings.clone()
                    };
                    hook.update(write, &set, now)?;
                }
            }
            Ok::<_, Failure>(())
        })?;
        self.outgoing.notify_one();
        Ok(())
    }

    /// A webhook, and the last time that something was sent to it.
    pub(crate) fn hook(
        &self,
        repository: &Repository,
        id: i64,
    ) -> Result<(Hook, Option<Attempt>), Failure> {
        self.store.read(|read| {
            let hook = Hook::by_id(read, repository.id, id)?.ok_or(Failure::NotFound)?;
            let latest = Attempt::latest(read, id)?;
            Ok((hook, latest))
        })
    }

    /// A page of a repository's webhooks, each with the last time that
    /// something was sent to it.
    pub(crate) fn hooks(
        &self,
        repository: &Repository,
        window: Window,
    ) -> Result<Slice<(Hook, Option<Attempt>)>, Failure> {
        self.store.read(|read| {
            let slice = Hook::list(read, repository.id, window)?;
            let items = slice
                .items
                .into_iter()
                .map(|hook| {
                    let latest = Attempt::latest(read, hook.id)?;
                    Ok((hook, latest))
                })
                .collect::<Result<_, rusqlite::Error>>()?;
            Ok(Slice {
                items,
                total: slice.total,
            })
        })
    }

    /// Removes a webhook and its log.
    pub(crate) fn delete_hook(&self, repository: &Repository, id: i64) -> Result<(), Failure> {
        self.store.write(|write| {
            let hook = Hook::by_id(write, repository.id, id)?.ok_or(Failure::NotFound)?;
            Ok(hook.delete(write)?)
        })
    }
}
