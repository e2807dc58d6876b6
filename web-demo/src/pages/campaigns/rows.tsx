import { Anchor, Badge, Button, Group, Select, Table, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { type CampaignControls, type RingRow, type RingState, ringStates } from "../../backend/campaigns.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { useRingFailure } from "../../wording/failure-text.ts";
import { useWords } from "../records/results.ts";
import classes from "./campaigns.module.css";
import type { Followed } from "./follow.ts";
import { campaignMessages } from "./messages.ts";
import { countOf, RingBadge } from "./ring-badge.tsx";
import { RingDrawer } from "./ring-drawer.tsx";

const PAGE = 50;

/** A campaign's rings, a page at a time, those of one state if that is wanted. */
export function Rows({ of, controls }: { of: Followed; controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const [wanted, setWanted] = useQueryValue("state");
  const [ring, setRing] = useQueryValue("ring");
  const state = ringStates.find((one) => one === wanted);
  // Behind which row each page begins: there is no other way to the next one, however long the list is.
  const [begins, setBegins] = useState<readonly number[]>([0]);
  const { rows, error, look } = useRows(of, controls, state, begins.at(-1) ?? 0);
  const total = state === undefined ? of.counts.total : countOf(of.counts, state);
  const from = (begins.length - 1) * PAGE + 1;
  const choose = (next: string | null) => {
    setBegins([0]);
    setWanted(next ?? "");
  };
  const last = rows?.at(-1);
  const hasMore = rows !== null && rows.length === PAGE && from + PAGE <= total;
  return (
    <section className={classes.section} aria-labelledby="rows">
      <div className={classes.head}>
        <h2 id="rows" className={classes.grow}>
          {t.rows}
        </h2>
        <Select
          aria-label={t.filter}
          allowDeselect={false}
          value={state ?? ""}
          onChange={choose}
          data={[
            { value: "", label: `${t.all} (${times.number(of.counts.total)})` },
            ...ringStates
              .filter((one) => one === state || countOf(of.counts, one) > 0)
              .map((one) => ({ value: one, label: `${t.ring[one]} (${times.number(countOf(of.counts, one))})` })),
          ]}
        />
      </div>
      {error !== null && <FailureAlert error={error} />}
      {rows?.length === 0 && <Text c="dimmed">{t.nothing}</Text>}
      {rows !== null && rows.length > 0 && (
        <>
          <RowTable rows={rows} at={of.at} onOpen={setRing} />
          <Group justify="space-between" mt="sm">
            <Text size="sm" role="status">
              {t.showing(times.number(from), times.number(from + rows.length - 1), times.number(Math.max(total, from + rows.length - 1)))}
            </Text>
            <Group gap="xs">
              <Button variant="default" size="xs" disabled={begins.length === 1} onClick={() => setBegins(begins.slice(0, -1))}>
                {t.previous}
              </Button>
              <Button variant="default" size="xs" disabled={!hasMore} onClick={() => last && setBegins([...begins, last.seq])}>
                {t.next}
              </Button>
            </Group>
          </Group>
        </>
      )}
      <RingDrawer ringKey={ring} controls={controls} onClose={() => setRing("")} onSettled={look} version={of.at} />
    </section>
  );
}

/** The rows of a page, asked for again whenever the campaign changes. */
function useRows(of: Followed, controls: CampaignControls, state: RingState | undefined, behind: number) {
  const [rows, setRows] = useState<RingRow[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(0);
  const { name, at } = of;
  const look = useCallback(() => {
    const request = ++latest.current;
    const show = (act: () => void) => {
      // An answer that comes late is not shown over a later one.
      if (request === latest.current) act();
    };
    controls.rows(name, { ...(state && { state }), behind, limit: PAGE }).then(
      (found) => show(() => (setRows(found), setError(null))),
      (thrown: unknown) => show(() => setError(thrown)),
    );
  }, [controls, name, state, behind]);
  useEffect(look, [look, at]);
  return { rows, error, look };
}

function RowTable({ rows, at, onOpen }: { rows: readonly RingRow[]; at: number; onOpen(key: string): void }) {
  const t = useTexts(campaignMessages);
  const words = useWords();
  const failure = useRingFailure();
  const times = useTimes();
  return (
    <Table.ScrollContainer className={classes.table ?? ""} minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table highlightOnHover verticalSpacing="xs" aria-label={t.rows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.user}</Table.Th>
            <Table.Th>{t.stateOf}</Table.Th>
            <Table.Th>{t.outcome}</Table.Th>
            <Table.Th className={classes.wide ?? ""}>{t.sent}</Table.Th>
            <Table.Th className={classes.widest ?? ""}>{t.key}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, users, state, attempt, sentAt, notBefore, callResult, failure: failed }) => {
            const names = users.join(", ");
            return (
              <Table.Tr
                key={key}
                className={classes.row ?? ""}
                onClick={({ target }) => {
                  if (target instanceof HTMLTableCellElement) onOpen(key);
                }}
              >
                <Table.Td>
                  <Anchor component="button" type="button" size="sm" ta="start" aria-label={t.details(names)} onClick={() => onOpen(key)}>
                    {names}
                  </Anchor>
                  {attempt > 1 && (
                    <Badge ml="xs" size="sm" variant="default">
                      {t.attempt} {times.number(attempt)}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  <RingBadge state={state} />
                </Table.Td>
                <Table.Td>{callResult ? words.result(callResult) : failed ? failure(failed) : "–"}</Table.Td>
                <Table.Td className={`${classes.time} ${classes.wide}`}>
                  {sentAt !== null ? times.brief(sentAt) : notBefore !== null && notBefore > at && state === "queued" ? `${t.notBefore} ${times.full(notBefore)}` : "–"}
                </Table.Td>
                <Table.Td className={classes.widest ?? ""}>
                  <code className={classes.key}>{key}</code>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
