use crate::wire::{open_enum, read_any_word};

open_enum! {
    /// What a webhook tells about (`CallbackCommand`), and what a callback configuration asks for
    /// (<https://trtc.io/document/68933>).
    CallbackCommand {
        /// A call was started (<https://trtc.io/document/68941>).
        AfterStartCall = "Call.CallbackAfterStartCall",
        /// Somebody answered, refused, joined, left, was invited (<https://trtc.io/document/69215>).
        AfterMemberChanged = "Call.CallbackAfterMemberChanged",
        /// A call ended (<https://trtc.io/document/68940>).
        AfterEndCall = "Call.CallbackAfterEndCall",
    }
}

read_any_word!(CallbackCommand);
