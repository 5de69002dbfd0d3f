use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Place, Seen};
use crate::env::Env;
use crate::private_file;

/// The most bytes of a file that are read; more was not written by us.
const LARGEST: u64 = 512 * 1024;
/// So many repositories are remembered; those not used for the longest time go.
const REPOSITORIES: usize = 50;
/// A file that was not written for so long goes, too.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

fn folder(env: &Env) -> Option<PathBuf> {
    Some(env.cache_home()?.join("deployctl").join("seen"))
}

/// `ROOT/OWNER/REPO.json`, with a root in the letters of a file's name. Another
/// root may have the same: the file says which one it is of.
pub(crate) fn file(env: &Env, place: &Place) -> Option<PathBuf> {
    let (owner, name) = place.repo.split_once('/')?;
    Some(
        folder(env)?
            .join(root_name(&place.root))
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

/// What is known of a repository; `None` if that is nothing, or can't be read.
pub(crate) fn read(path: &Path, place: &Place) -> Option<Seen> {
    let file = File::open(path).ok()?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > LARGEST {
        return None;
    }
    let seen: Seen = serde_json::from_slice(&bytes).ok()?;
    (seen.place == *place).then_some(seen)
}

/// The repositories that were worked on at a root of the API, the newest first.
pub(crate) fn repositories(env: &Env, root: &str) -> Vec<String> {
    let Some(folder) = folder(env).map(|folder| folder.join(root_name(root))) else {
        return Vec::new();
    };
    let mut files = files_below(&folder, 2);
    files.sort_by_key(|(_, written)| std::cmp::Reverse(*written));
    files
        .iter()
        .filter_map(|(path, _)| {
            let name = path.file_stem()?.to_str()?;
            let owner = path.parent()?.file_name()?.to_str()?;
            Some(format!("{owner}/{name}"))
        })
        .collect()
}

/// Replaces what is known of a repository, as a whole and for the user alone to
/// read. The last writer wins: no more is lost than a few names.
pub(super) fn write(path: &Path, seen: &Seen) -> io::Result<()> {
    let nowhere = || io::Error::from(io::ErrorKind::NotFound);
    let parent = path.parent().ok_or_else(nowhere)?;
    let is_new = !path.exists();
    private_file::create_folder(parent)?;
    let written = private_file::replace(path, |file| file.write_all(&serde_json::to_vec(seen)?));
    if is_new && let Some(folder) = path.ancestors().nth(3) {
        clean_up(folder);
    }
    written
}

/// Removes what nobody used for long, and what a killed process left.
fn clean_up(folder: &Path) {
    let mut files = files_below(folder, 3);
    files.sort_by_key(|(_, written)| std::cmp::Reverse(*written));
    let now = SystemTime::now();
    for (at, (path, written)) in files.iter().enumerate() {
        let age = now.duration_since(*written).unwrap_or_default();
        let is_left_over = path
            .extension()
            .is_some_and(|end| end == private_file::UNFINISHED);
        if at >= REPOSITORIES || age > KEPT_FOR || (is_left_over && age > Duration::from_secs(60)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// The files `depth` folders down, with the time when they were written.
fn files_below(folder: &Path, depth: usize) -> Vec<(PathBuf, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found = Vec::new();
    for entry in entries.take(10 * REPOSITORIES) {
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

    fn place(root: &str, repo: &str) -> Place {
        Place {
            root: root.to_owned(),
            repo: repo.to_owned(),
        }
    }

    #[test]
    fn it_is_read_back_by_its_own_place_only() {
        let home = tempfile::tempdir().expect("a folder");
        let env = env(home.path());
        let here = place("https://ghe.example/api/v3/", "acme/shop");
        let path = file(&env, &here).expect("a path");
        assert_eq!(read(&path, &here), None);
        let seen = Seen::nothing(here.clone());
        write(&path, &seen).expect("written");
        assert_eq!(read(&path, &here), Some(seen));
        let alike = place("https://ghe.example/api_v3/", "acme/shop");
        assert_eq!(file(&env, &alike), Some(path.clone()));
        assert_eq!(read(&path, &alike), None, "another server");
        assert_eq!(repositories(&env, &here.root), ["acme/shop"]);
        assert!(repositories(&env, "sandbox").is_empty());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn garbage_and_giants_are_nothing() {
        let home = tempfile::tempdir().expect("a folder");
        let here = place("sandbox", "acme/shop");
        let path = file(&env(home.path()), &here).expect("a path");
        write(&path, &Seen::nothing(here.clone())).expect("written");
        fs::write(&path, "{").expect("written");
        assert_eq!(read(&path, &here), None);
        fs::write(&path, " ".repeat(600 * 1024)).expect("written");
        assert_eq!(read(&path, &here), None);
    }

    #[test]
    fn only_so_many_repositories_are_kept() {
        let home = tempfile::tempdir().expect("a folder");
        let env = env(home.path());
        for number in 0..REPOSITORIES + 5 {
            let here = place("sandbox", &format!("acme/shop-{number}"));
            let path = file(&env, &here).expect("a path");
            write(&path, &Seen::nothing(here)).expect("written");
        }
        assert_eq!(repositories(&env, "sandbox").len(), REPOSITORIES);
    }
}
