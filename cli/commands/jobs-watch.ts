/** `nightshift jobs watch`: follows a job, or all that are open, to their end. */
import type { Command } from 'commander';
import { type ListedJob, type Nightshift, NightshiftError } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { followJob, followJobs } from '../job-progress.ts';
import { followed, openJobs } from '../open-jobs.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

export function addJobsWatch(jobs: Command): void {
  withServer(
    jobs.command('watch').description('follows a job to its end, or all that are open').argument('[id]', 'the job'),
  ).action((id: string | undefined, options: ServerOptions) =>
    perform(options, ({ first }) => watch(id, options, first)),
  );
}

async function watch(id: string | undefined, options: ServerOptions, signal: AbortSignal): Promise<Outcome> {
  const nightshift = clientOf(options);
  if (id === undefined) return watchAll(nightshift, signal);
  const job = await nightshift.job(id, { signal });
  const ended = await followJob({ job, views: nightshift.progress(job, { signal }) });
  return { value: ended, failures: failuresIn([ended]) };
}

async function watchAll(nightshift: Nightshift, signal: AbortSignal): Promise<Outcome> {
  const open = await openJobs(nightshift, signal);
  if (open.size === 0) return { value: [], text: 'No job is open.' };
  const ended = await followJobs(followed(nightshift, open, signal));
  return { value: ended, failures: failuresIn(ended) };
}

const failuresIn = (jobs: ListedJob[]): NightshiftError[] =>
  jobs.flatMap(({ id, error }) => (error ? new NightshiftError(error.code, error.message, { jobId: id }) : []));
