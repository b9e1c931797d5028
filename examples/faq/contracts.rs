//! The contracts of billing, kept by this service: what the README shows, compiled and run. It runs in
//! the root of the package, where `pacts` is.

mod api;
mod app;
mod messages;
mod states;
mod store;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::app::{App, router};
use crate::store::Draft;

#[tokio::test]
async fn faq_keeps_its_contracts() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = Arc::new(App::default());
    let faq = router(Arc::clone(&app));
    tokio::spawn(async { axum::serve(listener, faq).await });

    let one_exists = Arc::clone(&app);
    let verifier = pactwright::verify::Verifier::of("faq")
        .pacts("pacts")
        .at(format!("http://{address}"))
        .state("a FAQ exists", move |change| {
            let id = one_exists.faqs.create(draft(&change.params)).id;
            async move { Ok(Map::from_iter([("id".to_owned(), id.into())])) }
        })
        .state("no FAQ exists", move |_| {
            app.faqs.clear();
            async { Ok(Map::new()) }
        })
        .message_url("/_pact/messages")
        .only_consumer("billing");
    verifier.verify_async().await?.assert_yes();
    Ok(())
}

/// The entry that a state asks for.
fn draft(params: &Map<String, Value>) -> Draft {
    let text = |name: &str, usual: &str| params.get(name).and_then(Value::as_str).unwrap_or(usual).to_owned();
    Draft {
        question: text("question", "How do I pay an invoice?"),
        source: text("source", "handbook"),
        related: Vec::new(),
    }
}
