// One of many processes that ask for the same key at the same moment. Run with the moment; prints what it was told.
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , examples, at] = process.argv;
const require = createRequire(join(examples, "package.json"));
const { postgresStore, TrtcCall } = require("trtc-call");
const pg = require("pg");

const { TRTC_SDKAPPID, TRTC_SECRET_KEY, TRTC_BASE_URL, DATABASE_URL } = process.env;
const trtc = new TrtcCall({
  sdkAppId: Number(TRTC_SDKAPPID),
  secretKey: TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: TRTC_BASE_URL,
});
const pool = new pg.Pool({ connectionString: DATABASE_URL });
const ledger = postgresStore((sql, parameters) => pool.query(sql, parameters));
// All of them make the tables, too.
await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
await ledger.migrate();
const call = { robot: "robot", callees: ["answer-0-stay-together"], media: "audio" };
const { verdict, repeated, ring } = await trtc.ringOnce("together", call, { ledger });
console.log(JSON.stringify({ verdict, repeated, callId: ring.callId }));
await pool.end();
