import {
  IconAdjustments,
  IconBroadcast,
  IconHistory,
  IconListSearch,
  IconPhoneOutgoing,
  IconSpeakerphone,
  IconTool,
  IconWebhook,
} from "@tabler/icons-react";
import { lazy } from "react";

/**
 * The pages, in the order of the navigation. Each is loaded when it is first looked at. On a phone those that are used
 * now and then are behind "More".
 */
export const pages = [
  { name: "call", path: "/", icon: IconPhoneOutgoing, Page: lazy(() => import("../pages/call/index.tsx")) },
  { name: "board", path: "/board", icon: IconBroadcast, Page: lazy(() => import("../pages/board/index.tsx")) },
  { name: "records", path: "/records", icon: IconHistory, Page: lazy(() => import("../pages/records/index.tsx")) },
  { name: "webhooks", path: "/webhooks", icon: IconWebhook, Page: lazy(() => import("../pages/webhooks/index.tsx")) },
  { name: "campaigns", path: "/campaigns", icon: IconSpeakerphone, Page: lazy(() => import("../pages/campaigns/index.tsx")) },
  { name: "requests", path: "/requests", icon: IconListSearch, Page: lazy(() => import("../pages/requests/index.tsx")) },
  { name: "tools", path: "/tools", icon: IconTool, Page: lazy(() => import("../pages/tools/index.tsx")) },
  { name: "settings", path: "/settings", icon: IconAdjustments, Page: lazy(() => import("../pages/settings/index.tsx")) },
] as const;

/** How many have a place of their own on a phone. */
export const PLACES_ON_PHONES = 4;

/** A page's name. */
export type PageName = (typeof pages)[number]["name"];
