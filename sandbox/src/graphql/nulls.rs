//! Where an error leaves a null
//! (<https://spec.graphql.org/October2021/#sec-Handling-Field-Errors>).
//!
//! The library omits a failed field from its object, but a client must see
//! `null` there, or in the nearest parent that is nullable. The library also
//! turns an object whose fields were all skipped into null; where the type is
//! not nullable, an empty object replaces it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
};
use async_graphql::indexmap::IndexMap;
use async_graphql::{
    QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value, async_trait,
};

/// Puts the nulls in.
#[derive(Debug)]
pub(super) struct Nulls;

impl ExtensionFactory for Nulls {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Errors::default())
    }
}

/// A step from an object to a field of it, or from a list to its element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    Field(String),
    Element(usize),
}

#[derive(Debug, Default)]
struct Found {
    errors: Vec<ServerError>,
    /// The objects with a field that must not be null and is.
    broken: HashSet<Vec<Step>>,
    /// The lists with an element that an error made null.
    gaps: HashSet<Vec<Step>>,
}

/// The errors of one request.
#[derive(Debug, Default)]
struct Errors(Mutex<Found>);

fn path(node: &QueryPathNode<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = std::iter::once(node)
        .chain(node.parents())
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => Step::Field(name.to_owned()),
            QueryPathSegment::Index(index) => Step::Element(index),
        })
        .collect();
    steps.reverse();
    steps
}

fn is_element(node: &QueryPathNode<'_>) -> bool {
    matches!(node.segment, QueryPathSegment::Index(_))
}

/// Whether a type is a list such as `[Deployment!]`.
fn is_list_without_nulls(kind: &str) -> bool {
    kind.trim_end_matches('!').ends_with("!]")
}

#[async_trait::async_trait]
impl Extension for Errors {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (node, kind) = (info.path_node, info.return_type);
        let result = next.run(ctx, info).await;
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let result = result.map(|value| match value {
            Some(Value::Null) if kind.ends_with('!') && !is_element(node) => {
                Some(Value::Object(IndexMap::new()))
            }
            value => value,
        });
        let value = match result {
            Ok(value) if found.broken.is_empty() && found.gaps.is_empty() => return Ok(value),
            Ok(value) => Some(value),
            Err(error) => {
                found.errors.push(error);
                None
            }
        };
        let mut place = path(node);
        let broken = found.broken.remove(&place);
        let gap = found.gaps.remove(&place);
        if let Some(value) = value
            && !broken
            && !(gap && is_list_without_nulls(kind))
        {
            return Ok(value);
        }
        // The library does not know whether an element is nullable; the list
        // that contains it does.
        match place.pop() {
            Some(Step::Element(_)) => {
                found.gaps.insert(place);
            }
            _ if kind.ends_with('!') => {
                found.broken.insert(place);
            }
            _ => {}
        }
        Ok(Some(Value::Null))
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        response.errors.append(&mut found.errors);
        if found.broken.remove(&Vec::new()) {
            response.data = Value::Null;
        } else if response.errors.is_empty() && response.data == Value::Null {
            response.data = Value::Object(IndexMap::new());
        }
        response
    }
}
