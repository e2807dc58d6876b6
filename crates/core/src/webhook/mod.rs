//! Webhooks: what the service tells your server about calls.

mod command;

pub use command::CallbackCommand;
