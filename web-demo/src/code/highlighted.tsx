import "./highlighted.css";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import rust from "highlight.js/lib/languages/rust";
import typescript from "highlight.js/lib/languages/typescript";
import { createLowlight } from "lowlight";
import { Fragment, type ReactNode, useMemo } from "react";

/** What code can be in. An exchange is a head, an empty line, and JSON. */
export type CodeLanguage = "bash" | "json" | "rust" | "typescript" | "exchange";

const lowlight = createLowlight({ bash, json, rust, typescript });

/** Longer text, in characters, would take too long. */
const MOST = 30_000;

/** Code with its words in colours: the same text. Loaded when there is code to be seen. */
export default function Highlighted({ text, language }: { text: string; language: CodeLanguage }): ReactNode {
  return useMemo(() => {
    if (text.length > MOST) return text;
    if (language !== "exchange") return inColours(text, language);
    const end = text.indexOf("\n\n");
    return end < 0 ? text : [text.slice(0, end + 2), inColours(text.slice(end + 2), "json")];
  }, [text, language]);
}

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

function inColours(text: string, language: string): ReactNode {
  return <Fragment key={language}>{lowlight.highlight(language, text).children.map(toReact)}</Fragment>;
}

function toReact(node: Node, index: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  return (
    <span key={index} className={(node.properties["className"] as string[] | undefined)?.join(" ")}>
      {node.children.map(toReact)}
    </span>
  );
}
