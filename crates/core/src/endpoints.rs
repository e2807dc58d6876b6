//! Every command of the REST API and every action of the cloud API, a line each. `Command::ALL`, the OpenAPI
//! document, `trtc-call decode`, the bindings and the tests are made out of these two lists.

/// Calls a generic function with the request of each command and gives an array of what it returns:
/// `for_each_command!(f(x))` is `[f::<call_engine::start_call_by_robot::Request>(x), …]`.
///
/// ```
/// use trtc_call_core::{Endpoint, for_each_command};
///
/// fn name<E: Endpoint>() -> &'static str {
///     E::COMMAND.name
/// }
/// assert!(for_each_command!(name()).contains(&"end_call"));
/// ```
#[macro_export]
macro_rules! for_each_command {
    ($function:ident $arguments:tt) => {
        $crate::__for_each_command! { $function $arguments
            call_engine::start_call_by_robot,
            call_engine::get_call_info,
            call_engine::end_call,
            call_record::get_record_by_callid,
            call_record::get_record_by_filter,
            call_config::set_callback,
            call_config::get_callback,
            call_config::delete_callback,
        }
    };
}

/// Calls a generic function with the request of each action, its `ACTION` before the other arguments, and gives an
/// array of what it returns: `for_each_action!(f(x))` is `[f::<stream_ingest::start_stream_ingest::Request>(ACTION, x), …]`.
///
/// ```
/// use trtc_call_core::{Action, CloudEndpoint, for_each_action};
///
/// fn name<E: CloudEndpoint>(action: Action) -> &'static str {
///     action.name
/// }
/// assert!(for_each_action!(name()).contains(&"StopStreamIngest"));
/// ```
#[macro_export]
macro_rules! for_each_action {
    ($function:ident ( $($argument:expr),* )) => {
        $crate::__for_each_action! { $function ( $($argument),* )
            stream_ingest::start_stream_ingest,
            stream_ingest::update_stream_ingest,
            stream_ingest::describe_stream_ingest,
            stream_ingest::stop_stream_ingest,
            room::dismiss_room,
            room::dismiss_room_by_str_room_id,
            room::remove_user,
            room::remove_user_by_str_room_id,
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __for_each_command {
    ($function:ident $arguments:tt $($service:ident::$name:ident,)*) => {
        [$($function::<$crate::$service::$name::Request> $arguments),*]
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __for_each_action {
    ($function:ident $arguments:tt $($service:ident::$name:ident,)*) => {
        [$($crate::__for_each_action! { @one $function ($crate::$service::$name::Request) $arguments }),*]
    };
    (@one $function:ident ($request:ty) ( $($argument:expr),* )) => {
        $function::<$request>(<$request>::ACTION $(, $argument)*)
    };
}
