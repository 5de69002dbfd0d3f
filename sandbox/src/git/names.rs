//! Names of refs and objects.

/// The longest name of a branch or tag that GitHub accepts (its error GH002).
/// Git fails on a name that is too long for a file.
const MAX_NAME_BYTES: usize = 255;

/// Whether GitHub could have a ref of this name (git-check-ref-format(1)). It
/// also keeps options, globs and revision syntax away from git's arguments.
pub(super) fn is_ref_name(name: &str) -> bool {
    let part_fits = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.to_ascii_lowercase().ends_with(".lock")
    };
    name.len() <= MAX_NAME_BYTES
        && !name.starts_with('-')
        && name != "@"
        && !name.ends_with('.')
        && !name.contains("..")
        && !name.contains("@{")
        && !name
            .chars()
            .any(|letter| letter.is_ascii_control() || " ~^:?*[\\".contains(letter))
        && name.split('/').all(part_fits)
}

/// Whether a text could be a full or short object id.
pub(super) fn is_object_name(text: &str) -> bool {
    (4..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
