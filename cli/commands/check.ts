/** `nightshift check`: whether a preimage satisfies its circuit, before anything is spent. */
import type { Command } from 'commander';
import type { CheckRequest, Job, Nightshift } from '../../client/index.ts';
import { clientOf } from '../deployment.ts';
import { CliError, EXIT, wrongUse } from '../error.ts';
import { nameOf } from '../files.ts';
import { estimateOf, followJobs } from '../job-progress.ts';
import { expectSuccess } from '../job-result.ts';
import { bindingInput, circuit, contract, type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { step } from '../progress.ts';
import { type RequestOptions, readRequest } from '../request-file.ts';

type CheckOptions = ServerOptions & RequestOptions;

export function addCheck(program: Command): void {
  withServer(
    program
      .command('check')
      .description('tells whether a preimage satisfies its circuit, and what a proof is expected to take')
      .argument('<file>', 'a tagged preimage, or a body of /check; - is stdin')
      .addOption(circuit())
      .addOption(contract())
      .addOption(bindingInput()),
  ).action((file: string, options: CheckOptions) => perform(options, ({ first }) => check(file, options, first)));
}

async function check(file: string, options: CheckOptions, signal: AbortSignal): Promise<Outcome> {
  const request = await readRequest(file, options, signal);
  const nightshift = clientOf(options);
  if (request.kind === 'preimage') return checkPreimage(nightshift, request.form, signal);
  if (request.kind === 'check') return checkBody(nightshift, request, signal);
  const endpoint = request.kind === 'prove' ? '/prove' : '/prove-tx';
  throw wrongUse(`${nameOf(file)} is a body of ${endpoint}: nightshift prove takes it.`);
}

async function checkPreimage(nightshift: Nightshift, form: CheckRequest, signal: AbortSignal): Promise<Outcome> {
  const value = await step('Check', () => nightshift.check(form, { signal }));
  const { satisfied, reason = 'It does not satisfy its circuit.', estimate } = value;
  if (!satisfied) return { value, failures: [unsatisfied(reason)] };
  return { value, text: `It satisfies its circuit. A proof is expected to take ${estimateOf(estimate)}.` };
}

async function checkBody(
  nightshift: Nightshift,
  { body, contract }: { body: Uint8Array; contract?: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const submitted = await nightshift.submitTagged(body, { contract }, { signal });
  const views = nightshift.progress(submitted, { signal });
  const [job] = (await followJobs([{ job: submitted, views }])) as [Job];
  if (job.error?.code === 'INVALID_WITNESS') {
    const reason = job.error.message;
    return { value: { satisfied: false, reason, job }, failures: [unsatisfied(reason)] };
  }
  expectSuccess(job);
  return { value: { satisfied: true, job }, text: 'It satisfies its circuit.' };
}

const unsatisfied = (reason: string): CliError => new CliError('INVALID_WITNESS', EXIT.refused, reason);
