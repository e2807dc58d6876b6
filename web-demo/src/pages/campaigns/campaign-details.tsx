import { Alert, Anchor, Box, Button, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";
import type { CampaignControls, Policy } from "../../backend/campaigns.ts";
import { CopiedCode } from "../../code/copied-code.tsx";
import { Facts } from "../../details/facts.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { useNow } from "../board/now.ts";
import { useWords } from "../records/results.ts";
import classes from "./campaigns.module.css";
import { Controls } from "./controls.tsx";
import { type Followed, toDo, useCampaigns } from "./follow.ts";
import { campaignMessages } from "./messages.ts";
import { CampaignBadge, Progress, StateCounts } from "./progress.tsx";
import { Rows } from "./rows.tsx";
import { waitingFor } from "./waiting.ts";

/** One campaign: how far it is, what it waits for, and each of its rings. */
export function CampaignDetails({ name, controls }: { name: string; controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const { campaigns, error } = useCampaigns(controls, name);
  const campaign = campaigns?.[0];
  return (
    <>
      <Anchor component={Link} href="~/campaigns" size="sm" className={classes.back ?? ""}>
        <IconArrowLeft size={16} aria-hidden /> {t.back}
      </Anchor>
      {campaigns?.length === 0 ? (
        <PageTitle title={t.gone}>{t.goneFix}</PageTitle>
      ) : (
        <PageTitle title={t.campaign(name)} />
      )}
      {error !== null && (
        <Box mb="md">
          <FailureAlert error={error} />
        </Box>
      )}
      {campaigns === null && error === null && <Text role="status">{t.loading}</Text>}
      {campaign && <Known of={campaign} controls={controls} />}
    </>
  );
}

function Known({ of, controls }: { of: Followed; controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const now = useNow(toDo(of) > 0);
  const made = t.made(times.full(of.createdAt));
  return (
    <div className={classes.page}>
      <section className={classes.section} aria-label={t.campaign(of.name)}>
        <div className={classes.head}>
          <CampaignBadge of={of} />
          <Text size="sm" c="dimmed" className={classes.grow ?? ""}>
            {of.source === null ? made : `${t.from(of.source)} · ${made}`}
          </Text>
          <Controls of={of} controls={controls} />
        </div>
        <Progress of={of} now={now} />
        <StateCounts of={of} />
        <PolicyFacts policy={of.policy} />
      </section>
      <Notices of={of} now={now} />
      <Rows of={of} controls={controls} />
    </div>
  );
}

/** What it waits for, and what only people know. */
function Notices({ of, now }: { of: Followed; now: number }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const [state, setState] = useQueryValue("state");
  const waiting = waitingFor(of, now);
  const { queued, unknown } = of.counts;
  const count = times.number(queued);
  return (
    <>
      {waiting?.for === "worker" && (
        <Alert color="orange" title={t.noWorkerTitle}>
          <Text size="sm" mb="xs">
            {waiting.since === null ? t.noWorkerEver(count) : t.noWorker(count, times.duration(waiting.since / 1000))}
          </Text>
          <CopiedCode label={t.worker} text={`trtc-call campaign run ${quoted(of.name)} --store URL`} />
          {of.policy.maxUp !== undefined && waiting.since !== null && (
            <Text size="sm" mt="xs">
              {t.capped(times.number(of.policy.maxUp))}
            </Text>
          )}
        </Alert>
      )}
      {waiting?.for === "resume" && <Alert color="yellow">{t.paused}</Alert>}
      {waiting?.for === "time" && <Alert color="blue">{t.later(count, times.full(waiting.until))}</Alert>}
      {unknown > 0 && state !== "unknown" && (
        <Alert color="orange">
          <div className={classes.head}>
            <Text size="sm" className={classes.grow ?? ""}>
              {t.unknown(times.number(unknown))}
            </Text>
            <Button variant="default" size="xs" onClick={() => setState("unknown")}>
              {t.showUnknown}
            </Button>
          </div>
        </Alert>
      )}
    </>
  );
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

function PolicyFacts({ policy: { maxUp, quietHours, again } }: { policy: Policy }) {
  const t = useTexts(campaignMessages);
  const words = useWords();
  const times = useTimes();
  const facts: (readonly [string, string])[] = [];
  if (maxUp !== undefined) facts.push([t.maxUp, times.number(maxUp)]);
  if (quietHours) facts.push([t.quietHours, t.quiet(quietHours.from, quietHours.until, quietHours.timeZone)]);
  if (again) {
    const after = again.after.map(words.result).join(", ");
    facts.push([t.again, t.attempts(times.number(again.attempts), times.duration(again.pauseMs / 1000), after)]);
  }
  return facts.length === 0 ? null : <Facts of={facts} />;
}
