import { Switch, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { frameMessages } from "../../frame/messages.ts";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import type { PartProps } from "./call-fields.tsx";
import { callMessages } from "./messages.ts";

const PushDetails = lazy(() => import("./push-details.tsx"));

/** Everything about the notification for callees who are offline. */
export function PushFields(part: PartProps) {
  const texts = useTexts(callMessages);
  const { loading } = useTexts(frameMessages);
  const { draft, change } = part;
  return (
    <section className={classes.section} aria-labelledby="push">
      <div>
        <h2 id="push">{texts.push}</h2>
        <Text size="sm" c="dimmed">
          {texts.pushHint}
        </Text>
      </div>
      <Switch
        label={texts.pushOwn}
        checked={draft.hasPush}
        onChange={(event) => change({ hasPush: event.currentTarget.checked })}
      />
      {draft.hasPush && (
        <Suspense fallback={<Text role="status">{loading}</Text>}>
          <PushDetails {...part} />
        </Suspense>
      )}
    </section>
  );
}
