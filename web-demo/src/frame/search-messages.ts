import { catalogue } from "../i18n/language.tsx";
import en from "./search-messages.en.ts";

/** The texts of the search. */
export const searchMessages = catalogue({
  en,
  ja: () => import("./search-messages.ja.ts"),
  "zh-CN": () => import("./search-messages.zh-CN.ts"),
});
