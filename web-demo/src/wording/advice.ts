import { catalogue } from "../i18n/language.tsx";
import en from "./advice.en.ts";

/** Advice, in words. */
export const adviceWords = catalogue({ en, ja: () => import("./advice.ja.ts"), "zh-CN": () => import("./advice.zh-CN.ts") });
