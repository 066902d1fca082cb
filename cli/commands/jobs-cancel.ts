/** `nightshift jobs cancel`: ends jobs, and has their witnesses deleted. */
import type { Command } from 'commander';
import type { Job } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { CliError, EXIT, told } from '../error.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

export function addJobsCancel(jobs: Command): void {
  withServer(
    jobs.command('cancel').description('ends jobs; their witnesses are deleted').argument('<id...>', 'the jobs'),
  ).action((ids: string[], options: ServerOptions) => perform(options, ({ first }) => cancel(ids, options, first)));
}

async function cancel(ids: string[], options: ServerOptions, signal: AbortSignal): Promise<Outcome> {
  const nightshift = clientOf(options);
  const ends = await Promise.allSettled(ids.map((id) => nightshift.cancel(id, { signal }).then(expectCancelled)));
  signal.throwIfAborted();
  return {
    value: ends.map((end, n) =>
      end.status === 'fulfilled' ? end.value : { id: ids[n], error: told(end.reason) ?? `${end.reason}` },
    ),
    text: ends.flatMap((end) => (end.status === 'fulfilled' ? `${end.value.id} is cancelled.` : [])).join('\n'),
    failures: ends.flatMap((end) => (end.status === 'rejected' ? end.reason : [])),
  };
}

/** @throws CliError ALREADY_ENDED */
function expectCancelled(job: Job): Job {
  if (job.state === 'cancelled') return job;
  throw new CliError('ALREADY_ENDED', EXIT.refused, `Job ${job.id} has ${job.state} already.`);
}
