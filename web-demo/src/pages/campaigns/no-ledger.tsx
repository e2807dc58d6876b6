import { Stack, Text, Title } from "@mantine/core";
import { useBackend } from "../../backend/context.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./campaigns.module.css";
import { campaignMessages } from "./messages.ts";

/** How to give the console a ledger. */
export function NoLedger() {
  const t = useTexts(campaignMessages);
  const { pages } = useTexts(frameMessages);
  const { place } = useBackend();
  return (
    <>
      <PageTitle title={pages.campaigns}>{t.lead}</PageTitle>
      <Stack className={classes.section ?? ""} component="section" aria-labelledby="no-ledger">
        <Title order={2} id="no-ledger">
          {t.offTitle}
        </Title>
        <Text>{place === "page" ? t.offSimulated : t.off}</Text>
        <CopiedCode label={t.offStart} text="trtc-call console --store rings.db" />
        <Text>{t.offTry}</Text>
        <CopiedCode
          label={t.offDemo}
          text={"trtc-call campaign demo --emulator --store demo.db\ntrtc-call console --emulator --store demo.db"}
        />
      </Stack>
    </>
  );
}
