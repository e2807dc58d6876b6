//! Playing a stream into a call. **The seam**: the API takes `play`, and this file alone says what becomes of
//! it.

use serde::Serialize;
use trtc_call::Problem;

use crate::given::Given;

/// Which numbers stream ingest uses for the two types of room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) enum IngestRoomIdCoding {
    /// 0 numeric, 1 string.
    #[default]
    #[serde(rename = "numeric-0")]
    NumericZero,
    /// 0 string, 1 numeric.
    #[serde(rename = "numeric-1")]
    NumericOne,
}

impl IngestRoomIdCoding {
    pub(crate) fn read(word: &str) -> Result<IngestRoomIdCoding, Problem> {
        match word {
            "numeric-0" => Ok(IngestRoomIdCoding::NumericZero),
            "numeric-1" => Ok(IngestRoomIdCoding::NumericOne),
            _ => Err(Problem::new(
                "ingestRoomIdCoding",
                format!("must be numeric-0 or numeric-1, not {word:?}"),
                "choose one of the two",
            )),
        }
    }
}

/// A call's `play: { streamUrl }`, which this version refuses.
pub(crate) fn refuse(given: &mut Given) {
    if given.raw("play").is_some() {
        given.note::<()>(Err(Problem::new(
            "play",
            "cannot be done by this version, which plays no streams",
            "leave the stream's URL out",
        )));
    }
}
