use crate::bulk::RESULT_FIELDS;
use crate::commands::{auth, diff, env as environments, freeze, lock, r#where};
use crate::gates::{BlockedRecord, CancelRecord, PendingRecord, ReviewRecord};
use crate::model::{BranchPolicy, CustomRule, Secret, Variable};
use crate::moves::MoveRecord;
use crate::output::{
    DeploymentHistoryRecord, DeploymentRecord, EnvironmentDetailsRecord, EnvironmentRecord,
    FollowedRecord, LockRecord, Record, StatusRecord,
};

/// The fields of the JSON that a command prints; none if it prints no JSON.
/// `command` is its words, such as `status`, `set`, and `--waiting` if given.
pub(crate) fn fields(command: &[&str]) -> &'static [&'static str] {
    match command {
        ["create" | "wait"] => FollowedRecord::FIELDS,
        ["list"] => DeploymentRecord::FIELDS,
        ["diff"] => diff::FIELDS,
        ["promote" | "rollback"] => MoveRecord::FIELDS,
        ["where"] => r#where::FIELDS,
        ["status"] => DeploymentHistoryRecord::FIELDS,
        ["status", "set"] => StatusRecord::FIELDS,
        ["lock" | "unlock"] | ["lock", "list"] => LockRecord::FIELDS,
        ["lock", "check"] => lock::CHECK_FIELDS,
        ["freeze", "list"] => freeze::LIST_FIELDS,
        ["freeze", "check"] => freeze::CHECK_FIELDS,
        ["deactivate" | "delete" | "reap"] => RESULT_FIELDS,
        ["reap", "--waiting"] => CancelRecord::FIELDS,
        ["pending"] => PendingRecord::FIELDS,
        ["approve" | "reject"] => ReviewRecord::FIELDS,
        ["blocked"] => BlockedRecord::FIELDS,
        ["env", "list" | "create" | "edit"] => EnvironmentRecord::FIELDS,
        ["env", "view"] => EnvironmentDetailsRecord::FIELDS,
        ["env", "export"] => environments::DOCUMENT_FIELDS,
        ["env", "apply"] => environments::CHANGE_FIELDS,
        ["env", "branch-policy", _] => BranchPolicy::FIELDS,
        ["env", "protection", "list"] => CustomRule::FIELDS,
        ["env", "variable", "list"] => Variable::FIELDS,
        ["env", "secret", "list"] => Secret::FIELDS,
        ["stats"] => crate::commands::stats::FIELDS,
        ["auth", "login" | "logout"] => auth::LOGIN_FIELDS,
        ["auth", "status"] => auth::SOURCE_FIELDS,
        #[cfg(feature = "agent")]
        ["agent", "check"] => crate::commands::agent::CHECK_FIELDS,
        #[cfg(feature = "agent")]
        ["agent", "status"] => crate::commands::agent::STATUS_FIELDS,
        #[cfg(feature = "agent")]
        ["run"] => DeploymentRecord::FIELDS,
        #[cfg(feature = "agent")]
        ["flush"] => crate::commands::flush::FIELDS,
        #[cfg(feature = "sandbox")]
        ["sandbox", "serve"] => crate::commands::sandbox::FIELDS,
        _ => &[],
    }
}
