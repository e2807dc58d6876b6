import { catalogue } from "../../i18n/language.tsx";
import en from "./messages.en.ts";

/** The texts of the campaigns' pages. */
export const campaignMessages = catalogue({
  en,
  ja: () => import("./messages.ja.ts"),
  "zh-CN": () => import("./messages.zh-CN.ts"),
});
