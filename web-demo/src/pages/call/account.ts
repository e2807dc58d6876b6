import type { Account } from "trtc-call";
import type { Settings } from "../../backend/backend.ts";

/** Who sends, as far as the page knows: the UserSig is made where the key is. */
export function accountOf({ sdkAppId, admin, region, baseUrl, allowAnyUserId = false }: Settings): Account {
  const place = baseUrl ? { baseUrl, plainHttp: true } : { region: region ?? "singapore" };
  return { sdkAppId, admin, userSig: "hidden", random: 0, allowAnyUserId, ...place };
}
