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
 * The request whose lines the core gave.
 *
 * @internal
 */
export function readyRequest(lines: string): HttpRequest {
  const [method, url, body, ...headers] = lines.split("\n");
  return new ReadyRequest(method as string, url as string, headers, body as string);
}

class ReadyRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;

  constructor(method: string, url: string, headers: string[], body: string) {
    this.method = method;
    this.url = url;
    const pairs: Record<string, string> = {};
    for (let index = 0; index < headers.length; index += 2) {
      pairs[headers[index] as string] = headers[index + 1] as string;
    }
    this.headers = pairs;
    this.body = body;
  }

  toJSON() {
    const { method, url, headers, body } = this;
    const hidden = { ...headers };
    for (const name of ["authorization", "x-tc-token"]) {
      if (name in hidden) hidden[name] = "(hidden)";
    }
    return {
      method,
      url: url.replace(/([?&]usersig=)[^&]*/gi, "$1(hidden)"),
      headers: hidden,
      body: body.replace(/("(?:UserSig|PrivateMapKey)":")(?:[^"\\]|\\.)*/g, "$1(hidden)"),
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
