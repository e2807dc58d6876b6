import { Badge, Text } from "@mantine/core";
import { ringStates } from "../../backend/campaigns.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import classes from "./campaigns.module.css";
import { type Followed, rateOf, toDo } from "./follow.ts";
import { campaignMessages } from "./messages.ts";
import { countOf, RingBadge } from "./ring-badge.tsx";

/** Whether it is rung: a campaign that runs and has nothing to do is done. */
export function CampaignBadge({ of }: { of: Followed }) {
  const t = useTexts(campaignMessages);
  const state = of.state !== "cancelled" && of.counts.total > 0 && toDo(of) === 0 ? "done" : of.state;
  const color = { running: "indigo", paused: "yellow", cancelled: "gray", done: "green" }[state];
  return (
    <Badge variant="light" size="lg" color={color} miw="max-content">
      {t.state[state]}
    </Badge>
  );
}

/** How far it is: a bar of what became of the rings, how many are done, how fast, and for how long still. */
export function Progress({ of, now }: { of: Followed; now: number }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const { total, rung, refused, unknown, presumedNotRung, cancelled, answered, ended } = of.counts;
  const left = toDo(of);
  const rate = rateOf(of, now);
  const said = t.progress(times.number(total - left), times.number(total));
  let x = 0;
  const parts = [
    ["rung", rung],
    ["refused", refused],
    ["unknown", unknown],
    ["over", presumedNotRung + cancelled],
  ] as const;
  const numbers = [
    rate > 0 && left > 0 && t.rate(times.number(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))),
    rate > 0 && left > 0 && t.left(times.duration(Math.ceil(left / rate))),
    answered > 0 && t.answered(times.number(answered)),
    ended > 0 && t.ended(times.number(ended)),
    unknown > 0 && t.unknowns(times.number(unknown)),
  ].filter((text) => text !== false);
  return (
    <div>
      <svg
        className={classes.bar}
        role="progressbar"
        aria-label={of.name}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={total - left}
        aria-valuetext={said}
      >
        {parts.map(([kind, count]) => {
          const width = total === 0 ? 0 : (100 * count) / total;
          const part = <rect key={kind} className={classes[kind] ?? ""} x={`${x}%`} width={`${width}%`} height="100%" />;
          x += width;
          return part;
        })}
      </svg>
      <Text size="sm">
        {said}
        {numbers.length > 0 && <span className={classes.numbers}> · {numbers.join(" · ")}</span>}
      </Text>
    </div>
  );
}

/** How many rings are in which state, those states that there are. */
export function StateCounts({ of }: { of: Followed }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  return (
    <ul className={classes.counts} aria-label={t.counts}>
      {ringStates
        .map((state) => [state, countOf(of.counts, state)] as const)
        .filter(([, count]) => count > 0)
        .map(([state, count]) => (
          <li key={state}>
            <RingBadge state={state} count={times.number(count)} />
          </li>
        ))}
    </ul>
  );
}
