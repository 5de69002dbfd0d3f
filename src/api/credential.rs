use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Token;

/// How long a client waits for another token.
const RENEWAL_WAIT: Duration = Duration::from_secs(30);

/// Where a client asks for another token once the server refuses the one that it
/// has. Who answers may know none.
pub type TokenRequests = UnboundedSender<oneshot::Sender<Option<Token>>>;

/// How the server took the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenRejections {
    /// How often it was refused.
    pub count: u64,
    /// WriteStart when it is; `None` if it was taken last.
    pub since: Option<Timestamp>,
}

/// The token of a client, which may be replaced while it is in use.
pub(super) struct Credential {
    state: Mutex<State>,
    requests: Option<TokenRequests>,
}

struct State {
    token: Option<Token>,
    refusals: TokenRejections,
}

impl Credential {
    pub(super) fn new(token: Option<Token>, requests: Option<TokenRequests>) -> Self {
        let refusals = TokenRejections::default();
        Self {
            state: Mutex::new(State { token, refusals }),
            requests,
        }
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.lock().token.clone()
    }

    pub(super) fn refusals(&self) -> TokenRejections {
        self.lock().refusals
    }

    /// Notes how the server took the token.
    pub(super) fn note(&self, is_refused: bool, now: Timestamp) {
        let refusals = &mut self.lock().refusals;
        if is_refused {
            refusals.count += 1;
            refusals.since.get_or_insert(now);
        } else {
            refusals.since = None;
        }
    }

    /// Takes another token. Returns whether it is another one.
    pub(super) fn replace(&self, token: Token) -> bool {
        let mut state = self.lock();
        let is_other = state.token.as_ref().map(Token::expose) != Some(token.expose());
        if is_other {
            state.token = Some(token);
            state.refusals.since = None;
        }
        is_other
    }

    /// Asks for another token than `refused`. Returns whether there is one now.
    pub(super) async fn renew(&self, refused: Option<&Token>) -> bool {
        let Some(requests) = &self.requests else {
            return false;
        };
        if self.token().as_ref().map(Token::expose) != refused.map(Token::expose) {
            // It was replaced while this request was under way.
            return true;
        }
        let (tell, told) = oneshot::channel();
        if requests.send(tell).is_err() {
            return false;
        }
        match timeout(RENEWAL_WAIT, told).await {
            Ok(Ok(Some(token))) => self.replace(token),
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
