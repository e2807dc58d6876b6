"""What schemathesis cannot know about the call engine.

The service answers 200 to everything and says in ErrorCode what it thinks of a request, so the checks that go
by the HTTP status say nothing here. `the_error_code_judges_the_body` takes their place: a body that follows the
description is served, one that breaks it is refused.
"""

import os
import time

import schemathesis

ACCOUNT = {
    "sdkappid": os.environ["TRTC_SDKAPPID"],
    "identifier": os.environ["TRTC_ADMIN"],
    "usersig": os.environ["TRTC_USERSIG"],
    "contenttype": "json",
}

# The body is fine, and what it asks for is not there.
NOT_THERE = {
    101004,  # no such call
    101050,  # no such record
    100301,  # no callback configuration
}


@schemathesis.hook
def before_call(context, case, kwargs):
    # The emulator has one account: requests of others would all be refused before their body is read.
    case.query = {**ACCOUNT, "random": 4294967295}
    if follows_the_description(case):
        case.body = keep_rules_beyond_json_schema(with_plain_integers(case.body))


def follows_the_description(case):
    """Whether the body does: True, False, or None where there is none."""
    for location, component in case.meta.components.items():
        if location.value == "body":
            return not component.mode.is_negative
    return None


def with_plain_integers(value):
    """5.0 is an integer to JSON Schema. Callers of the service write 5."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {name: with_plain_integers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [with_plain_integers(item) for item in value]
    return value


def keep_rules_beyond_json_schema(body):
    """Rules between two values, in bytes instead of characters, or about the time of day."""
    if body.get("Robot_Account") in body.get("CalleeList_Account", []):
        body["Robot_Account"] = "not-among-the-callees"
    if "UserData" in body:
        body["UserData"] = in_bytes(body["UserData"], 1000)
    activity = body.get("OfflinePushInfo", {}).get("ApnsInfo", {}).get("LiveActivity", {})
    if "LaId" in activity:
        activity["LaId"] = in_bytes(activity["LaId"], 64)
    now = int(time.time())
    for name, moment in (("StartTime", now - 60), ("EndTime", now - 30)):
        if name in body:
            body[name] = moment
    if "Url" in body:
        # Where nobody listens. The emulator would send webhooks to whatever host was made up.
        body["Url"] = "http://127.0.0.1:9/"
    return body


def in_bytes(text, limit):
    """The beginning of a text that takes at most so many bytes."""
    return text.encode(errors="replace")[:limit].decode(errors="ignore")


@schemathesis.check
def the_error_code_judges_the_body(ctx, response, case):
    if response.request.method != "POST":
        return
    reply = response.json()
    code, info = reply["ErrorCode"], reply["ErrorInfo"]
    follows = follows_the_description(case)
    if follows is False:
        assert code != 0, "a body that breaks the description was taken"
    elif follows:
        refused = f"a body that follows the description was refused: {code} {info}"
        assert code == 0 or code in NOT_THERE, refused
