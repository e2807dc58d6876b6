//! What an HTTP status other than 200 says about the request.
//!
//! The service answers 200 even when it refuses, so that any other status comes from something between here and
//! there: a proxy, a gateway, a load balancer, a firewall. Such a box may give most answers also *after* it has passed
//! the request on: it lost patience (408, 499, 502, 504), it counts requests by themselves (429), it dislikes the
//! reply that came back (403, 413), it puts its own page in the reply's place (303, 400, 404, 405). So there is a
//! list of those that say for certain that nothing happened, and everything else leaves it open.

use crate::Effect;

/// The statuses after which it is certain that the service did nothing, and why.
///
/// A status belongs here if HTTP itself gives it no other meaning than that the request was not looked at, and no box
/// has a reason to give it for what came back.
const CERTAINLY_NOTHING_HAPPENED: [(u16, &str); 6] = [
    (407, "a proxy passes nothing on before it knows who asks"),
    (414, "the URL was too long to be read to its end"),
    (421, "the server that was reached is not the service's"),
    (431, "the headers were too long to be read to their end"),
    (505, "the request was of a version of HTTP that is not read"),
    (
        511,
        "the network passes nothing on before somebody has logged in",
    ),
];

/// Why nothing happened, where that is certain.
pub(crate) fn why_nothing_happened(status: u16) -> Option<&'static str> {
    let mut list = CERTAINLY_NOTHING_HAPPENED.into_iter();
    list.find_map(|(certain, why)| (certain == status).then_some(why))
}

/// What is known about the effect of a request that was answered with this status.
pub(crate) fn effect(status: u16) -> Effect {
    match why_nothing_happened(status) {
        Some(_) => Effect::Refused,
        None => Effect::Unknown,
    }
}

/// Whether the same request would be answered so again: redirects, and refusals that speak neither of time (408) nor
/// of load (429). Says nothing about whether anything happened.
pub(crate) fn is_lasting(status: u16) -> bool {
    matches!(status, 300..=499) && !matches!(status, 408 | 429) || effect(status) == Effect::Refused
}

/// What an error says about the status.
pub(crate) fn message(status: u16) -> String {
    match (status, why_nothing_happened(status)) {
        (_, Some(why)) => format!("HTTP status {status}: {why}, so that nothing was done"),
        (300..=399, None) => format!("HTTP status {status}: a redirect, which is not followed"),
        _ => format!("HTTP status {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_status_on_the_list_says_that_nothing_happened() {
        let certain: Vec<u16> = (0..=999)
            .filter(|status| effect(*status) == Effect::Refused)
            .collect();
        assert_eq!(certain, [407, 414, 421, 431, 505, 511]);
    }

    #[test]
    fn what_a_box_may_answer_after_it_passed_the_request_on_leaves_the_outcome_open() {
        for status in [
            0, 201, 204, 302, 303, 307, 400, 401, 403, 404, 405, 408, 409, 413, 425, 429, 499, 500,
            502, 503, 504, 520, 524, 599,
        ] {
            assert_eq!(effect(status), Effect::Unknown, "{status}");
        }
    }

    #[test]
    fn the_message_says_why_nothing_happened() {
        assert!(
            message(407).contains("passes nothing on"),
            "{}",
            message(407)
        );
        assert!(message(303).contains("not followed"), "{}", message(303));
        assert_eq!(message(499), "HTTP status 499");
    }
}
