import { useState } from "react";

/** The last value that there was: what a drawer shows while it slides out of sight. */
export function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && !Object.is(value, last)) setLast(value);
  return value ?? last;
}
