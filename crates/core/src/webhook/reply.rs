use super::WebhookError;

/// What to answer to a delivery. The service waits 2 s for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookReply {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type` header.
    pub content_type: &'static str,
    /// JSON.
    pub body: String,
}

impl WebhookReply {
    /// The delivery has arrived: 200.
    #[must_use]
    pub fn acknowledge() -> WebhookReply {
        WebhookReply {
            status: 200,
            content_type: "application/json",
            body: r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.to_owned(),
        }
    }

    /// The delivery is refused: 401, 400 or 413. The body names the [code](WebhookError::code) and
    /// nothing else: whoever forges deliveries learns no details.
    #[must_use]
    pub fn refuse(error: &WebhookError) -> WebhookReply {
        let code = error.code();
        WebhookReply {
            status: error.http_status(),
            content_type: "application/json",
            body: format!(r#"{{"ActionStatus":"FAIL","ErrorInfo":"{code}","ErrorCode":1}}"#),
        }
    }
}
