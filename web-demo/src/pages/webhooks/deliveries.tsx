import "mantine-datatable/styles.css";
import { Anchor, Badge, Button, Group, Loader, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDownLeft, IconArrowUpRight, IconSearch } from "@tabler/icons-react";
import { DataTable } from "mantine-datatable";
import { useState } from "react";
import { useLocation, useRoute } from "wouter";
import type { Delivery } from "../../backend/backend.ts";
import { Nothing } from "../../details/nothing.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue, withSameQuery } from "../../frame/address.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { DeliveryDrawer } from "./delivery-drawer.tsx";
import { useDeliveries } from "./delivery-list.ts";
import { messages } from "./messages.ts";
import classes from "./webhooks.module.css";

const PAGE_SIZE = 25;

/** The deliveries as they come, to be searched and looked into. */
export function Deliveries({ onTest }: { onTest(): void }) {
  const t = useTexts(messages);
  const times = useTimes();
  const [, navigate] = useLocation();
  const [, open] = useRoute("/:id");
  const { deliveries, error, reload } = useDeliveries();
  const [search, setSearch] = useQueryValue("search");
  const [shown, setShown] = useQueryValue("show", "all");
  const [wantedPage, setPage] = useState(1);

  const found = (deliveries ?? []).filter(
    (delivery) => isShown(delivery, shown) && isFound(delivery, search.trim().toLowerCase()),
  );
  const page = Math.min(wantedPage, Math.max(1, Math.ceil(found.length / PAGE_SIZE)));
  const opened = open ? deliveries?.find(({ id }) => id === open.id) : undefined;

  return (
    <Stack>
      {error !== undefined && (
        <Stack align="flex-start">
          <FailureAlert error={error} />
          <Button onClick={reload}>{t.again}</Button>
        </Stack>
      )}
      {deliveries === null && error === undefined && (
        <Group role="status">
          <Loader size="sm" aria-hidden />
          <Text c="dimmed">{t.loading}</Text>
        </Group>
      )}
      {deliveries?.length === 0 && (
        <Nothing title={t.none} text={t.noneFix}>
          <Button onClick={onTest}>{t.test}</Button>
        </Nothing>
      )}
      {deliveries && deliveries.length > 0 && (
        <>
          <div className={classes.filter}>
            <TextInput
              type="search"
              label={t.search}
              placeholder={t.searchHint}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <Select
              label={t.show}
              allowDeselect={false}
              value={shown}
              onChange={(choice) => setShown(choice ?? "all")}
              data={[
                { value: "all", label: t.all },
                { value: "good", label: t.good },
                { value: "bad", label: t.bad },
              ]}
            />
          </div>
          <Text role="status" fw={600}>
            {t.found(times.number(found.length))}
          </Text>
          {found.length === 0 ? (
            <Nothing title={t.noMatch} text={t.noMatchFix} />
          ) : (
            <DataTable
              withTableBorder
              borderRadius="md"
              striped
              verticalSpacing="sm"
              aria-label={t.deliveries}
              idAccessor="id"
              records={found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)}
              columns={[
                {
                  accessor: "receivedAt",
                  title: t.receivedAt,
                  noWrap: true,
                  render: ({ receivedAt }) => times.brief(receivedAt),
                },
                {
                  accessor: "command",
                  title: t.command,
                  render: (delivery) => (
                    <>
                      <Anchor
                        component="button"
                        type="button"
                        size="sm"
                        aria-label={t.details(shortCommand(delivery), times.brief(delivery.receivedAt))}
                        onClick={() => navigate(withSameQuery(`/${encodeURIComponent(delivery.id)}`))}
                      >
                        {shortCommand(delivery)}
                      </Anchor>
                      <div className={classes.onPhones}>
                        <Check delivery={delivery} /> {delivery.status}
                      </div>
                    </>
                  ),
                },
                {
                  accessor: "verified",
                  title: t.check,
                  ...WIDE,
                  render: (delivery) => <Check delivery={delivery} />,
                },
                {
                  accessor: "direction",
                  title: t.direction,
                  noWrap: true,
                  ...WIDER,
                  render: ({ direction }) => <Direction direction={direction} />,
                },
                {
                  accessor: "callId",
                  title: t.callId,
                  noWrap: true,
                  ...WIDEST,
                  render: ({ callId }) => callId ?? "–",
                },
                { accessor: "status", title: t.status, ...WIDE },
              ]}
              totalRecords={found.length}
              recordsPerPage={PAGE_SIZE}
              page={page}
              onPageChange={setPage}
              paginationText={({ from, to, totalRecords }) => `${from}–${to} / ${totalRecords}`}
              getPaginationControlProps={(control) =>
                control === "next" || control === "previous" ? { "aria-label": t[control] } : {}
              }
            />
          )}
        </>
      )}
      <DeliveryDrawer
        opened={open !== null && deliveries !== null}
        delivery={opened}
        onClose={() => navigate(withSameQuery("/"))}
      />
    </Stack>
  );
}

/** Columns that a phone has no room for, and a tablet. Details have them all. */
const WIDE = { visibleMediaQuery: "(min-width: 48em)" };
const WIDER = { visibleMediaQuery: "(min-width: 62em)" };
const WIDEST = { visibleMediaQuery: "(min-width: 75em)" };

/** What became of a delivery: whether what came in is believed, or what went out was taken. */
export type Verdict = "verified" | "unsigned" | "refused" | "taken" | "notTaken" | "notDelivered";

/** What became of a delivery. */
export function verdictOf({ direction, verified, status }: Delivery): Verdict {
  const isTaken = typeof status === "number" && status >= 200 && status < 300;
  if (direction === "out") return typeof status !== "number" ? "notDelivered" : isTaken ? "taken" : "notTaken";
  return !isTaken ? "refused" : verified ? "verified" : "unsigned";
}

const colors: Record<Verdict, string> = {
  verified: "teal",
  unsigned: "yellow",
  refused: "red",
  taken: "teal",
  notTaken: "red",
  notDelivered: "red",
};

/** What became of a delivery, in a word and a colour. */
export function Check({ delivery }: { delivery: Delivery }) {
  const { verdicts } = useTexts(messages);
  const verdict = verdictOf(delivery);
  return (
    <Badge color={colors[verdict]} variant="light" className={classes.badge}>
      {verdicts[verdict]}
    </Badge>
  );
}

/** Which way a delivery went. */
export function Direction({ direction }: Pick<Delivery, "direction">) {
  const t = useTexts(messages);
  const Icon = direction === "in" ? IconArrowDownLeft : IconArrowUpRight;
  return (
    <span className={classes.direction}>
      <Icon size={16} aria-hidden />
      {direction === "in" ? t.in : t.out}
    </span>
  );
}

/** Without the words that all commands begin with. */
function shortCommand({ command }: Delivery): string {
  return command.replace(/^Call\.Callback/, "") || "–";
}

function isShown(delivery: Delivery, shown: string): boolean {
  const isGood = ["verified", "unsigned", "taken"].includes(verdictOf(delivery));
  return shown === "all" || isGood === (shown === "good");
}

function isFound({ command, callId }: Delivery, words: string): boolean {
  return `${command} ${callId ?? ""}`.toLowerCase().includes(words);
}
