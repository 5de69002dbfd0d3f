use std::collections::HashMap;
use std::io::Write;

use serde::Serialize;
use serde_json::value::RawValue;

/// A type that `--json` prints as an object.
pub(crate) trait Record: Serialize {
    /// The keys of the object in their order. They are a promise to scripts:
    /// fields are only added.
    const FIELDS: &'static [&'static str];
}

/// Implements [`Record`] and `Serialize` for a type from one list of its
/// fields: `record!(Pair, |pair| { "left": pair.a, "right": pair.b });`.
macro_rules! record {
    ($type:ty, |$record:ident| { $($name:literal: $value:expr),* $(,)? }) => {
        impl $crate::output::Record for $type {
            const FIELDS: &'static [&'static str] = &[$($name),*];
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let $record = self;
                let mut object = serializer.serialize_map(Some([$($name),*].len()))?;
                $(object.serialize_entry($name, &$value)?;)*
                object.end()
            }
        }
    };
}
pub(crate) use record;

/// A record whose JSON may be too large to hold in memory.
pub(crate) trait LongRecord: Record {
    /// Writes the compact JSON of one of its [`FIELDS`](Record::FIELDS).
    fn write_field(&self, field: &str, out: &mut dyn Write) -> serde_json::Result<()>;
}

/// The fields of a record that were requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldSelection {
    All,
    Some(Vec<&'static str>),
}

/// `--json` names a field that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown field \"{field}\"{}; known fields: {}", suggestion(*.nearest), .known.join(", "))]
pub(crate) struct UnknownField {
    pub field: String,
    /// The most similar field.
    pub nearest: Option<&'static str>,
    pub known: &'static [&'static str],
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |field| format!(", did you mean \"{field}\"?"))
}

/// The least similarity (0 to 1) at which a name is suggested instead of
/// another.
const MIN_SIMILARITY: f64 = 0.75;

impl FieldSelection {
    /// Parses a list such as `id,ref,state`. Spaces and repeated fields are
    /// ignored; an empty text selects every field.
    pub(crate) fn parse(text: &str, known: &'static [&'static str]) -> Result<Self, UnknownField> {
        if text.trim().is_empty() {
            return Ok(Self::All);
        }
        let mut fields = Vec::new();
        for name in text.split(',').map(str::trim) {
            let Some(field) = known.iter().copied().find(|&field| field == name) else {
                return Err(UnknownField {
                    field: name.to_owned(),
                    nearest: nearest(name, known),
                    known,
                });
            };
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        Ok(Self::Some(fields))
    }

    pub(crate) fn needs(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(fields) => fields.contains(&field),
        }
    }

    /// The compact JSON of `record` with the selected fields. Numbers and raw
    /// values keep every character.
    pub(crate) fn json<R: Serialize>(&self, record: &R) -> serde_json::Result<String> {
        self.select(serde_json::to_string(record)?)
    }

    /// The selected fields of a whole record, which is compact JSON.
    fn select(&self, whole: String) -> serde_json::Result<String> {
        let Self::Some(fields) = self else {
            return Ok(whole);
        };
        let values: HashMap<&str, &RawValue> = serde_json::from_str(&whole)?;
        let mut json = String::from("{");
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                json.push(',');
            }
            json.push('"');
            json.push_str(field);
            json.push_str("\":");
            json.push_str(values.get(field).map_or("null", |value| value.get()));
        }
        json.push('}');
        Ok(json)
    }
}

impl FieldSelection {
    /// Writes the compact JSON of a record with the selected ones of its
    /// `fields`.
    pub(super) fn write_long<R: LongRecord>(
        &self,
        record: &R,
        fields: &[&'static str],
        out: &mut dyn Write,
    ) -> serde_json::Result<()> {
        let fields = match self {
            Self::All => fields,
            Self::Some(wanted) => wanted,
        };
        for (at, field) in fields.iter().enumerate() {
            let before = if at == 0 { '{' } else { ',' };
            write!(out, "{before}\"{field}\":").map_err(serde_json::Error::io)?;
            record.write_field(field, out)?;
        }
        out.write_all(b"}").map_err(serde_json::Error::io)
    }
}

/// The field in `known` that is most similar to `name`, if one is similar
/// enough.
pub(super) fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let name = name.to_lowercase();
    known
        .iter()
        .map(|&field| (strsim::jaro_winkler(&name, field), field))
        .filter(|&(alike, _)| alike >= MIN_SIMILARITY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, field)| field)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const KNOWN: &[&str] = &["id", "ref", "state", "payload", "environment"];

    #[test]
    fn fields_come_once_and_as_asked() {
        let parse = |text| FieldSelection::parse(text, KNOWN);
        assert_eq!(parse(""), Ok(FieldSelection::All));
        assert_eq!(parse("  "), Ok(FieldSelection::All));
        assert_eq!(
            parse(" state , id,state"),
            Ok(FieldSelection::Some(vec!["state", "id"]))
        );
    }

    #[test]
    fn an_unknown_field_is_answered_with_those_there_are() {
        let error = |text| {
            FieldSelection::parse(text, KNOWN)
                .expect_err("unknown")
                .to_string()
        };
        assert_eq!(
            error("id,enviroment"),
            "unknown field \"enviroment\", did you mean \"environment\"?; known fields: id, ref, state, payload, environment"
        );
        assert_eq!(
            error("zzz"),
            "unknown field \"zzz\"; known fields: id, ref, state, payload, environment"
        );
        assert!(error("ID").contains("did you mean \"id\"?"));
        assert!(error("id,").contains("unknown field \"\""));
        assert!(error("created_at\n").contains("unknown field \"created_at\""));
    }

    #[test]
    fn raw_numbers_keep_their_digits() {
        #[derive(Serialize)]
        struct Thing {
            id: u64,
            payload: Box<RawValue>,
        }
        let payload = r#"{"n":12345678901234567890123456789.10,"n":1E400}"#;
        let thing = Thing {
            id: u64::MAX,
            payload: RawValue::from_string(payload.to_owned()).expect("valid"),
        };
        let selection = FieldSelection::Some(vec!["payload", "id"]);
        assert_eq!(
            selection.json(&thing).expect("serializes"),
            format!("{{\"payload\":{payload},\"id\":18446744073709551615}}")
        );
    }

    proptest! {
        #[test]
        fn what_is_selected_is_what_was_there(
            id: u64, name in any::<String>(), wanted in proptest::sample::subsequence(KNOWN, 1..5).prop_shuffle()
        ) {
            let record = json!({ "id": id, "ref": name, "state": null, "payload": [name], "environment": 1.5 });
            let selection = FieldSelection::parse(&wanted.join(","), KNOWN).expect("known");
            let text = selection.json(&record).expect("serializes");
            let selected: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&text).expect("an object");
            prop_assert_eq!(selected.keys().map(String::as_str).collect::<Vec<_>>(), wanted.clone());
            for field in wanted {
                prop_assert_eq!(&selected[field], &record[field]);
                prop_assert!(selection.needs(field));
            }
        }
    }
}
