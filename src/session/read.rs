use std::io::Read as _;
use std::path::Path;

use crate::error::{Failure, Kind};

/// Reads the text that an option names: a file, or standard input for `-`.
pub(crate) fn read_text(option: &str, path: &Path) -> Result<String, Failure> {
    let unreadable = |what: String, error: std::io::Error| {
        Failure::new(
            Kind::Usage,
            format!("{option}: {what} can't be read: {error}"),
        )
    };
    if path == Path::new("-") {
        let mut text = String::new();
        return match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(unreadable("standard input".to_owned(), error)),
        };
    }
    std::fs::read_to_string(path)
        .map_err(|error| unreadable(format!("the file {}", path.display()), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let failure = read_text("--from-file", Path::new("no-such-file")).expect_err("missing");
        assert_eq!(failure.kind(), Kind::Usage);
        assert!(failure.message().contains("no-such-file"));
    }
}
