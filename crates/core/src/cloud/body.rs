/// One JSON object, written member by member.
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Object {
        Object("{".to_owned())
    }

    /// A member whose value is JSON already.
    pub(crate) fn json(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self.0.push_str(json);
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.json(name, &quoted(text));
    }

    pub(crate) fn integer(&mut self, name: &str, integer: i64) {
        self.json(name, itoa::Buffer::new().format(integer));
    }

    pub(crate) fn flag(&mut self, name: &str, flag: bool) {
        self.json(name, if flag { "true" } else { "false" });
    }

    pub(crate) fn optional_integer(&mut self, name: &str, integer: Option<i64>) {
        if let Some(integer) = integer {
            self.integer(name, integer);
        }
    }

    pub(crate) fn optional_flag(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.flag(name, flag);
        }
    }

    pub(crate) fn texts<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let mut list = "[".to_owned();
        for text in texts {
            if list.len() > 1 {
                list.push(',');
            }
            trtc_call_json::push_string(&mut list, text);
        }
        list.push(']');
        self.json(name, &list);
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    trtc_call_json::push_string(&mut quoted, text);
    quoted
}
