/**
 * Handlers of web `Request`s in servers that hand over Node's own `req` and `res`: Express, Fastify, NestJS, node:http.
 *
 * @packageDocumentation
 */

/** A handler of web `Request`s, such as those of `createWebhookHandler` and `createIngestWebhookHandler`. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** What is used of a request of Node's, and of what the frameworks add to it. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  method?: string | undefined;
  url?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  /** Whether somebody has begun to read the body. */
  readableDidRead?: boolean | undefined;
  /** Express: the URL before a router took its own part off. */
  originalUrl?: string | undefined;
  /** NestJS with `rawBody: true`, and others: the body's bytes. */
  rawBody?: unknown;
  /** What a parser made of the body. */
  body?: unknown;
}

/** What is used of a response of Node's. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array): unknown;
}

/** What is used of Fastify's request. */
export interface FastifyRequest {
  raw: NodeRequest;
  body?: unknown;
}

/** What is used of Fastify's reply. */
export interface FastifyReply {
  raw: NodeResponse;
  hijack(): unknown;
}

/** Answers a request of Node's, or of Fastify's. */
export interface NodeHandler {
  (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): Promise<void>;
  (request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/**
 * Makes a handler of `(req, res)` out of one of a web `Request`.
 *
 * It reads the body itself, or takes the bytes that a raw parser left in `req.body` or `req.rawBody`. Where another
 * parser has eaten them, it tells which line to add: by `next(error)` where there is a `next`, by rejecting in Fastify,
 * else by `console.error` and with status 500.
 *
 * ```js
 * app.post("/hook", toNodeHandler(createWebhookHandler({ sdkAppId, token, onEnd })));
 * ```
 */
export function toNodeHandler(handler: WebHandler): NodeHandler {
  return async (
    given: NodeRequest | FastifyRequest,
    reply: NodeResponse | FastifyReply,
    next?: (error?: unknown) => void,
  ): Promise<void> => {
    const isFastify = "raw" in given && "raw" in reply;
    const request = isFastify ? given.raw : (given as NodeRequest);
    const response = isFastify ? reply.raw : (reply as NodeResponse);
    const body = new Body(request, isFastify ? given.body : request.body ?? undefined, isFastify);
    let answer: Response;
    try {
      // A web Request is never one of these.
      const isForbidden = /^(CONNECT|TRACE|TRACK)$/i.test(request.method ?? "");
      answer = isForbidden ? new Response(null, { status: 405 }) : await handler(toWebRequest(request, body));
    } catch (error) {
      if (isFastify) throw error;
      if (typeof next === "function") return next(error);
      console.error(error);
      answer = new Response(null, { status: 500 });
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (isFastify) reply.hijack();
    const headers: Record<string, string> = Object.fromEntries(answer.headers);
    // What nobody reads would stand before the connection's next request.
    if (body.isHalfRead) headers.connection = "close";
    response.writeHead(answer.status, { ...headers, "content-length": String(bytes.length) });
    response.end(bytes);
  };
}

/** @throws TypeError when the body's bytes are gone. */
function toWebRequest(request: NodeRequest, body: Body): Request {
  const { method = "GET" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 has names that are no headers, such as `:path`.
    if (name.startsWith(":")) continue;
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const url = urlOf(request);
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: body.bytes(), duplex: "half" } as RequestInit);
}

/** Whatever the client wrote into `Host`: handlers go by path and query. */
function urlOf({ headers, originalUrl, url = "/" }: NodeRequest): string {
  const path = originalUrl ?? url;
  const base = `http://${headers.host ?? headers[":authority"]}`;
  if (!URL.canParse(path, base)) return `http://localhost/?${path.split("?").slice(1).join("?")}`;
  const whole = new URL(path, base);
  // A web Request takes none.
  whole.username = whole.password = "";
  return whole.href;
}

/** A request's body, wherever it is. */
class Body {
  readonly #request: NodeRequest;
  readonly #parsed: unknown;
  readonly #isFastify: boolean;
  #isBegun = false;
  #isOver = false;

  constructor(request: NodeRequest, parsed: unknown, isFastify: boolean) {
    this.#request = request;
    this.#parsed = parsed;
    this.#isFastify = isFastify;
  }

  /** Whether reading it has begun and not ended. */
  get isHalfRead(): boolean {
    return this.#isBegun && !this.#isOver;
  }

  /** @throws TypeError when they are gone. */
  bytes(): BodyInit {
    for (const left of [this.#request.rawBody, this.#parsed]) {
      if (typeof left === "string" || left instanceof Uint8Array) return left as BodyInit;
    }
    if (this.#request.readableDidRead) throw new TypeError(this.#howToKeepThem());
    return this.#stream();
  }

  /** Reads when it is asked to: what is refused for its URL stays where it is. */
  #stream(): ReadableStream<Uint8Array> {
    const chunks = this.#request[Symbol.asyncIterator]();
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      this.#isBegun = true;
      const { done, value } = await chunks.next();
      if (!done) return controller.enqueue(value);
      this.#isOver = true;
      controller.close();
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }

  #howToKeepThem(): string {
    const line = this.#isFastify
      ? 'fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => done(null, body));'
      : "app.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }));";
    const inNest = this.#isFastify ? "" : " In NestJS it is NestFactory.create(AppModule, { rawBody: true }).";
    return `a parser has read the webhook's body, and its exact bytes are gone. Keep them: ${line}${inNest}`;
  }
}
