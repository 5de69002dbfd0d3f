use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars};
use jaq_json::{Val, read};

use super::json::depth;

/// A compiled jq filter.
///
/// The language is that of jaq, without `env` and `input`: a filter only sees
/// its input. `halt` ends the output; `halt_error` is an error.
pub(crate) struct Jq {
    filter: Filter<JustLut<Val>>,
}

/// One output of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JqOutput {
    /// A string, printed raw.
    Text(String),
    /// Any other value, as compact JSON.
    Json(String),
}

/// A jq filter with a syntax error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--jq: {message} at column {} of \"{source_line}\"", .column + 1)]
pub(crate) struct JqSyntaxError {
    pub message: String,
    /// The line of the filter with the error.
    pub source_line: String,
    /// The column on that line, in characters from 0.
    pub column: usize,
}

impl JqSyntaxError {
    fn new(source: &str, at: usize, message: String) -> Self {
        let at = at.min(source.len());
        let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source[at..].find('\n').map_or(source.len(), |n| at + n);
        Self {
            message,
            source_line: source[start..end].to_owned(),
            column: source[start..at].chars().count(),
        }
    }

    /// The line with the error, and a line with a `^` below it.
    pub(crate) fn caret(&self) -> [String; 2] {
        let before: String = self.source_line.chars().take(self.column).collect();
        let before = crate::term::width(&crate::term::visible(&before));
        [
            format!("  {}", self.source_line),
            format!("  {}^", " ".repeat(before)),
        ]
    }
}

/// A filter that failed on its input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--jq: {0}")]
pub(crate) struct JqError(String);

/// The deepest nesting of a filter's input; the filter recurses into it.
const DEEPEST: usize = 512;

/// Definitions that jaq's library lacks, or that replace its own, because those
/// write to standard error directly.
const PRELUDE: &str = r#"
def stderr: .;
def debug: .;
def debug(msgs): .;
def halt_error: error;
def halt_error($exit_code): error;
def __replace($from; $to): split($from) | join($to);
def @csv: [.[] |
  if type == "string" then "\"" + __replace("\""; "\"\"") + "\""
  elif . == null then ""
  elif type == "array" or type == "object" then error("cannot put an array or object in @csv")
  else tostring end] | join(",");
def @tsv: [.[] |
  if type == "string" then
    __replace("\\"; "\\\\") | __replace("\t"; "\\t") | __replace("\n"; "\\n") | __replace("\r"; "\\r")
  elif . == null then ""
  elif type == "array" or type == "object" then error("cannot put an array or object in @tsv")
  else tostring end] | join("\t");
"#;

impl Jq {
    pub(crate) fn compile(source: &str) -> Result<Self, JqSyntaxError> {
        let defs = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs())
            .chain(load::parse(PRELUDE, |parser| parser.defs()).unwrap_or_default());
        let funs = jaq_core::funs()
            .chain(jaq_std::funs().filter(|(name, ..)| *name != "env"))
            .chain(jaq_json::funs());
        let arena = Arena::default();
        let program = File {
            code: source,
            path: (),
        };
        let modules = Loader::new(defs)
            .load(&arena, program)
            .map_err(|errors| loading(source, errors))?;
        let filter = Compiler::default()
            .with_funs(funs)
            .compile(modules)
            .map_err(|errors| compiling(source, errors))?;
        Ok(Self { filter })
    }

    /// Runs the filter on one JSON value and passes on each output as it is
    /// produced. Integers keep all their digits.
    pub(crate) fn run<E: From<JqError>>(
        &self,
        json: &str,
        mut each: impl FnMut(JqOutput) -> Result<(), E>,
    ) -> Result<(), E> {
        if depth(json) > DEEPEST {
            return Err(JqError(format!("the value nests deeper than {DEEPEST} levels")).into());
        }
        let value =
            read::parse_single(json.as_bytes()).map_err(|error| JqError(error.to_string()))?;
        let context = Ctx::<JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        for output in self.filter.id.run((context, value)) {
            match output {
                Ok(value) => each(output_of(&value))?,
                Err(exception) => {
                    return match exception.get_err() {
                        Ok(error) => Err(JqError(in_short(error.to_string())).into()),
                        // The only other exception is `halt`.
                        Err(_) => Ok(()),
                    };
                }
            }
        }
        Ok(())
    }
}

/// Error messages repeat the input of the filter, which may be a whole list.
fn in_short(message: String) -> String {
    const LONGEST: usize = 300;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

impl std::fmt::Debug for Jq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jq").finish_non_exhaustive()
    }
}

fn output_of(value: &Val) -> JqOutput {
    match value {
        Val::TStr(bytes) | Val::BStr(bytes) => {
            JqOutput::Text(String::from_utf8_lossy(bytes).into_owned())
        }
        other => JqOutput::Json(other.to_string()),
    }
}

fn loading(source: &str, errors: load::Errors<&str, ()>) -> JqSyntaxError {
    let first = errors.into_iter().next().map(|(_, error)| error);
    match first {
        Some(load::Error::Lex(errors)) => first_of(source, errors, |(expected, found)| {
            (found, format!("expected {}", expected.as_str()))
        }),
        Some(load::Error::Parse(errors)) => first_of(source, errors, |(expected, found)| {
            (found, format!("expected {}", expected.as_str()))
        }),
        Some(load::Error::Io(errors)) => first_of(source, errors, |(found, _)| {
            (found, "modules cannot be loaded".to_owned())
        }),
        None => JqSyntaxError::new(source, source.len(), "not a filter".to_owned()),
    }
}

fn compiling(source: &str, errors: jaq_core::compile::Errors<&str, ()>) -> JqSyntaxError {
    let errors = errors.into_iter().next().map(|(_, errors)| errors);
    first_of(source, errors.unwrap_or_default(), |(name, undefined)| {
        (name, format!("undefined {}", undefined.as_str()))
    })
}

/// The first error and its position.
fn first_of<'s, E>(
    source: &str,
    errors: Vec<E>,
    describe: impl Fn(E) -> (&'s str, String),
) -> JqSyntaxError {
    match errors.into_iter().next().map(describe) {
        Some((found, message)) => {
            // The reported text is a slice of the source, or empty at its end.
            let at = (found.as_ptr() as usize).checked_sub(source.as_ptr() as usize);
            let at = at.filter(|&at| !found.is_empty() && source.is_char_boundary(at));
            JqSyntaxError::new(source, at.unwrap_or(source.len()), message)
        }
        None => JqSyntaxError::new(source, source.len(), "not a filter".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(filter: &str, json: &str) -> Result<Vec<String>, JqError> {
        let mut outputs = Vec::new();
        Jq::compile(filter).expect("a filter").run(json, |output| {
            outputs.push(match output {
                JqOutput::Text(text) => format!("text {text}"),
                JqOutput::Json(json) => json,
            });
            Ok::<_, JqError>(())
        })?;
        Ok(outputs)
    }

    #[test]
    fn ids_keep_all_their_digits() {
        let json = r#"[{"id":9007199254740993},{"id":18446744073709551615},{"id":123456789012345678901234567890}]"#;
        assert_eq!(
            run(".[].id", json).expect("runs"),
            [
                "9007199254740993",
                "18446744073709551615",
                "123456789012345678901234567890"
            ]
        );
        assert_eq!(
            run("map(.id) | max", json).expect("runs"),
            ["123456789012345678901234567890"]
        );
    }

    #[test]
    fn strings_are_raw_and_the_rest_is_compact_json_in_its_order() {
        assert_eq!(
            run(".a, .", r#"{"b":1.50,"a":"x\ny","c":null}"#).expect("runs"),
            ["text x\ny", r#"{"b":1.50,"a":"x\ny","c":null}"#]
        );
        assert_eq!(
            run(
                r#".[] | select(.state == "active") | [.id, (.ref | ascii_upcase)] | @tsv"#,
                r#"[{"id":1,"ref":"a","state":"active"},{"id":2,"ref":"b","state":"inactive"}]"#
            )
            .expect("runs"),
            ["text 1\tA"]
        );
    }

    #[test]
    fn rows_for_other_programs_are_quoted() {
        let json = r#"["a\tb\\c\nd", "say \"hi\"", 5584461344, null, true, ""]"#;
        assert_eq!(
            run("@tsv", json).expect("runs"),
            ["text a\\tb\\\\c\\nd\tsay \"hi\"\t5584461344\t\ttrue\t"]
        );
        assert_eq!(
            run("@csv", json).expect("runs"),
            ["text \"a\tb\\c\nd\",\"say \"\"hi\"\"\",5584461344,,true,\"\""]
        );
        assert!(run("@tsv", "[[1]]").is_err());
    }

    #[test]
    fn what_people_write_for_gh_works() {
        for (filter, output) in [
            (r#"map(select(.ref | startswith("ma"))) | length"#, "1"),
            (
                r"group_by(.env) | map({(.[0].env): length}) | add",
                r#"{"p":1,"s":1}"#,
            ),
            (r"sort_by(.id) | reverse | first | .ref", "text main"),
            (
                r"[.[] | .at | fromdate] | max | todate",
                "text 2026-01-31T12:00:00Z",
            ),
            (r#"map(.ref | test("^m.*n$")) | any"#, "true"),
            (r#".[0] | "\(.id) \(.ref)""#, "text 7 main"),
            (r"[limit(1; .[].id)] | tojson", "text [7]"),
            (r#"[.[].ref | ltrimstr("ma")] | join("/")"#, "text in/dev"),
            (r".[1].payload | fromjson | .n", "12345678901234567890"),
            (r#"([paths] | length > 4) and (.[0] | has("id"))"#, "true"),
        ] {
            let json = r#"[{"id":7,"ref":"main","env":"p","at":"2026-01-31T12:00:00Z"},
                {"id":3,"ref":"dev","env":"s","at":"2026-01-30T12:00:00Z","payload":"{\"n\":12345678901234567890}"}]"#;
            assert_eq!(run(filter, json).expect(filter), [output], "{filter}");
        }
    }

    #[test]
    fn a_failing_filter_says_why() {
        let error = run(".[].id", r#""text""#).expect_err("fails").to_string();
        assert!(error.starts_with("--jq: cannot "), "{error}");
        assert_eq!(
            run(r#""no" | halt_error"#, "null")
                .expect_err("fails")
                .to_string(),
            "--jq: \"no\""
        );
        assert_eq!(run("1, halt, 2", "null").expect("ends"), ["1"]);
        assert_eq!(run("debug, stderr", "1").expect("runs"), ["1", "1"]);
    }

    #[test]
    fn an_error_does_not_repeat_a_whole_list() {
        let list = serde_json::to_string(&vec!["deployment"; 1000]).expect("JSON");
        let error = run(".id", &list).expect_err("fails").to_string();
        assert!(
            error.starts_with("--jq: cannot index [\"deployment\""),
            "{error}"
        );
        assert!(
            error.chars().count() < 400 && error.ends_with('…'),
            "{error}"
        );
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        let json = "[".repeat(200_000) + &"]".repeat(200_000);
        let error = run("length", &json).expect_err("too deep").to_string();
        assert_eq!(error, "--jq: the value nests deeper than 512 levels");
    }

    #[test]
    fn a_bad_filter_is_pointed_at() {
        for (filter, message, column) in [
            (".[", "expected closing bracket", 2),
            (".id | nosuch", "undefined filter", 6),
            (".id | $x", "undefined variable", 6),
            ("if .", "expected then", 4),
            ("\"é\" | nosuch", "undefined filter", 6),
            ("", "expected term", 0),
            ("env.HOME", "undefined filter", 0),
            ("import \"a\" as a; .", "modules cannot be loaded", 8),
            (".id |\n  nosuch", "undefined filter", 2),
        ] {
            let error = Jq::compile(filter).expect_err(filter);
            assert_eq!(
                (error.message.as_str(), error.column),
                (message, column),
                "{filter}"
            );
        }
        let error = Jq::compile(".id | nosuch").expect_err("undefined");
        assert_eq!(
            error.to_string(),
            "--jq: undefined filter at column 7 of \".id | nosuch\""
        );
        assert_eq!(error.caret(), ["  .id | nosuch", "        ^"]);
    }
}
