//! Streams that are started as a robot, with tokens made for it.

use trtc_call_core::call_session::{IngestStart, Media};
use trtc_call_core::private_map_key::PrivateMapKey;
use trtc_call_core::stream_ingest::start_stream_ingest;
use trtc_call_core::{Error, InvalidRequest, Reply, RoomId, UserId};

use crate::Client;

impl Client {
    /// Plays media into a room as `user`, whose UserSig is made for it; so is a PrivateMapKey for the
    /// room, where the configuration [says so](crate::CloudConfig::private_map_keys).
    ///
    /// The task that the reply names ends by
    /// [`stop_stream_ingest`](crate::stream_ingest::stop_stream_ingest). To play into a call, and stop
    /// when it ends, see [`session`](Self::session).
    ///
    /// # Errors
    /// As [`CloudClient::send`](crate::CloudClient::send); [`Error::Build`] if the media breaks a rule,
    /// or the builder was given no [`cloud`](crate::ClientBuilder::cloud) configuration.
    pub async fn start_stream_ingest(
        &self,
        room: RoomId,
        user: UserId,
        media: Media,
    ) -> Result<Reply<start_stream_ingest::Response>, Error> {
        let start = IngestStart::new(room, user, media);
        self.cloud()?.send(&self.ingest_request(&start)?).await
    }

    /// The request, with the robot's tokens.
    pub(crate) fn ingest_request(
        &self,
        start: &IngestStart,
    ) -> Result<start_stream_ingest::Request, Error> {
        let now = (self.0.sender.clock)();
        let user_sigs = &self.0.user_sigs;
        let (robot, room) = (start.robot(), start.room());
        let private_map_key = if self.cloud()?.0.private_map_keys {
            let key = PrivateMapKey::new(robot.clone(), room.clone(), start.privileges())
                .map_err(InvalidRequest::from)?;
            Some(key.sign(user_sigs.signer(), user_sigs.lifetime(), now))
        } else {
            None
        };
        let user_sig = user_sigs.signer().sign(robot, user_sigs.lifetime(), now);
        Ok(start.request(user_sig, private_map_key)?)
    }
}
