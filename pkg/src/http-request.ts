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
  return new ReadyRequest(cut(lines));
}

/** The lines, each of which ends with a line break: so few are found in half the time that `split` takes. */
function cut(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
    lines.push(text.slice(from, end));
    from = end + 1;
  }
  return lines;
}

class ReadyRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;

  constructor(lines: string[]) {
    this.method = lines[0] as string;
    this.url = lines[1] as string;
    const headers: Record<string, string> = {};
    for (let index = 3; index < lines.length; index += 2) {
      headers[lines[index] as string] = lines[index + 1] as string;
    }
    this.headers = headers;
    this.body = lines[2] as string;
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
