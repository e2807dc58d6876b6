import { catalogue } from "../../i18n/language.tsx";
import en from "./messages.en.ts";
import ja from "./messages.ja.ts";
import zhCN from "./messages.zh-CN.ts";

/** The texts of the webhooks page. */
export const messages = catalogue({ en, ja, "zh-CN": zhCN });
