import type en from "./messages.en.ts";

/** A property of the notification, and how it is put in. */
export interface PushField {
  /** Its path below `offlinePush`. */
  path: string;
  label: keyof typeof en.pushFields;
  input: "text" | "number" | "yes" | "json" | Choice[];
  /** Folded away until somebody wants it. */
  isRare?: true;
}

/** A value and what it means; a word of the service means itself. */
export type Choice = [value: string | number, meaning?: keyof typeof en.pushChoices];

const importance: Choice[] = [["LOW"], ["NORMAL"]];

/** Properties by whose phones they are for. */
export interface PushGroup {
  name: string;
  fields: PushField[];
}

/** The properties beside title and text that most who want any want. */
export const commonGroups: PushGroup[] = [
  {
    name: "all",
    fields: [
      { path: "pushFlag", label: "pushFlag", input: [[0, "pushWhenOffline"], [1, "pushNever"]] },
      { path: "ext", label: "ext", input: "text" },
      { path: "badgeAddNum", label: "badgeAddNum", input: "number" },
      { path: "badgeSetNum", label: "badgeSetNum", input: "number", isRare: true },
      { path: "pushTemplateId", label: "templateId", input: "text", isRare: true },
      { path: "pushTemplateParam", label: "templateParameters", input: "json", isRare: true },
    ],
  },
  {
    name: "Apple",
    fields: [
      { path: "apns.title", label: "ownTitle", input: "text" },
      { path: "apns.subTitle", label: "subTitle", input: "text" },
      { path: "apns.image", label: "image", input: "text", isRare: true },
      { path: "apns.sound", label: "soundWithSuffix", input: "text" },
      { path: "apns.badgeMode", label: "badgeMode", input: [[0, "badgeCounts"], [1, "badgeDoesNotCount"]], isRare: true },
      {
        path: "apns.interruptionLevel",
        label: "interruptionLevel",
        input: [["active"], ["critical"], ["passive"], ["time-sensitive"]],
      },
      { path: "apns.mutableContent", label: "mutableContent", input: "yes", isRare: true },
      { path: "apns.contentAvailable", label: "contentAvailable", input: "yes", isRare: true },
      { path: "apns.isVoipPush", label: "isVoipPush", input: "yes" },
      { path: "apns.liveActivity", label: "liveActivity", input: "json", isRare: true },
    ],
  },
  {
    name: "Android",
    fields: [
      { path: "android.sound", label: "sound", input: "text" },
      { path: "android.pushStyle", label: "pushStyle", input: [[0, "styleStandard"], [1, "styleLong"]] },
    ],
  },
];

/** Those for the phones of single vendors. */
export const vendorGroups: PushGroup[] = [
  {
    name: "Huawei",
    fields: [
      { path: "android.huaweiImportance", label: "importance", input: importance },
      { path: "android.huaweiCategory", label: "category", input: "text" },
      { path: "android.huaweiImage", label: "image", input: "text" },
      { path: "android.huaweiChannelId", label: "channelId", input: "text" },
    ],
  },
  {
    name: "Honor",
    fields: [
      { path: "android.honorImportance", label: "importance", input: importance },
      { path: "android.honorImage", label: "image", input: "text" },
    ],
  },
  { name: "Xiaomi", fields: [{ path: "android.xiaomiChannelId", label: "channelId", input: "text" }] },
  {
    name: "OPPO",
    fields: [
      { path: "android.oppoChannelId", label: "channelId", input: "text" },
      { path: "android.oppoCategory", label: "category", input: "text" },
      {
        path: "android.oppoNotifyLevel",
        label: "notifyLevel",
        input: [[1, "levelBar"], [2, "levelLockScreen"], [16, "levelBanner"]],
      },
      { path: "android.oppoPrivateMsgTemplateId", label: "templateId", input: "text", isRare: true },
      { path: "android.oppoPrivateTitleParameters", label: "titleParameters", input: "json", isRare: true },
      { path: "android.oppoPrivateContentParameters", label: "contentParameters", input: "json", isRare: true },
    ],
  },
  {
    name: "vivo",
    fields: [
      { path: "android.vivoClassification", label: "classification", input: [[0, "operational"], [1, "system"]] },
      { path: "android.vivoCategory", label: "category", input: "text" },
      {
        path: "android.vivoNotifyType",
        label: "notifyType",
        input: [["1", "silent"], ["2", "ringing"], ["3", "vibrating"], ["4", "ringingAndVibrating"]],
      },
    ],
  },
  {
    name: "Meizu",
    fields: [
      { path: "android.meizuNoticeMsgType", label: "noticeMsgType", input: [[0, "publicMessage"], [1, "privateMessage"]] },
    ],
  },
  {
    name: "Google",
    fields: [
      { path: "android.googlePriority", label: "priority", input: [["normal"], ["high"]] },
      { path: "android.googleImage", label: "image", input: "text" },
      { path: "android.googleChannelId", label: "channelId", input: "text" },
    ],
  },
  {
    name: "Harmony",
    fields: [
      { path: "harmony.title", label: "ownTitle", input: "text" },
      { path: "harmony.category", label: "category", input: "text" },
      { path: "harmony.image", label: "image", input: "text" },
      { path: "harmony.sound", label: "sound", input: "text" },
      { path: "harmony.soundDuration", label: "soundDuration", input: "number" },
    ],
  },
];
