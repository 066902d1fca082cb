/** An orderly end: what is being proved is finished, what is queued is left for the next start. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Aws } from './aws.ts';
import type { Report } from './progress.ts';
import { type Backlog, queuesOf, readBacklog, setDelivery } from './stack-queues.ts';

const LONGEST_SECONDS = 30;
const POLL_MS = 100;

/**
 * Stops handing out jobs and waits for those that have been handed out, 30 s at most.
 *
 * @param hurry ends the wait.
 */
export async function drain(aws: Aws, report: Report, hurry: AbortSignal): Promise<void> {
  const enough = AbortSignal.any([hurry, AbortSignal.timeout(LONGEST_SECONDS * 1000)]);
  await setDelivery(aws, false);
  const queues = await queuesOf(aws);
  for (;;) {
    const backlog = await readBacklog(aws, queues);
    if (backlog.handedOut === 0 || enough.aborted) return report(outcome(backlog));
    report(`${backlog.handedOut} left, ${LONGEST_SECONDS} s at most; Ctrl-C again ends at once`);
    await delay(POLL_MS, undefined, { signal: enough }).catch(() => {});
  }
}

function outcome({ handedOut, waiting }: Backlog): string {
  const parts = [handedOut > 0 ? `${handedOut} given up, to be repeated` : 'finished'];
  if (waiting > 0) parts.push(`${waiting} queued for the next start`);
  return parts.join('; ');
}
