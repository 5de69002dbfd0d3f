use std::fmt;
use std::io::{self, Seek, Write};

use tempfile::SpooledTempFile;

use super::cell::Cell;
use super::fields::Record;
use super::format::{Format, Mode, OutputError};
use super::table::{Column, Table};
use crate::term::Term;

/// Converts a record to a row.
type MakeRow<'a, R> = Box<dyn Fn(&R) -> Vec<Cell> + 'a>;

/// The compact JSON of each record of a page.
type Jsons<'a> = dyn Iterator<Item = serde_json::Result<String>> + 'a;

/// A result that is printed page by page.
///
/// Rows and JSON lines are printed as they arrive. A JSON array is printed
/// whole or not at all, because a part of it could be mistaken for the complete
/// result. It is collected until [`List::finish`], in a temporary file if it
/// exceeds a megabyte, so memory use is constant. A filter and a template get
/// the whole array at the end, or each record with `--jsonl`.
pub(crate) struct List<'a, R> {
    row: MakeRow<'a, R>,
    printer: Printer<'a>,
}

/// Prints rows or JSON, whatever the type of the records.
struct Printer<'a> {
    format: &'a Format,
    term: &'a Term,
    table: Table,
    /// For a filter or a template: the elements so far, separated by commas.
    whole: String,
    printed: usize,
    /// An array that is printed at the end.
    held: Option<SpooledTempFile>,
}

/// A larger array is collected in a file.
const IN_MEMORY: usize = 1024 * 1024;

impl Format {
    /// Prints many records at once; see [`Format::list`].
    pub(crate) fn print_many<R: Record>(
        &self,
        term: &Term,
        records: &[R],
        columns: Vec<Column>,
        row: impl Fn(&R) -> Vec<Cell>,
    ) -> Result<(), OutputError> {
        let mut list = self.list(term, columns, row);
        list.page(records)?;
        list.finish()
    }

    /// Starts a result that is printed page by page: in a table with `columns`
    /// and one `row` for each record, or in the requested format.
    pub(crate) fn list<'a, R: Record>(
        &'a self,
        term: &'a Term,
        columns: Vec<Column>,
        row: impl Fn(&R) -> Vec<Cell> + 'a,
    ) -> List<'a, R> {
        let printer = Printer {
            format: self,
            term,
            table: Table::new(columns),
            whole: String::new(),
            printed: 0,
            held: None,
        };
        List {
            row: Box::new(row),
            printer,
        }
    }
}

impl<R: Record> List<'_, R> {
    /// Whether there has been no record so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.printer.printed == 0
    }

    pub(crate) fn page(&mut self, records: &[R]) -> Result<(), OutputError> {
        let format = self.printer.format;
        if format.is_human() {
            return self.printer.rows(&mut records.iter().map(&self.row));
        }
        let mut jsons = records.iter().map(|record| format.selection.json(record));
        self.printer.page(&mut jsons)
    }

    /// Prints the rest: the JSON array, or the output of the filter or
    /// template.
    pub(crate) fn finish(self) -> Result<(), OutputError> {
        self.printer.finish()
    }
}

impl Printer<'_> {
    fn rows(&mut self, rows: &mut dyn Iterator<Item = Vec<Cell>>) -> Result<(), OutputError> {
        for row in rows {
            self.table.push(self.term, row)?;
            self.printed += 1;
        }
        Ok(())
    }

    fn page(&mut self, jsons: &mut Jsons<'_>) -> Result<(), OutputError> {
        match &self.format.mode {
            Mode::Human => Ok(()),
            Mode::Json { lines: true } => self.lines(jsons),
            Mode::Json { lines: false } => self.elements(jsons),
            Mode::Jq { lines: true, .. } | Mode::Template { lines: true, .. } => {
                let mut out = self.term.out();
                for json in jsons {
                    self.format.process(&mut out, self.term, &json?)?;
                    self.printed += 1;
                }
                Ok(out.finish()?)
            }
            Mode::Jq { .. } | Mode::Template { .. } => {
                for json in jsons {
                    self.whole.push(if self.printed == 0 { '[' } else { ',' });
                    self.whole.push_str(&json?);
                    self.printed += 1;
                }
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<(), OutputError> {
        match &self.format.mode {
            Mode::Human => Ok(self.table.print(self.term)?),
            Mode::Json { lines: false } => {
                let mut out = self.term.out();
                let mut end = String::new();
                if let Some(mut held) = self.held {
                    held.rewind()?;
                    io::copy(&mut held, &mut out)?;
                    self.format.look.push_break(0, &mut end);
                } else {
                    end.push('[');
                }
                end.push_str("]\n");
                out.write_all(end.as_bytes())?;
                Ok(out.finish()?)
            }
            Mode::Jq { lines: false, .. } | Mode::Template { lines: false, .. } => {
                if self.printed == 0 {
                    self.whole.push('[');
                }
                self.whole.push(']');
                let mut out = self.term.out();
                self.format.process(&mut out, self.term, &self.whole)?;
                Ok(out.finish()?)
            }
            Mode::Json { lines: true }
            | Mode::Jq { lines: true, .. }
            | Mode::Template { lines: true, .. } => Ok(()),
        }
    }

    fn lines(&mut self, jsons: &mut Jsons<'_>) -> Result<(), OutputError> {
        let look = self.format.look.on_one_line();
        let mut out = self.term.out();
        for json in jsons {
            writeln!(out, "{}", look.apply(&json?, 0))?;
            self.printed += 1;
        }
        Ok(out.finish()?)
    }

    fn elements(&mut self, jsons: &mut Jsons<'_>) -> Result<(), OutputError> {
        let look = self.format.look;
        let mut text = String::new();
        for json in jsons {
            text.push(if self.printed == 0 { '[' } else { ',' });
            look.push_break(1, &mut text);
            text.push_str(&look.apply(&json?, 1));
            self.printed += 1;
        }
        if !text.is_empty() {
            let held = self
                .held
                .get_or_insert_with(|| SpooledTempFile::new(IN_MEMORY));
            held.write_all(text.as_bytes())?;
        }
        Ok(())
    }
}

impl<R> fmt::Debug for List<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("printed", &self.printer.printed)
            .finish_non_exhaustive()
    }
}
