use trtc_call_core::room::{self, Response};
use trtc_call_core::{Error, Problem, Reply, RoomId, UserId};

use crate::{Client, CloudClient};

/// One room, from [`Client::room`] or [`CloudClient::room`]. The action that fits its kind, numeric or
/// string, is picked by itself.
#[derive(Debug)]
#[must_use = "nothing is sent until something is asked of the room"]
pub struct Room<'a> {
    cloud: Result<&'a CloudClient, Error>,
    room: RoomId,
}

impl Room<'_> {
    /// Removes everybody, which ends the room. A room that does not exist is refused:
    /// [`if_there`](crate::stream_ingest::if_there) takes that for success.
    ///
    /// # Errors
    /// As [`CloudClient::send`].
    pub async fn dismiss(&self) -> Result<Reply<Response>, Error> {
        let cloud = self.cloud.clone()?;
        cloud.send(&room::dismiss(&self.room)).await
    }

    /// Removes `users`, 1 to 10. A stream that is played as one of them ends.
    ///
    /// # Errors
    /// As [`CloudClient::send`]; [`Error::Build`] if there are none or too many, one stands there twice,
    /// or one is no UserID.
    pub async fn remove<U>(
        &self,
        users: impl IntoIterator<Item = U>,
    ) -> Result<Reply<Response>, Error>
    where
        U: TryInto<UserId, Error: Into<Problem>>,
    {
        let request = room::remove(&self.room, users)?;
        let cloud = self.cloud.clone()?;
        cloud.send(&request).await
    }
}

impl Client {
    /// A room, to dismiss it or to remove users from it.
    pub fn room(&self, room: impl Into<RoomId>) -> Room<'_> {
        Room {
            cloud: self.cloud(),
            room: room.into(),
        }
    }
}

impl CloudClient {
    /// A room, to dismiss it or to remove users from it.
    pub fn room(&self, room: impl Into<RoomId>) -> Room<'_> {
        Room {
            cloud: Ok(self),
            room: room.into(),
        }
    }
}
