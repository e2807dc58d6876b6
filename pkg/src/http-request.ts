// A request as data, whose secrets do not print.

/**
 * A request that is ready to be sent.
 *
 * **The URL is a secret**: it holds a UserSig; so do the headers and the body of a request to the cloud API, which
 * hold its signature and the robot's UserSig. `console.log` and `JSON.stringify` of the request hide them. Do
 * not follow redirects, which would hand the UserSig on; do not let a client repeat a call by itself.
 */
export interface HttpRequest {
  /** Always `POST`. */
  readonly method: string;
  /** The whole URL, UserSig included. */
  readonly url: string;
  /** The headers to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/**
 * The request that the core built.
 *
 * @internal
 */
export function readyRequest(built: HttpRequest): HttpRequest {
  return new ReadyRequest(built);
}

/**
 * The texts of a request that nobody may see, the whole query of its URL among them.
 *
 * @internal
 */
export function secretsOf({ url, headers, body }: HttpRequest): string[] {
  const queries = url.split("?").slice(1);
  const userSigs = [...url.matchAll(IN_URL)].map(([found, name = ""]) => found.slice(name.length));
  const inHeaders = SECRET_HEADERS.map((name) => headers[name] ?? "");
  const inBody = [...body.matchAll(IN_BODY)].map(([found, name = ""]) => found.slice(name.length));
  const secrets = [...queries, ...userSigs, ...inHeaders, ...inBody].filter((text) => text !== "");
  // Some languages escape what need not be escaped in a query.
  const escaped = secrets.filter((text) => text.includes("*")).map((text) => text.replaceAll("*", "%2A"));
  return [...secrets, ...escaped];
}

const SECRET_HEADERS = ["authorization", "x-tc-token"];
const IN_URL = /([?&]usersig=)[^&]*/gi;
const IN_BODY = /("(?:UserSig|PrivateMapKey)":")(?:[^"\\]|\\.)*/g;

class ReadyRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;

  constructor({ method, url, headers, body }: HttpRequest) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  toJSON() {
    const { method, url, headers, body } = this;
    const hidden = { ...headers };
    for (const name of SECRET_HEADERS) {
      if (name in hidden) hidden[name] = "(hidden)";
    }
    return {
      method,
      url: url.replace(IN_URL, "$1(hidden)"),
      headers: hidden,
      body: body.replace(IN_BODY, "$1(hidden)"),
    };
  }

  // What Node, Deno and Bun print.
  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toJSON();
  }

  [Symbol.for("Deno.customInspect")]() {
    return JSON.stringify(this);
  }
}
