use std::io::{self, Write};

use jiff::Timestamp;

use super::fields::{FieldSelection, LongRecord, Record, UnknownField};
use super::jq::{Jq, JqError, JqOutput, JqSyntaxError};
use super::json::Look;
use super::template::{Template, TemplateError};
use crate::term::{Term, is_broken_pipe, visible_text};

/// The options that select the format.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormatArgs {
    /// `--json[=FIELDS]`; empty for all fields.
    pub json: Option<String>,
    /// `--jsonl[=FIELDS]`; empty for all fields.
    pub jsonl: Option<String>,
    pub jq: Option<String>,
    pub template: Option<String>,
}

impl FormatArgs {
    /// Whether errors are printed as JSON, because the result is JSON.
    pub(crate) fn json_errors(&self) -> bool {
        self.json.is_some() || self.jsonl.is_some()
    }
}

/// Format options that cannot be used; reported before any request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatError {
    #[error(transparent)]
    Field(#[from] UnknownField),
    #[error(transparent)]
    Jq(#[from] JqSyntaxError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Two options exclude each other.
    #[error("{0} and {1} cannot be used together")]
    Conflict(&'static str, &'static str),
}

impl FormatError {
    /// Two lines that show where the jq filter is wrong.
    pub(crate) fn caret(&self) -> Option<[String; 2]> {
        match self {
            Self::Jq(error) => Some(error.caret()),
            Self::Field(_) | Self::Template(_) | Self::Conflict(..) => None,
        }
    }
}

/// A result that could not be printed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    #[error("cannot write the output")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Jq(#[from] JqError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("cannot write the result as JSON")]
    Json(#[from] serde_json::Error),
}

impl OutputError {
    /// Whether the reader of standard output has closed it, which is not an
    /// error.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if is_broken_pipe(error))
    }
}

/// The format of a command's result, with the filter or template compiled.
#[derive(Debug)]
pub(crate) struct Format {
    pub(super) mode: Mode,
    pub(super) selection: FieldSelection,
    pub(super) look: Look,
}

#[derive(Debug)]
pub(super) enum Mode {
    Human,
    Json {
        lines: bool,
    },
    Jq {
        filter: Jq,
        lines: bool,
    },
    Template {
        template: Box<Template>,
        lines: bool,
    },
}

impl Format {
    /// Checks the options for records with these fields. Templates count ages
    /// from `now`.
    pub(crate) fn new(
        known_fields: &'static [&'static str],
        args: &FormatArgs,
        term: &Term,
        now: Timestamp,
    ) -> Result<Self, FormatError> {
        let fields = match (args.json.as_deref(), args.jsonl.as_deref()) {
            (Some(json), Some(jsonl)) if !json.is_empty() && !jsonl.is_empty() => {
                return Err(FormatError::Conflict("--json=FIELDS", "--jsonl=FIELDS"));
            }
            (Some(json), Some("") | None) => json,
            (_, Some(jsonl)) => jsonl,
            (None, None) => "",
        };
        let selection = FieldSelection::parse(fields, known_fields)?;
        let lines = args.jsonl.is_some();
        let mode = match (&args.jq, &args.template) {
            (Some(_), Some(_)) => return Err(FormatError::Conflict("--jq", "--template")),
            (Some(jq), None) => Mode::Jq {
                filter: Jq::compile(jq)?,
                lines,
            },
            (None, Some(template)) => Mode::Template {
                template: Box::new(Template::compile(
                    template,
                    known_fields,
                    term.palette(),
                    term.stdout_is_tty(),
                    now,
                )?),
                lines,
            },
            (None, None) if args.json_errors() => Mode::Json { lines },
            (None, None) => Mode::Human,
        };
        Ok(Self {
            mode,
            selection,
            look: Look::of(term),
        })
    }

    /// Whether the result is printed as a table or as plain lines.
    pub(crate) fn is_human(&self) -> bool {
        matches!(self.mode, Mode::Human)
    }

    /// Whether `field` may be printed and so has to be requested.
    pub(crate) fn needs(&self, field: &str) -> bool {
        self.is_human() || self.selection.needs(field)
    }

    /// Whether the user named `field`.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.selection != FieldSelection::All && self.selection.needs(field)
    }

    /// Prints one record. `human` prints it if no format was requested.
    pub(crate) fn print_one<R: Record>(
        &self,
        term: &Term,
        record: &R,
        human: impl FnOnce() -> io::Result<()>,
    ) -> Result<(), OutputError> {
        if self.is_human() {
            return Ok(human()?);
        }
        self.print_json(term, &self.selection.json(record)?)
    }

    /// Prints the JSON of one record.
    fn print_json(&self, term: &Term, json: &str) -> Result<(), OutputError> {
        let mut out = term.out();
        match &self.mode {
            Mode::Human => {}
            Mode::Json { lines: true } => {
                writeln!(out, "{}", self.look.on_one_line().apply(json, 0))?;
            }
            Mode::Json { lines: false } => writeln!(out, "{}", self.look.apply(json, 0))?,
            Mode::Jq { .. } | Mode::Template { .. } => self.process(&mut out, term, json)?,
        }
        Ok(out.finish()?)
    }

    /// Prints one record in the requested format. Compact JSON is written field
    /// by field, because it may be large; a filter, a template and a terminal
    /// need the whole JSON.
    pub(crate) fn print_long<R: LongRecord>(
        &self,
        term: &Term,
        record: &R,
    ) -> Result<(), OutputError> {
        let streams = matches!(self.mode, Mode::Json { .. }) && self.look.is_plain();
        if streams {
            let mut out = term.out();
            let written = self.selection.write_long(record, R::FIELDS, &mut out);
            written.map_err(|error| {
                if error.is_io() {
                    OutputError::Io(error.into())
                } else {
                    OutputError::Json(error)
                }
            })?;
            writeln!(out)?;
            return Ok(out.finish()?);
        }
        let mut json = Vec::new();
        self.selection.write_long(record, R::FIELDS, &mut json)?;
        self.print_json(term, &String::from_utf8_lossy(&json))
    }

    /// Applies the filter or the template to one JSON value and prints the
    /// result.
    pub(super) fn process(
        &self,
        out: &mut impl Write,
        term: &Term,
        json: &str,
    ) -> Result<(), OutputError> {
        match &self.mode {
            Mode::Human | Mode::Json { .. } => Ok(()),
            Mode::Jq { filter, .. } => filter.run(json, |output| match output {
                JqOutput::Text(text) if term.stdout_is_tty() => {
                    Ok(writeln!(out, "{}", visible_text(&text))?)
                }
                JqOutput::Text(text) => Ok(writeln!(out, "{text}")?),
                JqOutput::Json(json) => Ok(writeln!(out, "{}", self.look.apply(&json, 0))?),
            }),
            Mode::Template { template, .. } => {
                let text = template.render(json)?;
                out.write_all(text.as_bytes())?;
                if !text.is_empty() && !text.ends_with('\n') {
                    out.write_all(b"\n")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
