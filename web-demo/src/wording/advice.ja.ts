import type { AdviceWords } from "./advice-words.ts";

export default {
  text_cut: ({ max, found }, say, vendor) => `${vendor} の端末では ${say.number(max)} 文字で切れます（現在 ${say.number(found)} 文字）。短くするか、大事なことを先に書いてください。`,
  ext_not_json: () => "JSON ではないため、一部の Android メーカーでは破棄されます。",
  apns_packet_too_large: ({ bytes }, say) => `本文と Ext が合わせて ${say.number(bytes)} バイトです。3 KB 以上では Apple の端末に届かないことがあります。短くしてください。`,
  voip_without_fallback: () => "VoIP トークンのない端末には通常の通知が届きますが、表示する文字がありません。タイトルと本文を入力してください。",
  many_in_call: ({ people, max }, say) => `ロボットを含めて ${say.number(people)} 人の通話です。通話キットに表示されるのは ${say.number(max)} 人までです。人数を減らすか、独自の画面を用意してください。`,
  never_pushed: () => "「送らない」では、オフラインの人は着信に気づかず、残りの通知設定も使われません。",
  badge_add_ignored: () => "「バッジを設定」もあり、そちらが優先されます。どちらかを削除してください。",
  badge_too_high_for_some: ({ max }, say) => `Huawei、Honor、Harmony で表示されるのは ${say.number(max)} までです。`,
  parameters_without_template: () => "テンプレートと一緒にだけ使われますが、テンプレートがありません。",
  sound_suffix: () => "その名前の音が見つからないことがあります。Android では拡張子なし、Apple では拡張子付き（ring.caf）にしてください。",
  sound_duration_ignored: () => "音と一緒にだけ使われます。音を指定するか、長さを削除してください。",
  dismissal_date_ignored: () => "アクティビティの終了時にだけ使われます。",
  template_ignored: () => "テンプレートは使われません。カテゴリーがコンテンツ・マーケティングのためです。IM など通信のカテゴリーを選んでください。",
  silent_push: () => "サイレント通知になります。アプリを起こすだけで、相手には何も表示されません。",
  unknown_field: () => "このバージョンが知らない項目です。そのまま送ります。",
  unknown_value: ({ choices }) => `このバージョンが知らない値です。そのまま送ります。既知の値：${choices}。`,
  start_time_moved: ({ first }, say) => `記録の保存は 7 日間です。${say.moment(first)} からになります。`,
  records_gone: () => "7 日より前なので、記録はもうありません。",
  no_record_yet: () => "未来の時刻なので、まだ通話はありません。",
} satisfies AdviceWords;
