// A job queue in PostgreSQL (pg-boss) whose jobs ring. A queue runs a job at least once: again after a crash, an error, or
// when it took too long. What runs again rings once, for its order is the key; ledger and jobs share a database.
import { createServer } from "node:http";
import pg from "pg";
import PgBoss from "pg-boss"; // 11 and later: import { PgBoss } from "pg-boss"
import { postgresStore, type StartCall, TrtcCall } from "trtc-call";

const { TRTC_SECRET_KEY, TRTC_BASE_URL, DATABASE_URL = "", PORT = "3000" } = process.env;
const trtc = new TrtcCall({
  sdkAppId: Number(process.env.TRTC_SDKAPPID),
  secretKey: TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
});
const pool = new pg.Pool({ connectionString: DATABASE_URL });
const ledger = postgresStore((sql, parameters) => pool.query(sql, parameters));
await ledger.migrate();

const boss = new PgBoss(DATABASE_URL).on("error", console.error);
await boss.start();
await boss.createQueue("reminders");
await boss.work<{ order: string; user: string }>("reminders", { pollingIntervalSeconds: 0.5 }, async ([job]) => {
  if (!job) return;
  const { order, user } = job.data;
  const call: StartCall = { robot: "robot", callees: [user], media: "audio" };
  const { verdict, repeated, ring } = await trtc.ringOnce(`order-${order}:reminder`, call, { ledger });
  console.log(JSON.stringify({ order, verdict, repeated, callId: ring.callId }));
  // Surely nothing is lost: the queue runs it again, and then more is known.
  if (verdict === "in_progress" || verdict === "not_sent") throw new Error(verdict);
});

/** `POST /orders/4711/reminders/jack` puts a job in. */
createServer(async (request, response) => {
  const [, , order = "", , user = ""] = new URL(request.url ?? "/", "http://x").pathname.split("/");
  if (request.method !== "POST") return response.writeHead(405).end();
  await boss.send("reminders", { order, user }, { retryLimit: 5, retryDelay: 1, expireInSeconds: 60 });
  response.writeHead(202).end();
}).listen(Number(PORT), "127.0.0.1");
