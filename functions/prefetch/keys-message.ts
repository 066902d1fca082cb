import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSRecord } from 'aws-lambda';
import { readKeys } from '../../core/keys/keys.ts';
import { releaseWaiting } from '../../core/keys/waiting.ts';
import { keysIdOf, redeliverSoon } from '../../core/store/queues.ts';
import { timeLeft } from '../../core/time-left.ts';
import { buildKeys } from './build-keys.ts';

/** Derives the keys that a message names, unless they are there, and lets go of the jobs that wait for them. */
export const keysMessage = (logger: Logger) => async (message: SQSRecord, context: Context) => {
  const keysId = keysIdOf(message);
  if (!keysId) throw new Error('the message names no keys');
  logger.appendKeys({ keysId });
  try {
    const keys = await readKeys(keysId);
    if (keys?.state === 'building') {
      const { state, ...ending } = await buildKeys(keys, timeLeft(context.getRemainingTimeInMillis()));
      logger.info(state, ending);
    }
    await releaseWaiting(keysId);
  } catch (error) {
    await redeliverSoon(message).catch(() => undefined);
    throw error;
  }
};
