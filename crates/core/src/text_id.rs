//! What names that are text have in common: each is compared, lent, taken and read as the text that it is.

macro_rules! text_id {
    ($name:ident) => {
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        /// So that a map by this name is asked with the text alone.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, name: &$name) -> bool {
                self == name.as_str()
            }
        }

        impl PartialEq<$name> for &str {
            fn eq(&self, name: &$name) -> bool {
                *self == name.as_str()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        /// Held to the rule of its `new`.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$name, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                $name::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_id;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use crate::{CallId, CloudRegion, TaskId, TextRoomId, UserId};

    #[test]
    fn a_name_is_compared_lent_looked_up_and_taken_as_its_text() {
        let jack = UserId::new("jack").unwrap();
        assert_eq!(jack, "jack");
        assert_eq!("jack", jack);
        assert_eq!(jack, *"jack");
        assert_eq!(*"jack", jack);
        assert_eq!(jack.as_ref(), "jack");
        assert_eq!(HashMap::from([(jack.clone(), 1)]).get("jack"), Some(&1));
        assert_eq!(BTreeMap::from([(jack.clone(), 1)]).get("jack"), Some(&1));
        assert_eq!(String::from(jack), "jack");
    }

    #[test]
    fn a_name_by_itself_is_read_under_the_rule_of_new_names() {
        macro_rules! check {
            ($($name:ident: $good:literal, $bad:literal);+ $(;)?) => {$(
                let read = serde_json::from_value::<$name>($good.into());
                assert_eq!(read.unwrap(), $good);
                let error = serde_json::from_value::<$name>($bad.into()).unwrap_err();
                assert_eq!(error.to_string(), $name::new($bad).unwrap_err().to_string());
            )+};
        }
        check! {
            CallId: "35fd577d", "a b";
            UserId: "jack", "jack smith";
            TaskId: "task-1", "";
            TextRoomId: "lobby", "用户";
            CloudRegion: "ap-tokyo", "tokyo";
        }
    }
}
