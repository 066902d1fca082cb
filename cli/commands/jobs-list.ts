/** `nightshift jobs`: the jobs that were submitted, newest first. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { JobFilter, ListedJob } from '../../client/index.ts';
import { hasEnded, JOB_STATES } from '../../core/jobs/state.ts';
import { DEFAULT_PAGE } from '../../core/limits.ts';
import { wholeNumber } from '../../local/number-options.ts';
import { clientOf } from '../deployment.ts';
import { type Labels, label, type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { durationOf, tableOf } from '../print.ts';

interface ListOptions extends ServerOptions {
  state?: JobFilter['state'];
  label?: Labels;
  limit: number;
}

export function addJobsList(jobs: Command): void {
  withServer(
    jobs
      .command('list', { isDefault: true })
      .description('lists jobs, newest first; what jobs does by itself')
      .addOption(new Option('--state <state>', 'only those in that state').choices(JOB_STATES))
      .addOption(label())
      .option('--limit <number>', 'no more than so many', wholeNumber(z.int().min(0)), DEFAULT_PAGE),
  ).action((options: ListOptions) => perform(options, ({ first }) => list(options, first)));
}

async function list(options: ListOptions, signal: AbortSignal): Promise<Outcome> {
  const { state, label: labels, limit } = options;
  const found = limit > 0 ? await Array.fromAsync(clientOf(options).jobs({ state, labels, limit }, { signal })) : [];
  return { value: found, text: found.length > 0 ? tableOf([COLUMNS, ...found.map(rowOf)]) : 'There are none.' };
}

const COLUMNS = ['ID', 'STATE', 'CIRCUIT', 'LANE', 'SUBMITTED', 'TOOK', 'ERROR'];

const rowOf = (job: ListedJob): string[] => [
  job.id,
  job.state,
  job.circuit ?? job.operation,
  job.lane,
  job.createdAt,
  hasEnded(job) && job.endedAt ? durationOf(Date.parse(job.endedAt) - Date.parse(job.createdAt)) : '',
  job.error?.code ?? '',
];
