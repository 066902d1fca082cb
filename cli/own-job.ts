import { v4 as uuid } from 'uuid';
import { unlessAborted } from '../client/abort.ts';
import { cancelAbandoned } from '../client/attended.ts';
import { type Nightshift, NightshiftError } from '../client/index.ts';
import type { RequestsToEnd } from '../local/requests-to-end.ts';
import { interrupted } from './perform.ts';
import { step } from './progress.ts';

/**
 * Has a job and waits for it. If `first` aborts, the job is cancelled, unless `second` does, too.
 *
 * @param work is given the id that the job is to have. When `first` aborts it ends, at the latest when the answer to a
 *   submission that is on its way is there: before, the server may not know the job yet.
 * @throws what `work` does; CliError INTERRUPTED
 */
export async function withOwnJob<T>(
  nightshift: Nightshift,
  { first, second }: RequestsToEnd,
  work: (id: string) => Promise<T>,
): Promise<T> {
  const id = uuid();
  const tell = () => console.error('Cancelling the job. Ctrl-C again does not wait for that.');
  first.addEventListener('abort', tell);
  try {
    return await unlessAborted(work(id), second);
  } catch (error) {
    if (!first.aborted) throw error;
    throw interrupted(await cancelled(nightshift, id, second));
  } finally {
    first.removeEventListener('abort', tell);
  }
}

/** @returns what became of it. */
async function cancelled(nightshift: Nightshift, id: string, hurry: AbortSignal): Promise<string> {
  try {
    const { state } = await step('Cancel the job', () => cancelAbandoned(nightshift, id, hurry));
    return `Ended by Ctrl-C. Job ${id} is ${state}.`;
  } catch (error) {
    if (error instanceof NightshiftError && error.code === 'JOB_NOT_FOUND')
      return 'Ended by Ctrl-C, before there was a job.';
    return `Ended by Ctrl-C. Job ${id} may go on, since it could not be cancelled: ${(error as Error).message}`;
  }
}
