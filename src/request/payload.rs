use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{Failure, Kind};
use crate::model::{Payload, RawJson};
use crate::session::{read_file, read_stdin};

/// The deepest nesting of a payload: answers that are nested deeper are not
/// read, and a payload comes back in them.
const DEEPEST_PAYLOAD: usize = 100;

/// Reads `--payload`: JSON, `@FILE`, or `-` for standard input.
pub(crate) fn read_payload(argument: &str) -> Result<Payload, Failure> {
    let text = match argument.strip_prefix('@') {
        Some(path) => read_file("--payload", Path::new(path))?,
        None if argument == "-" => read_stdin("--payload")?,
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

/// Builds the object of `--field KEY=VALUE` and `--raw-field KEY=VALUE` options.
/// A value of the former that is JSON (a number, `true`, `null`, an object …) is
/// that; any other is a string.
pub(crate) fn fields_payload(
    fields: &[String],
    raw_fields: &[String],
) -> Result<Option<Payload>, Failure> {
    if fields.is_empty() && raw_fields.is_empty() {
        return Ok(None);
    }
    let mut object = Map::new();
    let mut parts = Vec::new();
    let typed = fields.iter().map(|field| ("--field", field));
    let raw = raw_fields.iter().map(|field| ("--raw-field", field));
    for (option, field) in typed.chain(raw) {
        let (key, value) = field
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| {
                Failure::new(Kind::Usage, format!("{option} {field:?}: write KEY=VALUE"))
            })?;
        if object.insert(key.to_owned(), Value::Null).is_some() {
            return Err(Failure::new(
                Kind::Usage,
                format!("{option}: {key:?} is given twice"),
            ));
        }
        let value = if option == "--field" && is_typed(value) {
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

/// Whether a value stands for itself as JSON.
fn is_typed(value: &str) -> bool {
    match value.trim_start().as_bytes().first() {
        // A quote is part of the text.
        Some(b'"') => false,
        Some(b'-' | b'0'..=b'9') => is_exact_number(value),
        _ => serde_json::from_str::<&RawValue>(value).is_ok(),
    }
}

/// Whether a number is still written like this after a program in JavaScript
/// has read it: no version, no short SHA and no large id is one.
fn is_exact_number(text: &str) -> bool {
    /// 2⁵³, up to which every whole number can be told from the next.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    /// JavaScript writes smaller ones with an exponent.
    const SMALLEST: f64 = 1e-6;
    let Ok(number) = text.parse::<f64>() else {
        return false;
    };
    let has_range = text == "0" || (SMALLEST..=LARGEST).contains(&number.abs());
    has_range && number.to_string() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(list: &[&str]) -> Result<String, String> {
        let list: Vec<String> = list.iter().map(|text| (*text).to_owned()).collect();
        fields_payload(&list, &[])
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
    fn a_number_stays_a_number_only_if_its_text_is_preserved() {
        for number in ["0", "5", "-3", "1.5", "0.001", "9007199254740992"] {
            let object = format!("{{\"n\":{number}}}");
            assert_eq!(fields(&[&format!("n={number}")]), Ok(object));
        }
        for text in [
            "7512e88",
            "1.10",
            "2.0",
            "1e5",
            "007",
            "-0",
            "0.0000001",
            "9007199254740993",
            "9007199254740994",
            "0.1000000000000000055",
            "12345678901234567890123",
            "1e999",
            "-",
            "1.",
            "0x1f",
            " 5",
            "5 ",
        ] {
            let object = format!("{{\"n\":\"{text}\"}}");
            assert_eq!(fields(&[&format!("n={text}")]), Ok(object));
        }
    }

    #[test]
    fn a_raw_field_is_always_text() {
        let list = |fields: &[&str]| -> Vec<String> {
            fields.iter().map(|text| (*text).to_owned()).collect()
        };
        let made = |fields: &[&str], raw: &[&str]| fields_payload(&list(fields), &list(raw));
        let payload = made(&["a=1"], &["b=1", "c=true", "d="]).expect("fields");
        let json = payload.map(|payload| payload.as_json().to_string());
        assert_eq!(
            json.as_deref(),
            Some(r#"{"a":1,"b":"1","c":"true","d":""}"#)
        );
        assert!(made(&["a=1"], &["a=1"]).is_err());
        assert!(made(&[], &["a"]).is_err());
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
