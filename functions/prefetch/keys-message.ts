import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSRecord } from 'aws-lambda';
import { readKeys } from '../../core/keys/keys.ts';
import { releaseWaiting } from '../../core/keys/waiting.ts';
import { LEASE_SECONDS, MAX_ATTEMPTS, REDELIVERY_SECONDS } from '../../core/limits.ts';
import { renewing } from '../../core/renewal.ts';
import { hideFor, keysNamedIn } from '../../core/store/queues.ts';
import { workMs } from '../../core/time-left.ts';
import { buildKeys } from './build-keys.ts';

/** Derives the keys that a message names, unless they are there, and lets go of the jobs that wait for them. */
export const keysMessage = (logger: Logger) => async (message: SQSRecord, context: Context) => {
  const keysId = keysNamedIn(message);
  if (!keysId) throw new Error('the message names no keys');
  logger.appendKeys({ keysId });
  try {
    const keys = await readKeys(keysId);
    // Whoever ended it may have died before it let go of all.
    if (keys?.state !== 'building') return await releaseWaiting(keysId);
    const isLast = Number(message.attributes.ApproximateReceiveCount) >= MAX_ATTEMPTS;
    const forMs = workMs(context.getRemainingTimeInMillis());
    const hide = () => hideFor(LEASE_SECONDS, message);
    await hide();
    const ended = await renewing(LEASE_SECONDS, hide, () => buildKeys(keys, { forMs, isLast }));
    logger.info(ended?.state ?? 'someone else is at it', { ending: ended });
  } catch (error) {
    await hideFor(REDELIVERY_SECONDS, message).catch(() => undefined);
    throw error;
  }
};
