use std::ffi::{OsStr, OsString};
use std::path::Path;

pub(crate) const PROGRAM_NAME: &str = "deployctl";
/// How users call the program if it is installed as an extension of gh.
pub(crate) const EXTENSION_NAME: &str = "gh deployctl";

/// How the program was called. gh names the program of an extension `gh-NAME`;
/// the programs of a release have their platform behind it.
pub(crate) fn program_name(args: &[OsString]) -> &'static str {
    let file = args.first().map(Path::new).and_then(Path::file_name);
    let is_extension = |file: &str| file.starts_with("gh-deployctl");
    if file.and_then(OsStr::to_str).is_some_and(is_extension) {
        EXTENSION_NAME
    } else {
        PROGRAM_NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_of_gh_is_known_by_its_file() {
        for (file, expected) in [
            ("deployctl", PROGRAM_NAME),
            ("/usr/bin/deployctl", PROGRAM_NAME),
            ("/gh-deployctl/deployctl", PROGRAM_NAME),
            ("/a/gh-deployctl/gh-deployctl", EXTENSION_NAME),
            ("gh-deployctl.exe", EXTENSION_NAME),
            ("./gh-deployctl-linux-amd64", EXTENSION_NAME),
        ] {
            assert_eq!(program_name(&[OsString::from(file)]), expected, "{file}");
        }
        assert_eq!(program_name(&[]), PROGRAM_NAME);
    }
}
