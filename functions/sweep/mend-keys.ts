import { sendKeys } from '../../core/keys/build.ts';
import type { Keys } from '../../core/keys/keys.ts';
import { ENQUEUE_GRACE_SECONDS, KEYS_GRACE_SECONDS } from '../../core/limits.ts';
import { secondsSince } from './seconds-since.ts';

/** Sends the message of keys that were asked for by a registration that broke off, or whose message came to nothing. */
export async function mendKeys({ id, requestedAt, enqueuedAt }: Keys, now: Date): Promise<'left' | 'enqueued'> {
  const patience = enqueuedAt ? KEYS_GRACE_SECONDS : ENQUEUE_GRACE_SECONDS;
  if (secondsSince(enqueuedAt ?? requestedAt, now) < patience) return 'left';
  await sendKeys(id);
  return 'enqueued';
}
