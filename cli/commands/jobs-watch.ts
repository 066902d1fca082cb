/** `nightshift jobs watch`: follows a job, or all that are open, to their end. */
import type { Command } from 'commander';
import { type Job, type ListedJob, type Nightshift, NightshiftError } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { followJobs } from '../job-progress.ts';
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
  const watched = id === undefined ? await openJobs(nightshift, signal) : [await nightshift.job(id, { signal })];
  const ended = await followJobs(watched.map((job) => ({ job, views: nightshift.progress(job.id, { signal }) })));
  return {
    value: id === undefined ? ended : ended[0],
    ...(watched.length === 0 && { text: 'No job is open.' }),
    failures: ended.flatMap(failureOf),
  };
}

async function openJobs(nightshift: Nightshift, signal: AbortSignal): Promise<ListedJob[]> {
  // By their ids: one may go on from the one state to the other meanwhile.
  const open = new Map<string, ListedJob>();
  for (const state of ['queued', 'proving'] as const) {
    for await (const job of nightshift.jobs({ state }, { signal })) open.set(job.id, job);
  }
  return [...open.values()];
}

const failureOf = ({ id, error }: Job): NightshiftError[] =>
  error ? [new NightshiftError(error.code, error.message, { jobId: id })] : [];
