/** What a job came to, put where it is wanted. */
import { type Job, type Nightshift, NightshiftError } from '../client/index.ts';
import { type Destination, save } from './files.ts';

/** What is put after a file's name, by what the job does. */
export const ENDING = { prove: '.proof', check: '.checked', transaction: '.proven' };

/** @param operation of a job; a newer server may know others */
export const endingOf = (operation: string): string => new Map(Object.entries(ENDING)).get(operation) ?? '.result';

/** @throws NightshiftError with the job's code if it ended badly. */
export function expectSuccess({ id, error }: Job): void {
  if (error) throw new NightshiftError(error.code, error.message, { jobId: id });
}

/**
 * Saves it.
 *
 * @param job that has ended
 * @throws NightshiftError as `expectSuccess`; CliError
 */
export async function saveResult(
  nightshift: Nightshift,
  job: Job,
  destination: Destination,
  signal: AbortSignal,
): Promise<void> {
  expectSuccess(job);
  await save(await nightshift.result(job, { signal }), destination);
}
