// A route of Next.js that rings who is asked for.
import { TrtcCall } from "trtc-call";

export async function POST(_request: Request, { params }: { params: Promise<{ user: string }> }) {
  const { user } = await params;
  const trtc = new TrtcCall({
    sdkAppId: Number(process.env.TRTC_SDKAPPID),
    secretKey: process.env.TRTC_SECRET_KEY,
    admin: "administrator",
    baseUrl: process.env.TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
  });
  const { callId } = await trtc.startCall({ robot: "robot", callees: [user], media: "audio" });
  return Response.json({ callId });
}
