use std::error::Error;

use crate::PROGRAM;
use crate::measure::{Run, find, side_by_side};
use crate::table::Table;

/// The cost before the first request.
pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let version = Run::new(PROGRAM, "--version");
    let found = version.instructions()?;
    if let Some(count) = found {
        instructions(table, "`--version`: instructions", 0.8, count);
        measure_help(table)?;
    } else {
        table.note("Instructions are left out: there is no valgrind here");
    }
    let memory = version.memory()?;
    let peak = format!("{memory:.1} MB");
    table.row("`--version`: memory", "≤ 5 MB", peak, Some(memory <= 5.0));
    let Some(gh) = find("gh") else {
        table.note("`gh` is left out: it is not installed here");
        return Ok(());
    };
    let gh = Run::new(gh, "--version");
    if let (Some(own), Some(other)) = (found, gh.instructions()?) {
        let ratio = other / own;
        table.row(
            "`--version`: instructions against `gh`",
            "≥ 550 times fewer",
            format!("{ratio:.0} times fewer"),
            Some(ratio >= 550.0),
        );
    }
    let [own, other] = side_by_side(20, [&version, &gh])?;
    table.row(
        "`--version`: time against `gh`",
        "",
        format!("{own:.1} ms, {:.0} times faster", other / own),
        None,
    );
    Ok(())
}

/// Adds the command whose help costs most.
fn measure_help(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let mut commands = 0;
    let mut most = (0.0, String::new());
    for page in deployctl::internals::pages()? {
        if page.file_name.ends_with(".7") {
            continue; // a topic
        }
        let line = [&page.words[..], &["--help".to_owned()]].concat().join(" ");
        let count = Run::new(PROGRAM, &line).instructions()?;
        let count = count.ok_or("valgrind counts no instructions")?;
        if count > most.0 {
            most = (count, line);
        }
        commands += 1;
    }
    let (count, line) = most;
    let what = format!("`{line}`, the most of {commands} commands: instructions");
    instructions(table, what, 1.8, count);
    Ok(())
}

fn instructions(table: &mut Table, what: impl Into<String>, budget: f64, count: f64) {
    table.row(
        what,
        format!("≤ {budget} M"),
        format!("{count:.2} M"),
        Some(count <= budget),
    );
}
