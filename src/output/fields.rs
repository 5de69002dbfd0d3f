use std::collections::HashMap;
use std::io::Write;

use serde::Serialize;
use serde_json::value::RawValue;

/// What `--json` prints one object of. `FIELDS` are its keys in their order:
/// a promise to scripts, to which there is only added.
pub(crate) trait Record: Serialize {
    /// Every field there is.
    const FIELDS: &'static [&'static str];
}

/// Makes a type a [`Record`] and serializes it, from one list of its fields:
/// `record!(Pair, |pair| { "left": pair.a, "right": pair.b });`.
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
pub(super) use record;

/// A record that may be too large to be held as JSON.
pub(crate) trait LongRecord: Record {
    /// Writes the compact JSON of one of its [`FIELDS`](Record::FIELDS).
    fn write_field(&self, field: &str, out: &mut dyn Write) -> serde_json::Result<()>;
}

/// Which fields of a record are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All there are.
    All,
    /// These, in this order.
    Some(Vec<&'static str>),
}

/// A field that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown field \"{field}\"{}; known fields: {}", did_you_mean(*.nearest), .known.join(", "))]
pub(crate) struct UnknownField {
    /// What was asked for.
    pub field: String,
    /// What was probably meant.
    pub nearest: Option<&'static str>,
    /// Those there are.
    pub known: &'static [&'static str],
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |field| format!(", did you mean \"{field}\"?"))
}

/// How alike two names must be (0 to 1) for one to be meant by the other.
const ALIKE: f64 = 0.75;

impl Selection {
    /// Reads `id,ref,state`: blanks do not count, what is named twice comes
    /// once, and no text at all means every field.
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

    /// Whether `field` is among those that are wanted.
    pub(crate) fn needs(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(fields) => fields.contains(&field),
        }
    }

    /// The compact JSON of `record`, with the wanted fields only. Numbers and
    /// raw values keep every character.
    pub(crate) fn json<R: Serialize>(&self, record: &R) -> serde_json::Result<String> {
        let whole = serde_json::to_string(record)?;
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

impl Selection {
    /// Writes the compact JSON of a record with the wanted ones of its `fields`.
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

/// The one of `known` that `name` was probably meant to be.
pub(super) fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let name = name.to_lowercase();
    known
        .iter()
        .map(|&field| (strsim::jaro_winkler(&name, field), field))
        .filter(|&(alike, _)| alike >= ALIKE)
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
        let parse = |text| Selection::parse(text, KNOWN);
        assert_eq!(parse(""), Ok(Selection::All));
        assert_eq!(parse("  "), Ok(Selection::All));
        assert_eq!(
            parse(" state , id,state"),
            Ok(Selection::Some(vec!["state", "id"]))
        );
    }

    #[test]
    fn an_unknown_field_is_answered_with_those_there_are() {
        let error = |text| {
            Selection::parse(text, KNOWN)
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
        let selection = Selection::Some(vec!["payload", "id"]);
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
            let selection = Selection::parse(&wanted.join(","), KNOWN).expect("known");
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
