/** `nightshift prove`: has a proof made, shows how it gets on, and saves it. */
import { type Command, Option } from 'commander';
import { v4 as uuid } from 'uuid';
import type { Job, Nightshift } from '../../client/index.ts';
import { PROVING_LANE_NAMES } from '../../core/lanes.ts';
import type { RequestsToEnd } from '../../local/requests-to-end.ts';
import { cancelAbandoned } from '../cancelling.ts';
import { clientOf } from '../deployment.ts';
import { besides, expectPlace } from '../files.ts';
import { followJobs } from '../job-progress.ts';
import { ENDING, expectSuccess, saveResult } from '../job-result.ts';
import {
  bindingInput,
  circuit,
  contract,
  type Labels,
  label,
  type ServerOptions,
  wholeNumber,
  withServer,
} from '../options.ts';
import { interrupted, type Outcome, perform } from '../perform.ts';
import { warn } from '../print.ts';
import { step } from '../progress.ts';
import { type RequestFile, type RequestOptions, readRequest } from '../request-file.ts';

interface ProveOptions extends ServerOptions, RequestOptions {
  out?: string;
  force?: boolean;
  deadline?: number;
  lane?: (typeof PROVING_LANE_NAMES)[number];
  label?: Labels;
  wait: boolean;
}

export function addProve(program: Command): void {
  withServer(
    program
      .command('prove')
      .description('has a proof made, and saves it')
      .argument('<file>', 'a tagged preimage, or a body of /prove, /check or /prove-tx; - is stdin')
      .addOption(circuit())
      .addOption(contract())
      .addOption(bindingInput())
      .option('--out <file>', 'where the result goes: <file>.proof, .checked or .proven if not given; - is stdout')
      .option('--force', 'overwrite that file')
      .option('--deadline <seconds>', 'give the job up if it has not ended by then', wholeNumber)
      .addOption(new Option('--lane <name>', 'a larger lane than the circuit needs').choices(PROVING_LANE_NAMES))
      .addOption(label())
      .option('--no-wait', 'print the id of the job, and end'),
  ).action((file: string, options: ProveOptions) => perform(options, (signals) => prove(file, options, signals)));
}

async function prove(file: string, options: ProveOptions, signals: RequestsToEnd): Promise<Outcome> {
  const { first: signal, second: hurry } = signals;
  const request = await readRequest(file, options, signal);
  const operation = request.kind === 'preimage' ? 'prove' : request.kind;
  const destination = { path: options.out ?? besides(file, ENDING[operation]), force: options.force };
  // With --json the proof is in what is printed.
  const isSaved = options.wait && !(options.json && destination.path === '-');
  if (isSaved) await expectPlace(destination);
  const nightshift = clientOf(options);
  const id = uuid();
  try {
    const submitted = await step('Submit', () => submit(nightshift, { id, request, options, signal }));
    if (submitted.warning) warn(submitted.warning);
    if (!options.wait) return { value: submitted, text: submitted.id };
    const views = nightshift.progress(submitted, { signal });
    const [job] = (await followJobs([{ job: submitted, views }])) as [Job];
    if (isSaved) await saveResult(nightshift, job, destination, signal);
    else expectSuccess(job);
    return { value: job, ...(destination.path !== '-' && { text: destination.path }) };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interrupted(await cancelled(nightshift, id, hurry));
  }
}

interface Submission {
  /** Known before the answer is there: the job may have to be cancelled. */
  id: string;
  request: RequestFile;
  options: ProveOptions;
  signal: AbortSignal;
}

function submit(nightshift: Nightshift, { id, request, options, signal }: Submission): Promise<Job> {
  const { deadline: deadlineSeconds, lane, label: labels } = options;
  const job = { id, deadlineSeconds, lane, labels };
  return request.kind === 'preimage'
    ? nightshift.submit({ ...job, ...request.form }, { signal })
    : nightshift.submitTagged(request.body, { ...job, contract: request.contract }, { signal });
}

/** @returns what became of it. */
async function cancelled(nightshift: Nightshift, id: string, hurry: AbortSignal): Promise<string> {
  try {
    const { state } = await step('Cancel the job', () => cancelAbandoned(nightshift, id, hurry));
    return `Ended by Ctrl-C. Job ${id} is ${state}.`;
  } catch (error) {
    return `Ended by Ctrl-C. Job ${id} may go on, since it could not be cancelled: ${(error as Error).message}`;
  }
}
