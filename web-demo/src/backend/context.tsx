import { createContext, useContext } from "react";
import type { Backend } from "./backend.ts";

const Current = createContext<Backend | null>(null);

/** Gives the pages their backend. */
export const BackendProvider = Current.Provider;

/** What stands behind the page. */
export function useBackend(): Backend {
  const backend = useContext(Current);
  if (backend === null) throw new Error("no BackendProvider above");
  return backend;
}
