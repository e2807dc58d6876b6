// One of many processes that ask for the same key at the same moment. Run with the moment and the client for PostgreSQL;
// prints what it was told.
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , examples, at, client] = process.argv;
const require = createRequire(join(examples, "package.json"));
const { postgresStore, TrtcCall } = require("trtc-call");
const pg = require("pg");
const postgres = require("postgres");

const { TRTC_SDKAPPID, TRTC_SECRET_KEY, TRTC_BASE_URL, DATABASE_URL } = process.env;
const trtc = new TrtcCall({
  sdkAppId: Number(TRTC_SDKAPPID),
  secretKey: TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: TRTC_BASE_URL,
});
const clients = {
  pg() {
    // Some databases are set to this: who was overtaken is told so by an error.
    const options = "-c default_transaction_isolation=serializable";
    const pool = new pg.Pool({ connectionString: DATABASE_URL, options });
    return { query: (sql, parameters) => pool.query(sql, parameters), end: () => pool.end() };
  },
  "postgres.js"() {
    const sql = postgres(DATABASE_URL, { onnotice() {} });
    return { query: (statement, parameters) => sql.unsafe(statement, parameters), end: () => sql.end() };
  },
};
const { query, end } = clients[client]();
const ledger = postgresStore(query);
// All of them make the tables, too.
await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
await ledger.migrate();
const call = { robot: "robot", callees: ["answer-0-stay-together"], media: "audio" };
const { verdict, repeated, ring } = await trtc.ringOnce("together", call, { ledger });
console.log(JSON.stringify({ verdict, repeated, callId: ring.callId }));
await end();
