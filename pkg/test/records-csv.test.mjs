// Records as a file: the lines that `trtc-call record list --csv` writes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, recordsToCsv } from "trtc-call";

const record = {
  callId: "c-1",
  caller: "robot",
  mediaType: "Video",
  callType: "SingleCall",
  startTime: 1_700_000_000,
  endTime: 1_700_000_009,
  acceptTime: null,
  result: "NotAnswer",
  members: ["robot", "=1+1"],
  room: 123,
};

test("records become lines, numeric and string rooms are told apart, and no cell is a formula", () => {
  const untold = { roomId: "12345678901234567890123", roomIdType: null };
  const records = [
    record,
    { ...record, room: "123", acceptTime: 1_700_000_001, wasAnswered: true },
    { ...record, members: ["robot", 'a "b"', "c"], room: null },
    { ...record, room: untold },
  ];
  assert.deepEqual(recordsToCsv(records).split("\r\n"), [
    "callId,caller,callees,mediaType,callType,startTime,acceptTime,endTime,result,roomType,room",
    "c-1,robot,'=1+1,Video,SingleCall,2023-11-14T22:13:20Z,,2023-11-14T22:13:29Z,NotAnswer,number,123",
    "c-1,robot,'=1+1,Video,SingleCall,2023-11-14T22:13:20Z,2023-11-14T22:13:21Z,2023-11-14T22:13:29Z,NotAnswer,string,123",
    'c-1,robot,"a ""b"";c",Video,SingleCall,2023-11-14T22:13:20Z,,2023-11-14T22:13:29Z,NotAnswer,,',
    `c-1,robot,'=1+1,Video,SingleCall,2023-11-14T22:13:20Z,,2023-11-14T22:13:29Z,NotAnswer,unknown,"RoomId ""${untold.roomId}"" without RoomIdType"`,
    "",
  ]);
  assert.equal(recordsToCsv([]).split("\r\n").length, 2);
});

test("what is no record is refused by its place", () => {
  const wrong = [record, { ...record, caller: 7, room: 0, extra: true }];
  assert.throws(
    () => recordsToCsv(wrong),
    (error) => {
      assert.ok(error instanceof InvalidRequestError);
      const fields = error.problems.map(({ field }) => field).sort();
      assert.deepEqual(fields, ["records[1].caller", "records[1].extra", "records[1].room"]);
      return true;
    },
  );
});
