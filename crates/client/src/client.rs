use std::fmt;
use std::sync::Arc;

use trtc_call_core::call_record::get_record_by_filter;
use trtc_call_core::{
    Access, CallId, CloudEndpoint, Endpoint, Error, ErrorCode, HttpRequest, InvalidRequest,
    Problem, Region, Repeat, Reply, RingAttempt, SdkAppId, SecretKey, UnixSeconds, UserId,
};

use crate::exchange::{Exchange, Sender};
use crate::hosts::Hosts;
use crate::recorded::{RecordedExchange, Recorder};
use crate::transport::RawReply;
use crate::user_sig_cache::UserSigCache;
use crate::{ClientBuilder, CloudClient, Records, Tasks};

/// Sends requests to the service. Cheap to clone; clones share connections, UserSig and rate limit.
///
/// It needs a tokio runtime; see the `blocking` feature for programs without one.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) admin: UserId,
    pub(crate) hosts: Hosts,
    pub(crate) user_sigs: UserSigCache,
    pub(crate) sender: Sender,
    pub(crate) cloud: Option<CloudClient>,
    pub(crate) tasks: Tasks,
}

impl Client {
    /// A client of the application `sdk_app_id`, whose App admin account `admin` authorises the
    /// requests.
    pub fn builder(
        sdk_app_id: SdkAppId,
        secret_key: SecretKey,
        admin: UserId,
        region: Region,
    ) -> ClientBuilder {
        ClientBuilder::new(sdk_app_id, secret_key, admin, region)
    }

    /// Sends a request and reads the reply. What is safe to repeat is repeated as the retry policy says.
    ///
    /// **Dropping the future stops it where it is**, as `select!`, `timeout`, and a web server whose caller hangs up
    /// do. A call that was on its way may ring then, and its CallId is lost: that is logged at ERROR and told to
    /// [`on_abandoned`](ClientBuilder::on_abandoned). Where the future may be dropped, use
    /// [`send_detached`](Self::send_detached).
    ///
    /// # Errors
    /// [`Error::Transport`], [`Error::Server`] and [`Error::Parse`] by moment;
    /// [`Error::OutcomeUnknown`] when a call was sent that may have rung: it is never sent again.
    pub async fn send<E: Endpoint + Sync>(&self, request: &E) -> Result<Reply<E::Response>, Error> {
        self.send_with(request, None).await
    }

    /// [`send`](Self::send), handing each attempt to `record` as it ends: for people who want to see the
    /// packets.
    ///
    /// # Errors
    /// As `send`.
    pub async fn send_recorded<E: Endpoint + Sync>(
        &self,
        request: &E,
        mut record: impl FnMut(RecordedExchange) + Send,
    ) -> Result<Reply<E::Response>, Error> {
        self.send_with(request, Some(&mut record)).await
    }

    pub(crate) async fn send_with<E: Endpoint + Sync>(
        &self,
        request: &E,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<E::Response>, Error> {
        self.0.sender.send(&self.exchange(request), record).await
    }

    /// Sends a request once, at once: without a second attempt, and without waiting for its turn within the rate limit.
    /// For who limits and repeats by rules of his own, as a ledger of rings does.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_now<E: Endpoint + Sync>(
        &self,
        request: &E,
    ) -> Result<Reply<E::Response>, Error> {
        self.0.sender.send_now(&self.exchange(request)).await
    }

    /// The application.
    #[must_use]
    pub fn sdk_app_id(&self) -> SdkAppId {
        self.0.sdk_app_id
    }

    /// As [`send`](Self::send), without a second attempt.
    pub(crate) async fn send_once<E: Endpoint + Sync>(
        &self,
        request: &E,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<E::Response>, Error> {
        self.0
            .sender
            .send_once(&self.exchange(request), record)
            .await
    }

    /// Sends a request to the cloud API and reads the reply: [`CloudClient::send`] of the
    /// [`cloud`](Self::cloud) client.
    ///
    /// # Errors
    /// As [`CloudClient::send`]; [`Error::Build`] if the builder was given no
    /// [`cloud`](ClientBuilder::cloud) configuration.
    pub async fn send_cloud<E: CloudEndpoint + Sync>(
        &self,
        request: &E,
    ) -> Result<Reply<E::Response>, Error> {
        self.cloud()?.send(request).await
    }

    /// The client of the cloud API.
    ///
    /// # Errors
    /// [`Error::Build`] if the builder was given no [`cloud`](ClientBuilder::cloud) configuration.
    pub fn cloud(&self) -> Result<&CloudClient, Error> {
        self.0.cloud.as_ref().ok_or_else(|| {
            let fix = "give ClientBuilder::cloud an access key of the cloud account";
            InvalidRequest::from(Problem::new("cloud", "is not configured", fix)).into()
        })
    }

    /// Lists the records that match a filter, page after page, asking for each when it is needed.
    ///
    /// ```no_run
    /// use trtc_call::call_record::get_record_by_filter::Request;
    /// use trtc_call::{CallResult, Client, Error, UnixSeconds};
    ///
    /// # async fn list(client: &Client, now: UnixSeconds) -> Result<(), Error> {
    /// let missed = Request::builder().result(CallResult::NotAnswer).page_size(100).build(now)?;
    /// let mut records = client.records(missed);
    /// while let Some(record) = records.next().await {
    ///     let record = record?;
    ///     println!("{} rang {:?}", record.caller, record.members);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It ends where the service documents the end, and where the service says that there is no record
    /// (101050). It begins with the page that the filter names, the first one usually.
    pub fn records(&self, filter: get_record_by_filter::Request) -> Records {
        Records::new(self.clone(), filter)
    }

    /// What goes on in the background: requests that are [detached](Self::send_detached), sessions until call and
    /// stream are ended, and what you put there.
    #[must_use]
    pub fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    /// Waits until nothing of this client goes on in the background ([`tasks`](Self::tasks)): the last thing that a
    /// service does. Shut the server down and end the [sessions](crate::Session) before.
    pub async fn drained(&self) {
        self.tasks().drained().await;
    }

    fn exchange<'a, E>(&'a self, request: &'a E) -> CallExchange<'a, E> {
        CallExchange {
            client: &self.0,
            request,
        }
    }
}

/// A request to the REST API of calls, as the application's admin.
struct CallExchange<'a, E> {
    client: &'a Inner,
    request: &'a E,
}

impl<E: Endpoint + Sync> Exchange for CallExchange<'_, E> {
    type Response = E::Response;

    fn name(&self) -> &'static str {
        E::COMMAND.name
    }

    fn repeat(&self) -> Repeat {
        E::COMMAND.repeat
    }

    fn http_request(&self, now: UnixSeconds) -> HttpRequest {
        let Inner {
            sdk_app_id,
            admin,
            hosts,
            user_sigs,
            ..
        } = self.client;
        let access = Access {
            region: hosts.current(),
            sdk_app_id: *sdk_app_id,
            admin,
            user_sig: &user_sigs.get(admin, now),
        };
        self.request.http_request(&access, fastrand::u32(..))
    }

    fn turn_from(&self, host: &str) -> bool {
        self.client.hosts.turn_from(host)
    }

    fn read(&self, reply: &RawReply) -> Result<Reply<E::Response>, Error> {
        let result = E::parse(reply.status, &reply.body);
        if let Err(Error::Server(error)) = &result
            && refuses_user_sig(error.code)
        {
            self.client.user_sigs.forget();
        }
        result
    }

    fn ring_attempt(&self) -> Option<RingAttempt> {
        self.request.ring_attempt()
    }

    fn call_id<'r>(&self, response: &'r E::Response) -> Option<&'r CallId> {
        E::call_id(response)
    }
}

/// Whether a fresh UserSig may help where this one did not.
fn refuses_user_sig(code: ErrorCode) -> bool {
    code.name().starts_with("user_sig_")
}

/// Without the secret key and without the UserSig.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("sdk_app_id", &self.0.sdk_app_id)
            .field("admin", &self.0.admin)
            .field("region", self.0.hosts.region())
            .field("cloud", &self.0.cloud)
            .finish_non_exhaustive()
    }
}
