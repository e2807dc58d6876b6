import type { ListedRecord } from "trtc-call";

/**
 * Records as a CSV file (RFC 4180) that spreadsheets open as it is meant: times in UTC (ISO 8601), the byte order
 * mark that makes Excel read UTF-8, and no cell that runs as a formula.
 */
export function toCsv(records: readonly ListedRecord[]): string {
  const lines = [COLUMNS, ...records.map(cells)].map((line) => line.map(quote).join(","));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

/** The names of the npm package's types, so that the file says the same in every language. */
const COLUMNS = [
  "callId",
  "caller",
  "members",
  "mediaType",
  "callType",
  "result",
  "startTime",
  "acceptTime",
  "endTime",
  "roomType",
  "room",
];

function cells(record: ListedRecord): string[] {
  const { callId, caller, members, mediaType, callType, result, room } = record;
  return [
    callId,
    caller,
    members.join(" "),
    mediaType,
    callType,
    result,
    isoTime(record.startTime),
    isoTime(record.acceptTime),
    isoTime(record.endTime),
    room === null ? "" : typeof room === "number" ? "numeric" : "string",
    room === null ? "" : String(room),
  ];
}

/** A string room may well be called `=1+1`; what begins so is a formula to a spreadsheet, unless a quote leads. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function quote(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""')}"`;
}

function isoTime(seconds: number | null): string {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
