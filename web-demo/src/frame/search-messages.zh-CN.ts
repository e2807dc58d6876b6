import type { Translation } from "../i18n/language.tsx";
import type en from "./search-messages.en.ts";

export default {
  title: "全局搜索",
  placeholder: "页面、用户、CallId 或错误码",
  found: "搜索结果",
  page: "页面",
  code: "错误码",
  call: "呼叫",
  inRecords: (words: string) => `在通话记录中查找“${words}”`,
  inRequests: (words: string) => `在请求中查找“${words}”`,
  inWebhooks: (words: string) => `在回调中查找“${words}”`,
} satisfies Translation<typeof en>;
