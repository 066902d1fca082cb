/** Ctrl-C and its like. */
import type { EventEmitter } from 'node:events';

/** The terminal sends a Ctrl-C to npm and bootstrap.mjs, too, and both pass it on: what comes this soon is no second one. */
const ECHO_MS = 500;

export interface RequestsToEnd {
  /** Aborts on Ctrl-C, on a request to end, and when the process that this one works for is gone. */
  first: AbortSignal;
  /** Aborts when it is asked for again. */
  second: AbortSignal;
}

/** @param outlivesParent whether the process goes on when the one that started it is gone. */
export function requestsToEnd(signals: EventEmitter = process, { outlivesParent = false } = {}): RequestsToEnd {
  const [first, second] = [new AbortController(), new AbortController()];
  let askedAt = 0;
  const ask = () => {
    if (!first.signal.aborted) {
      askedAt = performance.now();
      first.abort();
    } else if (performance.now() - askedAt > ECHO_MS) {
      second.abort();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.on(signal, ask);
  const parent = process.ppid;
  if (!outlivesParent) setInterval(() => process.ppid !== parent && first.abort(), 1_000).unref();
  return { first: first.signal, second: second.signal };
}
