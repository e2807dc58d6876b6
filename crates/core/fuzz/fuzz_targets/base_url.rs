//! Whatever text is given as a region or a base URL, reading it does not panic, and a URL that is taken
//! is one that the request's path can be put behind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::{BaseUrl, Region};

fuzz_target!(|text: &str| {
    if let Ok(region) = text.parse::<Region>() {
        assert!(BaseUrl::new(region.base_url()).is_ok());
    }
    let any = BaseUrl::plain_http(text);
    if let Ok(url) = BaseUrl::new(text) {
        assert_eq!(any.as_ref(), Ok(&url));
    }
    let Ok(url) = any else { return };
    let text = url.as_str();
    assert!(!text.ends_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic()));
    assert!(!text.contains(['?', '#', '@', '\\']), "{text}");
    assert_eq!(BaseUrl::plain_http(text).as_ref(), Ok(&url));
});
