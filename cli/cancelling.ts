import type { Job, Nightshift } from '../client/index.ts';

/** As long as API Gateway lets an answer take. */
const TIMEOUT_MS = 30_000;

/**
 * Cancels a job that nobody waits for any more.
 *
 * @param hurry gives it up
 */
export const cancelAbandoned = (nightshift: Nightshift, id: string, hurry?: AbortSignal): Promise<Job> =>
  nightshift.cancel(id, { signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(hurry ? [hurry] : [])]) });
