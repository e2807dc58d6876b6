import { build, type Problem } from "trtc-call";
import { problemsOf } from "../../backend/failure.ts";

/** What the vendor's page of stream ingest names; a call that plays anything else rings, and is cut off. */
const SCHEMES = ["https://", "http://", "rtmp://", "rtmps://"];

/** What is wrong with the URL of what is to be played. */
export function mediaProblems(streamUrl: string | undefined): readonly Problem[] {
  if (streamUrl === undefined) return [];
  const request = { room: 1, user: "robot", userSig: "hidden", streamUrl };
  const account = { sdkAppId: 1, secretId: "hidden", secretKey: "hidden" };
  const field = "play.streamUrl";
  const problems = problemsOf(() => build.startStreamIngest(request, account));
  if (problems.length > 0) return problems.map((problem) => ({ ...problem, field }));
  if (SCHEMES.some((scheme) => streamUrl.toLowerCase().startsWith(scheme))) return [];
  const choices = SCHEMES.join(", ");
  return [{ field, code: "not_a_choice", parameters: { choices }, rule: "is not streamed", fix: `begin with one of ${choices}` }];
}
