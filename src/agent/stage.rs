use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It starts commands.
    Working,
    /// It starts nothing more, and running commands may end in their own time.
    Draining,
    /// Running commands are ended.
    Ending,
}

impl Stage {
    /// Waits until the agent starts nothing more.
    pub(super) async fn draining(mut stage: watch::Receiver<Self>) {
        // Without a sender the agent has ended, and this task with it.
        let _ = stage.wait_for(|stage| *stage != Self::Working).await;
    }

    /// Waits until running commands are ended.
    pub(super) async fn ending(mut stage: watch::Receiver<Self>) {
        let _ = stage.wait_for(|stage| *stage == Self::Ending).await;
    }
}
