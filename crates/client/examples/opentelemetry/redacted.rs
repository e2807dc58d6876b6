//! reqwest-tracing for an HTTP client of one's own. **Its `SpanBackendWithUrl` records `url.full`, which holds the
//! UserSig**: whoever reads the traces could act as the administrator. This one leaves the query out.

use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::Result;
use reqwest_tracing::{ReqwestOtelSpanBackend, default_on_request_end, reqwest_otel_span};
use tracing::Span;

/// Spans with the URL, as far as it is no secret.
pub(crate) struct WithoutQuery;

impl ReqwestOtelSpanBackend for WithoutQuery {
    fn on_request_start(request: &Request, _: &mut Extensions) -> Span {
        let mut url = request.url().clone();
        url.set_query(None);
        reqwest_otel_span!(name = "trtc", request, url.full = %url)
    }

    fn on_request_end(span: &Span, outcome: &Result<Response>, _: &mut Extensions) {
        default_on_request_end(span, outcome);
    }
}
