/** `nightshift jobs proof`: waits for what a job comes to, and saves it. */
import type { Command } from 'commander';
import type { Job } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { expectPlace } from '../files.ts';
import { followJobs } from '../job-progress.ts';
import { endingOf, saveResult } from '../job-result.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

interface ProofOptions extends ServerOptions {
  out?: string;
  force?: boolean;
}

export function addJobsProof(jobs: Command): void {
  withServer(
    jobs
      .command('proof')
      .description('waits for what a job comes to, and saves it')
      .argument('<id>', 'the job')
      .option('--out <file>', 'where it goes: <id>.proof, .checked or .proven if not given; - is stdout')
      .option('--force', 'overwrite that file'),
  ).action((id: string, options: ProofOptions) => perform(options, ({ first }) => proof(id, options, first)));
}

async function proof(id: string, options: ProofOptions, signal: AbortSignal): Promise<Outcome> {
  const nightshift = clientOf(options);
  const found = await nightshift.job(id, { signal });
  const destination = { path: options.out ?? id + endingOf(found.operation), force: options.force };
  // With --json the proof is in what is printed.
  const isSaved = !(options.json && destination.path === '-');
  if (isSaved) await expectPlace(destination);
  const [job] = (await followJobs([{ job: found, views: nightshift.progress(found, { signal }) }])) as [Job];
  if (isSaved) await saveResult(nightshift, job, destination, signal);
  return { value: job, ...(destination.path !== '-' && { text: destination.path }) };
}
