import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

/** The languages of the console, by the tag that goes into the page's `lang`. */
export const languages = { en: "English", "zh-CN": "简体中文", ja: "日本語" } as const;

/** A language of the console. */
export type Language = keyof typeof languages;

/** The texts of a part of the page. A text with something in it is a function. */
type Texts = { readonly [name: string]: string | ((...values: never[]) => string) | Texts };

/** The same texts in another language: a missing one, or one too many, is a type error. */
export type Translation<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends string
    ? string
    : Of[Name] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translation<Of[Name]>;
};

/** The texts of a part of the page in all languages. */
export interface Catalogue<English extends Texts> {
  readonly en: English;
  readonly "zh-CN": Translation<English>;
  readonly ja: Translation<English>;
}

/** Ties a part's translations to its English. */
export function catalogue<English extends Texts>(texts: Catalogue<English>): Catalogue<English> {
  return texts;
}

interface Choice {
  language: Language;
  choose(language: Language): void;
}

const Current = createContext<Choice>({ language: "en", choose: () => {} });

/** Where the choice is kept. */
const KEY = "trtc-call-console.language";

/** Gives the page its language: the one chosen before, else the browser's, else English. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo<Choice>(
    () => ({
      language,
      choose(chosen) {
        keep(chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <Current value={choice}>{children}</Current>;
}

/** The language, and how to choose another. */
export function useLanguage(): Choice {
  return useContext(Current);
}

/** A part's texts in the page's language. */
export function useTexts<English extends Texts>(of: Catalogue<English>): Translation<English> {
  return of[useLanguage().language] as Translation<English>;
}

function firstLanguage(): Language {
  const wanted = [kept(), ...navigator.languages];
  for (const tag of wanted) {
    const found = (Object.keys(languages) as Language[]).find(
      (language) => tag?.slice(0, 2).toLowerCase() === language.slice(0, 2),
    );
    if (found) return found;
  }
  return "en";
}

// A browser may refuse storage; the choice then lasts as long as the page.
function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(language: Language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {}
}
