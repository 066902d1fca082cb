/** `nightshift prove`: has a proof made, shows how it gets on, and saves it. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Job, Nightshift } from '../../client/index.ts';
import { PROVING_LANE_NAMES } from '../../core/lanes.ts';
import { wholeNumber } from '../../local/number-options.ts';
import type { RequestsToEnd } from '../../local/requests-to-end.ts';
import { clientOf } from '../deployment.ts';
import { besides, isStandard } from '../files.ts';
import { followJob } from '../job-progress.ts';
import { ENDING, expectResultPlace, expectSuccess, saveResult } from '../job-result.ts';
import { bindingInput, circuit, contract, type Labels, label, type ServerOptions, withServer } from '../options.ts';
import { withOwnJob } from '../own-job.ts';
import { type Outcome, perform } from '../perform.ts';
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
      .option('--deadline <seconds>', 'give the job up if it has not ended by then', wholeNumber(z.int().min(1)))
      .addOption(new Option('--lane <name>', 'a larger lane than the circuit needs').choices(PROVING_LANE_NAMES))
      .addOption(label())
      .option('--no-wait', 'print the id of the job, and end'),
  ).action((file: string, options: ProveOptions) => perform(options, (signals) => prove(file, options, signals)));
}

async function prove(file: string, options: ProveOptions, signals: RequestsToEnd): Promise<Outcome> {
  const { first: signal } = signals;
  const request = await readRequest(file, options, signal);
  const operation = request.kind === 'preimage' ? 'prove' : request.kind;
  const destination = { path: options.out ?? besides(file, ENDING[operation]), force: options.force };
  const isSaved = options.wait && (await expectResultPlace(operation, destination, options));
  const nightshift = clientOf(options);
  return withOwnJob(nightshift, signals, async (id) => {
    const submitted = await step('Submit', () => submit(nightshift, { id, request, options, signal }));
    if (submitted.warning) warn(submitted.warning);
    if (!options.wait) return { value: submitted, text: submitted.id };
    const job = await followJob({ job: submitted, views: nightshift.progress(submitted, { signal }) });
    if (isSaved) await saveResult(nightshift, job, destination, signal);
    else expectSuccess(job);
    return { value: job, ...(!isStandard(destination) && { text: destination.path }) };
  });
}

interface Submission {
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
