import type { Advice } from "trtc-call";
import { useTexts } from "../i18n/language.tsx";
import { adviceWords } from "./advice.ts";
import type { AdviceWords } from "./advice-words.ts";
import { useSay } from "./say.ts";

/** Says advice in the page's language. */
export function useAdviceText(): (advice: Advice) => string {
  const words: Partial<AdviceWords> = useTexts(adviceWords);
  const say = useSay();
  return ({ code, message, fix, vendor, parameters = {} }) => {
    const name = vendor === null ? "" : vendor in NAMES ? NAMES[vendor as keyof typeof NAMES] : vendor;
    return words[code as keyof AdviceWords]?.(parameters, say, name) ?? `${message}; ${fix}`;
  };
}

/** As the vendors write themselves. */
const NAMES = { huawei: "Huawei", honor: "Honor", xiaomi: "Xiaomi", oppo: "OPPO", vivo: "vivo", meizu: "Meizu" };
