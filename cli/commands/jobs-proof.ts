/** `nightshift jobs proof`: waits for what a job comes to, and saves it. */
import type { Command } from 'commander';
import { clientOf } from '../deployment.ts';
import { isStandard } from '../files.ts';
import { followJob } from '../job-progress.ts';
import { endingOf, expectResultPlace, expectSuccess, saveResult } from '../job-result.ts';
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
  const isSaved = await expectResultPlace(found.operation, destination, options);
  const job = await followJob({ job: found, views: nightshift.progress(found, { signal }) });
  if (isSaved) await saveResult(nightshift, job, destination, signal);
  else expectSuccess(job);
  return { value: job, ...(!isStandard(destination) && { text: destination.path }) };
}
