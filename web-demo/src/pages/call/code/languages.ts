import { commandLine } from "./command-line.ts";
import { curl } from "./curl.ts";
import { rust } from "./rust.ts";
import { typescript } from "./typescript.ts";
import type { CodeLanguage } from "../../../code/highlighted.tsx";
import type { PlacedCall, Settings } from "../../../backend/backend.ts";

/** Where the call goes, as far as code needs to know. */
export type Target = Pick<Settings, "sdkAppId" | "admin" | "region" | "baseUrl" | "cloud" | "ingestRoomIdCoding">;

/** Where a call is played into that names no room. */
export const EXAMPLE_ROOM = "call-4711";

/** Writes a call down as code. */
export type Writer = (call: PlacedCall, target: Target) => string;

/** The same call in each language, by the language's name. */
export const writers: Record<string, { write: Writer; language: CodeLanguage }> = {
  Rust: { write: rust, language: "rust" },
  TypeScript: { write: typescript, language: "typescript" },
  curl: { write: curl, language: "bash" },
  CLI: { write: commandLine, language: "bash" },
};
