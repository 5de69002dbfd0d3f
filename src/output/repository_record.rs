use serde::Serialize;

use super::cell::Cell;
use super::fields::Record;
use super::table::Column;
use crate::model::RepoSlug;

/// The name of the field.
const REPOSITORY: &str = "repository";
/// The most fields that a record can have.
const MAX_FIELDS: usize = 48;

/// A record, and the repository that it belongs to if there may be several. The
/// repository is its first field and column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RepositoryRecord<R> {
    #[serde(rename = "repository", skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(flatten)]
    record: R,
}

/// What a record is about, if there may be several repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Place {
    Repository(String),
    /// All of them together: null in JSON.
    All,
}

impl<R: Record> RepositoryRecord<R> {
    /// `repository` is `None` if there is only one.
    pub(crate) fn new(repository: Option<&RepoSlug>, record: R) -> Self {
        Self {
            place: repository.map(|repo| Place::Repository(repo.to_string())),
            record,
        }
    }

    /// A record about all selected repositories together.
    pub(crate) fn over_all(record: R) -> Self {
        Self {
            place: Some(Place::All),
            record,
        }
    }

    /// The name of the repository if there may be several, or `all`.
    pub(crate) fn place(&self) -> Option<&str> {
        match self.place.as_ref()? {
            Place::Repository(repository) => Some(repository),
            Place::All => Some("all"),
        }
    }

    /// Whether it is about one of several repositories.
    pub(crate) fn is_one_of_several(&self) -> bool {
        matches!(self.place, Some(Place::Repository(_)))
    }

    pub(crate) fn record(&self) -> &R {
        &self.record
    }

    /// The cells of its row.
    pub(crate) fn row(&self, row: impl FnOnce(&R) -> Vec<Cell>) -> Vec<Cell> {
        let cells = row(&self.record);
        let place = self.place().map(Cell::new);
        place.into_iter().chain(cells).collect()
    }

    /// The columns of a table, with one for the repository if there may be
    /// `several`.
    pub(crate) fn columns(several: bool, columns: Vec<Column>) -> Vec<Column> {
        let repository = several.then(|| Column::flexible("REPOSITORY", 12));
        repository.into_iter().chain(columns).collect()
    }

    const ALL_FIELDS: &'static [&'static str; MAX_FIELDS] = &{
        let mut fields = [REPOSITORY; MAX_FIELDS];
        let mut at = 0;
        while at < R::FIELDS.len() {
            fields[at + 1] = R::FIELDS[at];
            at += 1;
        }
        fields
    };
}

impl<R: Record> Record for RepositoryRecord<R> {
    const FIELDS: &'static [&'static str] = Self::ALL_FIELDS.split_at(R::FIELDS.len() + 1).0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{DeploymentRecord, StatusRecord};

    #[test]
    fn the_repository_is_the_first_field_if_there_may_be_several() {
        assert_eq!(
            RepositoryRecord::<StatusRecord>::FIELDS,
            [&["repository"], StatusRecord::FIELDS].concat()
        );
        let inner = crate::output::record::tests::record();
        let repo = "acme/shop".parse().expect("a repository");
        for (repo, fields) in [
            (Some(&repo), RepositoryRecord::<DeploymentRecord>::FIELDS),
            (None, DeploymentRecord::FIELDS),
        ] {
            let record = RepositoryRecord::new(repo, inner.clone());
            let text = serde_json::to_string(&record).expect("serializes");
            let printed: serde_json::Value = serde_json::from_str(&text).expect("valid");
            let keys: Vec<&String> = printed.as_object().expect("an object").keys().collect();
            assert_eq!(keys, fields);
            // Numbers in a payload keep their digits.
            assert!(text.contains("12345678901234567890.10"), "{text}");
            let cells = record.row(|_| vec![Cell::new("x")]);
            assert_eq!(cells.len(), 1 + usize::from(repo.is_some()));
        }
        let over_all = serde_json::to_value(RepositoryRecord::over_all(inner)).expect("serializes");
        assert_eq!(over_all.get("repository"), Some(&serde_json::Value::Null));
    }
}
