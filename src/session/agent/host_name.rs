/// The name of this machine, in the letters that an agent's name may have.
pub(super) fn host_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    let name = String::new();
    plain(&name)
}

fn plain(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(50)
        .collect();
    if plain.is_empty() {
        "agent".to_owned()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn any_name_becomes_one_that_an_agent_may_have() {
        for (name, expected) in [
            ("web-1.example", "web-1.example"),
            ("a b (é)", "a-b----"),
            ("", "agent"),
        ] {
            assert_eq!(plain(name), expected);
        }
        assert_eq!(plain(&"x".repeat(80)).len(), 50);
    }
}
