//! Whether what arrives at an address of this machine is a webhook of the service.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use clap::Args;
use trtc_call::webhook::{
    Delivery, MAX_BODY_BYTES, WebhookError, WebhookReply, WebhookVerifier, parse_unsigned,
};
use trtc_call::{Problem, SdkAppId};

use crate::moment::now;
use crate::webhook_token::WebhookTokenArg;

/// How webhooks are checked.
#[derive(Debug, Args)]
pub(crate) struct WebhookCheckArgs {
    /// Take webhooks that are not signed, where authentication is off in the console
    #[arg(long, conflicts_with = "token_file")]
    unsigned: bool,
    #[command(flatten)]
    token: WebhookTokenArg,
}

impl WebhookCheckArgs {
    /// The first option that the command line has of these.
    pub(crate) fn named(&self) -> Option<&'static str> {
        if self.unsigned {
            Some("--unsigned")
        } else {
            self.token.named()
        }
    }

    /// The check, which is for one application.
    pub(crate) fn read(
        &self,
        app: Result<SdkAppId, Problem>,
    ) -> Result<WebhookCheck, Vec<Problem>> {
        if self.unsigned {
            return match app {
                Ok(app) => Ok(WebhookCheck::AppAlone(app)),
                Err(problem) => Err(vec![problem]),
            };
        }
        match (app, self.token.read_beside(None)) {
            (Ok(app), Ok(token)) => Ok(WebhookCheck::Signature(WebhookVerifier::new(app, &token))),
            (app, token) => {
                let token = token.err().map(|mut problem| {
                    problem
                        .fix
                        .push_str(", or give --unsigned if authentication is off in the console");
                    problem
                });
                Err(app.err().into_iter().chain(token).collect())
            }
        }
    }
}

pub(crate) enum WebhookCheck {
    Signature(WebhookVerifier),
    AppAlone(SdkAppId),
}

impl WebhookCheck {
    /// The delivery, and the body that it came in. What is forged is refused before its body is read.
    pub(crate) async fn read(
        &self,
        query: &str,
        body: Body,
    ) -> Result<(Delivery, Bytes), WebhookError> {
        if let WebhookCheck::Signature(verifier) = self {
            verifier.verify_query(query, now())?;
        }
        // What is longer is cut, and its length refused.
        let limit = MAX_BODY_BYTES + 1;
        let body = match to_bytes(body, limit).await {
            Ok(body) => body,
            Err(_) => Bytes::from(vec![b' '; limit]),
        };
        let delivery = match self {
            WebhookCheck::Signature(verifier) => verifier.verify(query, &body, now()),
            WebhookCheck::AppAlone(app) => parse_unsigned(*app, query, &body),
        };
        Ok((delivery?, body))
    }
}

/// What the service is answered.
pub(crate) fn answer(reply: WebhookReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let content_type = [(header::CONTENT_TYPE, reply.content_type)];
    (status, content_type, reply.body).into_response()
}
