use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Token;

/// How long a client waits for another token.
const RENEWAL_WAIT: Duration = Duration::from_secs(30);

/// The channel on which a client requests another token when the server rejects
/// its own. The reply may be `None`.
pub(crate) type TokenRequests = UnboundedSender<oneshot::Sender<Option<Token>>>;

/// How often the server has rejected the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenRejections {
    /// How often it was rejected.
    pub(crate) count: u64,
    /// The time of the first rejection since it was last accepted; `None` if it
    /// was accepted last.
    pub(crate) since: Option<Timestamp>,
}

/// The token of a client, which can be replaced while it is in use.
pub(super) struct Credential {
    state: Mutex<State>,
    requests: Option<TokenRequests>,
}

struct State {
    token: Option<Token>,
    rejections: TokenRejections,
}

impl Credential {
    pub(super) fn new(token: Option<Token>, requests: Option<TokenRequests>) -> Self {
        let rejections = TokenRejections::default();
        Self {
            state: Mutex::new(State { token, rejections }),
            requests,
        }
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.lock().token.clone()
    }

    pub(super) fn rejections(&self) -> TokenRejections {
        self.lock().rejections
    }

    /// Notes whether the server rejected the token.
    pub(super) fn note(&self, is_rejected: bool, now: Timestamp) {
        let rejections = &mut self.lock().rejections;
        if is_rejected {
            rejections.count += 1;
            rejections.since.get_or_insert(now);
        } else {
            rejections.since = None;
        }
    }

    /// Replaces the token. Returns whether it differs from the old one.
    pub(super) fn replace(&self, token: Token) -> bool {
        let mut state = self.lock();
        let is_other = state.token.as_ref().map(Token::expose) != Some(token.expose());
        if is_other {
            state.token = Some(token);
            state.rejections.since = None;
        }
        is_other
    }

    /// Requests another token than `rejected`. Returns whether there is one now.
    pub(super) async fn renew(&self, rejected: Option<&Token>) -> bool {
        let Some(requests) = &self.requests else {
            return false;
        };
        if self.token().as_ref().map(Token::expose) != rejected.map(Token::expose) {
            // It was replaced while this request was in flight.
            return true;
        }
        let (tell, reported) = oneshot::channel();
        if requests.send(tell).is_err() {
            return false;
        }
        match timeout(RENEWAL_WAIT, reported).await {
            Ok(Ok(Some(token))) => self.replace(token),
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
