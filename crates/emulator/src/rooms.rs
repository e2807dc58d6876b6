//! Who is in which room. **Numeric 123 and string "123" are two different rooms.**

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Room;

/// A room in which somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OccupiedRoom {
    /// Which room.
    #[serde(flatten)]
    pub room: Room,
    /// Who is in it, in the order of coming.
    pub users: Vec<Occupant>,
}

/// A user in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
#[serde(rename_all = "camelCase")]
pub enum Through {
    /// A callee answered this call, whose room it is.
    #[serde(rename = "callId")]
    Call(String),
    /// A robot plays by this task.
    #[serde(rename = "taskId")]
    Ingest(String),
}

/// All rooms in which somebody is.
#[derive(Debug, Default)]
pub(crate) struct Rooms(BTreeMap<Room, Vec<Occupant>>);

impl Rooms {
    pub(crate) fn enter(&mut self, room: &Room, user: &str, through: Through) {
        self.0.entry(room.clone()).or_default().push(Occupant {
            user: user.to_owned(),
            through,
        });
    }

    /// The user whom this brought into the room leaves it.
    pub(crate) fn leave(&mut self, room: &Room, user: &str, through: &Through) {
        self.keep(room, |occupant| {
            occupant.user != user || occupant.through != *through
        });
    }

    /// Everybody whom this brought into the room leaves it.
    pub(crate) fn leave_all(&mut self, room: &Room, through: &Through) {
        self.keep(room, |occupant| occupant.through != *through);
    }

    fn keep(&mut self, room: &Room, stays: impl FnMut(&Occupant) -> bool) {
        if let Some(occupants) = self.0.get_mut(room) {
            let mut stays = stays;
            occupants.retain(|occupant| stays(occupant));
            if occupants.is_empty() {
                self.0.remove(room);
            }
        }
    }

    /// Who is in the room; nobody is in a room that does not exist.
    pub(crate) fn users(&self, room: &Room) -> &[Occupant] {
        self.0.get(room).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody is there to hear what is played.
    pub(crate) fn has_listeners(&self, room: &Room) -> bool {
        let mut users = self.users(room).iter();
        users.any(|occupant| matches!(occupant.through, Through::Call(_)))
    }

    /// All rooms in which somebody is: the numeric ones first.
    pub(crate) fn all(&self) -> Vec<OccupiedRoom> {
        let occupied = |(room, users): (&Room, &Vec<Occupant>)| OccupiedRoom {
            room: room.clone(),
            users: users.clone(),
        };
        self.0.iter().map(occupied).collect()
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
