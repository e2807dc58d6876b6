import type { Translation } from "../i18n/language.tsx";
import type en from "./fields.en.ts";

export default {
  callee: (number: number) => `被叫 ${number}`,
  item: (number: number) => `第 ${number} 项`,
  fields: {
    robot: "机器人",
    callees: "被叫",
    media: "媒体",
    room: "房间",
    ringTimeout: "响铃时间",
    userData: "用户数据",
    offlinePush: "离线通知",
    play: "媒体地址",
    url: "地址",
    command: "命令",
    commands: "发送时机",
    callId: "CallId",
    startTime: "从",
    endTime: "到",
    userId: "UserID",
    expireSeconds: "有效期",
  },
} satisfies Translation<typeof en>;
