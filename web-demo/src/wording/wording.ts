import { useMemo } from "react";
import type { Problem } from "trtc-call";
import { useTexts } from "../i18n/language.tsx";
import { fieldNames } from "./fields.ts";
import type { ProblemWords } from "./problem-words.ts";
import { problemWords } from "./problems.ts";
import { useSay } from "./say.ts";

/** How problems are said in the page's language. */
export interface Wording {
  /** What is wrong. */
  problem(problem: Problem): string;
  /** What the form calls a field. */
  field(path: string): string;
  /** What of a list is meant, below its field: "callee 1". Nothing for a field by itself. */
  item(path: string, field: string): string;
}

/** How problems are said. */
export function useWording(): Wording {
  const words: Partial<ProblemWords> = useTexts(problemWords);
  const names = useTexts(fieldNames);
  const say = useSay();
  return useMemo(() => {
    const named: Record<string, string> = names.fields;
    const field = (path: string): string => {
      const callee = /^callees\[(\d+)\]$/.exec(path);
      if (callee) return names.callee(Number(callee[1]) + 1);
      return named[path] ?? named[path.replace(/[[.].*$/, "")] ?? path;
    };
    return {
      problem({ code, rule, fix, parameters = {} }) {
        const sentence = words[code as keyof ProblemWords];
        // One that the page has no words for is said in those of who found it.
        return sentence?.({ ...parameters, rule }, say) ?? `${rule}; ${fix}`;
      },
      field,
      item(path, of) {
        const index = /^\[(\d+)\]/.exec(path.slice(of.length))?.[1];
        if (index === undefined) return "";
        return of === "callees" ? names.callee(Number(index) + 1) : names.item(Number(index) + 1);
      },
    };
  }, [words, names, say]);
}
