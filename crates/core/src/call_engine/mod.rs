//! `call_engine_http_srv`: start, watch and end calls.

pub mod end_call;
pub mod get_call_info;
pub mod start_call_by_robot;

use crate::wire::open_enum;

const SERVICE: &str = "call_engine_http_srv";

open_enum! {
    /// What a call carries.
    MediaType {
        /// Sound only.
        Audio = "Audio",
        /// Sound and picture.
        Video = "Video",
    }
}
