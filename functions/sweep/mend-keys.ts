import { endKeys, keysGivenUp, sendKeys } from '../../core/keys/build.ts';
import type { Keys } from '../../core/keys/keys.ts';
import { ENQUEUE_GRACE_SECONDS, KEYS_GRACE_SECONDS, KEYS_PATIENCE_SECONDS } from '../../core/limits.ts';
import { secondsSince } from './seconds-since.ts';

/**
 * Sends the message of keys that were asked for by a registration that broke off, or whose message came to nothing. Keys
 * over which every function dies are given up.
 */
export async function mendKeys(keys: Keys, now: Date): Promise<'left' | 'enqueued' | 'ended'> {
  const { id, requestedAt, enqueuedAt } = keys;
  if (secondsSince(requestedAt, now) > KEYS_PATIENCE_SECONDS) {
    await endKeys(keys, { state: 'failed', error: keysGivenUp });
    return 'ended';
  }
  const grace = enqueuedAt ? KEYS_GRACE_SECONDS : ENQUEUE_GRACE_SECONDS;
  if (secondsSince(enqueuedAt ?? requestedAt, now) < grace) return 'left';
  await sendKeys(id);
  return 'enqueued';
}
