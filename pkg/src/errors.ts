// Every error of the package. What they say comes from the core; here it becomes classes.
import type { ActionErrorCode, CommandErrorCode, ErrorCode, ParseErrorCode, PrivateMapKeyReason, TransportErrorCode } from "./error-code.js";
import type { Open } from "./types.js";
import type { UserSigReason } from "./user-sig.js";

/** The moment at which something went wrong. */
export type ErrorKind =
  | "build"
  | "transport"
  | "server"
  | "parse"
  | "outcome_unknown"
  | "user_sig"
  | "private_map_key";

/**
 * What is known about the effect of a request that failed: it certainly had none and may succeed when sent
 * again (`none`), it had none and would be refused again (`refused`), or it may have had one (`unknown`).
 */
export type Effect = "none" | "refused" | "unknown";

/** One broken rule: which property, what the rule is, and how to satisfy it. */
export interface Problem {
  /** Path of the property, such as `callees[2]` or `ringTimeout`. */
  field: string;
  /** The rule that was broken. */
  rule: string;
  /** What to do about it. */
  fix: string;
  /** What kind of rule it is, for programs that say it in words of their own. */
  code: ProblemCode;
  /** What the rule is about, such as `{ from: 10000, to: 600000, found: 5, unit: "ms" }`: the names are those of the code. */
  parameters?: Record<string, string | number>;
}

/** The kinds of rules. What each has for `parameters` is listed in the Rust crate, at `ProblemCode`. */
export type ProblemCode =
  | "other"
  | "missing"
  | "empty"
  | "wrong_count"
  | "too_long"
  | "wrong_character"
  | "white_space"
  | "out_of_range"
  | "not_whole"
  | "wrong_type"
  | "not_a_choice"
  | "not_an_object"
  | "half_a_character"
  | "unknown_property"
  | "given_twice"
  | "known_field"
  | "reserved_name"
  | "template_id"
  | "callee_is_robot"
  | "needs"
  | "room_needed"
  | "wrong_room_kind"
  | "url_scheme"
  | "not_a_url"
  | "not_https"
  | "url_host"
  | "url_port"
  | "url_fragment"
  | "url_user"
  | "plain_http"
  | "start_after_end"
  | "milliseconds"
  | "not_set_up"
  | "not_in_ledger"
  | "campaign_cancelled"
  | "wrong_ring_state"
  | "not_utf8"
  | "secret_with_space"
  | "secret_assignment"
  | "secret_template"
  | "secret_quoted"
  | "secret_character";

/** What the core tells about an error: `ErrorDescription`. What only one kind has stands beside the rest. */
interface Description {
  kind: ErrorKind;
  code: ErrorCode;
  message: string;
  requestId: string | null;
  effect: Effect;
  retryable: boolean;
  mayHaveRung: boolean;
  outcomeUnknown: boolean;
}

type Facts = Pick<Description, "kind" | "code" | "message"> & Partial<Description>;

type Unreadable = Pick<ParseError, "status" | "location" | "firstBytes">;

type Refusal = Pick<
  ServerError,
  "errorCode" | "errorInfo" | "whatToDo" | "body" | "clockSkew" | "isGone"
>;

interface UnknownOutcome extends Pick<OutcomeUnknownError, "sentAt" | "failedAt"> {
  attempt: Pick<OutcomeUnknownError, "robot" | "callees" | "room">;
  cause: Description;
}

/** What all errors of this package have in common. None of them holds a secret key or a UserSig. */
export class TrtcCallError extends Error {
  // As texts, which a minifier leaves alone, as it does not the names of classes.
  override readonly name: string = "TrtcCallError";
  /** The moment at which it went wrong. */
  readonly kind: ErrorKind;
  /** A stable string for programs, the same in every language of this library, such as `user_sig_expired`. */
  readonly code: ErrorCode;
  /** The service's name for the request, if a reply carried one: quote it when you ask for support. */
  readonly requestId: string | null;
  /** What is known about the request's effect. */
  readonly effect: Effect;
  /** Whether the same request may be sent again. */
  readonly retryable: boolean;
  /** Whether a phone may have rung. */
  readonly mayHaveRung: boolean;
  /** Whether sending it again could do something twice: a phone may have rung, or a stream may play. */
  readonly outcomeUnknown: boolean;

  /** @internal */
  constructor(facts: Facts, cause?: unknown) {
    super(facts.message, cause === undefined ? undefined : { cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.requestId = facts.requestId ?? null;
    this.effect = facts.effect ?? "refused";
    this.retryable = facts.retryable ?? false;
    this.mayHaveRung = facts.mayHaveRung ?? false;
    this.outcomeUnknown = facts.outcomeUnknown ?? false;
  }

  /** All that is told, `message` too, for logs in JSON. What `fetch` threw is not in it. */
  toJSON(): object {
    return { ...this, name: this.name, message: this.message };
  }
}

/** What you gave breaks rules. Nothing was sent. */
export class InvalidRequestError extends TrtcCallError {
  override readonly name = "InvalidRequestError";
  declare readonly code: "invalid_request";
  /** Every problem found. */
  readonly problems: readonly Problem[];

  /** @internal */
  constructor(facts: Facts & { problems: readonly Problem[] }) {
    super(facts);
    this.problems = facts.problems;
  }

  /** @internal */
  static of(problems: Problem[]): InvalidRequestError {
    const lines = problems.map(({ field, rule, fix }) => `${field}: ${rule}; ${fix}`);
    const message =
      lines.length === 1
        ? `invalid request: ${lines[0]}`
        : `invalid request, ${lines.length} problems:\n  ${lines.join("\n  ")}`;
    return new this({ kind: "build", code: "invalid_request", message, problems });
  }
}

/**
 * No reply came.
 *
 * `cause` is what `fetch` threw, or the reason of the signal that cancelled. An error that names the URL, which holds a
 * UserSig, is replaced by a copy that does not.
 */
export class TransportError extends TrtcCallError {
  override readonly name = "TransportError";
  declare readonly code: TransportErrorCode;
}

/** The service answered, and refused. `code` is the name of its error code. */
export class ServerError extends TrtcCallError {
  override readonly name = "ServerError";
  declare readonly code: Open<CommandErrorCode | ActionErrorCode>;
  /** `ErrorCode`; of the cloud API its `Code`, a word such as `AuthFailure.SignatureExpire`. */
  readonly errorCode: number | string;
  /** `ErrorInfo`, or the cloud API's `Message`: the service's own words. */
  readonly errorInfo: string;
  /** What you can do, if this package knows the error code. */
  readonly whatToDo: string | null;
  /** The whole reply. */
  readonly body: string;
  /**
   * By how many seconds this machine's clock is ahead of the service's (negative: behind), where the cloud API
   * refused a request for its time.
   */
  readonly clockSkew: number | null;
  /**
   * Whether what the request names is not there (any more): the call, or of the cloud API the task, the room, or the
   * user in it.
   */
  readonly isGone: boolean;

  /** @internal */
  constructor(facts: Facts & Refusal) {
    super(facts);
    ({ errorCode: this.errorCode, errorInfo: this.errorInfo } = facts);
    ({ whatToDo: this.whatToDo, body: this.body } = facts);
    ({ clockSkew: this.clockSkew, isGone: this.isGone } = facts);
  }
}

/** A reply came that is not what the service documents. */
export class ParseError extends TrtcCallError {
  override readonly name = "ParseError";
  declare readonly code: ParseErrorCode;
  /** The HTTP status. */
  readonly status: number;
  /** Where a redirect leads to, without user, query and fragment. It is not followed: it would hand the UserSig on. */
  readonly location: string | null;
  /** The beginning of the body, at most 200 bytes. */
  readonly firstBytes: string;

  /** @internal */
  constructor(facts: Facts & Unreadable) {
    super(facts);
    ({ status: this.status, location: this.location, firstBytes: this.firstBytes } = facts);
  }
}

/**
 * A call was sent, and whether it rings is unknown: **the phone may have rung**. It was not sent again, since
 * that could ring the phone twice.
 *
 * To find out: a webhook for this robot, these callees and this room tells of the call; so does its record,
 * about 5 s after the call's end.
 */
export class OutcomeUnknownError extends TrtcCallError {
  override readonly name = "OutcomeUnknownError";
  declare readonly code: "outcome_unknown";
  /** The caller. */
  readonly robot: string;
  /** The callees. */
  readonly callees: readonly string[];
  /** The room, if the request named one. */
  readonly room: number | string | null;
  /** When the request was sent, in Unix seconds. */
  readonly sentAt: number;
  /** When it failed, in Unix seconds. */
  readonly failedAt: number;
  /** Why the outcome is unknown. */
  override readonly cause: TrtcCallError;

  /** @internal */
  constructor(facts: Facts & UnknownOutcome, rootCause?: unknown) {
    super(facts);
    ({ robot: this.robot, callees: this.callees, room: this.room } = facts.attempt);
    ({ sentAt: this.sentAt, failedAt: this.failedAt } = facts);
    this.cause = fromDescription(facts.cause, rootCause);
  }
}

/** A UserSig cannot be read. `code` is the reason. */
export class UserSigError extends TrtcCallError {
  override readonly name = "UserSigError";
  declare readonly code: UserSigReason;
}

/** A token is no PrivateMapKey. `code` is the reason. */
export class PrivateMapKeyError extends TrtcCallError {
  override readonly name = "PrivateMapKeyError";
  declare readonly code: UserSigReason | PrivateMapKeyReason;
}

/** A failure as the core throws it. */
interface Failure {
  describe(): Description;
  free(): void;
}

/**
 * The error that the core threw, because of something else if that is given. Anything else, such as a trap, is handed on
 * as it is.
 *
 * @internal
 */
export function fromFailure(thrown: unknown, cause?: unknown): unknown {
  if (!isFailure(thrown)) return thrown;
  try {
    return fromDescription(thrown.describe(), cause);
  } finally {
    thrown.free();
  }
}

/**
 * What `use` gives; what the core throws in it becomes an error of this package.
 *
 * @internal
 */
export function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (failure) {
    throw fromFailure(failure);
  }
}

function isFailure(thrown: unknown): thrown is Failure {
  return typeof (thrown as Failure | undefined)?.describe === "function";
}

function fromDescription(facts: Description, cause?: unknown): TrtcCallError {
  switch (facts.kind) {
    case "build":
      return new InvalidRequestError(facts as Description & { problems: Problem[] });
    case "server":
      return new ServerError(facts as Description & Refusal);
    case "parse":
      return new ParseError(facts as Description & Unreadable);
    case "outcome_unknown":
      return new OutcomeUnknownError(facts as Description & UnknownOutcome, cause);
    default:
      return new TransportError(facts, cause);
  }
}
