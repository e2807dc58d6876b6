//! Who is in which room. **Numeric 123 and string "123" are two different rooms.**

use serde::Serialize;

use crate::Room;

/// A room in which somebody is. In the control API one flat object: `{"id":"123","type":1,"users":[…]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OccupiedRoom {
    /// Which room.
    #[serde(flatten)]
    pub room: Room,
    /// Who is in it, in the order of coming.
    pub users: Vec<Occupant>,
}

/// A user in a room. In the control API one flat object: `{"user":"jack","callId":"…"}`, or `taskId` instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Occupant {
    /// Who.
    pub user: String,
    /// What brought the user there.
    #[serde(flatten)]
    pub through: Through,
}

/// What brings a user into a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Through {
    /// A callee answered this call, whose room it is.
    #[serde(rename = "callId")]
    Call(String),
    /// A robot plays by this task.
    #[serde(rename = "taskId")]
    Ingest(String),
}

/// All rooms in which somebody is, in their order.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Vec<OccupiedRoom>);

impl Rooms {
    pub(crate) fn enter(&mut self, room: &Room, user: &str, through: Through) {
        let user = user.to_owned();
        let occupant = Occupant { user, through };
        match self.position(room) {
            Ok(index) => {
                if let Some(occupied) = self.0.get_mut(index) {
                    occupied.users.push(occupant);
                }
            }
            Err(index) => {
                let (room, users) = (room.clone(), vec![occupant]);
                self.0.insert(index, OccupiedRoom { room, users });
            }
        }
    }

    /// The user whom this brought into the room leaves it.
    pub(crate) fn leave(&mut self, room: &Room, user: &str, through: &Through) {
        self.clear(room, Some(user), through);
    }

    /// Everybody whom this brought into the room leaves it.
    pub(crate) fn leave_all(&mut self, room: &Room, through: &Through) {
        self.clear(room, None, through);
    }

    fn clear(&mut self, room: &Room, user: Option<&str>, through: &Through) {
        let Ok(index) = self.position(room) else {
            return;
        };
        if let Some(OccupiedRoom { users, .. }) = self.0.get_mut(index) {
            users.retain(|occupant| {
                let is_another = user.is_some_and(|user| user != occupant.user);
                is_another || occupant.through != *through
            });
            if users.is_empty() {
                self.0.remove(index);
            }
        }
    }

    fn position(&self, room: &Room) -> Result<usize, usize> {
        self.0.binary_search_by(|occupied| occupied.room.cmp(room))
    }

    /// Who is in the room; nobody is in a room that does not exist.
    pub(crate) fn users(&self, room: &Room) -> &[Occupant] {
        let occupied = self.position(room).ok().and_then(|index| self.0.get(index));
        occupied.map_or(&[], |occupied| &occupied.users)
    }

    /// Whether anybody is there to hear what is played.
    pub(crate) fn has_listeners(&self, room: &Room) -> bool {
        let mut users = self.users(room).iter();
        users.any(|occupant| matches!(occupant.through, Through::Call(_)))
    }

    /// All rooms in which somebody is.
    pub(crate) fn all(&self) -> &[OccupiedRoom] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(id_type: i64) -> Room {
        Room {
            id: "123".to_owned(),
            id_type,
        }
    }

    #[test]
    fn a_number_and_the_same_digits_as_text_are_two_rooms() {
        let mut rooms = Rooms::default();
        let call = Through::Call("c".to_owned());
        rooms.enter(&room(1), "jack", call.clone());
        rooms.enter(&room(2), "robot", Through::Ingest("t".to_owned()));
        assert!(rooms.has_listeners(&room(1)));
        assert!(!rooms.has_listeners(&room(2)));
        rooms.leave(&room(2), "jack", &call);
        assert_eq!(rooms.users(&room(1)).len(), 1);
        rooms.leave(&room(1), "jack", &call);
        assert_eq!(rooms.all().len(), 1, "an empty room does not exist");
    }

    #[test]
    fn a_user_in_two_calls_leaves_the_room_of_one() {
        let mut rooms = Rooms::default();
        for call in ["c", "d"] {
            rooms.enter(&room(1), "jack", Through::Call(call.to_owned()));
        }
        rooms.leave_all(&room(1), &Through::Call("c".to_owned()));
        assert!(rooms.has_listeners(&room(1)));
    }

    #[test]
    fn a_room_is_one_flat_object() {
        let mut rooms = Rooms::default();
        rooms.enter(&room(1), "jack", Through::Call("c".to_owned()));
        assert_eq!(
            serde_json::to_string(&rooms.all()).unwrap(),
            r#"[{"id":"123","type":1,"users":[{"user":"jack","callId":"c"}]}]"#
        );
    }
}
