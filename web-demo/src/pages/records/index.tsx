import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";

export default function Page() {
  const texts = useTexts(frameMessages);
  return <PageTitle title={texts.pages.records} />;
}
