import { catalogue } from "../../i18n/language.tsx";
import en from "./messages.en.ts";

/** The texts of the request log. */
export const requestMessages = catalogue({
  en,
  ja: () => import("./messages.ja.ts"),
  "zh-CN": () => import("./messages.zh-CN.ts"),
});
