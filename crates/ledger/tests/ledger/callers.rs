//! Callers that ask more than once, as the documentation has them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;

use crate::axum_handler::router;
use crate::desk::{Desk, on_each_store};

on_each_store!(an_axum_handler_whose_client_retries_rings_once);

async fn an_axum_handler_whose_client_retries_rings_once(desk: Desk) {
    let ask = async |path: &str| {
        // Each request may come to another server.
        let router = router(desk.another().await, desk.client.clone());
        let request = Request::post(path).body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().status()
    };
    let path = "/orders/4711/reminders/jack";
    let (one, other) = tokio::join!(ask(path), ask(path));
    for status in [one, other] {
        assert!(
            [StatusCode::OK, StatusCode::ACCEPTED].contains(&status),
            "{status}"
        );
    }
    assert_eq!(ask(path).await, StatusCode::OK);
    assert_eq!(desk.rings("jack"), 1);
    assert_eq!(
        ask("/orders/4711/reminders/jill").await,
        StatusCode::CONFLICT
    );
    assert_eq!(
        ask("/orders/4712/reminders/offline").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        ask("/orders/4713/reminders/j%20ack").await,
        StatusCode::BAD_REQUEST
    );
}
