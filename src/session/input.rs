use std::io::Read as _;
use std::path::Path;

use crate::error::{Failure, Kind};

/// Reads the text that an option names: a file, or standard input for `-`.
pub(crate) fn read_text(option: &str, path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        read_stdin(option)
    } else {
        read_file(option, path)
    }
}

pub(crate) fn read_file(option: &str, path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        Failure::new(
            Kind::Usage,
            format!("{option}: the file {path} can't be read: {error}"),
        )
    })
}

pub(crate) fn read_stdin(option: &str) -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::new(
                Kind::Usage,
                format!("{option}: standard input can't be read: {error}"),
            )
        })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let failure = read_text("--from-file", Path::new("no-such-file")).expect_err("missing");
        assert_eq!(failure.kind(), Kind::Usage);
        assert!(failure.message().contains("no-such-file"));
    }
}
