import { explainErrorCode } from "trtc-call";

export default function Page() {
  return <p>{explainErrorCode(70001).name}</p>;
}
