import { build, type Problem } from "trtc-call";
import { problemsOf } from "../../backend/failure.ts";

/** What is wrong with the URL of what is to be played. */
export function mediaProblems(streamUrl: string | undefined): readonly Problem[] {
  if (streamUrl === undefined) return [];
  const request = { room: 1, user: "robot", userSig: "hidden", streamUrl };
  const account = { sdkAppId: 1, secretId: "hidden", secretKey: "hidden" };
  const problems = problemsOf(() => build.startStreamIngest(request, account));
  return problems.map((problem) => ({ ...problem, field: "play.streamUrl" }));
}
