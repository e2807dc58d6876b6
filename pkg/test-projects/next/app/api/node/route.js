import { check } from "../../check.js";

export const runtime = "nodejs";
export const GET = check;
