/**
 * An attempt holds its job by a lease: in the job's row, and in that its message is hidden. It is renewed while the attempt
 * lives. If that dies, the message is delivered again within seconds, and finds a job that nobody holds.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { LEASE_SECONDS } from '../limits.ts';
import { renewalMs } from '../renewal.ts';
import { keyOf } from '../store/row-keys.ts';
import { updateIf } from '../store/table.ts';
import { type Job, readAnyJob } from './job.ts';
import { hasEnded } from './state.ts';

const LOOK_MS = 1000;

/** The message comes back a little after the lease has run out, not a little before. */
const MARGIN_SECONDS = 2;
export const HIDDEN_SECONDS = LEASE_SECONDS + MARGIN_SECONDS;

/** When a lease that begins or is renewed now runs out. */
export const leaseEnd = (now = currentTime()): string => new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();

/**
 * Renews the lease of a claimed job, and looks now and then whether the job is still the attempt's own.
 *
 * @param hideMessage has the job's message hidden for as long as the lease lasts.
 * @param end aborts when the attempt is over.
 * @returns a signal that aborts when the job was ended by somebody else, by a cancellation say, or taken over.
 */
export function holdJob(job: Job, hideMessage: () => Promise<void>, end: AbortSignal): AbortSignal {
  const takenAway = new AbortController();
  void hold(job, hideMessage, end, () => takenAway.abort());
  return takenAway.signal;
}

async function hold(job: Job, hideMessage: () => Promise<void>, end: AbortSignal, onTakenAway: () => void) {
  let renewedAt = performance.now();
  for (;;) {
    await delay(LOOK_MS, undefined, { signal: end }).catch(() => undefined);
    if (end.aborted) return;
    const isDue = performance.now() - renewedAt >= renewalMs(LEASE_SECONDS);
    // A look or a renewal that fails says nothing; the next one will.
    const isHeld = await (isDue ? renew(job, hideMessage) : isOwn(job)).catch(() => 'unknown' as const);
    if (isHeld === false) return onTakenAway();
    if (isDue && isHeld === true) renewedAt = performance.now();
  }
}

async function renew(job: Job, hideMessage: () => Promise<void>): Promise<boolean> {
  const isHeld = await renewLease(job);
  if (isHeld) await hideMessage();
  return isHeld;
}

/** @returns whether the attempt holds its job. */
export const renewLease = ({ id, attempts }: Job, now = currentTime()): Promise<boolean> =>
  updateIf({
    TableName: tableName(),
    Key: keyOf.job(id),
    UpdateExpression: 'SET attemptEndsAt = :end',
    ConditionExpression: '#state = :proving AND attempts = :attempt',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':end': leaseEnd(now), ':proving': 'proving', ':attempt': attempts },
  });

async function isOwn({ id, attempts }: Job): Promise<boolean> {
  const job = await readAnyJob(id);
  return job !== undefined && !hasEnded(job) && job.attempts === attempts;
}
