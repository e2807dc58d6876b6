use trtc_call_core::input::{Given, Input, Properties};
use trtc_call_core::tc3::Credential;
use trtc_call_core::{InvalidRequest, Problem, SecretKey};
use trtc_call_emulator::Config;

/// Reads which application is emulated, and how strictly.
pub(crate) fn read(options: &str) -> Result<Config, InvalidRequest> {
    let mut given = Input::new(options).properties("options")?;
    let config = config(&mut given);
    given.finish(config)
}

fn config(given: &mut Properties<'_>) -> Option<Config> {
    let sdk_app_id = given.required("sdkAppId", Given::sdk_app_id);
    let secret_key = given.required("secretKey", |key| SecretKey::new(secret(key)?));
    let admins = given
        .has("admins")
        .then(|| given.list("admins", Given::text));
    let per_second = |rate: Given<'_>| rate.whole_32("requests per second");
    let requests_per_second = given.optional("requestsPerSecond", per_second);
    let allow_any_user_id = given.flag("allowAnyUserId");
    let cloud = given.object("cloud", credential);
    let cloud_requests_per_second = given.optional("cloudRequestsPerSecond", per_second);
    let coding = given.optional("ingestRoomIdCoding", |coding| coding.text()?.parse());
    let demands_private_map_key = given.flag("demandsPrivateMapKey");

    let mut config = Config::new(sdk_app_id?, secret_key?);
    config.allow_any_user_id = allow_any_user_id;
    config.demands_private_map_key = demands_private_map_key;
    if let Some(admins) = admins.flatten() {
        config.admins = admins;
    }
    if let Some(rate) = requests_per_second {
        config.requests_per_second = rate;
    }
    if let Some(credential) = cloud {
        config.cloud_credentials = vec![credential];
    }
    if let Some(rate) = cloud_requests_per_second {
        config.cloud_requests_per_second = rate;
    }
    if let Some(coding) = coding {
        config.ingest_room_id_coding = coding;
    }
    Some(config)
}

/// The only access key of the cloud API.
fn credential(given: &mut Properties<'_>) -> Option<Credential> {
    let id = given.required("secretId", Given::text);
    let key = given.required("secretKey", secret);
    let token = given.optional("token", secret);
    let credential = given.note(Credential::new(id?, key?))?;
    match token {
        Some(token) => given.note(credential.with_token(token)),
        None => Some(credential),
    }
}

/// A string that no problem shows.
fn secret(given: Given<'_>) -> Result<String, Problem> {
    given
        .text()
        .map_err(|_| Problem::new("value", "must be a string", "mend the value's type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_read() {
        let config = read(
            r#"{"sdkAppId":7,"secretKey":"key","admins":["boss"],"requestsPerSecond":5,"allowAnyUserId":true,
            "cloud":{"secretId":"AKID","secretKey":"k","token":"t"},"cloudRequestsPerSecond":6,
            "ingestRoomIdCoding":"numeric-1","demandsPrivateMapKey":true}"#,
        )
        .unwrap();
        assert_eq!(config.sdk_app_id.get(), 7);
        assert_eq!(config.admins, ["boss"]);
        assert_eq!(
            (config.requests_per_second, config.cloud_requests_per_second),
            (5, 6)
        );
        assert!(config.allow_any_user_id && config.demands_private_map_key);
        assert_eq!(config.cloud_credentials[0].secret_id(), "AKID");
        let least = read(r#"{"sdkAppId":7,"secretKey":"key"}"#).unwrap();
        assert_eq!(
            (&*least.admins[0], least.requests_per_second),
            ("administrator", 200)
        );
    }

    #[test]
    fn all_problems_are_told_and_no_secret_is() {
        let invalid = read(
            r#"{"sdkAppId":"7","secretKey":4711,"admin":"boss","cloud":{"secretId":"a/b","secretKey":4711,"x":1}}"#,
        )
        .unwrap_err();
        let fields: Vec<&str> = invalid
            .problems()
            .iter()
            .map(|problem| &*problem.field)
            .collect();
        assert_eq!(
            fields,
            [
                "sdkAppId",
                "secretKey",
                "cloud.secretKey",
                "cloud.x",
                "admin"
            ]
        );
        assert!(!invalid.to_string().contains("4711"), "{invalid}");
    }
}
