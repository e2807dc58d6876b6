import { useEffect, useState } from "react";
import type { Campaign, CampaignControls } from "../../backend/campaigns.ts";

/** A campaign, and how fast it goes. */
export interface Followed extends Campaign {
  /** When it was heard of, by this page's clock. */
  heardAt: number;
  /** How many were done when, lately, the last one being now. */
  samples: readonly { at: number; done: number }[];
}

/** What is known: nothing until the ledger has answered. */
export interface CampaignsView {
  campaigns: readonly Followed[] | null;
  error: unknown;
}

/** So long the rate is averaged over, in milliseconds. */
const WINDOW = 10_000;

/** Follows all campaigns, or the one of that name, for as long as it is shown. */
export function useCampaigns(controls: CampaignControls, name?: string): CampaignsView {
  const [view, setView] = useState<CampaignsView>({ campaigns: null, error: null });
  useEffect(() => {
    const subscription = controls.follow(name, {
      all: (campaigns) =>
        setView(({ campaigns: known }) => ({ campaigns: campaigns.map((one) => followed(one, known)), error: null })),
      changed: (campaign) =>
        setView(({ campaigns: known, error }) => {
          const one = followed(campaign, known);
          const isKnown = known?.some((other) => other.name === one.name);
          const others = known ?? [];
          return { campaigns: isKnown ? others.map((other) => (other.name === one.name ? one : other)) : [one, ...others], error };
        }),
      failed: (error) => setView(({ campaigns }) => ({ campaigns, error })),
    });
    return () => subscription.close();
  }, [controls, name]);
  return view;
}

function followed(campaign: Campaign, known: CampaignsView["campaigns"]): Followed {
  const heardAt = Date.now();
  const before = known?.find(({ name }) => name === campaign.name)?.samples ?? [];
  const recent = before.filter(({ at }) => heardAt - at < WINDOW);
  return { ...campaign, heardAt, samples: [...recent, { at: heardAt, done: campaign.counts.total - toDo(campaign) }] };
}

/** How many rings workers still have to do with. */
export function toDo({ counts: { queued, claimed, sending } }: Campaign): number {
  return queued + claimed + sending;
}

/** How many are done in a second, lately; 0 where nothing has happened for a while. */
export function rateOf({ samples }: Followed, now: number): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || now - last.at > WINDOW / 2 || last.at - first.at < 500) return 0;
  return (1000 * Math.max(0, last.done - first.done)) / (last.at - first.at);
}

/** The time by the ledger's clock. */
export function ledgerTime({ at, heardAt }: Followed, now: number): number {
  return at + Math.max(0, now - heardAt);
}
