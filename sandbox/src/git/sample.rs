//! The sample repository, for use outside of any repository.

use std::fs;
use std::path::Path;

use super::run::{Git, Home};
use super::{GitError, Source};

/// 2026-01-05T09:00:00Z, a Monday; every commit is an hour later.
const FIRST: i64 = 1_767_603_600;

/// Opens the sample repository in `directory`, making it if needed. Callers
/// hold the data directory's lock.
///
/// It has the default branch `main`, `feature/login` ahead of it,
/// `topic-behind` that is behind and merges cleanly, `conflict` that is behind
/// and does not, and the tag `v1.0.0`. All ids are the same everywhere.
pub(crate) fn open(directory: &Path) -> Result<Source, GitError> {
    let finished = directory.join("sample-is-complete");
    if !finished.is_file() {
        if directory.exists() {
            // A run that was killed half-way left it.
            fs::remove_dir_all(directory).map_err(GitError::Start)?;
        }
        build(directory)?;
        fs::write(&finished, "").map_err(GitError::Start)?;
    }
    Source::find(directory)?
        .ok_or_else(|| GitError::answer("rev-parse", "the sample repository is broken"))
}

fn build(directory: &Path) -> Result<(), GitError> {
    Git::bare().run_with_path(
        &[
            "init",
            "--quiet",
            "--bare",
            "--template=",
            "--initial-branch=main",
            "--object-format=sha1",
        ],
        directory,
    )?;
    let mut builder = Builder { directory, hour: 0 };
    let readme = (
        "README.md",
        "# hello-world\n\nA small web service to deploy.\n",
    );
    let server = ("src/server.txt", "listen 8080\nworkers 2\n");
    let one = builder.commit("Add the service", &[readme, server], &[])?;
    let health = ("src/health.txt", "GET /health -> 200\n");
    let two = builder.commit("Add a health check", &[readme, server, health], &[&one])?;
    builder.set("refs/tags/v1.0.0", &two)?;

    let metrics = ("src/metrics.txt", "GET /metrics -> 200\n");
    let topic = builder.commit("Add metrics", &[readme, server, health, metrics], &[&two])?;
    builder.set("refs/heads/topic-behind", &topic)?;
    let few = ("src/server.txt", "listen 8080\nworkers 1\n");
    let conflict = builder.commit("Use one worker", &[readme, few, health], &[&two])?;
    builder.set("refs/heads/conflict", &conflict)?;

    let many = ("src/server.txt", "listen 8080\nworkers 8\n");
    let three = builder.commit("Use eight workers", &[readme, many, health], &[&two])?;
    builder.set("refs/heads/main", &three)?;
    let login = ("src/login.txt", "POST /login -> 204\n");
    let four = builder.commit("Add the login", &[readme, many, health, login], &[&three])?;
    builder.set("refs/heads/feature/login", &four)
}

struct Builder<'a> {
    directory: &'a Path,
    hour: i64,
}

impl Builder<'_> {
    /// Makes a commit with exactly these files (path, content).
    fn commit(
        &mut self,
        message: &str,
        files: &[(&str, &str)],
        parents: &[&str],
    ) -> Result<String, GitError> {
        // An index of its own, so that nothing of an earlier commit stays.
        let index = self.directory.join("sample-index");
        if index.exists() {
            fs::remove_file(&index).map_err(GitError::Start)?;
        }
        let date = format!("@{} +0000", FIRST + 3600 * self.hour);
        self.hour += 1;
        let git = || {
            Git::at(Home::Directory(self.directory))
                .with("GIT_INDEX_FILE", index.as_os_str())
                .with("GIT_AUTHOR_NAME", "Mona Sample")
                .with("GIT_AUTHOR_EMAIL", "mona@example.com")
                .with("GIT_AUTHOR_DATE", &date)
                .with("GIT_COMMITTER_NAME", "Mona Sample")
                .with("GIT_COMMITTER_EMAIL", "mona@example.com")
                .with("GIT_COMMITTER_DATE", &date)
        };
        for (path, content) in files {
            let file = self.directory.join("sample-file");
            fs::write(&file, content).map_err(GitError::Start)?;
            let blob = git().run_with_path(&["hash-object", "-w", "--no-filters"], &file)?;
            let entry = format!("100644,{},{path}", blob.trim());
            git().run(&["update-index", "--add", "--cacheinfo", &entry])?;
        }
        let tree = git().run(&["write-tree"])?;
        let mut arguments = vec!["commit-tree", tree.trim(), "-m", message];
        for parent in parents {
            arguments.extend(["-p", parent]);
        }
        Ok(git().run(&arguments)?.trim().to_owned())
    }

    fn set(&self, refname: &str, sha: &str) -> Result<(), GitError> {
        Git::at(Home::Directory(self.directory))
            .run(&["update-ref", refname, sha])
            .map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::{Merge, Repo};

    #[test]
    fn the_sample_has_every_case() {
        let directory = tempfile::tempdir().unwrap();
        let source = super::open(&directory.path().join("sample")).unwrap();
        assert_eq!(
            super::open(&directory.path().join("sample")).unwrap(),
            source
        );
        let repo = Repo::open(&source, &directory.path().join("1.git")).unwrap();
        assert_eq!(repo.default_branch().unwrap(), "main");
        let main = repo.branch("main").unwrap().unwrap();
        assert_eq!(main.sha, "5ad9571e24ff1b3a09ebe114336b315dcd280f1d");
        let of = |name: &str| repo.resolve(name).unwrap().unwrap();
        assert_eq!(
            repo.behind_ahead(&main.sha, &of("feature/login").sha)
                .unwrap(),
            (0, 1)
        );
        assert_eq!(
            repo.behind_ahead(&main.sha, &of("v1.0.0").sha).unwrap(),
            (1, 0)
        );
        assert_eq!(
            repo.merge(&main, &of("conflict"), "Merge", 0).unwrap(),
            Merge::Conflict
        );
        assert!(matches!(
            repo.merge(&main, &of("topic-behind"), "Merge", 0).unwrap(),
            Merge::Done(_)
        ));
    }
}
