use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use trtc_call_core::call_record::get_record_by_filter::{Request, Response};
use trtc_call_core::call_record::{CallRecord, Pages};
use trtc_call_core::{Error, JsonText, Reply};

use crate::Client;

/// The records that match a filter, from [`Client::records`]: a [`Stream`], which also has a
/// [`next`](Self::next) of its own.
///
/// A page is asked for when the one before is used up, through the client's retries and rate limit.
///
/// **An error need not end it**: after one that may pass it keeps its place, and tries the page that failed again,
/// a second later. A refusal that would come again ends it, and so does a server that repeats a page. A loop that
/// logs errors and goes on therefore ends, unless the service stays out of reach: leave the loop at an error, as `?`
/// does, unless you want to wait for it.
#[must_use = "nothing is asked for until the first record is"]
pub struct Records {
    client: Client,
    pages: Pages,
    /// What is left of the page that came last.
    page: std::vec::IntoIter<CallRecord>,
    asking: Option<Asking>,
    /// Whether the last page failed, and is not to be asked for at once.
    has_failed: bool,
}

/// After a failure, to spare a service in trouble and the log of whoever waits for it.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

type Asking = Pin<Box<dyn Future<Output = Result<Reply<Response>, Error>> + Send>>;

impl Records {
    pub(crate) fn new(client: Client, first: Request) -> Records {
        Records {
            client,
            pages: Pages::new(first),
            page: Vec::new().into_iter(),
            asking: None,
            has_failed: false,
        }
    }

    /// The next record, or `None` after the last. Dropping the future loses nothing: the page that was
    /// asked for arrives with the next call.
    ///
    /// # Errors
    /// Whatever the request for a page failed with. Unless that ended the list, the next call tries the page again.
    pub async fn next(&mut self) -> Option<Result<CallRecord, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How many records match in all, as the service counted them last; `None` before the first page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// The entries that came since this was asked last and are no records, such as one without a CallId, as they
    /// arrived. They end nothing: the other records are listed.
    pub fn take_unreadable(&mut self) -> Vec<JsonText> {
        self.pages.take_unreadable()
    }
}

impl Stream for Records {
    type Item = Result<CallRecord, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<CallRecord, Error>>> {
        let records = &mut *self;
        loop {
            if let Some(record) = records.page.next() {
                return Poll::Ready(Some(Ok(record)));
            }
            let asking = match &mut records.asking {
                Some(asking) => asking,
                None => {
                    let Some(request) = records.pages.next_request().cloned() else {
                        return Poll::Ready(None);
                    };
                    let client = records.client.clone();
                    let pause = records.has_failed.then_some(PAUSE);
                    let send = async move {
                        if let Some(pause) = pause {
                            tokio::time::sleep(pause).await;
                        }
                        client.send(&request).await
                    };
                    records.asking.insert(Box::pin(send))
                }
            };
            let answer = ready!(asking.as_mut().poll(context));
            records.asking = None;
            let page = records.pages.take(answer);
            records.has_failed = page.is_err();
            match page {
                Ok(page) => records.page = page.into_iter(),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("pages", &self.pages)
            .field("left_of_page", &self.page.len())
            .finish_non_exhaustive()
    }
}
