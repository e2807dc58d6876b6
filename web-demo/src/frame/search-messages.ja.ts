import type { Translation } from "../i18n/language.tsx";
import type en from "./search-messages.en.ts";

export default {
  title: "すべてを検索",
  placeholder: "ページ、ユーザー、CallId、エラーコード",
  found: "検索結果",
  page: "ページ",
  code: "エラーコード",
  call: "通話",
  inRecords: (words: string) => `通話記録で「${words}」を探す`,
  inRequests: (words: string) => `リクエストで「${words}」を探す`,
  inWebhooks: (words: string) => `Webhook で「${words}」を探す`,
} satisfies Translation<typeof en>;
