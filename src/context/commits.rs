use jiff::Timestamp;

use super::Git;
use crate::model::CommitNode;

impl Git {
    /// The commits that `heads` contain and `bases` do not. `None` unless all of
    /// them are in this checkout, apart from later ones of `bases`: it may be
    /// shallow, or not fetched yet.
    pub(crate) fn commits_between(
        &self,
        heads: &[&str],
        bases: &[&str],
    ) -> Option<Vec<CommitNode>> {
        let shas: Vec<&str> = heads.iter().chain(bases).copied().collect();
        // They come from the server, and git reads other lines as options.
        if !shas.iter().all(|sha| is_sha(sha)) || !self.has_whole_history() {
            return None;
        }
        let listed = self.run_with_input(&["cat-file", "--batch-check"], &lines(&shas))?;
        let is_here: Vec<bool> = listed
            .lines()
            .map(|line| line.split(' ').nth(1) == Some("commit"))
            .collect();
        let needed = heads.len() + bases.len().min(1);
        if is_here.len() != shas.len() || !is_here.iter().take(needed).all(|is| *is) {
            return None;
        }
        let excluded: Vec<String> = shas
            .iter()
            .zip(&is_here)
            .skip(heads.len())
            .filter(|(_, is_here)| **is_here)
            .map(|(sha, _)| format!("^{sha}"))
            .collect();
        let input = lines(heads) + &lines(&excluded);
        let args = ["rev-list", "--timestamp", "--parents", "--stdin"];
        let listed = self.run_with_input(&args, &input)?;
        listed.lines().map(commit).collect()
    }
}

pub(super) fn is_sha(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn lines<T: AsRef<str>>(words: &[T]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(word.as_ref());
        text.push('\n');
    }
    text
}

/// Reads `TIME SHA PARENT…`.
fn commit(line: &str) -> Option<CommitNode> {
    let mut words = line.split(' ');
    let second = words.next()?.parse().ok()?;
    Some(CommitNode {
        committed_at: Timestamp::from_second(second).ok()?,
        sha: words.next()?.to_owned(),
        parents: words.map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_read_with_its_parents() {
        let read = commit("1767225600 aa bb cc").expect("a commit");
        assert_eq!(read.sha, "aa");
        assert_eq!(read.committed_at.as_second(), 1_767_225_600);
        assert_eq!(read.parents, ["bb", "cc"]);
        assert!(commit("1767225600 aa").expect("a root").parents.is_empty());
        for line in ["", "aa", "x aa", "99999999999999999 aa"] {
            assert_eq!(commit(line), None, "{line:?}");
        }
    }
}
