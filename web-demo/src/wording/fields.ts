import { catalogue } from "../i18n/language.tsx";
import en from "./fields.en.ts";

/** What forms call their fields, and the items of a list. */
export const fieldNames = catalogue({ en, ja: () => import("./fields.ja.ts"), "zh-CN": () => import("./fields.zh-CN.ts") });
