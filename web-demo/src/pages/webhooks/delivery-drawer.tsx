import { Alert, Button, Code, Loader, Stack, Table, Title } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { Webhook } from "trtc-call";
import type { Delivery } from "../../backend/backend.ts";
import { pretty } from "../../code/pretty.ts";
import { useBackend } from "../../backend/context.tsx";
import { CallLinks } from "../../details/call-links.tsx";
import { Id } from "../../details/id.tsx";
import { DetailsDrawer } from "../../details/details-drawer.tsx";
import { useLast } from "../../details/last.ts";
import { Facts } from "../../details/facts.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { Check, Direction } from "./deliveries.tsx";
import { messages } from "./messages.ts";
import { useTellSent } from "./notice.ts";
import classes from "./webhooks.module.css";

/** All of one delivery, and its replay. */
export function DeliveryDrawer({
  opened,
  delivery,
  onClose,
}: {
  opened: boolean;
  delivery: Delivery | undefined;
  onClose(): void;
}) {
  const t = useTexts(messages);
  const last = useLast(delivery);
  const shown = opened ? delivery : last;
  return (
    <DetailsDrawer opened={opened} title={t.detailsTitle} closeLabel={t.close} onClose={onClose}>
      {shown ? (
        <Contents key={shown.id} delivery={shown} />
      ) : (
        <Alert color="blue" title={t.notThere}>
          {t.notThereFix}
        </Alert>
      )}
    </DetailsDrawer>
  );
}

function Contents({ delivery }: { delivery: Delivery }) {
  const t = useTexts(messages);
  const times = useTimes();
  const { receivedAt, direction, command, callId, status } = delivery;
  return (
    <Stack>
      <Facts
        of={[
          [t.receivedAt, times.exact(receivedAt)],
          [t.direction, <Direction key="direction" direction={direction} />],
          [t.command, <Code key="command">{command || "–"}</Code>],
          [t.callId, callId ? <Id key="call" of={callId} /> : "–"],
          [t.check, <Check key="check" delivery={delivery} />],
          [t.status, <Code key="status">{String(status)}</Code>],
        ]}
      />
      {callId && <CallLinks callId={callId} from="webhooks" />}
      <Replay id={delivery.id} />
      <Held delivery={delivery} />
    </Stack>
  );
}

/** What a delivery holds. One that was told of as it came is asked for. */
function Held({ delivery }: { delivery: Delivery }) {
  const t = useTexts(messages);
  const backend = useBackend();
  const [whole, setWhole] = useState<Delivery>(delivery);
  const [error, setError] = useState<unknown>();
  const isPart = whole.body === undefined;
  useEffect(() => {
    if (isPart) backend.delivery(delivery.id).then(setWhole, setError);
  }, [backend, delivery.id, isPart]);
  if (error !== undefined) return <FailureAlert error={error} />;
  if (isPart) return <Loader size="sm" role="status" aria-label={t.loading} />;
  const { query = "", headers = {}, body = "" } = whole;
  const parameters = [...new URLSearchParams(query), ...Object.entries(headers)];
  return (
    <>
      <Part title={t.tells}>
        <Told query={query} body={body} />
      </Part>
      <Part title={t.query}>
        <Table aria-label={t.query} layout="fixed" className={classes.query}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t.parameter}</Table.Th>
              <Table.Th scope="col">{t.value}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {parameters.map(([name, value], index) => (
              // A query may name a parameter twice.
              <Table.Tr key={`${index} ${name}`}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Part>
      <Part title={t.body}>
        <Raw text={pretty(body)} />
      </Part>
    </>
  );
}

function Replay({ id }: { id: string }) {
  const t = useTexts(messages);
  const tellSent = useTellSent();
  const backend = useBackend();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const replay = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      tellSent(await backend.replayDelivery(id), t.replayedText);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Stack align="flex-start">
      <Button
        variant="light"
        loading={isBusy}
        leftSection={<IconRepeat size={16} aria-hidden />}
        onClick={() => void replay()}
      >
        {t.replay}
      </Button>
      {error !== undefined && <FailureAlert error={error} />}
    </Stack>
  );
}

/** What the delivery says, as the core reads it: accounts that are long numbers keep their digits. */
function Told({ query, body }: { query: string; body: string }) {
  const t = useTexts(messages);
  const { delivery, message } = Webhook.parseUnverified({ url: `?${query}`, body });
  if (delivery) return <Raw text={JSON.stringify(delivery.event, null, 2)} />;
  return (
    <Alert color="yellow" title={t.unreadable}>
      {message}
    </Alert>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

function Raw({ text }: { text: string }) {
  return (
    <Code block className={classes.raw}>
      {text}
    </Code>
  );
}
