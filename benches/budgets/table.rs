use std::fmt;

/// The rows of the table, and the measurements that were not possible.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
    notes: Vec<String>,
}

impl Table {
    /// Adds a row. `met` is whether the budget is kept; `None` where the row
    /// has none.
    pub(crate) fn row(
        &mut self,
        what: impl Into<String>,
        budget: impl Into<String>,
        found: impl Into<String>,
        met: Option<bool>,
    ) {
        let met = match met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        let row = [what.into(), budget.into(), found.into(), met.to_owned()];
        eprintln!("{}: {}", row[0], row[2]);
        self.rows.push(row);
    }

    /// Adds what is left out, and why.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            eprintln!("{text}");
            self.notes.push(text);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| What | Budget | Measured | Met |")?;
        writeln!(f, "|---|---|---|---|")?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}.")?;
        }
        Ok(())
    }
}
