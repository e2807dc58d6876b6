import { catalogue } from "../i18n/language.tsx";
import en from "./problems.en.ts";

/** What is wrong with fields. The core says it in a code with parameters; these are the words. */
export const problemWords = catalogue({
  en,
  ja: () => import("./problems.ja.ts"),
  "zh-CN": () => import("./problems.zh-CN.ts"),
});
