import { catalogue } from "../i18n/language.tsx";
import en from "./messages.en.ts";

/** The texts of the frame, and those that several pages share. */
export const frameMessages = catalogue({
  en,
  ja: () => import("./messages.ja.ts"),
  "zh-CN": () => import("./messages.zh-CN.ts"),
});
