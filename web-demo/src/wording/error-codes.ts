import { catalogue } from "../i18n/language.tsx";
import en from "./error-codes.en.ts";

/** The catalogue of the service's error codes, by their names. */
export const errorCodeWords = catalogue({
  en,
  ja: () => import("./error-codes.ja.ts"),
  "zh-CN": () => import("./error-codes.zh-CN.ts"),
});
