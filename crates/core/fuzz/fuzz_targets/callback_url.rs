//! Any text is taken as a callback URL as it is or refused, and what is taken travels unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::Endpoint;
use trtc_call_core::call_config::{CallbackUrl, set_callback};

fuzz_target!(|input: (&str, Vec<&str>)| {
    let (text, commands) = input;
    match CallbackUrl::new(text) {
        Ok(url) => {
            assert_eq!(url.as_str(), text);
            let lower = text.to_ascii_lowercase();
            assert!(lower.starts_with("http://") || lower.starts_with("https://"));
            assert!(!url.sends_clear_text() || lower.starts_with("http://"));
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'#')
            );
        }
        Err(problem) => assert_eq!(problem.field, "callback_url"),
    }
    let builder = set_callback::Request::builder(text, commands).allow_unknown_commands();
    if let Ok(request) = builder.build() {
        assert_eq!(request.url().as_str(), text);
        assert!(request.body().contains(text));
    }
});
