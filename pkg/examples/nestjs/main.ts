// NestJS 11: rings who is asked for, and prints what becomes of the call.
import "reflect-metadata";
import { Controller, Module, Param, Post, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Request, Response } from "express";
import { createWebhookHandler, TrtcCall } from "trtc-call";
import { toNodeHandler } from "trtc-call/node";

const { TRTC_SECRET_KEY, TRTC_WEBHOOK_TOKEN, TRTC_BASE_URL, PORT = "3000" } = process.env;
const sdkAppId = Number(process.env.TRTC_SDKAPPID);
const onEnd = ({ callId, record }: { callId: string; record: { result: string } }) => console.log(callId, record.result);

@Controller()
class CallController {
  readonly #webhooks = toNodeHandler(createWebhookHandler({ sdkAppId, token: TRTC_WEBHOOK_TOKEN, onEnd }));
  readonly #trtc = new TrtcCall({
    sdkAppId,
    secretKey: TRTC_SECRET_KEY,
    admin: "administrator",
    baseUrl: TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
  });

  @Post("hook")
  hook(@Req() request: Request, @Res() response: Response) {
    return this.#webhooks(request, response);
  }

  @Post("ring/:user")
  async ring(@Param("user") user: string) {
    const { callId } = await this.#trtc.startCall({ robot: "robot", callees: [user], media: "audio" });
    return { callId };
  }
}

@Module({ controllers: [CallController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { rawBody: true, logger: ["error"] });
await app.listen(Number(PORT), "127.0.0.1");
