use std::io;

use jiff::Timestamp;

use super::compare::Needs;
use super::record::{CommitRecord, DiffRecord, FileRecord, PullRecord};
use crate::output::{Cell, Column, Details, Table};
use crate::term::{Role, Term};

/// The marks of commits and pull requests that only the head has, and that only
/// the base has.
const AHEAD: (&str, Role) = ("+", Role::Success);
const BEHIND: (&str, Role) = ("-", Role::Failure);

/// What of a comparison people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Commits,
    Pulls,
    Files,
    Stat,
}

impl View {
    pub(super) fn needs(self) -> Needs {
        Needs {
            commits: matches!(self, Self::Commits | Self::Pulls),
            logins: false,
            pulls: self == Self::Pulls,
            files: matches!(self, Self::Files | Self::Stat),
        }
    }
}

pub(super) fn print(term: &Term, view: View, record: &DiffRecord) -> io::Result<()> {
    match view {
        View::Commits => print_commits(term, record),
        View::Pulls => print_pulls(term, record),
        View::Files => print_files(term, record),
        View::Stat => print_stat(term, record),
    }
}

fn mark((text, role): (&'static str, Role)) -> Cell {
    Cell::new(text).role(role)
}

fn print_commits(term: &Term, record: &DiffRecord) -> io::Result<()> {
    let now = Timestamp::now();
    let mut table = Table::new(vec![
        Column::rigid(" "),
        Column::rigid("SHA"),
        Column::flexible("AUTHOR", 8),
        Column::rigid("AGE"),
        Column::flexible("MESSAGE", 16),
    ]);
    let row = |side, commit: &CommitRecord| {
        vec![
            mark(side),
            Cell::sha(&commit.sha).link(commit.url.as_str()),
            // Not the account, which only the server knows.
            Cell::new(commit.author.as_str()),
            Cell::age(commit.committed_at, now),
            Cell::new(commit.headline.as_str()),
        ]
    };
    for commit in &record.behind_commits {
        table.push(term, row(BEHIND, commit))?;
    }
    for commit in &record.commits {
        table.push(term, row(AHEAD, commit))?;
    }
    table.print(term)
}

fn print_pulls(term: &Term, record: &DiffRecord) -> io::Result<()> {
    let now = Timestamp::now();
    let mut table = Table::new(vec![
        Column::rigid(" "),
        Column::rigid("PULL"),
        Column::flexible("AUTHORS", 8),
        Column::rigid("MERGED"),
        Column::flexible("TITLE", 16),
    ]);
    let row = |side, pull: &PullRecord| {
        vec![
            mark(side),
            Cell::new(format!("#{}", pull.number))
                .role(Role::Id)
                .link(pull.url.as_str()),
            Cell::new(pull.authors.join(", ")),
            Cell::age(pull.merged_at, now),
            Cell::new(pull.title.as_str()),
        ]
    };
    for pull in &record.behind_pulls {
        table.push(term, row(BEHIND, pull))?;
    }
    for pull in &record.pulls {
        table.push(term, row(AHEAD, pull))?;
    }
    table.print(term)
}

fn print_files(term: &Term, record: &DiffRecord) -> io::Result<()> {
    let mut table = Table::new(vec![
        Column::rigid("STATUS"),
        Column::rigid("ADDED").right(),
        Column::rigid("REMOVED").right(),
        Column::flexible("FILE", 16),
    ]);
    for file in &record.files {
        let renamed = file.previous_filename.as_ref();
        let shown = renamed.map_or_else(
            || file.filename.clone(),
            |before| format!("{before} => {}", file.filename),
        );
        table.push(
            term,
            vec![
                Cell::new(file.status.as_str()),
                Cell::new(file.additions.to_string()).role(Role::Success),
                Cell::new(file.deletions.to_string()).role(Role::Failure),
                Cell::new(shown).piped(file.filename.as_str()),
            ],
        )?;
    }
    table.print(term)?;
    if record.truncated {
        term.warn("GitHub left out files; the page of the comparison has all of them");
    }
    Ok(())
}

fn print_stat(term: &Term, record: &DiffRecord) -> io::Result<()> {
    let sum = |count: fn(&FileRecord) -> u64| -> String {
        record.files.iter().map(count).sum::<u64>().to_string()
    };
    let more = if record.truncated { " or more" } else { "" };
    let files = record.files.len();
    Details::new()
        .with("status", Cell::new(record.status.as_str()))
        .with("base", Cell::sha(&record.base.sha))
        .with("head", Cell::sha(&record.head.sha))
        .with("ahead", Cell::new(record.ahead_by.to_string()))
        .with("behind", Cell::new(record.behind_by.to_string()))
        .with(
            "files",
            Cell::new(format!("{files}{more}")).piped(files.to_string()),
        )
        .with("added", Cell::new(sum(|file| file.additions)))
        .with("removed", Cell::new(sum(|file| file.deletions)))
        .with("page", Cell::new(record.compare_url.as_str()))
        .print(term)
}
