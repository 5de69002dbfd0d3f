//! The operation that a GraphQL request names, with its fragments and variables
//! (<https://spec.graphql.org/October2021/#sec-Executing-Requests>).

use std::collections::HashMap;

use apollo_compiler::ast::{
    Definition, Document, Field, FragmentDefinition, OperationDefinition, Value as Literal,
};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::WithErrors;
use serde_json::{Map, Value};

/// The most levels of a document, so that it cannot exhaust the stack.
const MAX_LEVELS: usize = 200;

/// Reads a document without holding it against a schema.
pub(crate) fn parse(query: &str) -> Result<Document, WithErrors<Document>> {
    let mut parser = Parser::new().recursion_limit(MAX_LEVELS);
    parser.parse_ast(query, "query")
}

/// The operation of a document that is selected to run.
#[derive(Debug)]
pub(crate) struct RequestedOperation<'a> {
    pub(crate) definition: &'a OperationDefinition,
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    variables: &'a Map<String, Value>,
}

impl<'a> RequestedOperation<'a> {
    /// The operation with this name, the first without a name; `None` if the
    /// document lacks it.
    pub(crate) fn find(
        document: &'a Document,
        name: Option<&str>,
        variables: &'a Map<String, Value>,
    ) -> Option<Self> {
        let operations = document.definitions.iter();
        let mut operations = operations.filter_map(Definition::as_operation_definition);
        let definition = operations.find(|operation| {
            name.is_none_or(|name| operation.name.as_ref().is_some_and(|own| own == name))
        })?;
        let fragments = document.definitions.iter();
        let fragments = fragments.filter_map(Definition::as_fragment_definition);
        Some(Self {
            definition,
            fragments: fragments
                .map(|fragment| (fragment.name.as_str(), &**fragment))
                .collect(),
            variables,
        })
    }

    pub(crate) fn fragment(&self, name: &str) -> Option<&'a FragmentDefinition> {
        self.fragments.get(name).copied()
    }

    /// The value of an argument, with its variables; `None` if it is left out or
    /// a variable is not known.
    pub(crate) fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let arguments = &field.arguments;
        let argument = arguments.iter().find(|argument| argument.name == name)?;
        literal(&argument.value, &|name| self.variable(name))
    }

    /// The value of a variable, which may be its default.
    pub(crate) fn variable(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.variables.get(name) {
            return Some(value.clone());
        }
        let mut definitions = self.definition.variables.iter();
        let definition = definitions.find(|definition| definition.name == name)?;
        literal(definition.default_value.as_ref()?, &|_| None)
    }
}

/// The JSON form of a literal; `None` if it has a variable that is not known.
pub(crate) fn literal(value: &Literal, variable: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    Some(match value {
        Literal::Null => Value::Null,
        Literal::Enum(name) => name.as_str().into(),
        Literal::Variable(name) => variable(name)?,
        Literal::String(text) => text.as_str().into(),
        Literal::Float(number) => number.try_to_f64().ok()?.into(),
        Literal::Int(number) => serde_json::from_str(number.as_str()).ok()?,
        Literal::Boolean(value) => (*value).into(),
        Literal::List(items) => items
            .iter()
            .map(|item| literal(item, variable))
            .collect::<Option<_>>()?,
        Literal::Object(fields) => fields
            .iter()
            .map(|(name, value)| Some((name.to_string(), literal(value, variable)?)))
            .collect::<Option<Map<_, _>>>()?
            .into(),
    })
}
