import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSRecord } from 'aws-lambda';
import { HIDDEN_SECONDS } from '../../core/jobs/lease.ts';
import { readKeys } from '../../core/keys/keys.ts';
import { releaseWaiting } from '../../core/keys/waiting.ts';
import { LEASE_SECONDS, MAX_ATTEMPTS, REDELIVERY_SECONDS } from '../../core/limits.ts';
import { renewing } from '../../core/renewal.ts';
import { hideFor, keysNamedIn } from '../../core/store/queues.ts';
import { workMs } from '../../core/time-left.ts';
import { buildKeys } from './build-keys.ts';

/** Somebody is at the keys who came by the same message, and lives by it: it is not to be deleted. */
class KeysHeldError extends Error {
  override readonly name = 'KeysHeldError';
}

/** Derives the keys that a message names, unless they are there, and lets go of the jobs that wait for them. */
export const keysMessage = (logger: Logger) => async (message: SQSRecord, context: Context) => {
  const hide = () => hideFor(HIDDEN_SECONDS, message);
  try {
    const keysId = keysNamedIn(message);
    if (!keysId) throw new Error('the message names no keys');
    logger.appendKeys({ keysId });
    await hide().catch(() => undefined);
    const keys = await readKeys(keysId);
    // Whoever ended it may have died before it let go of all.
    if (keys?.state !== 'building') return await releaseWaiting(keysId);
    const ended = await renewing(LEASE_SECONDS, hide, () =>
      buildKeys(keys, {
        forMs: workMs(context.getRemainingTimeInMillis()),
        isLast: keys.attempts + 1 >= MAX_ATTEMPTS,
        message: message.messageId,
      }),
    );
    if (!ended) await expectHeldByAnother(keysId, message.messageId);
    logger.info(ended?.state ?? 'someone else is at it', { ending: ended });
  } catch (error) {
    if (!(error instanceof KeysHeldError)) await hideFor(REDELIVERY_SECONDS, message).catch(() => undefined);
    throw error;
  }
};

async function expectHeldByAnother(keysId: string, message: string): Promise<void> {
  const keys = await readKeys(keysId);
  if (keys?.state === 'building' && keys.message === message) throw new KeysHeldError(keysId);
}
