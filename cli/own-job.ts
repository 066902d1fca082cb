import { v4 as uuid } from 'uuid';
import type { Nightshift } from '../client/index.ts';
import type { RequestsToEnd } from '../local/requests-to-end.ts';
import { cancelAbandoned } from './cancelling.ts';
import { interrupted } from './perform.ts';
import { step } from './progress.ts';

/**
 * Has a job and waits for it. If `first` aborts, the job is cancelled, unless `second` does, too.
 *
 * @param work is given the id that the job is to have, which is known before the answer to its submission is there
 * @throws what `work` does; CliError INTERRUPTED
 */
export async function withOwnJob<T>(
  nightshift: Nightshift,
  { first, second }: RequestsToEnd,
  work: (id: string) => Promise<T>,
): Promise<T> {
  const id = uuid();
  try {
    return await work(id);
  } catch (error) {
    if (!first.aborted) throw error;
    throw interrupted(await cancelled(nightshift, id, second));
  }
}

/** @returns what became of it. */
async function cancelled(nightshift: Nightshift, id: string, hurry: AbortSignal): Promise<string> {
  try {
    const { state } = await step('Cancel the job', () => cancelAbandoned(nightshift, id, hurry));
    return `Ended by Ctrl-C. Job ${id} is ${state}.`;
  } catch (error) {
    return `Ended by Ctrl-C. Job ${id} may go on, since it could not be cancelled: ${(error as Error).message}`;
  }
}
