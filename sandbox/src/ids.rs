//! GitHub's global node ids: a kind, then base64url of a msgpack array.
//!
//! `DE_kwDOHjNddM5sfT5s` is the deployment 1820147308 of the repository
//! 506682740: the bytes are the array `[0, 506682740, 1820147308]`.

use std::fmt::Write as _;

use super::base64;

/// The object that a node id identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NodeId {
    /// A user, by id.
    User(i64),
    /// An organization, by id.
    Organization(i64),
    /// A repository, by id.
    Repository(i64),
    /// A deployment: repository id, deployment id.
    Deployment(i64, i64),
    /// A status of a deployment: repository id, status id.
    DeploymentStatus(i64, i64),
    /// An environment: repository id, environment id.
    Environment(i64, i64),
    /// A commit status: repository id, status id.
    CommitStatus(i64, i64),
    /// A commit: repository id, hexadecimal object id.
    Commit(i64, String),
    /// A team, by id.
    Team(i64),
    /// A GitHub App, by id.
    App(i64),
    /// A protection rule of an environment: repository id, rule id.
    Gate(i64, i64),
    /// A branch name pattern of an environment: repository id, pattern id.
    BranchPolicy(i64, i64),
    /// A pull request: repository id, pull request id.
    PullRequest(i64, i64),
    /// A workflow: repository id, workflow id.
    Workflow(i64, i64),
    /// A workflow run: repository id, run id.
    WorkflowRun(i64, i64),
    /// A check suite: repository id, check suite id.
    CheckSuite(i64, i64),
    /// A check run, which is a job: repository id, job id.
    CheckRun(i64, i64),
    /// A review of a run: repository id, review id.
    DeploymentReview(i64, i64),
    /// A commit of a pull request: repository id, pull request id and object id.
    PullRequestCommit(i64, String),
    /// A blob: repository id, hexadecimal object id.
    Blob(i64, String),
    /// A git ref: repository id, full name such as `refs/heads/main`.
    Ref(i64, String),
}

impl NodeId {
    /// The text form that the API answers with.
    pub(crate) fn encode(&self) -> String {
        let (prefix, owner, rest) = match self {
            Self::User(id) => ("U", *id, Part::None),
            Self::Organization(id) => ("O", *id, Part::None),
            Self::Repository(id) => ("R", *id, Part::None),
            Self::Team(id) => ("T", *id, Part::None),
            Self::App(id) => ("A", *id, Part::None),
            Self::Gate(repository, id) => ("GA", *repository, Part::Number(*id)),
            Self::BranchPolicy(repository, id) => ("GBP", *repository, Part::Number(*id)),
            Self::PullRequest(repository, id) => ("PR", *repository, Part::Number(*id)),
            Self::Deployment(repository, id) => ("DE", *repository, Part::Number(*id)),
            Self::DeploymentStatus(repository, id) => ("DES", *repository, Part::Number(*id)),
            Self::Environment(repository, id) => ("EN", *repository, Part::Number(*id)),
            Self::CommitStatus(repository, id) => ("SC", *repository, Part::Number(*id)),
            Self::Commit(repository, sha) => ("C", *repository, Part::Text(sha)),
            Self::Workflow(repository, id) => ("W", *repository, Part::Number(*id)),
            Self::WorkflowRun(repository, id) => ("WFR", *repository, Part::Number(*id)),
            Self::CheckSuite(repository, id) => ("CS", *repository, Part::Number(*id)),
            Self::CheckRun(repository, id) => ("CR", *repository, Part::Number(*id)),
            Self::DeploymentReview(repository, id) => ("DRE", *repository, Part::Number(*id)),
            Self::PullRequestCommit(repository, id) => ("PURC", *repository, Part::Text(id)),
            Self::Blob(repository, sha) => ("B", *repository, Part::Text(sha)),
            Self::Ref(repository, name) => ("REF", *repository, Part::Text(name)),
        };
        let mut bytes = vec![
            if matches!(rest, Part::None) {
                0x92
            } else {
                0x93
            },
            0,
        ];
        push_number(&mut bytes, owner);
        match rest {
            Part::None => {}
            Part::Number(id) => push_number(&mut bytes, id),
            Part::Text(text) => push_text(&mut bytes, text),
        }
        let mut id = String::new();
        // Writing to a String cannot fail.
        let _ = write!(id, "{prefix}_{}", base64::encode_url(&bytes));
        id
    }

    /// Reads a node id back; `None` for anything that this server never made.
    pub(crate) fn decode(id: &str) -> Option<Self> {
        let (prefix, data) = id.split_once('_')?;
        let bytes = base64::decode(data)?;
        let (head, mut rest) = bytes.split_first_chunk::<2>()?;
        let owner = take_number(&mut rest)?;
        let two = *head == [0x92, 0] && rest.is_empty();
        let three = *head == [0x93, 0];
        let decoded = match prefix {
            "U" if two => Self::User(owner),
            "O" if two => Self::Organization(owner),
            "R" if two => Self::Repository(owner),
            "T" if two => Self::Team(owner),
            "A" if two => Self::App(owner),
            "GA" if three => Self::Gate(owner, take_number(&mut rest)?),
            "GBP" if three => Self::BranchPolicy(owner, take_number(&mut rest)?),
            "PR" if three => Self::PullRequest(owner, take_number(&mut rest)?),
            "DE" if three => Self::Deployment(owner, take_number(&mut rest)?),
            "DES" if three => Self::DeploymentStatus(owner, take_number(&mut rest)?),
            "EN" if three => Self::Environment(owner, take_number(&mut rest)?),
            "SC" if three => Self::CommitStatus(owner, take_number(&mut rest)?),
            "C" if three => Self::Commit(owner, take_text(&mut rest)?),
            "W" if three => Self::Workflow(owner, take_number(&mut rest)?),
            "WFR" if three => Self::WorkflowRun(owner, take_number(&mut rest)?),
            "CS" if three => Self::CheckSuite(owner, take_number(&mut rest)?),
            "CR" if three => Self::CheckRun(owner, take_number(&mut rest)?),
            "DRE" if three => Self::DeploymentReview(owner, take_number(&mut rest)?),
            "PURC" if three => Self::PullRequestCommit(owner, take_text(&mut rest)?),
            "B" if three => Self::Blob(owner, take_text(&mut rest)?),
            "REF" if three => Self::Ref(owner, take_text(&mut rest)?),
            _ => return None,
        };
        rest.is_empty().then_some(decoded)
    }
}

enum Part<'a> {
    None,
    Number(i64),
    Text(&'a str),
}

/// Ids are never negative, so the unsigned forms of msgpack are enough.
fn push_number(bytes: &mut Vec<u8>, number: i64) {
    let number = number.unsigned_abs();
    if let Ok(small) = u8::try_from(number) {
        if small >= 0x80 {
            bytes.push(0xcc);
        }
        bytes.push(small);
    } else if let Ok(short) = u16::try_from(number) {
        bytes.push(0xcd);
        bytes.extend(short.to_be_bytes());
    } else if let Ok(word) = u32::try_from(number) {
        bytes.push(0xce);
        bytes.extend(word.to_be_bytes());
    } else {
        bytes.push(0xcf);
        bytes.extend(number.to_be_bytes());
    }
}

/// GitHub's encoder knows no `str8`: 32 bytes and more are a `str16`.
fn push_text(bytes: &mut Vec<u8>, text: &str) {
    match u8::try_from(text.len()) {
        Ok(length) if length < 32 => bytes.push(0xa0 | length),
        _ => {
            let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
            bytes.push(0xda);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend(text.bytes().take(usize::from(u16::MAX)));
}

fn take_number(bytes: &mut &[u8]) -> Option<i64> {
    let (&first, rest) = bytes.split_first()?;
    let width = match first {
        0..=0x7f => {
            *bytes = rest;
            return Some(i64::from(first));
        }
        0xcc => 1,
        0xcd => 2,
        0xce => 4,
        0xcf => 8,
        _ => return None,
    };
    let (number, rest) = rest.split_at_checked(width)?;
    *bytes = rest;
    let value = number
        .iter()
        .fold(0u64, |value, &byte| value << 8 | u64::from(byte));
    i64::try_from(value).ok()
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let (&first, mut rest) = bytes.split_first()?;
    let length = match first {
        0xa0..=0xbf => usize::from(first & 0x1f),
        0xda => {
            let (length, tail) = rest.split_first_chunk::<2>()?;
            rest = tail;
            usize::from(u16::from_be_bytes(*length))
        }
        _ => return None,
    };
    let (text, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::NodeId;

    #[test]
    fn a_recorded_deployment_id_is_made_and_read() {
        let id = NodeId::Deployment(506_682_740, 1_820_147_308);
        assert_eq!(id.encode(), "DE_kwDOHjNddM5sfT5s");
        assert_eq!(NodeId::decode("DE_kwDOHjNddM5sfT5s"), Some(id));
    }

    #[test]
    fn every_kind_survives_the_round_trip() {
        for id in [
            NodeId::User(1),
            NodeId::User(200),
            NodeId::Organization(201),
            NodeId::Repository(70_000),
            NodeId::Team(300_001),
            NodeId::App(15_001),
            NodeId::Gate(5, 6_680_994),
            NodeId::BranchPolicy(5, 361_471),
            NodeId::PullRequest(5, 2_500_000_001),
            NodeId::Deployment(300, 4_442_074_271),
            NodeId::DeploymentStatus(5, 12_690_168_079),
            NodeId::Environment(5, 0),
            NodeId::CommitStatus(5, 0x7f),
            NodeId::Workflow(5, 150_000_001),
            NodeId::WorkflowRun(5, 17_000_000_001),
            NodeId::CheckSuite(5, 43_000_000_001),
            NodeId::CheckRun(5, 48_000_000_001),
            NodeId::DeploymentReview(5, 5_000_001),
            NodeId::PullRequestCommit(5, format!("7:{}", "a".repeat(40))),
            NodeId::Commit(5, "a".repeat(40)),
            NodeId::Ref(5, "refs/heads/main".to_owned()),
            NodeId::Ref(5, format!("refs/heads/{}", "é".repeat(40))),
        ] {
            assert_eq!(NodeId::decode(&id.encode()), Some(id));
        }
    }

    #[test]
    fn foreign_text_is_no_node_id() {
        for text in [
            "",
            "DE",
            "DE_",
            "DE_!!",
            "XX_kwDOHjNddM5sfT5s",
            "R_kwDOHjNddM5sfT5s",
            "DE_kwDOHjNddM5sfT5sAA",
        ] {
            assert_eq!(NodeId::decode(text), None, "{text}");
        }
    }
}
