/** The whole stack stopped and started again while clients wait. */
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { awsAt } from '../../local/aws.ts';
import { freePort } from '../../local/free-port.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import type { ProofRequest } from '../generator/proof-request.ts';
import { freshState } from '../stack/own-stack.ts';
import { untilNothingIsLeft } from './contents.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { stackDeployment } from './stack-deployment.ts';

const START_MS = 240_000;
const TEST_MS = 480_000;
const JOBS = 100;
/** Each that waits is a process here. */
const CLIENTS = 8;

let stateDir: string;
let port: number;
let stack: LocalStack;

const start = () => startLocalStack({ port, stateDir });

beforeAll(async () => {
  stateDir = await freshState();
  port = await freePort();
  stack = await start();
}, START_MS);

afterAll(() => stack?.stop());

/** As Ctrl-C and `npm start` do. */
async function restart(): Promise<number> {
  const begun = performance.now();
  await stack.drain(new AbortController().signal);
  await stack.stop();
  stack = await start();
  return performance.now() - begun;
}

test('20: the stack is stopped and started again amid a hundred jobs: all are answered, once', {
  timeout: TEST_MS,
}, async () => {
  const proofs = await SmallProofs.at(stack.url);
  const requests = await Promise.all(Array.from({ length: JOBS }, proofs.request));
  const begun = performance.now();
  const { items } = await proofs.nightshift.submitBatch(requests.map((request) => proofs.form(request)));

  let answered = 0;
  const answers = pLimit(CLIENTS).map(items, async ({ job: id }) => {
    const job = await proofs.nightshift.wait(`${id}`);
    answered++;
    return job;
  });
  const aQuarter = () => expect(answered).toBeGreaterThanOrEqual(JOBS / 4);
  await Promise.race([vi.waitFor(aQuarter, { timeout: TEST_MS, interval: 20 }), answers]);
  const { pending } = await proofs.occupancy();
  const awayMs = await restart();
  const jobs = await answers;

  expect(pending).toBeGreaterThan(0);
  expect(jobs.map(({ id, state }) => ({ id, state }))).toEqual(
    items.map(({ job: id }) => ({ id, state: 'succeeded' })),
  );
  const proved = jobs.map(async (job, n) => ({
    request: requests[n] as ProofRequest,
    proof: await proofs.nightshift.result(job),
  }));
  await proofs.expectProofs(await Promise.all(proved));
  await untilNothingIsLeft(await stackDeployment(awsAt(stack.endpoint), stack.outputs));
  figure(20, {
    jobs: JOBS,
    'queued at the stop': pending,
    'away for': duration(awayMs),
    attempts: jobs.reduce((sum, { attempts }) => sum + attempts, 0),
    'in all': duration(performance.now() - begun),
  });
});
