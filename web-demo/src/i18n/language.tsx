import { createContext, type ReactNode, startTransition, use, useContext, useEffect, useMemo, useState } from "react";

/** The languages of the console, by the tag that goes into the page's `lang`. */
export const languages = { en: "English", "zh-CN": "简体中文", ja: "日本語" } as const;

/** A language of the console. */
export type Language = keyof typeof languages;

/** The texts of a part of the page. A text with something in it is a function. */
export type Texts = { readonly [name: string]: string | ((...values: never[]) => string) | Texts };

/** The same texts in another language: a missing one, or one too many, is a type error. */
export type Translation<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends string
    ? string
    : Of[Name] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translation<Of[Name]>;
};

/** Where the choice is kept. */
const KEY = "trtc-call-console.language";

/** All that have been loaded, and the language that they are to be in. */
const catalogues: Catalogue<Texts>[] = [];
let current: Language = firstLanguage();

/** The texts of a part of the page in all languages: the others than English are loaded when they are first read. */
export class Catalogue<English extends Texts> {
  readonly #texts: CatalogueTexts<English>;
  readonly #loads = new Map<Language, Promise<Translation<English>>>();

  constructor(texts: CatalogueTexts<English>) {
    this.#texts = texts;
    catalogues.push(this as unknown as Catalogue<Texts>);
    // Before anybody waits for them: what is shown never has to make room for a language that is still to come.
    void this.load(current);
  }

  load(language: Language): Promise<Translation<English>> {
    const known = this.#loads.get(language);
    if (known) return known;
    const load: Promise<Translation<English>> =
      language === "en"
        ? arrived(Promise.resolve(this.#texts.en as unknown as Translation<English>), this.#texts.en as unknown as Translation<English>)
        : this.#texts[language]().then(({ default: texts }) => {
            arrived(load, texts);
            return texts;
          });
    this.#loads.set(language, load);
    // What failed, for the server was gone, is tried again when it is wanted again.
    load.catch(() => this.#loads.delete(language));
    return load;
  }
}

/** Has a promise say to React, without a wait, what it has come to. */
function arrived<Value>(load: Promise<Value>, value: Value): Promise<Value> {
  return Object.assign(load, { status: "fulfilled", value });
}

interface CatalogueTexts<English extends Texts> {
  readonly en: English;
  readonly "zh-CN": () => Promise<{ default: Translation<English> }>;
  readonly ja: () => Promise<{ default: Translation<English> }>;
}

/** Ties a part's translations to its English. */
export function catalogue<English extends Texts>(texts: CatalogueTexts<English>): Catalogue<English> {
  return new Catalogue(texts);
}

interface Choice {
  language: Language;
  choose(language: Language): void;
}

const Current = createContext<Choice>({ language: "en", choose: () => {} });

/** Gives the page its language: the one chosen before, else the browser's, else English. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(current);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo<Choice>(
    () => ({
      language,
      choose(chosen) {
        keep(chosen);
        current = chosen;
        const loading = catalogues.map((one) => one.load(chosen));
        // The page stays as it is until the texts are here.
        Promise.all(loading).then(
          () => startTransition(() => setLanguage(chosen)),
          () => {
            keep(language);
            current = language;
          },
        );
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

/** A part's texts in the page's language. Who shows it waits for them, where they are still to come. */
export function useTexts<English extends Texts>(of: Catalogue<English>): Translation<English> {
  return use(of.load(useLanguage().language));
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
