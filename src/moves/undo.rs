use super::carry_out::{Move, Step};
use super::plan::Plan;
use crate::model::quote_for_shell;

impl Move<'_> {
    /// The command that returns to what is live now.
    pub(super) fn undo(&self, plan: &Plan, step: &Step) -> Option<String> {
        let live = plan.undo_target()?;
        let mut words = vec![
            "rollback".to_owned(),
            "-e".to_owned(),
            plan.environment.clone(),
            "--to".to_owned(),
            live.id.to_string(),
        ];
        if plan.task != "deploy" {
            words.extend(["--task".to_owned(), plan.task.clone()]);
        }
        if live.is_by_actions() {
            let via = match step {
                Step::Create(_) => "deployment",
                Step::Rerun(_) => "rerun",
            };
            words.extend(["--via".to_owned(), via.to_owned()]);
        }
        let global = &self.session.global;
        if global.sandbox {
            words.push("--sandbox".to_owned());
        }
        for repo in &global.repo {
            words.extend(["-R".to_owned(), repo.clone()]);
        }
        let words: Vec<String> = words.iter().map(|word| quote_for_shell(word)).collect();
        let program = self.session.program_name();
        Some(format!("{program} {}", words.join(" ")))
    }
}
