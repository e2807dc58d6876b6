//! Every case of `tests/vectors/usersig`, `private_map_key` and `usersig_refused`: what is signed, what
//! other signers' tokens say, and why a token is refused. A failure names the case and the stage.
//!
//! Tokens are taken apart here by miniz_oxide and serde_json, and signatures made by hmac, so that the
//! library's own reading and signing are held to somebody else's.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use trtc_call_core::private_map_key::{self, PrivateMapKey};
use trtc_call_core::usersig::{UserSigSigner, UserSigVerifier, inspect};
use trtc_call_core::{RoomId, SdkAppId, SecretKey, UnixSeconds, UserId};

#[test]
fn every_user_sig_is_signed_and_read_as_its_vector_says() {
    for case in cases("usersig") {
        let input: UserSigInput = case.json("input.json");
        let app = SdkAppId::new(input.sdk_app_id).unwrap();
        let key = SecretKey::new(&*input.secret_key).unwrap();
        let user = UserId::any(&*input.identifier);
        let now = UnixSeconds(input.time);
        let buffer = input.user_buffer.map(|file| case.hex(&file));

        let signer = UserSigSigner::new(app, &key);
        let token = match &buffer {
            None => signer.sign(&user, input.expire, now),
            Some(buffer) => signer.sign_with_user_buffer(&user, buffer, input.expire, now),
        };
        case.check_fields(&input.secret_key, token.as_str());

        let verifier = UserSigVerifier::new(app, &key);
        case.for_each_token(token.as_str(), |signed_by, token| {
            let claims = inspect(token).unwrap_or_else(|e| panic!("{case}: {signed_by}: {e}"));
            assert_eq!(claims.identifier, input.identifier, "{case}: {signed_by}");
            assert_eq!(claims.user_buffer, buffer, "{case}: {signed_by}");
            let result = verifier.verify(token, &input.identifier, now);
            if input.expire == 0 {
                let reason = result.unwrap_err().reason();
                assert_eq!(reason.code(), "expired", "{case}: {signed_by}");
            } else {
                assert_eq!(
                    result,
                    Ok(claims),
                    "{case}: verify the token of {signed_by}"
                );
            }
        });
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserSigInput {
    sdk_app_id: u32,
    secret_key: String,
    identifier: String,
    time: u64,
    expire: u64,
    /// The name of a file with the bytes in hexadecimal.
    user_buffer: Option<String>,
}

#[test]
fn every_private_map_key_is_signed_and_read_as_its_vector_says() {
    for case in cases("private_map_key") {
        let input: PrivateMapKeyInput = case.json("input.json");
        let app = SdkAppId::new(input.sdk_app_id).unwrap();
        let key = SecretKey::new(&*input.secret_key).unwrap();
        let now = UnixSeconds(input.time);
        let room = match input.room {
            Room::Number(number) => RoomId::number(number).unwrap(),
            Room::Text(text) => RoomId::text(text).unwrap(),
        };
        let privileges = input.privileges.parse().unwrap();
        let buffer = case.hex("userbuf.hex");

        let account = UserId::any(&*input.account);
        let signer = UserSigSigner::new(app, &key);
        let token = PrivateMapKey::new(account.clone(), room.clone(), privileges)
            .unwrap()
            .sign(&signer, input.expire, now);
        let claims = inspect(token.as_str()).unwrap();
        assert_eq!(claims.user_buffer, Some(buffer), "{case}: userbuf.hex");
        case.check_fields(&input.secret_key, token.as_str());

        let verifier = UserSigVerifier::new(app, &key);
        case.for_each_token(token.as_str(), |signed_by, token| {
            let verified = verifier.verify(token, &input.account, now);
            assert_eq!(
                verified.as_ref(),
                Ok(&claims),
                "{case}: verify the token of {signed_by}"
            );
            let grant = private_map_key::inspect(token)
                .unwrap_or_else(|e| panic!("{case}: {signed_by}: {e}"))
                .grant;
            assert_eq!(grant.account, account, "{case}: {signed_by}");
            assert_eq!(grant.sdk_app_id, app.get(), "{case}: {signed_by}");
            assert_eq!(grant.room, room, "{case}: {signed_by}");
            assert_eq!(grant.privileges, privileges, "{case}: {signed_by}");
            assert_eq!(grant.account_type, 0, "{case}: {signed_by}");
            let ends = u64::from(grant.expires_at);
            assert_eq!(
                ends,
                claims.expires_at().0.min(u32::MAX.into()),
                "{case}: {signed_by}"
            );
        });
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PrivateMapKeyInput {
    sdk_app_id: u32,
    secret_key: String,
    account: String,
    room: Room,
    privileges: String,
    time: u64,
    expire: u64,
}

/// A number or a string: they name different rooms.
#[derive(Deserialize)]
#[serde(untagged)]
enum Room {
    Number(u32),
    Text(String),
}

#[test]
fn every_refused_user_sig_is_refused_for_the_reason_its_vector_gives() {
    for case in cases("usersig_refused") {
        let input: RefusedInput = case.json("input.json");
        let expected: Expected = case.json("expected.json");
        // The file ends in a line break, which is not part of the token.
        let token = case.text("token.txt");
        let token = token.strip_suffix('\n').unwrap();
        let verifier = UserSigVerifier::new(
            SdkAppId::new(input.sdk_app_id).unwrap(),
            &SecretKey::new(input.secret_key).unwrap(),
        );
        let rejection = verifier
            .verify(token, &input.identifier, UnixSeconds(input.now))
            .expect_err(&format!("{case} is refused"));
        assert_eq!(
            rejection.reason().code(),
            expected.reason,
            "{case}: {rejection}"
        );
        for words in expected.says {
            assert!(
                rejection.to_string().contains(&words),
                "{case}: {rejection:?} lacks {words:?}"
            );
        }
        assert_eq!(json!(rejection.claims()), expected.claims, "{case}: claims");

        // What needs no key to be seen, `inspect` refuses for the same reason.
        let is_readable = matches!(
            rejection.reason().code(),
            "other_app" | "other_user" | "wrong_key" | "expired"
        );
        let inspected = inspect(token)
            .map(|claims| json!(claims))
            .map_err(|e| e.reason());
        let inspectable = if is_readable {
            Ok(expected.claims)
        } else {
            Err(rejection.reason())
        };
        assert_eq!(inspected, inspectable, "{case}: inspect");
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RefusedInput {
    sdk_app_id: u32,
    secret_key: String,
    identifier: String,
    now: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    reason: String,
    /// Words that the message holds.
    says: Vec<String>,
    /// What the token says where it can be read, or null.
    claims: Value,
}

/// The folder of one case; formats as `kind/case`.
struct Case(PathBuf);

impl Case {
    /// Holds the token signed here to `fields.json`, whose signature is held to `content.txt`.
    fn check_fields(&self, secret_key: &str, token: &str) {
        let mut fields: Map<String, Value> = self.json("fields.json");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()).unwrap();
        mac.update(self.text("content.txt").as_bytes());
        let signature = json!(STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(
            fields["TLS.sig"], signature,
            "{self}: content.txt is what fields.json signs"
        );

        let mut signed: Map<String, Value> = serde_json::from_str(&json_in(token)).unwrap();
        let (expected, signature) = (fields.remove("TLS.sig"), signed.remove("TLS.sig"));
        assert_eq!(signed, fields, "{self}: fields.json");
        assert_eq!(signature, expected, "{self}: content.txt is what is signed");
    }

    /// Our own token, and those of `tokens.json`, after holding their JSON to the one stored there.
    fn for_each_token(&self, own: &str, mut check: impl FnMut(&str, &str)) {
        check("trtc-call", own);
        let tokens: Map<String, Value> = self.json("tokens.json");
        assert!(!tokens.is_empty(), "{self}: tokens.json");
        for (signed_by, stages) in &tokens {
            let token = stages["token"].as_str().unwrap();
            if let Some(json) = stages.get("json") {
                assert_eq!(&json!(json_in(token)), json, "{self}: JSON of {signed_by}");
            }
            check(signed_by, token);
        }
    }

    fn text(&self, name: &str) -> String {
        let path = self.0.join(name);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> T {
        serde_json::from_str(&self.text(name)).unwrap_or_else(|e| panic!("{self}: {name}: {e}"))
    }

    fn hex(&self, name: &str) -> Vec<u8> {
        let text = self.text(name);
        let digits = text.trim_end().as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names = self.0.iter().rev().map(|name| name.display());
        let (case, kind) = (names.next().unwrap(), names.next().unwrap());
        write!(f, "{kind}/{case}")
    }
}

fn cases(kind: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(kind);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let cases: Vec<Case> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(Case)
        .collect();
    assert!(!cases.is_empty(), "{kind} has no cases");
    cases
}

/// The JSON that a token wraps.
fn json_in(token: &str) -> String {
    let base64 = token.replace('*', "+").replace('-', "/").replace('_', "=");
    let zlib = STANDARD.decode(base64).unwrap();
    let json = miniz_oxide::inflate::decompress_to_vec_zlib(&zlib).unwrap();
    String::from_utf8(json).unwrap()
}
