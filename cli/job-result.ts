/** What a job came to, put where it is wanted. */
import { type Job, type Nightshift, NightshiftError } from '../client/index.ts';
import { wrongUse } from './error.ts';
import { type Destination, expectPlace, isStandard, save } from './files.ts';
import type { OutputOptions } from './perform.ts';

/** What is put after a file's name, by what the job does. */
export const ENDING = { prove: '.proof', check: '.checked', transaction: '.proven' };

/** @param operation of a job; a newer server may know others */
export const endingOf = (operation: string): string => new Map(Object.entries(ENDING)).get(operation) ?? '.result';

/** @throws NightshiftError with the job's code if it ended badly. */
export function expectSuccess({ id, error }: Job): void {
  if (error) throw new NightshiftError(error.code, error.message, { jobId: id });
}

/**
 * Looks beforehand whether the result will have a place.
 *
 * @returns whether it is to be saved: with `--json`, stdout has the proof in the job.
 * @throws CliError FILE_EXISTS, WRONG_USE
 */
export async function expectResultPlace(
  operation: Job['operation'],
  destination: Destination,
  { json }: OutputOptions,
): Promise<boolean> {
  if (!json || !isStandard(destination)) {
    await expectPlace(destination);
    return true;
  }
  if (operation !== 'prove') throw wrongUse('With --json only proofs go to stdout: name a file with --out.');
  return false;
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
