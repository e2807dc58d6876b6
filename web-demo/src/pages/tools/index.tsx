import { Tabs } from "@mantine/core";
import { IconAlertCircle, IconDoor, IconId, IconSignature, IconWebhook } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useLocation, useRoute } from "wouter";
import { useBoard } from "../../board/board-store.tsx";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import type { Application } from "./application-fields.tsx";
import { ErrorCodes } from "./error-codes.tsx";
import { PrivateMapKeys } from "./private-map-key.tsx";
import { messages } from "./messages.ts";
import { Tc3Signature } from "./tc3-stages.tsx";
import { UserSigs } from "./user-sig.tsx";
import { WebhookVerifier } from "./webhook-verifier.tsx";

/** Tools that need nothing but the page: tokens, error codes, webhooks. */
export default function Tools() {
  const t = useTexts(messages);
  const sdkAppId = useBoard().settings?.sdkAppId;
  const [, navigate] = useLocation();
  const [, params] = useRoute("/:tool");
  // In memory only, for all the tools, until the page is left.
  const [application, setApplication] = useState<Application>({ sdkAppId: "", secretKey: "" });
  const given = { application, onApplication: setApplication };

  useEffect(() => {
    if (sdkAppId === undefined) return;
    setApplication((typed) => (typed.sdkAppId === "" ? { ...typed, sdkAppId } : typed));
  }, [sdkAppId]);

  return (
    <>
      <PageTitle title={t.title}>{t.intro}</PageTitle>
      <Tabs
        value={params?.tool ?? "user-sig"}
        onChange={(tool) => tool && navigate(`/${tool}`)}
        keepMounted
      >
        <Tabs.List>
          <Tabs.Tab value="user-sig" leftSection={<IconId size={16} aria-hidden />}>
            {t.userSig}
          </Tabs.Tab>
          <Tabs.Tab value="private-map-key" leftSection={<IconDoor size={16} aria-hidden />}>
            {t.privateMapKey}
          </Tabs.Tab>
          <Tabs.Tab value="error-codes" leftSection={<IconAlertCircle size={16} aria-hidden />}>
            {t.errorCodes}
          </Tabs.Tab>
          <Tabs.Tab value="webhook" leftSection={<IconWebhook size={16} aria-hidden />}>
            {t.webhook}
          </Tabs.Tab>
          <Tabs.Tab value="tc3" leftSection={<IconSignature size={16} aria-hidden />}>
            {t.tc3Tab}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="user-sig" pt="lg">
          <UserSigs {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="private-map-key" pt="lg">
          <PrivateMapKeys {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="error-codes" pt="lg">
          <ErrorCodes />
        </Tabs.Panel>
        <Tabs.Panel value="webhook" pt="lg">
          <WebhookVerifier {...given} />
        </Tabs.Panel>
        <Tabs.Panel value="tc3" pt="lg">
          <Tc3Signature />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
