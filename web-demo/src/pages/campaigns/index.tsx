import { useBackend } from "../../backend/context.tsx";
import { useBoard } from "../../board/board-store.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { CampaignDetails } from "./campaign-details.tsx";
import { CampaignList } from "./campaign-list.tsx";
import { NoLedger } from "./no-ledger.tsx";

/** The campaigns of the console's ledger, or one of them. Its name is anybody's, so that it stands behind the `?`. */
export default function CampaignsPage() {
  const { campaigns } = useBackend();
  const { settings } = useBoard();
  const [name] = useQueryValue("name");
  if (campaigns === null || settings?.ledger === false) return <NoLedger />;
  return name === "" ? (
    <CampaignList controls={campaigns} />
  ) : (
    <CampaignDetails key={name} name={name} controls={campaigns} />
  );
}
