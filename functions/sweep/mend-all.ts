import type { Logger } from '@aws-lambda-powertools/logger';
import { currentTime } from '../../core/clock.ts';

export type Mended = 'left' | 'enqueued' | 'ended';

/** How many of what was looked at came to what. */
export type Tally = Record<Mended | 'failed', number>;

/**
 * Puts one after the other right; one that fails is left for the next time.
 *
 * @param at the time, if it is not the current one.
 */
export async function mendAll<T extends { id: string }>(
  open: AsyncIterable<T> | Iterable<T>,
  mend: (item: T, now: Date) => Promise<Mended>,
  logger: Logger,
  at?: Date,
): Promise<Tally> {
  const tally: Tally = { left: 0, enqueued: 0, ended: 0, failed: 0 };
  for await (const item of open) {
    const outcome = await mend(item, at ?? currentTime()).catch((error: Error) => {
      logger.error('left for the next time', { id: item.id, error });
      return 'failed' as const;
    });
    tally[outcome]++;
  }
  return tally;
}
