import { InvalidRequestError, type Problem, ServerError, TrtcCallError } from "trtc-call";

/** Why something could not be done: what the npm package's errors say, as data, wherever it went wrong. */
export interface Failure {
  /** The moment: an `ErrorKind` of the package, or `console` when the console itself refused or is not there. */
  kind: string;
  /** A stable word for programs. */
  code: string;
  message: string;
  requestId?: string | null;
  retryable?: boolean;
  /** Whether a phone may have rung all the same. */
  mayHaveRung?: boolean;
  /** What is wrong with which field. */
  problems?: readonly Problem[];
  whatToDo?: string | null;
  /** The service's code, and its own words with it. */
  errorCode?: number | string;
  errorInfo?: string;
}

/** Thrown by every function of a backend. */
export class BackendError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "BackendError";
  }
}

/** What anything thrown has to say. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof BackendError) return thrown.failure;
  if (thrown instanceof TrtcCallError) {
    const { kind, code, message, requestId, retryable, mayHaveRung } = thrown;
    const problems = thrown instanceof InvalidRequestError ? thrown.problems : [];
    const failure = { kind, code, message, requestId, retryable, mayHaveRung, problems };
    if (!(thrown instanceof ServerError)) return failure;
    const { whatToDo, errorCode, errorInfo } = thrown;
    return { ...failure, whatToDo, errorCode, errorInfo };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "console", code: "unexpected", message };
}

/** What a function of the package says about what it was given: nothing, when it took it. */
export function problemsOf(check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (thrown instanceof InvalidRequestError) return thrown.problems;
    throw thrown;
  }
}
