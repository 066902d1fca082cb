/** An attempt looks now and then whether its job is still its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Job, readJob } from './job.ts';
import { hasEnded } from './state.ts';

const LOOK_MS = 1000;

/**
 * Watches a claimed job.
 *
 * @param end aborts when the attempt is over.
 * @returns a signal that aborts when the job was ended by somebody else, by a cancellation say, or taken over.
 */
export function untilTakenAway(job: Job, end: AbortSignal): AbortSignal {
  const takenAway = new AbortController();
  void watch(job, end, () => takenAway.abort());
  return takenAway.signal;
}

async function watch({ tenant, id, attempts }: Job, end: AbortSignal, onTakenAway: () => void): Promise<void> {
  for (;;) {
    await delay(LOOK_MS, undefined, { signal: end }).catch(() => undefined);
    if (end.aborted) return;
    // A look that fails says nothing; the next one will.
    const job = await readJob(tenant, id).catch(() => 'unknown' as const);
    if (job === 'unknown') continue;
    if (!job || hasEnded(job) || job.attempts !== attempts) return onTakenAway();
  }
}
