//! Replies, which may break off after their first half.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::{Answer, Cut};

pub(super) fn response(answer: Answer) -> Response<Reply> {
    let length = answer.body.len();
    let date = HeaderValue::try_from(answer.date_header());
    let reply = Reply {
        is_cut: answer.cut == Cut::MidReply,
        state: ReplyState::Waiting(Bytes::from(answer.body)),
    };
    let mut response = Response::new(reply);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    if let Ok(date) = date {
        headers.insert(DATE, date);
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A reply's body.
pub(super) struct Reply {
    is_cut: bool,
    state: ReplyState,
}

enum ReplyState {
    Waiting(Bytes),
    HalfSent,
    Flushed,
    Done,
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match std::mem::replace(&mut self.state, ReplyState::Done) {
            ReplyState::Waiting(mut body) if self.is_cut => {
                self.state = ReplyState::HalfSent;
                body.truncate(body.len() / 2);
                Poll::Ready(Some(Ok(Frame::data(body))))
            }
            ReplyState::Waiting(body) => Poll::Ready(Some(Ok(Frame::data(body)))),
            // hyper flushes what it has when a body makes it wait, and forgets it on an error.
            ReplyState::HalfSent => {
                self.state = ReplyState::Flushed;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            ReplyState::Flushed => Poll::Ready(Some(Err(io::Error::other(
                "an injected fault: half a reply",
            )))),
            ReplyState::Done => Poll::Ready(None),
        }
    }
}
