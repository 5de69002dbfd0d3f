//! Which deployments a list has.

use rusqlite::types::ToSql;

/// Exact filters, which must all match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct DeploymentFilter {
    /// The recorded commit.
    pub(crate) sha: Option<String>,
    /// The ref as the client sent it.
    pub(crate) reference: Option<String>,
    pub(crate) task: Option<String>,
    /// Any of these environments; `None` is all.
    pub(crate) environments: Option<Vec<String>>,
    /// Oldest first, where the usual order is newest first.
    pub(crate) ascending: bool,
}

impl DeploymentFilter {
    /// The filter as SQL, and the values that it names by their numbers, from 1.
    pub(super) fn conditions<'a>(&'a self, repository: &'a i64) -> (String, Vec<&'a dyn ToSql>) {
        let mut conditions = String::from("deployments.repository_id = ?1");
        let mut values: Vec<&'a dyn ToSql> = vec![repository];
        for (column, value) in [
            ("sha", &self.sha),
            ("ref", &self.reference),
            ("task", &self.task),
        ] {
            if let Some(value) = value {
                values.push(value);
                let number = values.len();
                conditions.push_str(&format!(" AND deployments.{column} = ?{number}"));
            }
        }
        if let Some(environments) = &self.environments {
            let names: Vec<String> = (values.len() + 1..)
                .take(environments.len())
                .map(|number| format!("?{number}"))
                .collect();
            let names = names.join(", ");
            conditions.push_str(&format!(" AND deployments.environment IN ({names})"));
            values.extend(environments.iter().map(|name| name as &dyn ToSql));
        }
        (conditions, values)
    }

    /// The direction of the order, and the operator that compares later
    /// records.
    pub(super) fn order(&self) -> (&'static str, &'static str) {
        if self.ascending {
            ("ASC", ">")
        } else {
            ("DESC", "<")
        }
    }
}
