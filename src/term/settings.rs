use std::io::{self, IsTerminal};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless an environment variable disables it.
    #[default]
    Auto,
    /// Always, including JSON and tab-separated lines in a pipe.
    Always,
    /// Never.
    Never,
}

/// Environment variables about the terminal; `None` if a variable is not set.
#[derive(Clone, Debug, Default)]
pub(crate) struct TermEnv {
    /// `NO_COLOR`: any value except empty disables colour.
    pub no_color: Option<String>,
    /// `CLICOLOR`: `0` disables colour.
    pub clicolor: Option<String>,
    /// `CLICOLOR_FORCE`: any value except `0` and empty enables colour.
    pub clicolor_force: Option<String>,
    /// `TERM`: `dumb` has no colours, links or cursor movement.
    pub term: Option<String>,
    /// `COLUMNS`: the width, if the system does not report it.
    pub columns: Option<String>,
    /// `GH_FORCE_TTY`: treat standard output as a terminal with this many
    /// columns, or with this percentage of the real width.
    pub gh_force_tty: Option<String>,
    /// `GH_PROMPT_DISABLED`: any value except empty disables prompts.
    pub gh_prompt_disabled: Option<String>,
    /// `CI`: nobody can answer a prompt, even if there is a terminal.
    pub ci: Option<String>,
    /// `FORCE_HYPERLINK`: `0` or `false` disables links, other values enable
    /// them.
    pub force_hyperlink: Option<String>,
    /// `TERM_PROGRAM`: the name of the terminal.
    pub term_program: Option<String>,
    /// `VTE_VERSION`: the version of VTE, such as `7600`.
    pub vte_version: Option<String>,
    pub konsole_version: Option<String>,
    /// `WT_SESSION`: set by Windows Terminal.
    pub wt_session: Option<String>,
    /// `GH_PAGER`, otherwise `PAGER`: the command that displays long results.
    pub pager: Option<String>,
    /// Whether `DEFAULT_LESS_OPTIONS` tells `less` what to do.
    pub has_less_options: bool,
    /// Whether the GitHub Actions runner reads the output.
    pub in_actions: bool,
}

/// The options about the terminal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub color: ColorChoice,
    pub no_input: bool,
    pub quiet: bool,
    pub verbose: bool,
    /// A program also reads standard error, so notes are omitted.
    pub for_programs: bool,
    /// Changes the commands in messages and help, if users call the program by
    /// another name.
    pub rename: Option<fn(&str) -> String>,
}

/// Properties of the three standard streams.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Streams {
    pub stdin_tty: bool,
    pub stdout_tty: bool,
    pub stderr_tty: bool,
    /// The terminal's width in columns.
    pub width: Option<u16>,
    /// The terminal's height in lines.
    pub height: Option<u16>,
}

impl Streams {
    pub(crate) fn detect() -> Self {
        let size = terminal_size::terminal_size();
        Self {
            stdin_tty: io::stdin().is_terminal(),
            stdout_tty: io::stdout().is_terminal(),
            stderr_tty: io::stderr().is_terminal(),
            width: size.map(|(width, _)| width.0),
            height: size.map(|(_, height)| height.0),
        }
    }
}

/// The properties of the terminal, decided once from the environment, the
/// options and the streams.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and none implies another"
)]
pub(crate) struct Settings {
    pub(super) stdout_tty: bool,
    pub(super) stderr_tty: bool,
    pub(super) stdout_color: bool,
    pub(super) stderr_color: bool,
    pub(super) links: bool,
    pub(super) redraws: bool,
    pub(super) may_prompt: bool,
    pub(super) quiet: bool,
    pub(super) for_programs: bool,
    pub(super) verbose: bool,
    pub(super) in_actions: bool,
    pub(super) rename: Option<fn(&str) -> String>,
    pub(super) pager: Option<String>,
    pub(super) has_less_options: bool,
    pub(super) width: usize,
    /// Whether a variable sets the width.
    pub(super) is_width_set: bool,
    pub(super) height: u16,
}

const DEFAULT_WIDTH: usize = 80;
const DEFAULT_HEIGHT: u16 = 24;

impl Settings {
    pub(crate) fn new(env: &TermEnv, options: Options, streams: Streams) -> Self {
        let dumb = env.term.as_deref() == Some("dumb");
        let forced = filled(env.gh_force_tty.as_ref());
        let stdout_tty = streams.stdout_tty || forced.is_some();
        let color = |tty: bool| match options.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => auto_color(env, tty, dumb),
        };
        let stdout_color = color(stdout_tty);
        Self {
            stdout_tty,
            stderr_tty: streams.stderr_tty,
            stdout_color,
            stderr_color: color(streams.stderr_tty),
            links: stdout_tty && !dumb && links(env).unwrap_or(stdout_color && knows_links(env)),
            redraws: streams.stderr_tty && !dumb && !options.quiet,
            may_prompt: streams.stdin_tty
                && streams.stderr_tty
                && !options.no_input
                && filled(env.gh_prompt_disabled.as_ref()).is_none()
                && filled(env.ci.as_ref()).is_none_or(|ci| ci == "false"),
            quiet: options.quiet,
            for_programs: options.for_programs,
            verbose: options.verbose,
            in_actions: env.in_actions,
            rename: options.rename,
            pager: filled(env.pager.as_ref())
                .filter(|pager| stdout_tty && !dumb && *pager != "cat")
                .map(str::to_owned),
            has_less_options: env.has_less_options,
            width: width(forced, env.columns.as_deref(), streams.width),
            is_width_set: forced.is_some() || filled(env.columns.as_ref()).is_some(),
            height: streams.height.filter(|&n| n > 0).unwrap_or(DEFAULT_HEIGHT),
        }
    }
}

fn filled(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|text| !text.is_empty())
}

fn auto_color(env: &TermEnv, tty: bool, dumb: bool) -> bool {
    if filled(env.clicolor_force.as_ref()).is_some_and(|force| force != "0") {
        return true;
    }
    tty && !dumb && filled(env.no_color.as_ref()).is_none() && env.clicolor.as_deref() != Some("0")
}

fn links(env: &TermEnv) -> Option<bool> {
    filled(env.force_hyperlink.as_ref()).map(|force| !matches!(force, "0" | "false"))
}

/// Whether the terminal is known to support OSC 8 links.
fn knows_links(env: &TermEnv) -> bool {
    const PROGRAMS: [&str; 5] = ["iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper"];
    const TERMS: [&str; 4] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot"];
    let program = filled(env.term_program.as_ref());
    program.is_some_and(|name| PROGRAMS.contains(&name))
        || env
            .term
            .as_deref()
            .is_some_and(|term| TERMS.contains(&term))
        || filled(env.vte_version.as_ref())
            .and_then(|version| version.parse::<u32>().ok())
            .is_some_and(|version| version >= 5000)
        || filled(env.konsole_version.as_ref()).is_some()
        || filled(env.wt_session.as_ref()).is_some()
}

fn width(forced: Option<&str>, columns: Option<&str>, real: Option<u16>) -> usize {
    let positive = |text: &str| text.parse::<usize>().ok().filter(|&n| n > 0);
    if let Some(exact) = forced.and_then(positive) {
        return exact;
    }
    let whole = columns
        .and_then(positive)
        .or(real.filter(|&n| n > 0).map(usize::from))
        .unwrap_or(DEFAULT_WIDTH);
    forced
        .and_then(|text| text.strip_suffix('%'))
        .and_then(positive)
        .map_or(whole, |percent| {
            (whole.saturating_mul(percent) / 100).max(1)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTY: Streams = Streams {
        stdin_tty: true,
        stdout_tty: true,
        stderr_tty: true,
        width: Some(120),
        height: Some(40),
    };
    const PIPED: Streams = Streams {
        stdin_tty: false,
        stdout_tty: false,
        stderr_tty: false,
        width: None,
        height: None,
    };

    fn plain(env: &TermEnv, streams: Streams) -> Settings {
        Settings::new(env, Options::default(), streams)
    }

    fn colors(env: &TermEnv, color: ColorChoice, streams: Streams) -> (bool, bool) {
        let options = Options {
            color,
            ..Options::default()
        };
        let settings = Settings::new(env, options, streams);
        (settings.stdout_color, settings.stderr_color)
    }

    #[test]
    fn colour_is_decided_for_each_stream() {
        let none = TermEnv::default();
        let half = Streams {
            stdout_tty: false,
            ..TTY
        };
        assert_eq!(colors(&none, ColorChoice::Auto, TTY), (true, true));
        assert_eq!(colors(&none, ColorChoice::Auto, half), (false, true));
        assert_eq!(colors(&none, ColorChoice::Auto, PIPED), (false, false));
        assert_eq!(colors(&none, ColorChoice::Always, PIPED), (true, true));
        assert_eq!(colors(&none, ColorChoice::Never, TTY), (false, false));
    }

    #[test]
    fn the_environment_decides_on_colour_unless_an_option_does() {
        let no_color = TermEnv {
            no_color: Some("1".into()),
            ..TermEnv::default()
        };
        let empty = TermEnv {
            no_color: Some(String::new()),
            ..TermEnv::default()
        };
        let clicolor = TermEnv {
            clicolor: Some("0".into()),
            ..TermEnv::default()
        };
        let forced = TermEnv {
            clicolor_force: Some("1".into()),
            no_color: Some("1".into()),
            ..TermEnv::default()
        };
        let unforced = TermEnv {
            clicolor_force: Some("0".into()),
            ..TermEnv::default()
        };
        let dumb = TermEnv {
            term: Some("dumb".into()),
            ..TermEnv::default()
        };
        assert_eq!(colors(&no_color, ColorChoice::Auto, TTY), (false, false));
        assert_eq!(colors(&no_color, ColorChoice::Always, TTY), (true, true));
        assert_eq!(colors(&empty, ColorChoice::Auto, TTY), (true, true));
        assert_eq!(colors(&clicolor, ColorChoice::Auto, TTY), (false, false));
        assert_eq!(colors(&forced, ColorChoice::Auto, PIPED), (true, true));
        assert_eq!(colors(&unforced, ColorChoice::Auto, PIPED), (false, false));
        assert_eq!(colors(&dumb, ColorChoice::Auto, TTY), (false, false));
        assert!(!plain(&dumb, TTY).redraws);
    }

    #[test]
    fn a_forced_terminal_has_the_width_that_was_asked_for() {
        for (force, columns, real, wide) in [
            (None, None, None, 80),
            (None, None, Some(120), 120),
            (None, Some("100"), Some(120), 100),
            (None, Some("0"), Some(120), 120),
            (None, Some("many"), None, 80),
            (Some("132"), Some("100"), Some(120), 132),
            (Some("50%"), None, Some(120), 60),
            (Some("true"), None, None, 80),
        ] {
            let env = TermEnv {
                gh_force_tty: force.map(str::to_owned),
                columns: columns.map(str::to_owned),
                ..TermEnv::default()
            };
            let settings = plain(
                &env,
                Streams {
                    width: real,
                    ..PIPED
                },
            );
            assert_eq!(settings.width, wide, "{force:?} {columns:?} {real:?}");
            assert_eq!(settings.stdout_tty, force.is_some());
            assert!(!settings.stderr_tty, "only standard output is forced");
        }
    }

    #[test]
    fn prompts_need_a_terminal() {
        let none = TermEnv::default();
        assert!(plain(&none, TTY).may_prompt);
        for streams in [
            Streams {
                stdin_tty: false,
                ..TTY
            },
            Streams {
                stderr_tty: false,
                ..TTY
            },
        ] {
            assert!(!plain(&none, streams).may_prompt);
        }
        assert!(
            plain(
                &none,
                Streams {
                    stdout_tty: false,
                    ..TTY
                }
            )
            .may_prompt
        );
        let no_input = Options {
            no_input: true,
            ..Options::default()
        };
        assert!(!Settings::new(&none, no_input, TTY).may_prompt);
        for (disabled, ci, may) in [
            (Some("1"), None, false),
            (Some(""), None, true),
            (None, Some("true"), false),
            (None, Some("false"), true),
        ] {
            let env = TermEnv {
                gh_prompt_disabled: disabled.map(str::to_owned),
                ci: ci.map(str::to_owned),
                ..TermEnv::default()
            };
            assert_eq!(plain(&env, TTY).may_prompt, may, "{disabled:?} {ci:?}");
        }
    }

    #[test]
    fn links_are_for_terminals_that_have_them() {
        let vte = |version: &str| TermEnv {
            vte_version: Some(version.into()),
            ..TermEnv::default()
        };
        assert!(!plain(&TermEnv::default(), TTY).links);
        assert!(plain(&vte("7600"), TTY).links);
        assert!(!plain(&vte("4900"), TTY).links);
        assert!(!plain(&vte("7600"), PIPED).links);
        let off = TermEnv {
            force_hyperlink: Some("0".into()),
            ..vte("7600")
        };
        assert!(!plain(&off, TTY).links);
        let on = TermEnv {
            force_hyperlink: Some("1".into()),
            ..TermEnv::default()
        };
        assert!(plain(&on, TTY).links);
        assert!(!plain(&on, PIPED).links);
    }
}
