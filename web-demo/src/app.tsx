import { MantineProvider } from "@mantine/core";
import { Suspense } from "react";
import { Router } from "wouter";
import { useHashPath } from "./frame/address.ts";
import { Frame } from "./frame/frame.tsx";
import { Start } from "./frame/start.tsx";
import { LanguageProvider } from "./i18n/language.tsx";
import { theme } from "./theme.ts";

/** The whole console. Addresses are after the `#`, so that it works as files below any path. */
export function App() {
  return (
    // Styles come from files only: the policy allows no others.
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <LanguageProvider>
        {/* Nothing, for as long as the language is loaded. */}
        <Suspense>
          <Start>
            <Router hook={useHashPath}>
              <Frame />
            </Router>
          </Start>
        </Suspense>
      </LanguageProvider>
    </MantineProvider>
  );
}
