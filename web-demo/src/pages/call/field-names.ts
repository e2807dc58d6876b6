import { useTexts } from "../../i18n/language.tsx";
import { useWording } from "../../wording/wording.ts";
import { callMessages } from "./messages.ts";
import { commonGroups, vendorGroups } from "./push-fields.ts";

/** What the form calls the field of a path, those of the notification too. */
export function useFieldNames(): (path: string) => string {
  const texts = useTexts(callMessages);
  const { field } = useWording();
  return (path) => {
    const below = path.replace(/^offlinePush\./, "");
    if (below === path) return field(path);
    const language = /^multiLanguageContent\[\d+\]\.(\w+)$/.exec(below)?.[1];
    if (language === "language") return texts.languageTag;
    const own = below === "title" || language === "title" ? texts.title : below === "desc" || language === "desc" ? texts.desc : null;
    if (own !== null) return own;
    for (const { name, fields } of [...commonGroups, ...vendorGroups]) {
      const found = fields.find((one) => one.path === below);
      if (found) return name === "all" ? texts.pushFields[found.label] : `${name}: ${texts.pushFields[found.label]}`;
    }
    return field("offlinePush");
  };
}
