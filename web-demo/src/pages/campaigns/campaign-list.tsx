import { Anchor, Box, Button, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { CampaignControls } from "../../backend/campaigns.ts";
import { CopiedCode } from "../../code/copied-code.tsx";
import { Nothing } from "../../details/nothing.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useNow } from "../board/now.ts";
import classes from "./campaigns.module.css";
import { type Followed, toDo, useCampaigns } from "./follow.ts";
import { campaignMessages } from "./messages.ts";
import { CampaignBadge, Progress } from "./progress.tsx";
import { RingDrawer } from "./ring-drawer.tsx";
import { WaitingText } from "./waiting-text.tsx";

const COMMANDS = "trtc-call campaign create autumn --from users.csv --store rings.db\ntrtc-call campaign run autumn --store rings.db";

/** All campaigns, the latest first. */
export function CampaignList({ controls }: { controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const { pages } = useTexts(frameMessages);
  const { campaigns, error } = useCampaigns(controls);
  const now = useNow(campaigns?.some((one) => toDo(one) > 0) ?? false);
  return (
    <>
      <PageTitle title={pages.campaigns}>{t.lead}</PageTitle>
      {error !== null && (
        <Box mb="md">
          <FailureAlert error={error} />
        </Box>
      )}
      {campaigns === null && error === null && <Text role="status">{t.loading}</Text>}
      {campaigns?.length === 0 && (
        <Nothing title={t.none} text={t.noneFix}>
          <CopiedCode label={t.create} text={COMMANDS} language="bash" />
        </Nothing>
      )}
      {campaigns !== null && campaigns.length > 0 && (
        <ul className={classes.list}>
          {campaigns.map((campaign) => (
            <li key={campaign.name}>
              <Card of={campaign} now={now} />
            </li>
          ))}
        </ul>
      )}
      {campaigns !== null && <FindRing controls={controls} />}
    </>
  );
}

function Card({ of, now }: { of: Followed; now: number }) {
  return (
    <article className={classes.section} aria-label={of.name}>
      <div className={classes.head}>
        <h2>
          <Anchor component={Link} href={`~/campaigns?name=${encodeURIComponent(of.name)}`}>
            {of.name}
          </Anchor>
        </h2>
        <CampaignBadge of={of} />
      </div>
      <Progress of={of} now={now} />
      <WaitingText of={of} now={now} />
    </article>
  );
}

/** Opens a ring by its key, one without a campaign, too. */
function FindRing({ controls }: { controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const [ring, setRing] = useQueryValue("ring");
  const [key, setKey] = useState("");
  return (
    <>
      <form
        className={classes.find}
        onSubmit={(event) => {
          event.preventDefault();
          setRing(key.trim());
        }}
      >
        <TextInput label={t.find} description={t.findHint} value={key} onChange={(event) => setKey(event.currentTarget.value)} />
        <Button type="submit" variant="default" disabled={key.trim() === ""}>
          {t.open}
        </Button>
      </form>
      <RingDrawer ringKey={ring} controls={controls} onClose={() => setRing("")} />
    </>
  );
}
