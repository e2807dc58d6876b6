// The example behind a proxy: it goes through it, and rings once whatever becomes of the connection. Run with the path
// of the compiled example; prints how many checks passed.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";

const [, , example] = process.argv;
const tunnels = [];
const proxy = createServer().on("connect", ({ url }, socket, head) => {
  tunnels.push(url);
  const [host, port] = url.split(":");
  const target = connect(Number(port), host, () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    target.write(head);
    target.pipe(socket).pipe(target);
  });
  for (const end of [target, socket]) end.on("error", () => {});
});
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");
process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.address().port}`;

const { trtc } = await import(example);
const control = (path, options) => fetch(`${process.env.TRTC_BASE_URL}/emulator/${path}`, options);
const rings = async (user) => (await (await control("rings")).json())[user] ?? 0;
const call = { robot: "robot", callees: ["proxied"], media: "audio" };
await trtc.startCall(call);
assert.deepEqual(tunnels, [new URL(process.env.TRTC_BASE_URL).host]);
assert.equal(await rings("proxied"), 1);
for (const fault of ["cut_before_reply", "cut_mid_reply"]) {
  const before = await rings("proxied");
  await control("faults", { method: "POST", body: JSON.stringify({ fault, command: "start_call_by_robot", takesEffect: true }) });
  await assert.rejects(trtc.startCall(call), (error) => error.mayHaveRung === true);
  assert.equal(await rings("proxied"), before + 1);
}
console.log(JSON.stringify({ passed: 6 }));
process.exit();
