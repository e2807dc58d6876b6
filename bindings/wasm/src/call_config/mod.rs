//! `call_config`

pub mod delete_callback;
pub mod get_callback;
pub mod set_callback;
