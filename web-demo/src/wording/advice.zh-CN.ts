import type { AdviceWords } from "./advice-words.ts";

export default {
  text_cut: ({ max, found }, say, vendor) => `${vendor}手机会在 ${say.number(max)} 个字符后截断，当前为 ${say.number(found)} 个。请缩短，或把重要内容放在前面。`,
  ext_not_json: () => "这不是 JSON，部分 Android 厂商会丢弃它。",
  apns_packet_too_large: ({ bytes }, say) => `正文与 Ext 共 ${say.number(bytes)} 字节。达到 3 KB 后 Apple 手机可能收不到，请缩短。`,
  voip_without_fallback: () => "没有 VoIP 令牌的手机会收到普通通知，但没有可显示的文字。请填写标题和正文。",
  many_in_call: ({ people, max }, say) => `通话共有 ${say.number(people)} 人（含机器人），通话组件最多显示 ${say.number(max)} 人。请减少人数，或使用自己的界面。`,
  never_pushed: () => "“从不”表示离线用户不会收到来电提醒，其余通知设置也不会使用。",
  badge_add_ignored: () => "同时填写了“设置角标”，以其为准。请删除其中一项。",
  badge_too_high_for_some: ({ max }, say) => `华为、荣耀和鸿蒙最多显示 ${say.number(max)}。`,
  parameters_without_template: () => "此项只能与模板一起使用，但没有填写模板。",
  sound_suffix: () => "手机可能找不到该铃声：Android 不需要后缀，Apple 需要后缀（ring.caf）。",
  sound_duration_ignored: () => "此项只能与铃声一起使用。请填写铃声，或删除时长。",
  dismissal_date_ignored: () => "此项只在活动结束时使用。",
  template_ignored: () => "模板不会被使用：该类别属于内容与营销。请选择通讯类别，例如 IM。",
  silent_push: () => "这会成为静默通知：只唤醒应用，被叫看不到任何内容。",
  unknown_field: () => "此版本不认识该字段，会原样发送。",
  unknown_value: ({ choices }) => `此版本不认识该值，会原样发送。已知的值：${choices}。`,
  start_time_moved: ({ first }, say) => `记录只保留 7 天：将从 ${say.moment(first)} 开始。`,
  records_gone: () => "已超过 7 天，没有记录了。",
  no_record_yet: () => "该时间在将来，还没有呼叫。",
} satisfies AdviceWords;
