// The example, in a Worker that crashes twice after it has rung and before the queue is told.
import example from "../../examples/cloudflare-queue/worker.ts";

export { Rings } from "../../examples/cloudflare-queue/worker.ts";

/** What the example logs, for who asks for it. */
const told = [];
console.log = (line) => void told.push(JSON.parse(line));

export default {
  fetch: (request, env) => (request.method === "GET" ? Response.json(told) : example.fetch(request, env)),
  async queue(batch, env) {
    const untold = ({ body, attempts }) => ({ body, attempts, ack() {}, retry() {} });
    await example.queue({ messages: batch.messages.map(untold) }, env);
    if (batch.messages[0].attempts < 3) throw new Error("it crashes");
  },
};
