use super::RingKey;
use crate::call_engine::start_call_by_robot::Request;
use crate::{JsonText, UnixMillis};

/// A ring that is to be put into a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRing {
    /// Its key.
    pub key: RingKey,
    /// The call. One that names no room gets a room of its own, by which it is found.
    pub call: Request,
    /// The campaign it belongs to; empty for one of its own.
    pub campaign: String,
    /// Its line in the campaign's file.
    pub line: Option<u64>,
    /// What else the campaign's file says of it: a JSON object.
    pub data: Option<JsonText>,
    /// The callee's time zone, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// From when on workers may take it; `None`: only whoever asks for its key rings it.
    pub not_before: Option<UnixMillis>,
    /// From when on it is too late to ring.
    pub not_after: Option<UnixMillis>,
    /// Whether the call's end is of interest: it is looked for among the records, where no webhook tells of it.
    pub watched: bool,
}

impl NewRing {
    /// A ring that only whoever asks for its key rings.
    #[must_use]
    pub fn new(key: RingKey, call: Request) -> NewRing {
        NewRing {
            key,
            call,
            campaign: String::new(),
            line: None,
            data: None,
            time_zone: None,
            not_before: None,
            not_after: None,
            watched: false,
        }
    }

    /// The same for workers, as soon as one is free.
    #[must_use]
    pub fn queued(key: RingKey, call: Request) -> NewRing {
        let not_before = Some(UnixMillis(0));
        NewRing {
            not_before,
            ..NewRing::new(key, call)
        }
    }

    /// The same as a row of a campaign.
    #[must_use]
    pub fn of_campaign(mut self, campaign: impl Into<String>) -> NewRing {
        self.campaign = campaign.into();
        self
    }
}
