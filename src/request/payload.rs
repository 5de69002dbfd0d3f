use std::io::Read as _;
use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{Failure, Kind};
use crate::model::{Payload, RawJson};

/// The deepest nesting of a payload: answers that are nested deeper are not
/// read, and a payload comes back in them.
const DEEPEST_PAYLOAD: usize = 100;

/// Reads `--payload`: JSON, `@FILE`, or `-` for standard input.
pub(crate) fn read_payload(argument: &str) -> Result<Payload, Failure> {
    let text = match argument.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(Path::new(path)).map_err(|error| {
            Failure::new(
                Kind::Usage,
                format!("--payload: the file {path} can't be read: {error}"),
            )
        })?,
        None if argument == "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| {
                    Failure::new(
                        Kind::Usage,
                        format!("--payload: standard input can't be read: {error}"),
                    )
                })?;
            text
        }
        None => argument.to_owned(),
    };
    let json = RawJson::parse(&text).map_err(|error| {
        Failure::new(Kind::Usage, format!("--payload is not JSON: {error}"))
            .hint("a text is JSON in quotes: --payload '\"v1.2\"'")
    })?;
    if json.depth() > DEEPEST_PAYLOAD {
        return Err(Failure::new(
            Kind::Usage,
            format!("--payload is nested more than {DEEPEST_PAYLOAD} deep"),
        ));
    }
    let is_text = json.as_str().starts_with('"');
    if !json.is_object() && !is_text {
        return Err(Failure::new(
            Kind::Usage,
            "--payload is neither an object nor a string, and GitHub takes nothing else",
        ));
    }
    Ok(Payload::new(json))
}

/// Builds the object of `--field KEY=VALUE` options. A value that is JSON
/// (a number, `true`, `null`, an object …) is that; any other is a string.
pub(crate) fn fields_payload(fields: &[String]) -> Result<Option<Payload>, Failure> {
    if fields.is_empty() {
        return Ok(None);
    }
    let mut object = Map::new();
    let mut parts = Vec::new();
    for field in fields {
        let (key, value) = field
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| {
                Failure::new(Kind::Usage, format!("--field {field:?}: write KEY=VALUE"))
            })?;
        if object.insert(key.to_owned(), Value::Null).is_some() {
            return Err(Failure::new(
                Kind::Usage,
                format!("--field: {key:?} is given twice"),
            ));
        }
        let is_json = !value.starts_with('"') && serde_json::from_str::<&RawValue>(value).is_ok();
        let value = if is_json {
            value.to_owned()
        } else {
            Value::from(value).to_string()
        };
        parts.push(format!("{}:{value}", Value::from(key)));
    }
    let json = RawJson::parse(&format!("{{{}}}", parts.join(",")))
        .map_err(|error| Failure::new(Kind::Usage, format!("--field: {error}")))?;
    Ok(Some(Payload::new(json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(list: &[&str]) -> Result<String, String> {
        let list: Vec<String> = list.iter().map(|text| (*text).to_owned()).collect();
        fields_payload(&list)
            .map(|payload| payload.map(|p| p.as_json().to_string()).unwrap_or_default())
            .map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn fields_make_an_object_in_their_order() {
        assert_eq!(
            fields(&[
                "b=text",
                "a=1",
                "c=true",
                "d=null",
                "e=a=b",
                "f=",
                r#"g={"x":[1.10]}"#
            ]),
            Ok(
                r#"{"b":"text","a":1,"c":true,"d":null,"e":"a=b","f":"","g":{"x":[1.10]}}"#
                    .to_owned()
            )
        );
        assert_eq!(fields(&["q=\"x\""]), Ok(r#"{"q":"\"x\""}"#.to_owned()));
    }

    #[test]
    fn what_is_no_field_is_refused() {
        assert!(fields(&["novalue"]).is_err());
        assert!(fields(&["=x"]).is_err());
        assert!(fields(&["a=1", "a=2"]).is_err());
    }

    #[test]
    fn a_payload_is_an_object_or_a_string() {
        for (argument, json) in [
            (r#"{"a": 1.0}"#, r#"{"a":1.0}"#),
            (r#""{\"a\":1}""#, r#""{\"a\":1}""#),
        ] {
            let payload = read_payload(argument).map(|payload| payload.as_json().to_string());
            assert_eq!(payload.ok().as_deref(), Some(json));
        }
        for argument in ["", "plain", "{", "1", "[1]", "null", "@missing-file"] {
            let failure = read_payload(argument).expect_err(argument);
            assert_eq!(failure.kind(), Kind::Usage, "{argument}");
        }
    }
}
