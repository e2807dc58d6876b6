import type { AdviceWords } from "./advice-words.ts";

/** What will not go as the sender hopes, and what to do. */
export default {
  text_cut: ({ max, found }, say, vendor) =>
    `${vendor} phones cut it after ${say.number(max)} characters; it has ${say.number(found)}. Say what matters first, or shorten it.`,
  ext_not_json: () => "This is no JSON, so some Android vendors drop it.",
  apns_packet_too_large: ({ bytes }, say) => `Text and Ext have ${say.number(bytes)} bytes together. From 3 KB on Apple's phones may not get it: shorten them.`,
  voip_without_fallback: () => "A phone without a VoIP token gets a plain notification, and there is no text for it. Write title and text.",
  many_in_call: ({ people, max }, say) =>
    `${say.number(people)} people are in this call, with the robot; the call kits show ${say.number(max)}. Call fewer, or show them yourself.`,
  never_pushed: () => "“Never” means that nobody who is offline notices the call, and the rest of the notification is not used.",
  badge_add_ignored: () => "“Set the badge” is filled in, too, and wins. Remove one of the two.",
  badge_too_high_for_some: ({ max }, say) => `Huawei, Honor and Harmony show at most ${say.number(max)}.`,
  parameters_without_template: () => "This is used with a template only, and there is none.",
  sound_suffix: () => "The phone may not find a sound of that name: Android wants it without a suffix, Apple with one (ring.caf).",
  sound_duration_ignored: () => "This is used with a sound only. Name the sound, or remove its duration.",
  dismissal_date_ignored: () => "This is used when the activity ends only.",
  template_ignored: () => "The template is not used: the category is one of content and marketing. Choose a category of communication, such as IM.",
  silent_push: () => "This makes it a silent notification: it wakes the application, and the callee sees nothing.",
  unknown_field: () => "This version does not know the field. It is sent as it is.",
  unknown_value: ({ choices }) => `This version does not know the value, and sends it as it is. Known: ${choices}.`,
  start_time_moved: ({ first }, say) => `Records are kept for 7 days: it begins on ${say.moment(first)}.`,
  records_gone: () => "That is more than 7 days ago: there are no records any more.",
  no_record_yet: () => "That is in the future: no call has begun then.",
} satisfies AdviceWords;
