use std::collections::BTreeSet;

use jiff::Timestamp;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::fields::nearest;
use super::json::map_strings;
use super::time;
use crate::term::{Palette, Role, truncate, visible, width};

/// A compiled template in Jinja syntax.
///
/// The fields of an object are variables (`{{ id }}`), the elements of an array
/// are in `items`, and `it` is the value itself. `null` and its fields print
/// nothing. In addition to Jinja's filters there are `timeago`,
/// `timefmt("%Y-%m-%d")`, `truncate(20)`, `ljust(20)`, `rjust(8)`,
/// `color("green")` and `hyperlink(url)`.
#[derive(Debug)]
pub(crate) struct Template {
    environment: Environment<'static>,
    for_terminal: bool,
    /// A field that the template uses as a variable, which is an error for a
    /// list.
    field: Option<String>,
}

/// A template that cannot be compiled or rendered.
#[derive(Debug, thiserror::Error)]
#[error("--template: {0}")]
pub(crate) struct TemplateError(String);

const NAME: &str = "template";
/// The value itself, and the elements of an array.
const BUILT_IN_NAMES: [&str; 2] = ["it", "items"];

impl Template {
    /// Compiles a template. A variable that is neither a field nor built into
    /// Jinja is an error. Ages are counted from `now`.
    pub(crate) fn compile(
        source: &str,
        fields: &'static [&'static str],
        palette: Palette,
        for_terminal: bool,
        now: Timestamp,
    ) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_formatter(|out, state, value| match value.kind() {
            ValueKind::None | ValueKind::Bool => Ok(out.write_str(&to_text(value))?),
            _ => minijinja::escape_formatter(out, state, value),
        });
        add_filters(&mut environment, palette, now);
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| syntax(&error))?;
        let template = environment
            .get_template(NAME)
            .map_err(|error| syntax(&error))?;
        let known: BTreeSet<&str> = environment.globals().map(|(name, _)| name).collect();
        let mut names: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        names.sort_unstable();
        for name in &names {
            let name = name.as_str();
            if !fields.contains(&name) && !BUILT_IN_NAMES.contains(&name) && !known.contains(name) {
                return Err(unknown(name, fields));
            }
        }
        let field = names
            .into_iter()
            .find(|name| fields.contains(&name.as_str()));
        // Unknown filters are reported when they are reached. Most are reached
        // without data, so a trial run finds them before any request.
        let trial = minijinja::context! { items => vec![minijinja::context! {}] };
        match template.render(trial) {
            Err(error) if is_unknown(error.kind()) => return Err(syntax(&error)),
            _ => {}
        }
        Ok(Self {
            environment,
            for_terminal,
            field,
        })
    }

    /// Renders one JSON value. For a terminal, the strings in it are escaped
    /// first, so that only the template can emit escape sequences.
    pub(crate) fn render(&self, json: &str) -> Result<String, TemplateError> {
        let failed = |error: &dyn std::fmt::Display| TemplateError(error.to_string());
        let it: Value = if self.for_terminal {
            let safe = map_strings(json, |text| visible(text).into_owned())
                .map_err(|error| failed(&error))?;
            serde_json::from_str(&safe)
        } else {
            serde_json::from_str(json)
        }
        .map_err(|error| failed(&error))?;
        let items = (it.kind() == ValueKind::Seq).then(|| it.clone());
        if let (Some(_), Some(field)) = (&items, &self.field) {
            return Err(TemplateError(format!(
                "the result is a list, and \"{field}\" is a field of its items: {{% for d in items %}}{{{{ d.{field} }}}}{{% endfor %}}"
            )));
        }
        let fields = (it.kind() == ValueKind::Map).then(|| it.clone());
        let own = if let Some(items) = items {
            minijinja::context! { it, items }
        } else {
            minijinja::context! { it }
        };
        let context = minijinja::context! { ..own, ..fields.unwrap_or_default() };
        let template = self
            .environment
            .get_template(NAME)
            .map_err(|error| failed(&error))?;
        template.render(context).map_err(|error| syntax(&error))
    }
}

fn is_unknown(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction
    )
}

fn syntax(error: &Error) -> TemplateError {
    let place = error
        .line()
        .map_or_else(String::new, |line| format!(" (line {line})"));
    let detail = error
        .detail()
        .map_or_else(String::new, |detail| format!(": {detail}"));
    TemplateError(format!("{}{detail}{place}", error.kind()))
}

fn unknown(name: &str, fields: &'static [&'static str]) -> TemplateError {
    let meant = nearest(name, fields)
        .map_or_else(String::new, |field| format!(", did you mean \"{field}\"?"));
    TemplateError(format!(
        "unknown name \"{name}\"{meant}; there are: {}, {}",
        fields.join(", "),
        BUILT_IN_NAMES.join(", ")
    ))
}

fn add_filters(environment: &mut Environment<'static>, palette: Palette, now: Timestamp) {
    environment.add_filter("timeago", move |value: &Value| {
        format_time(value, |time| time::ago(time, now))
    });
    environment.add_filter("timefmt", |value: &Value, format: &str| {
        let zoned = |time: Timestamp| {
            jiff::fmt::strtime::format(format, time)
                .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
        };
        match timestamp(value)? {
            Some(time) => zoned(time).map(Value::from),
            None => Ok(Value::from("")),
        }
    });
    environment.add_filter(
        "truncate",
        |value: &Value, max: Option<usize>, options: Kwargs| {
            let length = options.get::<Option<usize>>("length")?;
            options.assert_all_used()?;
            let max = max.or(length).unwrap_or(80);
            Ok::<_, Error>(truncate(&to_text(value), max).into_owned())
        },
    );
    environment.add_filter("ljust", |value: &Value, columns: usize| {
        let text = to_text(value);
        let blanks = padding(&text, columns);
        text + &blanks
    });
    environment.add_filter("rjust", |value: &Value, columns: usize| {
        let text = to_text(value);
        padding(&text, columns) + &text
    });
    environment.add_filter("color", move |value: &Value, name: &str| {
        let role = parse_color(name).ok_or_else(|| {
            let known = COLORS.map(|(name, _)| name).join(", ");
            Error::new(
                ErrorKind::InvalidOperation,
                format!("unknown color \"{name}\"; there are: {known}"),
            )
        })?;
        Ok::<_, Error>(palette.paint(role, &to_text(value)).to_string())
    });
    environment.add_filter("hyperlink", move |value: &Value, url: &Value| {
        let (text, url) = (to_text(value), to_text(url));
        palette
            .paint_link(Role::Plain, &text, Some(&url))
            .to_string()
    });
}

const COLORS: [(&str, Role); 7] = [
    ("green", Role::Success),
    ("red", Role::Failure),
    ("yellow", Role::Pending),
    ("cyan", Role::Id),
    ("dim", Role::Dim),
    ("bold", Role::Heading),
    ("plain", Role::Plain),
];

fn parse_color(name: &str) -> Option<Role> {
    COLORS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, role)| role)
}

/// The text of a value: JSON, except that strings have no quotes and `null` is
/// empty.
fn to_text(value: &Value) -> String {
    match value.kind() {
        ValueKind::None => String::new(),
        ValueKind::Bool => value.is_true().to_string(),
        _ => value.to_string(),
    }
}

/// More padding than any terminal is wide is a mistake.
const MAX_PADDING: usize = 1000;

fn padding(text: &str, columns: usize) -> String {
    " ".repeat(columns.min(MAX_PADDING).saturating_sub(width(text)))
}

fn timestamp(value: &Value) -> Result<Option<Timestamp>, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(None);
    }
    let time = value.as_str().and_then(|text| text.parse().ok());
    time.map(Some).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("\"{value}\" is not a time such as 2026-01-31T12:00:00Z"),
        )
    })
}

fn format_time(value: &Value, show: impl Fn(Timestamp) -> String) -> Result<String, Error> {
    Ok(timestamp(value)?.map_or_else(String::new, show))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[&str] = &[
        "id",
        "ref",
        "state",
        "description",
        "latest_status",
        "created_at",
    ];
    const ONE: &str = r#"{"id":18446744073709551615,"ref":"topic","state":"active","description":null,"latest_status":null,"created_at":"2026-01-31T12:00:00Z"}"#;

    fn compile(
        source: &str,
        palette: Palette,
        for_terminal: bool,
    ) -> Result<Template, TemplateError> {
        let now = "2026-01-31T12:05:00Z".parse().expect("a time");
        Template::compile(source, FIELDS, palette, for_terminal, now)
    }

    fn render(source: &str, json: &str) -> String {
        compile(source, Palette::PLAIN, false)
            .expect("a template")
            .render(json)
            .expect("renders")
    }

    fn refused(source: &str) -> String {
        compile(source, Palette::PLAIN, false)
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn fields_are_names_and_null_is_nothing() {
        assert_eq!(
            render(
                "{{ id }} {{ ref }} [{{ description }}] [{{ latest_status.creator.login }}] {{ it.state }}",
                ONE
            ),
            "18446744073709551615 topic [] [] active"
        );
        assert_eq!(
            render(
                "{% if description is none %}-{% endif %}{{ description or 'no text' }}",
                ONE
            ),
            "-no text"
        );
    }

    #[test]
    fn an_array_is_items() {
        let many = format!("[{ONE},{ONE}]");
        assert_eq!(
            render(
                "{% for d in items %}{{ loop.index }}:{{ d.ref }} {% endfor %}{{ items | length }}",
                &many
            ),
            "1:topic 2:topic 2"
        );
        assert_eq!(
            render("{% for d in items %}x{% else %}none{% endfor %}", "[]"),
            "none"
        );
    }

    #[test]
    fn the_filters_do_what_they_say() {
        for (source, text) in [
            ("{{ created_at | timeago }}", "5 minutes ago"),
            (
                "{{ created_at | timefmt('%d.%m.%Y %H:%M') }}",
                "31.01.2026 12:00",
            ),
            ("[{{ description | timeago }}]", "[]"),
            ("{{ '日本語' | truncate(5) }}", "日本…"),
            ("{{ 'abcdef' | truncate(length=3) }}", "ab…"),
            (
                "[{{ ref | ljust(8) }}] [{{ ref | rjust(8) }}]",
                "[topic   ] [   topic]",
            ),
            ("{{ state | color('green') }}", "active"),
            ("{{ ref | hyperlink('https://x') }}", "topic"),
            ("{{ [1, 2] | join(',') }}", "1,2"),
            ("{{ it | tojson | length > 20 }}", "true"),
            ("[{{ (id > 1) | ljust(6) }}]", "[true  ]"),
            ("{{ '<b>' }}", "<b>"),
        ] {
            assert_eq!(render(source, ONE), text, "{source}");
        }
    }

    #[test]
    fn colours_and_links_follow_the_terminal() {
        let palette = Palette::new(true, true);
        let template = compile(
            "{{ state | color('green') }} {{ ref | hyperlink('https://x') }}",
            palette,
            true,
        )
        .expect("a template");
        assert_eq!(
            template.render(ONE).expect("renders"),
            "\x1b[32mactive\x1b[0m \x1b]8;;https://x\x1b\\topic\x1b]8;;\x1b\\"
        );
    }

    #[test]
    fn a_terminal_gets_no_foreign_sequence_and_a_pipe_gets_all() {
        let hostile = "{\"ref\":\"a\\u001b[2J\\n\u{202e}b\"}";
        let source = "{{ ref }}\n{{ it | tojson }}";
        let shown = compile(source, Palette::PLAIN, true)
            .expect("a template")
            .render(hostile)
            .expect("renders");
        assert!(shown.starts_with("a\\x1b[2J\\n\\u{202e}b\n"), "{shown:?}");
        assert!(!shown.contains(['\x1b', '\u{202e}']), "{shown:?}");
        assert_eq!(render("{{ ref }}", hostile), "a\x1b[2J\n\u{202e}b");
    }

    #[test]
    fn a_bad_template_is_found_before_it_is_needed() {
        assert!(refused("{{ id").contains("line 1"));
        assert!(refused("{% for d in items %}").starts_with("--template: "));
        assert_eq!(
            refused("{{ stat }}"),
            "--template: unknown name \"stat\", did you mean \"state\"?; there are: id, ref, state, description, latest_status, created_at, it, items"
        );
        assert!(refused("{{ id | nosuch }}").contains("unknown filter"));
        assert!(
            refused("{% for d in items %}{{ d.id | nosuch }}{% endfor %}")
                .contains("unknown filter")
        );
        assert!(refused("{{ nosuch() }}").contains("nosuch"));
        assert!(refused("{% include 'x' %}").contains("include"));
    }

    #[test]
    fn a_template_that_fails_says_why() {
        let error = |source: &str| {
            compile(source, Palette::PLAIN, false)
                .expect("a template")
                .render(ONE)
                .expect_err("fails")
                .to_string()
        };
        assert!(error("{{ ref | timeago }}").contains("\"topic\" is not a time"));
        assert!(error("{{ ref | color('mauve') }}").contains("there are: green"));
        assert!(
            error("{{ created_at | timefmt('%!') }}").starts_with("--template: invalid operation")
        );
    }
}
