//! Files and folders that only the user may read, and files that are replaced
//! as a whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// The extension of a file that is being written.
pub(crate) const UNFINISHED: &str = "new";

/// Creates a folder (0700), and the folders above it. One that exists keeps its
/// mode.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Creates a file (0600), and fails if it exists.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Replaces a file (0600) as a whole: a reader finds the old or the new content.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    replace_with_mode(path, 0o600, write)
}

/// Replaces a file as a whole; its mode follows the user's umask.
pub(crate) fn replace_public(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    replace_with_mode(path, 0o666, write)
}

fn replace_with_mode(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    // The target of a symbolic link is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (prefix, suffix) = (unfinished_prefix(&path), format!(".{UNFINISHED}"));
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(&suffix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    // Unless it is renamed, the file is removed when it is dropped.
    let mut unfinished = builder.tempfile_in(folder)?;
    write(unfinished.as_file_mut())?;
    unfinished.persist(&path)?;
    Ok(())
}

/// Removes unfinished files that killed processes left behind. The caller must
/// make sure that no process is writing the file.
pub(crate) fn remove_unfinished(path: &Path) {
    let prefix = unfinished_prefix(path);
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let is_unfinished = entry
            .path()
            .extension()
            .is_some_and(|end| end == UNFINISHED);
        if is_unfinished && entry.file_name().to_string_lossy().starts_with(&prefix) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn unfinished_prefix(path: &Path) -> String {
    format!(
        ".{}.",
        path.file_name().unwrap_or_default().to_string_lossy()
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.json");
        replace(&path, |file| file.write_all(b"old")).expect("written");
        let failed = replace(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("interrupted"))
        });
        assert_eq!(failed.expect_err("fails").to_string(), "interrupted");
        assert_eq!(fs::read(&path).expect("readable"), b"old");
        replace_public(&path, |file| file.write_all(b"new")).expect("written");
        assert_eq!(fs::read(&path).expect("readable"), b"new");
        let left = fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 1, "an unfinished file was left");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_what_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("a/b");
        create_folder(&folder).expect("created");
        create_folder(&folder).expect("still there");
        assert_eq!(
            (mode(&home.path().join("a")), mode(&folder)),
            (0o700, 0o700)
        );
        let path = folder.join("file");
        create(&path).expect("created");
        assert_eq!(mode(&path), 0o600);
        let again = create(&path).expect_err("it exists");
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("changed");
        replace(&path, |_| Ok(())).expect("written");
        assert_eq!(mode(&path), 0o600);
    }
}
