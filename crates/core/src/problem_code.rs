//! The kinds of rules that a value can break.

use crate::word::serialize_as_word;

/// Lists the codes once: as variants, as words, and all of them.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+) => {
        /// What kind of rule a [`Problem`](crate::Problem) is about. The parameters of each stand in parentheses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProblemCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ProblemCode {
            /// Every code of this release.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$variant),+];

            /// A stable string for programs.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ProblemCode::$variant => $word,)+
                }
            }
        }
    };
}

codes! {
    /// A rule that its words alone tell.
    Other = "other",
    /// Something that must be given.
    Missing = "missing",
    /// A text that must not be empty.
    Empty = "empty",
    /// A list that needs more (`from`), or fewer (`to`).
    WrongCount = "wrong_count",
    /// A text that is too long (`max` bytes, and `found` where it was counted).
    TooLong = "too_long",
    /// A character that is not allowed there (`found`).
    WrongCharacter = "wrong_character",
    /// White space or control characters where none may be.
    WhiteSpace = "white_space",
    /// A number outside its range (`from`, `to`, `found`; `unit`, where it has one).
    OutOfRange = "out_of_range",
    /// A number that must be whole (`unit`).
    NotWhole = "not_whole",
    /// A value of another type (`wanted`, `found`).
    WrongType = "wrong_type",
    /// A word or a number that is none of the choices (`choices`).
    NotAChoice = "not_a_choice",
    /// Text that must be a JSON object.
    NotAnObject = "not_an_object",
    /// Half of a surrogate pair.
    HalfACharacter = "half_a_character",
    /// A property that does not exist.
    UnknownProperty = "unknown_property",
    /// A property, or a user, that is there twice (`first`: where it was before, from 0).
    GivenTwice = "given_twice",
    /// A further field that has a setting of its own.
    KnownField = "known_field",
    /// A name that the service keeps for itself.
    ReservedName = "reserved_name",
    /// Text that is no template's id.
    TemplateId = "template_id",
    /// A callee that is the robot itself (`user`).
    CalleeIsRobot = "callee_is_robot",
    /// A field that is used with another only (`with`).
    Needs = "needs",
    /// A room that is needed for what is to be played.
    RoomNeeded = "room_needed",
    /// A room of the kind that the action does not take.
    WrongRoomKind = "wrong_room_kind",
    /// A URL without `https://` or `http://`, or none of what it may begin with (`choices`).
    UrlScheme = "url_scheme",
    /// Text that is no whole URL.
    NotAUrl = "not_a_url",
    /// A URL that must be `https`.
    NotHttps = "not_https",
    /// A URL without a host.
    UrlHost = "url_host",
    /// A URL whose port is none.
    UrlPort = "url_port",
    /// A URL with a fragment.
    UrlFragment = "url_fragment",
    /// A URL with a user or a password.
    UrlUser = "url_user",
    /// Plain `http` where the UserSig would be sent in clear text.
    PlainHttp = "plain_http",
    /// A span of time that begins after its end (`start`, `end`: Unix seconds).
    StartAfterEnd = "start_after_end",
    /// Milliseconds where seconds belong.
    Milliseconds = "milliseconds",
    /// Something that a shell was not set up for (`what`, in the shell's own words).
    NotSetUp = "not_set_up",
    /// A ring or a campaign that is not in the ledger.
    NotInLedger = "not_in_ledger",
    /// A campaign that was cancelled, which is for good.
    CampaignCancelled = "campaign_cancelled",
    /// A ring of which something is wanted that does not fit how far it has got (`state`).
    WrongRingState = "wrong_ring_state",
    /// Bytes that are no UTF-8.
    NotUtf8 = "not_utf8",
    /// A secret that begins or ends with white space.
    SecretWithSpace = "secret_with_space",
    /// A secret with its name before it.
    SecretAssignment = "secret_assignment",
    /// A place for a secret that nothing has filled in.
    SecretTemplate = "secret_template",
    /// A secret in quotes.
    SecretQuoted = "secret_quoted",
    /// A secret with a character that no console shows (`position`, from 1; `character`, as in `U+200B`).
    SecretCharacter = "secret_character",
}

serialize_as_word!(ProblemCode by as_str);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_a_word_of_its_own() {
        let words: BTreeSet<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), ProblemCode::ALL.len());
        for word in words {
            assert!(
                word.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || b"_8".contains(&byte))
            );
        }
    }
}
