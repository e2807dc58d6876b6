//! What the client logs, at the most talkative level, holds neither the key nor a UserSig.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use trtc_call::call_engine::{end_call, start_call_by_robot};
use trtc_call::call_session::Media;
use trtc_call::stream_ingest::StreamUrl;
use trtc_call::tc3::Credential;
use trtc_call::{
    BaseUrl, CallId, Client, ClientBuilder, CloudConfig, MediaType, Region, RoomId, SdkAppId,
    SecretKey, UserId,
};

use crate::support::Log;

/// Answers the first request so, and cuts the second one; gives back what it received.
async fn answer_once(listener: TcpListener, body: &str) -> String {
    let mut received = String::new();
    for body in [Some(body), None] {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 8192];
        let read = stream.read(&mut request).await.unwrap();
        received.push_str(&String::from_utf8_lossy(&request[..read]));
        if let Some(body) = body {
            let reply = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    }
    received
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("MARKED-KEY").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(base_url).unwrap()),
    )
}

#[tokio::test]
async fn logs_and_errors_hold_neither_the_key_nor_a_user_sig() {
    let (log, _guard) = Log::of_everything();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let ok = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
    let server = tokio::spawn(answer_once(listener, ok));
    let client = builder(&base_url).build().unwrap();
    client
        .send(&end_call::Request::new(CallId::new("call-1").unwrap()))
        .await
        .unwrap();
    let call = start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Audio).build();
    let error = client.send(&call.unwrap()).await.unwrap_err();

    let received = server.await.unwrap();
    let user_sig = received
        .split("&usersig=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let mut output = log.text();
    output.push_str(&format!("{error} {error:?} {client:?}"));
    assert!(output.contains("request_id=\"Id-1\""), "{output}");
    assert!(output.contains("start_call_by_robot"), "{output}");
    for secret in ["MARKED-KEY", user_sig, &user_sig[..40]] {
        assert!(!output.contains(secret), "{output}");
    }
}

#[tokio::test]
async fn logs_and_errors_hold_neither_the_cloud_key_nor_what_a_robot_brings() {
    let (log, _guard) = Log::of_everything();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let ok = r#"{"Response":{"TaskId":"task-1","RequestId":"Id-1"}}"#;
    let server = tokio::spawn(answer_once(listener, ok));
    let credential = Credential::new("AKIDEXAMPLE", "MARKED-CLOUD-KEY").unwrap();
    let credential = credential.with_token("MARKED-TOKEN").unwrap();
    let cloud = CloudConfig::new(credential)
        .host(BaseUrl::new(&base_url).unwrap())
        .private_map_keys(true);
    let client = builder(&base_url).cloud(cloud).build().unwrap();
    let play = || {
        let (room, robot) = (RoomId::number(7), UserId::new("robot"));
        let url = StreamUrl::new("https://media.example/a.mp3?sign=MARKED-URL").unwrap();
        client.start_stream_ingest(room.unwrap(), robot.unwrap(), Media::new(url))
    };
    play().await.unwrap();
    let error = play().await.unwrap_err();

    let received = server.await.unwrap();
    let value = |before: &str, after: char| {
        let (_, rest) = received.split_once(before).unwrap();
        rest.split_once(after).unwrap().0.to_owned()
    };
    let user_sig = value("\"UserSig\":\"", '"');
    let private_map_key = value("\"PrivateMapKey\":\"", '"');
    let signature = value("Signature=", '\r');
    let mut output = log.text();
    output.push_str(&format!("{error} {error:?} {client:?}"));
    assert!(output.contains("StartStreamIngest"), "{output}");
    for secret in [
        "MARKED",
        &user_sig,
        &user_sig[..40],
        &private_map_key[..40],
        &signature,
    ] {
        assert!(!output.contains(secret), "{secret} in {output}");
    }
}
