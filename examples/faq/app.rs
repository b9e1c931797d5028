//! The service itself, as the program and its tests run it.

use std::sync::Arc;

use axum::Router;

use crate::store::Faqs;
use crate::{api, messages, states};

/// What every handler can reach.
#[derive(Default)]
pub(crate) struct App {
    /// The entries.
    pub(crate) faqs: Faqs,
    /// Whether v1 leaves a field out of its answer.
    pub(crate) break_v1: bool,
    /// Whether there is no v1 any more.
    pub(crate) drop_v1: bool,
}

/// The service with the two addresses for contract tests.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new().merge(api::routes()).merge(states::routes()).merge(messages::routes()).with_state(app)
}
