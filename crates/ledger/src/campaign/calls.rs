//! What becomes of a file's rows: a ring each.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use trtc_call_core::call_engine::start_call_by_robot::{Builder, DEFAULT_RING_TIMEOUT, Request};
use trtc_call_core::offline_push::OfflinePushInfo;
use trtc_call_core::ring_ledger::{NewRing, RingKey};
use trtc_call_core::{Extra, JsonText, MediaType, Problem, RoomId, UnixMillis, UserId};

use super::file::FileRow;
use super::moment::moment;
use super::template::Template;
use crate::quiet_hours::time_zone;

/// The columns that mean something. Only `user` must be there; an empty value counts as none. Any other column is for
/// templates, and is kept with the ring.
pub const COLUMNS: [&str; 7] = [
    "user",
    "key",
    "room",
    "room_number",
    "user_data",
    "not_before",
    "time_zone",
];

/// The call that a campaign makes for each row of its file.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CampaignCalls {
    /// The campaign's name. A row without a `key` has the key `campaign:user`, so that nobody is rung twice by it.
    pub campaign: String,
    /// The caller.
    pub robot: UserId,
    /// Audio or video.
    pub media_type: MediaType,
    /// How long the phones ring. Default 30 s.
    pub ring_timeout: Duration,
    /// Text for the callees' application, where a row has no `user_data`.
    pub user_data: Option<Template>,
    /// The notification for callees who are offline; see [`push`](Self::push).
    pub push: Option<Push>,
    /// Further fields of the request.
    pub extra: Extra,
    /// Whether `user` may hold names outside the UserID rule.
    pub any_user_id: bool,
    /// The time zone of rows that name none.
    pub time_zone: Option<String>,
    /// From when on rows are rung that say nothing else.
    pub not_before: Option<UnixMillis>,
    /// From when on it is too late to ring.
    pub not_after: Option<UnixMillis>,
    /// Whether it is of interest how calls end: see [`NewRing::watched`].
    pub watched: bool,
}

/// A notification whose texts are templates.
#[derive(Debug, Clone)]
pub struct Push {
    json: Value,
    /// What it is for every row, where no text has a column's name in it.
    same_for_all: Option<OfflinePushInfo>,
}

impl Push {
    /// The notification, in whose texts `{name}` stands for a row's column.
    #[must_use]
    pub fn new(push: &OfflinePushInfo) -> Push {
        let json = serde_json::to_value(push).unwrap_or_default();
        let mut columns = Vec::new();
        each_text(&json, &mut |text| {
            columns.extend(Template::new(text).columns().map(str::to_owned));
        });
        Push {
            same_for_all: columns.is_empty().then(|| push.clone()),
            json,
        }
    }

    fn columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        each_text(&self.json, &mut |text| {
            columns.extend(Template::new(text).columns().map(str::to_owned));
        });
        columns
    }

    fn fill(&self, row: &BTreeMap<String, String>) -> Result<OfflinePushInfo, Vec<Problem>> {
        if let Some(push) = &self.same_for_all {
            return Ok(push.clone());
        }
        let filled = fill(&self.json, row).map_err(|problem| vec![problem])?;
        let push = OfflinePushInfo::from_json(&filled.to_string());
        push.map_err(trtc_call_core::InvalidRequest::into_problems)
    }
}

fn each_text(json: &Value, act: &mut impl FnMut(&str)) {
    match json {
        Value::String(text) => act(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, act)),
        Value::Object(fields) => fields.values().for_each(|field| each_text(field, act)),
        _ => {}
    }
}

fn fill(json: &Value, row: &BTreeMap<String, String>) -> Result<Value, Problem> {
    Ok(match json {
        Value::String(text) => Value::String(Template::new(text).fill(row)?),
        Value::Array(items) => {
            let filled: Result<Vec<Value>, Problem> =
                items.iter().map(|item| fill(item, row)).collect();
            Value::Array(filled?)
        }
        Value::Object(fields) => {
            let filled = fields
                .iter()
                .map(|(name, field)| Ok((name.clone(), fill(field, row)?)));
            Value::Object(filled.collect::<Result<Map<String, Value>, Problem>>()?)
        }
        other => other.clone(),
    })
}

impl CampaignCalls {
    /// Calls without anything that is optional.
    #[must_use]
    pub fn new(campaign: impl Into<String>, robot: UserId, media_type: MediaType) -> CampaignCalls {
        CampaignCalls {
            campaign: campaign.into(),
            robot,
            media_type,
            ring_timeout: DEFAULT_RING_TIMEOUT,
            user_data: None,
            push: None,
            extra: Extra::new(),
            any_user_id: false,
            time_zone: None,
            not_before: None,
            not_after: None,
            watched: false,
        }
    }

    /// Whether there is nothing that would be wrong with every row.
    ///
    /// # Errors
    /// Everything that would be, such as a ring timeout that is too short, or a last moment to ring that has passed.
    pub fn check(&self, now: UnixMillis) -> Result<(), Vec<Problem>> {
        let mut problems: Vec<Problem> = self
            .time_zone
            .iter()
            .filter_map(|name| time_zone(name).err())
            .collect();
        if self.not_after.is_some_and(|last| last <= now) {
            let rule = "has passed: nobody would be rung";
            problems.push(Problem::new("not_after", rule, "name a later moment"));
        }
        problems.extend(self.check_window(self.not_before).err());
        // A name that no robot has: it is longer than names are.
        let sample = Request::builder(
            self.robot.clone(),
            [UserId::any("x".repeat(33))],
            self.media_type.clone(),
        );
        let built = sample
            .ring_timeout(self.ring_timeout)
            .extra(self.extra.clone())
            .build();
        problems.extend(
            built
                .err()
                .into_iter()
                .flat_map(trtc_call_core::InvalidRequest::into_problems),
        );
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Whether there is time to ring what is rung from then on.
    fn check_window(&self, not_before: Option<UnixMillis>) -> Result<(), Problem> {
        match (not_before, self.not_after) {
            (Some(first), Some(last)) if first >= last => {
                let rule = "must be before not_after, or nobody is rung";
                Err(Problem::new("not_before", rule, "name an earlier moment"))
            }
            _ => Ok(()),
        }
    }

    /// What a file lacks that has these columns.
    pub(super) fn missing_columns(&self, columns: &[String]) -> Vec<Problem> {
        let in_texts = self
            .user_data
            .iter()
            .flat_map(Template::columns)
            .map(str::to_owned);
        let mut needed: Vec<String> = in_texts
            .chain(self.push.iter().flat_map(Push::columns))
            .collect();
        needed.push("user".to_owned());
        needed.sort_unstable();
        needed.dedup();
        let missing = needed.into_iter().filter(|name| !columns.contains(name));
        let problem = |name: String| {
            let rule = format!("is no column of the file, which has {}", columns.join(", "));
            let fix = how_to_name(&name, columns);
            Problem::new(name, rule, fix)
        };
        missing.map(problem).collect()
    }

    /// The ring of a row.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the columns' names.
    pub fn ring(&self, row: &FileRow) -> Result<NewRing, Vec<Problem>> {
        let mut problems = Vec::new();
        let column = |name: &str| {
            row.columns
                .get(name)
                .map(String::as_str)
                .filter(|value| !value.is_empty())
        };
        let mut note = |result: Result<(), Problem>| problems.extend(result.err());

        let user = row.columns.get("user").map_or("", String::as_str);
        let key = match column("key") {
            Some(key) => RingKey::new(key),
            None => RingKey::new(format!("{}:{user}", self.campaign)),
        };
        let mut builder = self.builder(user);
        match (column("room"), column("room_number")) {
            (Some(_), Some(_)) => {
                let rule = "is given, and room_number too";
                note(Err(Problem::new("room", rule, "name one room")));
            }
            (Some(room), None) => builder = builder.room(room),
            (None, Some(number)) => match room_number(number) {
                Ok(room) => builder = builder.room(room),
                Err(problem) => note(Err(problem)),
            },
            (None, None) => {}
        }
        match (column("user_data"), &self.user_data) {
            (Some(text), _) => builder = builder.user_data(text),
            (None, Some(template)) => match template.fill(&row.columns) {
                Ok(text) => builder = builder.user_data(text),
                Err(problem) => note(Err(problem)),
            },
            (None, None) => {}
        }
        let zone_name = column("time_zone").or(self.time_zone.as_deref());
        let zone = zone_name.map(time_zone).transpose();
        let mut not_before = self.not_before;
        match (&zone, column("not_before")) {
            (Ok(zone), Some(text)) => match moment(text, zone.as_ref()) {
                Ok(moment) => {
                    not_before = Some(moment);
                    note(self.check_window(not_before));
                }
                Err(problem) => note(Err(problem)),
            },
            (Ok(_), None) => {}
            (Err(problem), _) => note(Err(problem.clone())),
        }
        if let Some(push) = &self.push {
            match push.fill(&row.columns) {
                Ok(push) => builder = builder.offline_push(push),
                Err(found) => problems.extend(found),
            }
        }
        let request = builder.build().map_err(|invalid| {
            let found = invalid.into_problems().into_iter().map(in_columns);
            problems.splice(0..0, found);
        });
        match (key, request) {
            (Ok(key), Ok(request)) if problems.is_empty() => {
                let mut ring = NewRing::queued(key, request).of_campaign(&self.campaign);
                ring.line = Some(row.line);
                ring.data = other_columns(row);
                ring.time_zone = zone_name.map(str::to_owned);
                ring.not_before = not_before.or(ring.not_before);
                ring.not_after = self.not_after;
                ring.watched = self.watched;
                Ok(ring)
            }
            (key, _) => {
                problems.extend(key.err());
                Err(problems)
            }
        }
    }

    fn builder(&self, user: &str) -> Builder {
        let (robot, media_type) = (self.robot.clone(), self.media_type.clone());
        let builder = match self.any_user_id {
            true => Request::builder(robot, [UserId::any(user)], media_type),
            false => Request::builder(robot, [user], media_type),
        };
        builder
            .ring_timeout(self.ring_timeout)
            .extra(self.extra.clone())
    }
}

/// Spreadsheets of many countries separate with semicolons, some programs write UTF-16, and some a hint for Excel.
fn how_to_name(name: &str, columns: &[String]) -> String {
    let is_in_one =
        |separators: &[char]| columns.len() == 1 && columns.concat().contains(separators);
    let other_case = columns
        .iter()
        .find(|column| column.eq_ignore_ascii_case(name));
    if is_in_one(&['\0']) {
        "save the file as UTF-8".to_owned()
    } else if columns
        .first()
        .is_some_and(|first| first.starts_with("sep="))
    {
        "take the first line out: the one behind it names the columns".to_owned()
    } else if is_in_one(&[';', '\t']) {
        "separate the columns with commas".to_owned()
    } else if let Some(column) = other_case {
        format!("write {name} for {column}")
    } else {
        "name it in the first line".to_owned()
    }
}

fn room_number(number: &str) -> Result<RoomId, Problem> {
    let parsed = number.parse::<u32>().map_err(|_| {
        let rule = format!("must be a room's number, not `{number}`");
        Problem::new(
            "room_number",
            rule,
            "give 1 to 4294967294, or use the column `room`",
        )
    })?;
    RoomId::number(parsed).map_err(|problem| problem.at("room_number"))
}

/// A call's field as the column that gives it.
fn in_columns(problem: Problem) -> Problem {
    match problem.field.as_str() {
        "callees[0]" | "callees" => problem.at("user"),
        _ => problem,
    }
}

/// What the row has besides, as a JSON object.
fn other_columns(row: &FileRow) -> Option<JsonText> {
    let others = row
        .columns
        .iter()
        .filter(|(name, _)| !COLUMNS.contains(&name.as_str()));
    let others: BTreeMap<&String, &String> = others.collect();
    if others.is_empty() {
        None
    } else {
        JsonText::of(&others).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls() -> CampaignCalls {
        CampaignCalls::new("reminders", UserId::new("robot").unwrap(), MediaType::Video)
    }

    fn row(columns: &[(&str, &str)]) -> FileRow {
        let columns = columns
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        FileRow {
            line: 7,
            columns: columns.collect(),
        }
    }

    #[test]
    fn a_row_is_a_ring_with_its_key_line_time_and_what_else_it_says() {
        let ring = calls().ring(&row(&[
            ("user", "jack"),
            ("key", ""),
            ("not_before", "2026-12-01T09:00"),
            ("time_zone", "Asia/Shanghai"),
            ("name", "Jack"),
        ]));
        let ring = ring.unwrap();
        assert_eq!(ring.key.as_str(), "reminders:jack");
        assert_eq!((ring.campaign.as_str(), ring.line), ("reminders", Some(7)));
        assert_eq!(ring.not_before, Some(UnixMillis(1_796_086_800_000)));
        assert_eq!(ring.time_zone.as_deref(), Some("Asia/Shanghai"));
        assert_eq!(ring.data.unwrap().as_str(), r#"{"name":"Jack"}"#);
        assert_eq!(ring.call.room(), None);

        let ring = calls()
            .ring(&row(&[
                ("user", "jack"),
                ("key", "order-1"),
                ("room_number", "7"),
            ]))
            .unwrap();
        assert_eq!(ring.key.as_str(), "order-1");
        assert_eq!(ring.call.room(), Some(&RoomId::number(7).unwrap()));
    }

    #[test]
    fn a_window_in_which_nobody_can_be_rung_is_refused() {
        let now = UnixMillis(1_796_086_800_000);
        let mut calls = calls();
        let fields = |calls: &CampaignCalls| -> Vec<String> {
            let problems = calls.check(now).err().unwrap_or_default();
            problems.into_iter().map(|problem| problem.field).collect()
        };
        calls.not_after = Some(now);
        assert_eq!(fields(&calls), ["not_after"]);
        calls.not_after = Some(UnixMillis(now.0 + 1));
        assert!(fields(&calls).is_empty());
        calls.not_before = calls.not_after;
        assert_eq!(fields(&calls), ["not_before"]);

        // A row's own moment is the one that counts.
        let at = |not_before| calls.ring(&row(&[("user", "jack"), ("not_before", not_before)]));
        assert!(at("2026-12-01T01:00:00Z").is_ok());
        let problems = at("2026-12-01T01:00:00.001Z").unwrap_err();
        assert_eq!(problems[0].field, "not_before");
    }

    #[test]
    fn texts_are_filled_from_the_row() {
        let mut calls = calls();
        let mut push = OfflinePushInfo::default();
        push.title = Some("Hello {name}".to_owned());
        push.ext = Some(r#"{"order":"{order}"}"#.to_owned());
        calls.push = Some(Push::new(&push));
        calls.user_data = Some(Template::new("order {order}"));
        let ring = calls
            .ring(&row(&[
                ("user", "jack"),
                ("name", "Jack"),
                ("order", "4\"7"),
            ]))
            .unwrap();
        let filled = ring.call.offline_push().unwrap();
        assert_eq!(filled.title.as_deref(), Some("Hello Jack"));
        assert_eq!(filled.ext.as_deref(), Some(r#"{"order":"4\"7"}"#));
        assert_eq!(ring.call.user_data(), Some("order 4\"7"));

        let columns = ["user".to_owned(), "name".to_owned()];
        let missing = calls.missing_columns(&columns);
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert_eq!(missing[0].field, "order");
        let problems = calls
            .ring(&row(&[("user", "jack"), ("name", "Jack")]))
            .unwrap_err();
        assert!(
            problems.iter().all(|problem| problem.field == "order"),
            "{problems:?}"
        );
    }

    #[test]
    fn a_header_that_is_almost_right_is_told_how_to_become_so() {
        let fix = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            calls().missing_columns(&columns)[0].fix.clone()
        };
        assert_eq!(fix(&["user;key"]), "separate the columns with commas");
        assert_eq!(fix(&["user\tkey"]), "separate the columns with commas");
        assert_eq!(fix(&["User", "key"]), "write user for User");
        assert_eq!(fix(&["u\0s\0e\0r\0"]), "save the file as UTF-8");
        for hint in [&["sep=", ""][..], &["sep=;"]] {
            assert!(fix(hint).starts_with("take the first line out"), "{hint:?}");
        }
        assert_eq!(fix(&["name"]), "name it in the first line");
    }

    #[test]
    fn everything_that_is_wrong_with_a_row_is_told_in_the_names_of_its_columns() {
        let problems = calls().ring(&row(&[
            ("user", "j ack"),
            ("key", &"x".repeat(256)),
            ("room_number", "many"),
            ("user_data", &"x".repeat(1001)),
            ("time_zone", "Mars"),
        ]));
        let fields: Vec<String> = problems
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(
            fields,
            ["user", "user_data", "room_number", "time_zone", "key"]
        );
    }
}
