import { catalogue } from "../../i18n/language.tsx";
import en from "./messages.en.ts";

/** The texts of the live board. */
export const boardMessages = catalogue({
  en,
  ja: () => import("./messages.ja.ts"),
  "zh-CN": () => import("./messages.zh-CN.ts"),
});
