import { Badge } from "@mantine/core";
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
  return (
    <Badge
      color={isOver ? "red" : "teal"}
      variant="light"
      size="lg"
      tt="none"
      h="auto"
      py={4}
      styles={{ label: { whiteSpace: "normal" } }}
    >
      {say(times.full(moment), times.relative(moment, now))}
    </Badge>
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
