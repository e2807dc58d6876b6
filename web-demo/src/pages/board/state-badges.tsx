import { Badge } from "@mantine/core";
import {
  IconArrowRight,
  IconBell,
  IconBellOff,
  IconHelp,
  IconPhoneCheck,
  IconPhoneOff,
  IconPhoneX,
  IconPlugOff,
} from "@tabler/icons-react";
import type { BoardCall, BoardCallState, BoardMemberState } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { boardMessages } from "./messages.ts";

const callColors: Record<BoardCallState, string> = { ringing: "yellow", in_call: "green", ended: "gray", unknown: "orange" };

/** How far a call has got. */
export function CallStateBadge({ call: { state } }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  return (
    <Badge variant="light" color={callColors[state]} size="lg" miw="max-content">
      {texts.state[state]}
    </Badge>
  );
}

const members: Record<BoardMemberState, { color: string; icon: typeof IconBell }> = {
  ringing: { color: "yellow", icon: IconBell },
  in_call: { color: "green", icon: IconPhoneCheck },
  rejected: { color: "red", icon: IconPhoneX },
  not_answered: { color: "orange", icon: IconBellOff },
  busy: { color: "orange", icon: IconPhoneOff },
  offline: { color: "gray", icon: IconPlugOff },
  left: { color: "gray", icon: IconArrowRight },
  cancelled: { color: "gray", icon: IconPhoneOff },
  unknown: { color: "gray", icon: IconHelp },
};

/** How far a member has got: in words, a sign and a colour. */
export function MemberBadge({ userId, state }: { userId?: string; state: BoardMemberState }) {
  const texts = useTexts(boardMessages);
  const { color, icon: Icon } = members[state] ?? members.unknown;
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={13} aria-hidden />}>
      {userId && `${userId} · `}
      {texts.member[state] ?? state}
    </Badge>
  );
}
