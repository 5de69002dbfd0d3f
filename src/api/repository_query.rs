use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::graphql::{InRepository, Partial};
use super::query_variables::QueryVariables;
use super::{ApiError, Client};
use crate::model::RepoSlug;

/// A GraphQL query of a repository that is made of parts.
pub(super) struct RepositoryQuery {
    variables: QueryVariables,
    asked: String,
}

impl RepositoryQuery {
    pub(super) fn new(repo: &RepoSlug) -> Self {
        let mut query = Self {
            variables: QueryVariables::default(),
            asked: String::new(),
        };
        query.declare("owner", "String!", repo.owner());
        query.declare("name", "String!", repo.name());
        query
    }

    /// Declares a variable and sets its value.
    pub(super) fn declare(&mut self, name: &str, kind: &str, value: impl Into<Value>) {
        self.variables.declare(name, kind, value);
    }

    /// Asks for fields of the repository.
    pub(super) fn ask(&mut self, fields: &str) {
        self.asked.push_str(fields);
        self.asked.push(' ');
    }

    /// Asks for the `first` newest deployments of an environment after a cursor,
    /// under the alias `e` with an index. `fields` are those of a deployment.
    pub(super) fn ask_deployments(
        &mut self,
        index: usize,
        environment: &str,
        (first, after): (usize, Option<&str>),
        fields: &str,
    ) {
        self.declare(&format!("e{index}"), "[String!]", json!([environment]));
        self.declare(&format!("a{index}"), "String", after);
        self.ask(&format!(
            "e{index}:deployments(first:{first},after:$a{index},environments:$e{index},\
             orderBy:{{field:CREATED_AT,direction:DESC}}){{\
             pageInfo{{hasNextPage endCursor}} nodes{{{fields}}}}}"
        ));
    }

    /// Sends the query with the fragments that it uses.
    pub(super) async fn send<T: DeserializeOwned>(
        self,
        client: &Client,
        fragments: &str,
    ) -> Result<Partial<InRepository<T>>, ApiError> {
        let (declared, asked) = (self.variables.declared(), &self.asked);
        let query = format!(
            "query({declared}){{repository(owner:$owner,name:$name){{{asked}}}}}{fragments}"
        );
        client.graphql(&query, &self.variables.into_values()).await
    }
}
