mod actions;
mod agent_config;
mod environment;
mod exit_codes;
mod formatting;
mod freezes;
mod selectors;

use super::topic::Topic;

/// Every topic of `help`.
pub(crate) const TOPICS: &[Topic] = &[
    exit_codes::TOPIC,
    environment::TOPIC,
    formatting::TOPIC,
    selectors::TOPIC,
    freezes::TOPIC,
    actions::TOPIC,
    agent_config::TOPIC,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_into_80_columns() {
        for topic in TOPICS {
            let text = topic.text();
            let wide: Vec<&str> = text.lines().filter(|line| line.len() > 80).collect();
            assert_eq!(wide, [""; 0], "{}", topic.name);
        }
    }
}
