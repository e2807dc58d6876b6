import { Loader, Menu, Stack, Text, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { type ReactNode, Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { BoardProvider, useBoard } from "../board/board-store.tsx";
import { useTexts } from "../i18n/language.tsx";
import classes from "./frame.module.css";
import { frameMessages } from "./messages.ts";
import { PageBoundary } from "./page-boundary.tsx";
import { PageTitle } from "./page-title.tsx";
import { type PageName, pages, PLACES_ON_PHONES } from "./pages.ts";
import { Preferences } from "./preferences.tsx";
import { Search } from "./search.tsx";
import { Status } from "./status.tsx";

/** Header, navigation, and the page that the address names. */
export function Frame() {
  const texts = useTexts(frameMessages);
  const [path] = useLocation();
  const isNarrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const labels = isNarrow ? texts.short : texts.pages;
  const current = pages.find((page) => isUnder(path, page.path));
  return (
    <BoardProvider>
      <LiveMark>
        <header className={classes.header}>
          <a
            className={classes.skip}
            href="#main"
            onClick={(event) => {
              // The part after the # is the page's address.
              event.preventDefault();
              document.querySelector<HTMLElement>("main h1")?.focus();
            }}
          >
            {texts.skip}
          </a>
          <Link href="/" className={classes.brand}>
            <img src="./icon.svg" alt="" width={28} height={28} />
            <span className={classes.name}>{texts.title}</span>
          </Link>
          <Search />
          <Status />
          <Preferences />
        </header>
        <nav className={classes.nav} aria-label={texts.navigation}>
          <ul>
            {(isNarrow ? pages.slice(0, PLACES_ON_PHONES) : pages).map(({ name, path: to, icon: Icon }) => (
              <li key={name}>
                <Link
                  href={to}
                  className={classes.link}
                  aria-current={current?.name === name ? "page" : undefined}
                >
                  <Icon size={20} stroke={1.75} aria-hidden />
                  {labels[name]}
                </Link>
              </li>
            ))}
            {isNarrow && (
              <li>
                <More current={current?.name} />
              </li>
            )}
          </ul>
        </nav>
        <main className={classes.main}>
          <PageBoundary key={current?.name ?? ""}>
            <Suspense fallback={<Loading />}>
              <Switch>
                {pages.map(({ name, path: at, Page }) => (
                  <Route key={name} path={at} nest={at !== "/"}>
                    <Page />
                  </Route>
                ))}
                <Route>
                  <PageTitle title={texts.notFound} />
                  <Text>{texts.notFoundFix}</Text>
                </Route>
              </Switch>
            </Suspense>
          </PageBoundary>
        </main>
      </LiveMark>
    </BoardProvider>
  );
}

/** Whatever page is shown: where real phones ring, it carries the mark of it. */
function LiveMark({ children }: { children: ReactNode }) {
  const isLive = useBoard().settings?.mode === "account";
  return (
    <div className={classes.frame} data-live={isLive || undefined}>
      {children}
    </div>
  );
}

/** The pages that have no place of their own on a phone. */
function More({ current }: { current: PageName | undefined }) {
  const texts = useTexts(frameMessages);
  const others = pages.slice(PLACES_ON_PHONES);
  const isHere = others.some(({ name }) => name === current);
  return (
    <Menu position="top-end">
      <Menu.Target>
        <UnstyledButton className={classes.link ?? ""} data-here={isHere || undefined}>
          <IconDots size={20} stroke={1.75} aria-hidden />
          {texts.more}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ name, path: to, icon: Icon }) => (
          <Menu.Item
            key={name}
            component={Link}
            href={to}
            aria-current={current === name ? "page" : undefined}
            leftSection={<Icon size={18} stroke={1.75} aria-hidden />}
          >
            {texts.pages[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function isUnder(path: string, page: string): boolean {
  return page === "/" ? path === "/" : path === page || path.startsWith(`${page}/`);
}

function Loading() {
  const texts = useTexts(frameMessages);
  return (
    <Stack align="center" mt="xl" role="status">
      <Loader aria-hidden />
      <Text c="dimmed">{texts.loading}</Text>
    </Stack>
  );
}
