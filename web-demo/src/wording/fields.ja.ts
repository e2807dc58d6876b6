import type { Translation } from "../i18n/language.tsx";
import type en from "./fields.en.ts";

export default {
  callee: (number: number) => `着信者 ${number}`,
  item: (number: number) => `${number} 番目`,
  fields: {
    robot: "ロボット",
    callees: "着信者",
    media: "メディア",
    room: "ルーム",
    ringTimeout: "呼び出し時間",
    userData: "ユーザーデータ",
    offlinePush: "オフライン通知",
    play: "メディアの URL",
    url: "URL",
    command: "コマンド",
    commands: "送信のタイミング",
    callId: "CallId",
    startTime: "開始",
    endTime: "終了",
    userId: "UserID",
    expireSeconds: "有効期間",
  },
} satisfies Translation<typeof en>;
