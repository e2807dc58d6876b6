use serde::Serialize;
use serde_json::value::RawValue;

use super::{CloudHost, CloudRegion, envelope};
use crate::endpoint::PayloadError;
use crate::tc3::{Parts, Tc3Signer};
use crate::{
    Error, Extra, HttpRequest, IngestRoomIdCoding, InvalidRequest, ParseError, ParseErrorKind,
    Repeat, Reply, SdkAppId, UnixSeconds, WithExtra, for_each_action,
};

/// One action of the cloud API. Its implementors are the requests, one file each.
///
/// Build the HTTP request with [`http_request`](Self::http_request), send it with any client, and
/// hand status and body to [`parse`](Self::parse).
pub trait CloudEndpoint {
    /// What the service answers.
    type Response: Send;

    /// Which action it is. Each request type has it as the constant `ACTION` too, but for those of
    /// [`room`](crate::room) that choose between two.
    fn action(&self) -> Action;

    /// The body: a JSON object. **It may hold a UserSig**: see [`HttpRequest::redacted_body`].
    fn body(&self, access: &CloudAccess<'_>) -> String;

    /// Reads the envelope's `Response`, an object.
    ///
    /// # Errors
    /// If a member that this action needs is missing, or does not have the documented form.
    fn read_response(response: &RawValue) -> Result<Self::Response, PayloadError>;

    /// The same request with further fields, which this release does not know: they travel as they are.
    ///
    /// # Errors
    /// Those with names that the request has or could have.
    fn with_extra(self, extra: Extra) -> Result<WithExtra<Self>, InvalidRequest>
    where
        Self: Sized,
    {
        let known = self.action().fields;
        WithExtra::new(self, known, extra)
    }

    /// The request to send, signed at `now`. The service takes it for 5 minutes: build it anew for
    /// each attempt.
    fn http_request(&self, access: &CloudAccess<'_>, now: UnixSeconds) -> HttpRequest {
        access.http_request(self.action(), self.body(access), now)
    }

    /// Reads a reply.
    ///
    /// # Errors
    /// [`Error::Cloud`] when the service refused, [`Error::Parse`] when the reply is not what the
    /// service documents.
    fn parse(status: u16, body: &[u8]) -> Result<Reply<Self::Response>, Error> {
        let (request_id, response) = envelope::read(status, body)?;
        match Self::read_response(response) {
            Ok(response) => Ok(Reply {
                request_id,
                response,
            }),
            Err(PayloadError(message)) => Err(ParseError::new(
                ParseErrorKind::Payload,
                status,
                Some(request_id),
                message,
                body,
            )
            .into()),
        }
    }
}

/// Names one action: the header `X-TC-Action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Action {
    /// The action's name, such as `StartStreamIngest`.
    pub name: &'static str,
    /// `X-TC-Version`.
    pub version: &'static str,
    /// What sending it a second time does.
    pub repeat: Repeat,
    /// Number of the vendor's page: `https://trtc.io/document/{page}`.
    pub vendor_page: u32,
    /// The fields of the request that this library knows, by the service's names.
    pub fields: &'static [&'static str],
}

impl Action {
    /// How many requests the service takes in a second, for each action.
    pub const REQUESTS_PER_SECOND: u32 = 20;

    /// Every action this library speaks.
    pub const ALL: &'static [Action] = &for_each_action!(itself());

    pub(crate) const fn new(
        name: &'static str,
        repeat: Repeat,
        vendor_page: u32,
        fields: &'static [&'static str],
    ) -> Action {
        Action {
            name,
            version: Parts::DEFAULT_VERSION,
            repeat,
            vendor_page,
            fields,
        }
    }
}

#[expect(clippy::extra_unused_type_parameters, reason = "as the list calls it")]
const fn itself<E: CloudEndpoint>(action: Action) -> Action {
    action
}

/// Who sends a request, and where to.
#[derive(Debug, Clone, Copy)]
pub struct CloudAccess<'a> {
    /// Where the cloud API lives.
    pub host: &'a CloudHost,
    /// The region the request is for.
    pub region: &'a CloudRegion,
    /// The application.
    pub sdk_app_id: SdkAppId,
    /// The cloud account's credential.
    pub signer: &'a Tc3Signer,
    /// How the account codes the kinds of room for stream ingest.
    pub ingest_room_id_coding: IngestRoomIdCoding,
}

impl CloudAccess<'_> {
    /// The body of an action: its own members, behind the one that all have in common.
    pub(crate) fn body(&self, own: &impl Serialize) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'a, T> {
            sdk_app_id: SdkAppId,
            #[serde(flatten)]
            own: &'a T,
        }

        let sdk_app_id = self.sdk_app_id;
        // Requests hold strings, numbers and lists of them, which JSON always has words for.
        serde_json::to_string(&Body { sdk_app_id, own }).unwrap_or_default()
    }

    /// The request to send for an action whose body is there already, signed at `now`: what
    /// [`CloudEndpoint::http_request`] gives.
    #[must_use]
    pub fn http_request(&self, action: Action, body: String, now: UnixSeconds) -> HttpRequest {
        let host = self.host.header();
        let parts = Parts::trusted(&host, action.name, body.as_bytes())
            .trusted_region(self.region.as_str());
        let headers = self.signer.sign(&parts, now).headers;
        HttpRequest {
            method: "POST",
            url: format!("{}/", self.host.base_url()),
            headers,
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stream_ingest::start_stream_ingest;
    use crate::tc3::Credential;
    use crate::{BaseUrl, RoomId, UserSig, room};

    #[test]
    fn every_action_has_a_name_and_a_page_of_its_own_and_only_a_start_starts_again() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.name).collect();
        let pages: BTreeSet<_> = Action::ALL
            .iter()
            .map(|action| action.vendor_page)
            .collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert_eq!(pages.len(), Action::ALL.len());
        for action in Action::ALL {
            let starts = action.repeat == Repeat::StartsAgain;
            assert_eq!(starts, action.name == "StartStreamIngest");
            assert_ne!(action.repeat, Repeat::RingsAgain);
            assert_eq!(action.version, "2019-07-22");
        }
    }

    #[test]
    fn a_printed_request_shows_none_of_its_secrets() {
        let credential = Credential::new("AKID", "MARKED-KEY").unwrap();
        let access = CloudAccess {
            host: &BaseUrl::new("http://127.0.0.1:9/proxy/").unwrap().into(),
            region: &CloudRegion::default(),
            sdk_app_id: SdkAppId::new(1).unwrap(),
            signer: &Tc3Signer::new(credential.with_token("MARKED-TOKEN").unwrap()),
            ingest_room_id_coding: IngestRoomIdCoding::default(),
        };
        let token = || UserSig::from_token("MARKED\"\\MARKED");
        let url = "https://h/\"UserSig\":\"x";
        let request = start_stream_ingest::Request::builder(1, "robot", token(), url)
            .private_map_key(token())
            .build()
            .unwrap();
        let http = request.http_request(&access, UnixSeconds(1_700_000_000));
        assert_eq!(http.url, "http://127.0.0.1:9/proxy/");
        assert!(http.body.contains("MARKED"));
        let authorization = http
            .headers
            .iter()
            .find(|(name, _)| *name == "authorization");
        let (_, signature) = authorization.unwrap().1.rsplit_once('=').unwrap();
        let signed = access.signer.sign(
            &Parts::new("h", "A", b"MARKED").unwrap(),
            UnixSeconds(1_700_000_000),
        );
        for printed in [
            format!("{http:?}"),
            http.redacted_body(),
            format!("{request:?}"),
            format!("{access:?}"),
            format!("{signed:?}"),
        ] {
            assert!(!printed.contains("MARKED"), "{printed}");
            assert!(!printed.contains(signature), "{printed}");
        }
        let redacted: serde_json::Value = serde_json::from_str(&http.redacted_body()).unwrap();
        assert_eq!(redacted["UserSig"], "(hidden)");
        assert_eq!(redacted["PrivateMapKey"], "(hidden)");
        assert_eq!(redacted["StreamUrl"], url);
        assert_eq!(redacted["RoomId"], "1");
    }

    #[test]
    fn a_room_outside_the_range_does_not_pass_here() {
        let sig = UserSig::from_token("x");
        let builder =
            start_stream_ingest::Request::builder(0, "robot", sig, "https://example.com/a.mp3");
        assert_eq!(builder.build().unwrap_err().problems()[0].field, "room");
        assert!(room::remove(&RoomId::number(1).unwrap(), ["a"; 1000]).is_err());
    }
}
