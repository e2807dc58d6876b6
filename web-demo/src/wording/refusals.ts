import { catalogue } from "../i18n/language.tsx";
import en from "./refusals.en.ts";

/** Why something failed or was refused, by its code. */
export const refusalWords = catalogue({ en, ja: () => import("./refusals.ja.ts"), "zh-CN": () => import("./refusals.zh-CN.ts") });
