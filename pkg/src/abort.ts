/** What waits for a signal. Many may wait for one; Node warns when more than ten listen to it. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs something when the signal aborts, until the function that is returned is called. However many wait for a signal,
 * it has one listener.
 *
 * @internal
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return () => {};
  const all = waiting.get(signal) ?? listenTo(signal);
  // Who waits twice is told twice.
  const one = () => run();
  all.add(one);
  return () => all.delete(one);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>();
  waiting.set(signal, all);
  const tell = () => {
    for (const one of [...all]) one();
  };
  signal.addEventListener("abort", tell, { once: true });
  return all;
}
