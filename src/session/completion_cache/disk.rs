use std::cmp::Reverse;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::contents::{CacheKey, CachedRepository};
use crate::env::Env;
use crate::private_file;

/// A larger file was not written by this program, and is not read.
const MAX_FILE_BYTES: u64 = 512 * 1024;
/// The number of repositories that are kept, the most recently used ones.
pub(in crate::session) const MAX_REPOSITORIES: usize = 50;
/// A file that was not written for this long is removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 3600);

fn folder(env: &Env) -> Option<PathBuf> {
    Some(env.cache_home()?.join("deployctl").join("seen"))
}

/// `ROOT/OWNER/REPO.json`, where `ROOT` is made of letters that a file name may
/// have. Two roots may become the same name, so the file says which one it is
/// for.
pub(crate) fn cache_file(env: &Env, key: &CacheKey) -> Option<PathBuf> {
    let (owner, name) = key.repo.split_once('/')?;
    Some(
        folder(env)?
            .join(root_name(&key.root))
            .join(owner)
            .join(format!("{name}.json")),
    )
}

fn root_name(root: &str) -> String {
    let bare = root.split_once("://").map_or(root, |(_, rest)| rest);
    let letters = bare.trim_end_matches('/').chars().take(100);
    let name: String = letters
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    name
}

/// What is known about a repository; `None` if nothing is, or if the file can't be
/// read.
pub(crate) fn read_cache(path: &Path, key: &CacheKey) -> Option<CachedRepository> {
    let file = File::open(path).ok()?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return None;
    }
    let contents: CachedRepository = serde_json::from_slice(&bytes).ok()?;
    (contents.key == *key).then_some(contents)
}

/// The repositories at a root of the API that commands have worked on, most
/// recent first.
pub(crate) fn cached_repositories(env: &Env, root: &str) -> Vec<String> {
    let Some(folder) = folder(env).map(|folder| folder.join(root_name(root))) else {
        return Vec::new();
    };
    newest_files(&folder, 2)
        .iter()
        .filter_map(|(path, _)| {
            let name = path.file_stem()?.to_str()?;
            let owner = path.parent()?.file_name()?.to_str()?;
            Some(format!("{owner}/{name}"))
        })
        .collect()
}

/// Replaces the file of a repository as a whole, readable for the user alone. If
/// two processes write it, the last one wins: only a few names are lost.
pub(super) fn write_cache(path: &Path, contents: &CachedRepository) -> io::Result<()> {
    let nowhere = || io::Error::from(io::ErrorKind::NotFound);
    let parent = path.parent().ok_or_else(nowhere)?;
    let is_new = !path.exists();
    private_file::create_folder(parent)?;
    let written =
        private_file::replace(path, |file| file.write_all(&serde_json::to_vec(contents)?));
    if is_new && let Some(folder) = path.ancestors().nth(3) {
        clean_up(folder);
    }
    written
}

/// Removes files that were not used for a long time, and those that a killed
/// process left behind.
fn clean_up(folder: &Path) {
    let files = newest_files(folder, 3);
    let now = SystemTime::now();
    for (at, (path, written)) in files.iter().enumerate() {
        let age = now.duration_since(*written).unwrap_or_default();
        let is_left_over = path
            .extension()
            .is_some_and(|end| end == private_file::UNFINISHED);
        if at >= MAX_REPOSITORIES
            || age > MAX_AGE
            || (is_left_over && age > Duration::from_secs(60))
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// The files `depth` folders down, the newest first.
fn newest_files(folder: &Path, depth: usize) -> Vec<(PathBuf, SystemTime)> {
    let mut files = files_below(folder, depth);
    files.sort_unstable_by_key(|(_, written)| Reverse(*written));
    files
}

/// The files `depth` folders down, with the time when they were written.
fn files_below(folder: &Path, depth: usize) -> Vec<(PathBuf, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found = Vec::new();
    for entry in entries.take(10 * MAX_REPOSITORIES) {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if depth > 1 && kind.is_dir() {
            found.extend(files_below(&entry.path(), depth - 1));
        } else if depth == 1 && kind.is_file() {
            let written = entry.metadata().and_then(|data| data.modified());
            found.push((entry.path(), written.unwrap_or(SystemTime::UNIX_EPOCH)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(home: &Path) -> Env {
        let home = home.to_string_lossy().into_owned();
        Env::from_pairs([("XDG_CACHE_HOME".to_owned(), home)])
    }

    fn key(root: &str, repo: &str) -> CacheKey {
        CacheKey {
            root: root.to_owned(),
            repo: repo.to_owned(),
        }
    }

    #[test]
    fn a_file_is_read_for_its_own_repository_only() {
        let home = tempfile::tempdir().expect("a folder");
        let env = env(home.path());
        let here = key("https://ghe.example/api/v3/", "acme/shop");
        let path = cache_file(&env, &here).expect("a path");
        assert_eq!(read_cache(&path, &here), None);
        let contents = CachedRepository::empty(here.clone());
        write_cache(&path, &contents).expect("written");
        assert_eq!(read_cache(&path, &here), Some(contents));
        let alike = key("https://ghe.example/api_v3/", "acme/shop");
        assert_eq!(cache_file(&env, &alike), Some(path.clone()));
        assert_eq!(read_cache(&path, &alike), None, "another server");
        assert_eq!(cached_repositories(&env, &here.root), ["acme/shop"]);
        assert!(cached_repositories(&env, "sandbox").is_empty());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_garbled_or_huge_file_is_ignored() {
        let home = tempfile::tempdir().expect("a folder");
        let here = key("sandbox", "acme/shop");
        let path = cache_file(&env(home.path()), &here).expect("a path");
        write_cache(&path, &CachedRepository::empty(here.clone())).expect("written");
        fs::write(&path, "{").expect("written");
        assert_eq!(read_cache(&path, &here), None);
        fs::write(&path, " ".repeat(600 * 1024)).expect("written");
        assert_eq!(read_cache(&path, &here), None);
    }

    #[test]
    fn a_limited_number_of_repositories_is_kept() {
        let home = tempfile::tempdir().expect("a folder");
        let env = env(home.path());
        for number in 0..MAX_REPOSITORIES + 5 {
            let here = key("sandbox", &format!("acme/shop-{number}"));
            let path = cache_file(&env, &here).expect("a path");
            write_cache(&path, &CachedRepository::empty(here)).expect("written");
        }
        assert_eq!(cached_repositories(&env, "sandbox").len(), MAX_REPOSITORIES);
    }
}
