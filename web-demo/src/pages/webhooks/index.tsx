import "@mantine/notifications/styles.css";
import { Alert, Anchor, Stack, Tabs, Text } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { IconInbox, IconSend, IconSettings } from "@tabler/icons-react";
import { Link, useRoute } from "wouter";
import { useBoard } from "../../board/board-store.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "../settings/messages.ts";
import { Configuration } from "./configuration.tsx";
import { Deliveries } from "./deliveries.tsx";
import { messages } from "./messages.ts";
import { TestDelivery } from "./test-delivery.tsx";

/** What the service tells, a test of it, and where it goes. */
export default function Webhooks() {
  const t = useTexts(messages);
  const { pages } = useTexts(frameMessages);
  const { settings } = useBoard();
  const { missings } = useTexts(settingsMessages);
  const missing = settings?.missing.find(({ what }) => what === "webhooks");
  const [isOpen] = useRoute("/:id");
  const [wanted, setTab] = useQueryValue("tab", "deliveries");
  // The address of a delivery is an address in their list.
  const tab = isOpen ? "deliveries" : wanted;
  return (
    <>
      <PageTitle title={pages.webhooks}>{t.intro}</PageTitle>
      <Notifications position="bottom-right" />
      <Stack>
        {settings?.webhooks.configured && settings.webhooks.signed === false && (
          <Alert role="alert" color="orange" title={t.unsigned}>
            <Text size="sm">{t.unsignedFix}</Text>
          </Alert>
        )}
        {settings && missing && (
          <Alert color="yellow" title={t.notReceiving}>
            <Text size="sm">{missings[missing.code](settings.webhooks.url ?? "")}</Text>
            <Anchor component={Link} href="~/settings" size="sm">
              {t.settings}
            </Anchor>
          </Alert>
        )}
        <Tabs value={tab} onChange={(chosen) => setTab(chosen ?? "deliveries")} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="deliveries" leftSection={<IconInbox size={16} aria-hidden />}>
              {t.deliveries}
            </Tabs.Tab>
            <Tabs.Tab value="test" leftSection={<IconSend size={16} aria-hidden />}>
              {t.test}
            </Tabs.Tab>
            <Tabs.Tab value="configuration" leftSection={<IconSettings size={16} aria-hidden />}>
              {t.configuration}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="deliveries">
            <Deliveries onTest={() => setTab("test")} />
          </Tabs.Panel>
          <Tabs.Panel value="test">
            <TestDelivery onSent={() => setTab("deliveries")} />
          </Tabs.Panel>
          <Tabs.Panel value="configuration">
            <Configuration />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}
