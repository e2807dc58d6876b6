use super::{IngestEvent, IngestWebhookKey, parse};
use crate::SdkAppId;
use crate::webhook::parse::check_size;
use crate::webhook::{WebhookError, WebhookErrorReason as Reason};

/// Verifies the webhooks of one application's stream ingest.
#[derive(Debug, Clone)]
pub struct IngestWebhookVerifier {
    sdk_app_id: SdkAppId,
    key: IngestWebhookKey,
}

impl IngestWebhookVerifier {
    /// Verifies deliveries to the application that are signed with the key.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, key: &IngestWebhookKey) -> IngestWebhookVerifier {
        IngestWebhookVerifier {
            sdk_app_id,
            key: key.clone(),
        }
    }

    /// Verifies a delivery, and reads it. `sign` and `sdk_app_id` are the headers `Sign` and `SdkAppId`;
    /// `body` is the raw body, of which the signature covers every byte.
    ///
    /// # Errors
    /// If the delivery is for another application, not signed with the key, or cannot be read. The body
    /// is read last.
    pub fn verify(
        &self,
        sign: Option<&str>,
        sdk_app_id: Option<&str>,
        body: &[u8],
    ) -> Result<IngestEvent, WebhookError> {
        let fail = |reason, message: &str| Err(WebhookError::new(reason, message));
        match sdk_app_id {
            Some(id) if id.trim().parse() == Ok(self.sdk_app_id) => {}
            Some(_) => {
                return fail(
                    Reason::OtherApp,
                    "the header SdkAppId is not this application's",
                );
            }
            None => return fail(Reason::OtherApp, "there is no header SdkAppId"),
        }
        let Some(sign) = sign else {
            return fail(
                Reason::MissingSignature,
                "there is no header Sign: the console has no key for these webhooks, or the service did not send this",
            );
        };
        check_size(body)?;
        if !self.key.is_signature(sign.trim(), body) {
            return fail(
                Reason::WrongSignature,
                "Sign was not made with this key and body: the key is another one than the console's, the body is not the raw bytes, or the service did not send this",
            );
        }
        parse::event(body)
    }
}

/// Reads a delivery's body, such as a saved one. **Verifies nothing.**
///
/// # Errors
/// If it cannot be read.
pub fn parse_unverified(body: &[u8]) -> Result<IngestEvent, WebhookError> {
    parse::event(body)
}
