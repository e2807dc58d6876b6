import { Group, Text } from "@mantine/core";
import { IconClockCheck, IconClockX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { messages } from "./messages.ts";

/** When a token ends, in local time and as seen from now; it keeps up with the clock. `at` is in Unix seconds. */
export function Expiry({ at }: { at: number | string }) {
  const t = useTexts(messages).expiry;
  const times = useTimes();
  const now = useNow();
  const moment = Number(at) * 1000;
  const isOver = moment <= now;
  const say = isOver ? t.expired : t.valid;
  const Icon = isOver ? IconClockX : IconClockCheck;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" component="span">
      <Icon size={20} color={`var(--mantine-color-${isOver ? "red" : "teal"}-text)`} aria-hidden />
      <Text span size="sm" fw={600}>
        {say(times.full(moment), times.relative(moment, now))}
      </Text>
    </Group>
  );
}

/** The present, in Unix milliseconds, once a second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
