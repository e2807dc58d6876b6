import "@mantine/dates/styles.css";
import "dayjs/locale/ja";
import "dayjs/locale/zh-cn";
import { DatesProvider } from "@mantine/dates";
import type { ReactNode } from "react";
import { useLanguage } from "./language.tsx";

/** Gives the date pickers below it the page's language. */
export function LocalDates({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  return (
    <DatesProvider settings={{ locale: language.toLowerCase(), firstDayOfWeek: language === "ja" ? 0 : 1 }}>
      {children}
    </DatesProvider>
  );
}
