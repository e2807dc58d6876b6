import { Anchor, Table, VisuallyHidden } from "@mantine/core";
import { Link, useLocation } from "wouter";
import type { BoardCall } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./board.module.css";
import { Lasts, Room } from "./call-card.tsx";
import { EndButton } from "./end-button.tsx";
import { boardMessages } from "./messages.ts";
import { CallStateBadge } from "./state-badges.tsx";

/** Many calls at a glance. A click anywhere in a row opens it. */
export function CallTable({ calls, now }: { calls: readonly BoardCall[]; now: number }) {
  const texts = useTexts(boardMessages);
  return (
    <Table.ScrollContainer className={classes.table ?? ""} minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table highlightOnHover verticalSpacing="xs" aria-label={texts.calls}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.memberState}</Table.Th>
            <Table.Th>{texts.members}</Table.Th>
            <Table.Th className={classes.wide ?? ""}>{texts.robot}</Table.Th>
            <Table.Th className={classes.wide ?? ""}>{texts.room}</Table.Th>
            <Table.Th>{texts.howLong}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{texts.end}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map((call) => (
            <Row key={call.callId} call={call} now={now} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ call, now }: { call: BoardCall; now: number }) {
  const texts = useTexts(boardMessages);
  const [, navigate] = useLocation();
  const to = `/${encodeURIComponent(call.callId)}`;
  const names = call.members.map(({ userId }) => userId).join(", ");
  return (
    <Table.Tr
      className={classes.row ?? ""}
      onClick={({ target }) => {
        // What is in the row has clicks of its own, and so has the question that a button there asks.
        if (target instanceof HTMLTableCellElement) navigate(to);
      }}
    >
      <Table.Td>
        <CallStateBadge call={call} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} href={to} size="sm" aria-label={texts.detailsOf(names)}>
          {call.members.length > 3 ? texts.group(call.members.length) : names}
        </Anchor>
      </Table.Td>
      <Table.Td className={classes.wide ?? ""}>{call.robot ?? "–"}</Table.Td>
      <Table.Td className={classes.wide ?? ""}>
        <Room call={call} />
      </Table.Td>
      <Table.Td>
        <Lasts call={call} now={now} />
      </Table.Td>
      <Table.Td>{call.state !== "ended" && <EndButton call={call} />}</Table.Td>
    </Table.Tr>
  );
}
