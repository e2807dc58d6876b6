import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";
import classes from "./id.module.css";

/** Where else there is something about a call. `from` is where this stands. */
export function CallLinks({ callId, from }: { callId: string; from: "board" | "records" | "webhooks" | "requests" | "campaigns" }) {
  const { pages, elsewhere } = useTexts(frameMessages);
  const id = encodeURIComponent(callId);
  const places = {
    board: `~/board/${id}`,
    records: `~/records/${id}`,
    webhooks: `~/webhooks?search=${id}`,
    requests: `~/requests?search=${id}`,
  };
  return (
    <nav className={classes.links} aria-label={elsewhere}>
      {(Object.keys(places) as (keyof typeof places)[])
        .filter((place) => place !== from)
        .map((place) => (
          <Anchor key={place} component={Link} href={places[place]} size="sm">
            {pages[place]}
          </Anchor>
        ))}
    </nav>
  );
}
