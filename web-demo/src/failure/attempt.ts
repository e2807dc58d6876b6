import { type FormEvent, useState } from "react";
import { flushSync } from "react-dom";
import { failureOf, problemsOf } from "../backend/failure.ts";
import { useWording } from "../wording/wording.ts";
import { problemText } from "./problems.ts";

/** A form's way to a result. */
export interface Attempt<Result> {
  /** What came out, as long as the fields are what it was made of. */
  result: Result | undefined;
  /** What went wrong, where no field is at fault. */
  error: unknown;
  /** What is wrong with a field as it is now, once the form has been sent. */
  errorOf(field: string): string | undefined;
  /** For the form. */
  submit(event: FormEvent<HTMLFormElement>): void;
  isBusy: boolean;
}

/**
 * Makes something of a form's fields when it is sent. `inputs` are what the result depends on; `check` tells what is
 * wrong with them without any effect.
 */
export function useAttempt<Result>(
  make: () => Result | Promise<Result>,
  inputs: readonly unknown[],
  check: () => unknown = make,
): Attempt<Result> {
  const wording = useWording();
  const [outcome, setOutcome] = useState<Outcome<Result>>();
  const [isBusy, setIsBusy] = useState(false);
  const current = outcome && sameItems(outcome.of, inputs) ? outcome : undefined;
  const refused = current?.error ? (failureOf(current.error).problems ?? []) : [];
  const problems = refused.length > 0 || !outcome ? refused : problemsOf(check);

  const run = async (form: HTMLFormElement) => {
    setIsBusy(true);
    const made = await outcomeOf(make);
    flushSync(() => {
      setIsBusy(false);
      setOutcome({ ...made, of: inputs });
    });
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return {
    result: current?.result,
    error: refused.length === 0 ? current?.error : undefined,
    errorOf: (field) => problemText(problems, field, wording),
    submit(event) {
      event.preventDefault();
      void run(event.currentTarget);
    },
    isBusy,
  };
}

interface Outcome<Result> {
  of: readonly unknown[];
  result?: Result;
  error?: unknown;
}

async function outcomeOf<Result>(
  make: () => Result | Promise<Result>,
): Promise<Omit<Outcome<Result>, "of">> {
  try {
    return { result: await make() };
  } catch (error) {
    return { error };
  }
}

function sameItems(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((item, index) => Object.is(item, others[index]));
}
