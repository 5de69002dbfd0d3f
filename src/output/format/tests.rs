use super::super::record::tests::record;
use super::super::{Cell, Column, DeploymentRecord, StatusRecord};
use super::*;
use crate::term::capture;

fn args(
    json: Option<&str>,
    jsonl: Option<&str>,
    jq: Option<&str>,
    template: Option<&str>,
) -> FormatArgs {
    FormatArgs {
        json: json.map(str::to_owned),
        jsonl: jsonl.map(str::to_owned),
        jq: jq.map(str::to_owned),
        template: template.map(str::to_owned),
    }
}

fn format(args: &FormatArgs, term: &Term) -> Result<Format, FormatError> {
    Format::new(DeploymentRecord::FIELDS, args, term, Timestamp::UNIX_EPOCH)
}

fn row(record: &DeploymentRecord) -> Vec<Cell> {
    vec![Cell::new(record.deployment().id.to_string())]
}

fn many(args: &FormatArgs, count: usize) -> String {
    let (term, out, _) = capture::piped();
    let records = vec![record(); count];
    format(args, &term)
        .expect("a format")
        .print_many(&term, &records, vec![Column::rigid("ID")], row)
        .expect("printed");
    out.text()
}

#[test]
fn one_record_in_every_format() {
    for (args, printed) in [
        (args(None, None, None, None), "by hand\n"),
        (
            args(Some("id,ref"), None, None, None),
            "{\"id\":5584461344,\"ref\":\"topic\"}\n",
        ),
        (args(None, Some("ref"), None, None), "{\"ref\":\"topic\"}\n"),
        (
            args(Some("id"), Some(""), None, None),
            "{\"id\":5584461344}\n",
        ),
        (
            args(None, None, Some(".ref, .id"), None),
            "topic\n5584461344\n",
        ),
        (args(None, None, None, Some("{{ ref }}")), "topic\n"),
    ] {
        let (term, out, _) = capture::piped();
        let format = format(&args, &term).expect("a format");
        format
            .print_one(&term, &record(), || term.line("by hand"))
            .expect("printed");
        assert_eq!(out.text(), printed, "{args:?}");
    }
}

#[test]
fn many_records_in_every_format() {
    for (args, none, two) in [
        (args(None, None, None, None), "", "5584461344\n5584461344\n"),
        (
            args(Some("id"), None, None, None),
            "[]\n",
            "[{\"id\":5584461344},{\"id\":5584461344}]\n",
        ),
        (
            args(None, Some("id"), None, None),
            "",
            "{\"id\":5584461344}\n{\"id\":5584461344}\n",
        ),
        (args(None, None, Some("length"), None), "0\n", "2\n"),
        (
            args(Some("id"), None, Some(".[]|keys[]"), None),
            "",
            "id\nid\n",
        ),
        (
            args(None, Some(""), Some(".ref"), None),
            "",
            "topic\ntopic\n",
        ),
        (
            args(None, None, None, Some("{{ items | length }}")),
            "0\n",
            "2\n",
        ),
        (
            args(None, Some(""), None, Some("{{ ref }}")),
            "",
            "topic\ntopic\n",
        ),
    ] {
        assert_eq!(many(&args, 0), none, "{args:?}");
        assert_eq!(many(&args, 2), two, "{args:?}");
    }
}

#[test]
fn an_array_is_printed_whole_or_not_at_all() {
    let (term, out, _) = capture::piped();
    let format = format(&args(Some("id"), None, None, None), &term).expect("a format");
    let mut list = format.list(&term, Vec::new(), row);
    list.page(&[record()]).expect("printed");
    list.page(&[]).expect("printed");
    list.page(&[record()]).expect("printed");
    assert_eq!(out.text(), "", "nothing is printed before the end");
    drop(list);
    assert_eq!(out.text(), "", "the list is incomplete");
    // More than is buffered in memory.
    let whole = args(Some(""), None, None, None);
    let format = Format::new(
        DeploymentRecord::FIELDS,
        &whole,
        &term,
        Timestamp::UNIX_EPOCH,
    );
    let format = format.expect("a format");
    let mut list = format.list(&term, Vec::new(), row);
    for _ in 0..200 {
        list.page(&vec![record(); 10]).expect("printed");
    }
    list.finish().expect("printed");
    assert!(out.text().len() > 1024 * 1024, "{}", out.text().len());
    let all: Vec<serde_json::Value> = serde_json::from_str(&out.text()).expect("an array");
    assert_eq!(all.len(), 2000);
}

#[derive(serde::Serialize)]
struct Long {
    id: u8,
    list: Vec<u8>,
}

impl Record for Long {
    const FIELDS: &'static [&'static str] = &["id", "list"];
}

impl LongRecord for Long {
    fn write_field(&self, field: &str, out: &mut dyn Write) -> serde_json::Result<()> {
        match field {
            "id" => serde_json::to_writer(out, &self.id),
            _ => serde_json::to_writer(out, &self.list),
        }
    }
}

#[test]
fn a_long_record_is_printed_as_a_short_one() {
    let long = Long {
        id: 1,
        list: vec![2, 3],
    };
    for args in [
        args(Some(""), None, None, None),
        args(Some("list"), None, None, None),
        args(Some("list,id"), None, None, None),
        args(None, Some(""), None, None),
        args(None, None, Some(".list[]"), None),
        args(None, None, None, Some("{{ list | length }}")),
    ] {
        for tty in [false, true] {
            let printed = |is_long: bool| {
                let (term, out, _) = if tty {
                    capture::tty(80, false)
                } else {
                    capture::piped()
                };
                let now = Timestamp::UNIX_EPOCH;
                let format = Format::new(Long::FIELDS, &args, &term, now).expect("a format");
                let done = if is_long {
                    format.print_long(&term, &long)
                } else {
                    format.print_one(&term, &long, || Ok(()))
                };
                done.expect("printed");
                out.text()
            };
            assert_eq!(printed(true), printed(false), "{args:?} {tty}");
        }
    }
}

#[test]
fn a_terminal_gets_json_indented_and_lines_on_one_line() {
    let (term, out, _) = capture::tty(80, false);
    let json = format(&args(Some("id,ref"), None, None, None), &term).expect("a format");
    json.print_many(&term, &[record(), record()], Vec::new(), row)
        .expect("printed");
    let element = "  {\n    \"id\": 5584461344,\n    \"ref\": \"topic\"\n  }";
    assert_eq!(out.text(), format!("[\n{element},\n{element}\n]\n"));

    let (term, out, _) = capture::tty(80, false);
    let lines = format(&args(None, Some("id"), None, None), &term).expect("a format");
    lines
        .print_many(&term, &[record()], Vec::new(), row)
        .expect("printed");
    assert_eq!(out.text(), "{\"id\":5584461344}\n");
}

#[test]
fn hostile_text_is_faithful_in_a_pipe_and_harmless_on_a_terminal() {
    for (jq, piped, shown) in [
        (
            ".description",
            "a \"b\"\n\x1b[31m\u{202e}\n",
            "a \"b\"\n\\x1b[31m\\u{202e}\n",
        ),
        (
            "[.description]",
            "[\"a \\\"b\\\"\\n\\u001b[31m\u{202e}\"]\n",
            "[\n  \"a \\\"b\\\"\\n\\u001b[31m\\u202e\"\n]\n",
        ),
    ] {
        for ((term, out, _), expected) in
            [(capture::piped(), piped), (capture::tty(80, false), shown)]
        {
            let format = format(&args(None, None, Some(jq), None), &term).expect("a format");
            format
                .print_one(&term, &record(), || Ok(()))
                .expect("printed");
            assert_eq!(out.text(), expected, "{jq}");
        }
    }
}

#[test]
fn what_cannot_be_used_is_found_at_once() {
    let (term, ..) = capture::piped();
    for (args, message) in [
        (
            args(Some("nosuch"), None, None, None),
            "unknown field \"nosuch\"",
        ),
        (
            args(None, Some("nosuch"), None, None),
            "unknown field \"nosuch\"",
        ),
        (
            args(Some("id"), Some("ref"), None, None),
            "--json=FIELDS and --jsonl=FIELDS cannot be used together",
        ),
        (
            args(None, None, Some("."), Some("x")),
            "--jq and --template cannot be used together",
        ),
        (
            args(None, None, Some(".["), None),
            "--jq: expected closing bracket",
        ),
        (
            args(None, None, None, Some("{{ nosuch }}")),
            "--template: unknown name \"nosuch\"",
        ),
    ] {
        let error = format(&args, &term).expect_err(message);
        assert!(error.to_string().starts_with(message), "{error}");
        assert_eq!(error.caret().is_some(), message.starts_with("--jq:"));
    }
    let status = args(Some("log_url"), None, None, None);
    assert!(Format::new(StatusRecord::FIELDS, &status, &term, Timestamp::UNIX_EPOCH).is_ok());
}

#[test]
fn only_what_is_printed_is_needed() {
    let (term, ..) = capture::piped();
    for (args, needed) in [
        (args(None, None, None, None), true),
        (args(Some(""), None, None, None), true),
        (args(Some("id"), None, None, None), false),
        (args(Some("id"), None, Some(".[].id"), None), false),
        (args(None, None, Some(".[].id"), None), true),
        (args(Some("id,state"), None, None, None), true),
    ] {
        let format = format(&args, &term).expect("a format");
        assert_eq!(format.needs("state"), needed, "{args:?}");
    }
}

#[test]
fn a_filter_that_fails_is_an_error() {
    let (term, out, _) = capture::piped();
    let format = format(&args(None, None, Some(".id.x"), None), &term).expect("a format");
    let error = format
        .print_one(&term, &record(), || Ok(()))
        .expect_err("fails");
    assert!(matches!(error, OutputError::Jq(_)), "{error}");
    assert!(!error.is_broken_pipe());
    assert_eq!(out.text(), "");
}
