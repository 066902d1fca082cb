/** `nightshift jobs show`: all that is known of a job. */
import type { Command } from 'commander';
import type { Job } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { endOf } from '../job-progress.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { tableOf } from '../print.ts';

export function addJobsShow(jobs: Command): void {
  withServer(jobs.command('show').description('tells all that is known of a job').argument('<id>', 'the job')).action(
    (id: string, options: ServerOptions) => perform(options, ({ first }) => show(id, options, first)),
  );
}

async function show(id: string, options: ServerOptions, signal: AbortSignal): Promise<Outcome> {
  const job = await clientOf(options).job(id, { signal });
  return { value: job, text: tableOf(factsOf(job)) };
}

const factsOf = (job: Job): string[][] =>
  [
    ['job', job.id],
    ['state', endOf(job)],
    ['error', job.error && `${job.error.code}: ${job.error.message}`],
    ['warning', job.warning],
    ['operation', job.operation],
    ['circuit', job.circuit],
    ['contract', job.contract],
    ['k', job.k],
    ['lane', job.lane],
    ['labels', labelsIn(job)],
    ['transaction', job.parent],
    ['batch', job.batch],
    ['parts', job.parts?.join(' ')],
    ['attempts', job.attempts],
    ['submitted', job.createdAt],
    ['deadline', job.deadlineAt],
    ['begun', job.startedAt],
    ['ended', job.endedAt],
  ].flatMap(([name, value]) => (value === undefined ? [] : [[`${name}`, `${value}`]]));

const labelsIn = ({ labels = {} }: Job): string | undefined =>
  Object.entries(labels)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ') || undefined;
