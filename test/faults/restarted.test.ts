/** The whole stack stopped and started again while clients wait. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { awsAt } from '../../local/aws.ts';
import { freePort } from '../../local/free-port.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { contentsOf, leftOvers, NOTHING } from './contents.ts';
import { duration, figure } from './figure.ts';
import { type Proved, SmallProofs } from './small-proofs.ts';
import { stackDeployment } from './stack-deployment.ts';

const START_MS = 240_000;
const JOBS = 100;
/** Each that waits is a process here. */
const CLIENTS = 8;

let stateDir: string;
let port: number;
let stack: LocalStack;

const start = () => startLocalStack({ port, stateDir });

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-restarted-'));
  port = await freePort();
  stack = await start();
}, START_MS);

afterAll(async () => {
  await stack?.stop();
  await rm(stateDir, { recursive: true, maxRetries: 5 });
});

/** As Ctrl-C and `npm start` do. */
async function restart(): Promise<number> {
  const begun = performance.now();
  await stack.drain(new AbortController().signal);
  await stack.stop();
  stack = await start();
  return performance.now() - begun;
}

test('20: the stack is stopped and started again amid a hundred jobs: all are answered, once', {
  timeout: START_MS,
}, async () => {
  const proofs = await SmallProofs.at(stack.url);
  const atOnce = pLimit(CLIENTS);
  const begun = performance.now();
  const submitted = await atOnce.map(Array.from({ length: JOBS }), async () => {
    const request = await proofs.request();
    return { request, job: await proofs.nightshift.submit(proofs.form(request)) };
  });

  let answered = 0;
  const answers = atOnce.map(
    submitted,
    async ({ request, job }): Promise<Proved['job'] & { request: typeof request }> => {
      const ended = await proofs.nightshift.wait(job);
      answered++;
      return { ...ended, request };
    },
  );
  await vi.waitFor(() => expect(answered).toBeGreaterThan(0), { timeout: START_MS, interval: 20 });
  const before = answered;
  const awayMs = await restart();
  const jobs = await answers;

  expect(before).toBeLessThan(JOBS);
  expect(jobs.map(({ id, state }) => ({ id, state }))).toEqual(
    submitted.map(({ job }) => ({ id: job.id, state: 'succeeded' })),
  );
  const results = jobs.map(async (job) => ({ request: job.request, proof: await proofs.nightshift.result(job) }));
  await proofs.expectProofs(await Promise.all(results));
  const deployment = await stackDeployment(awsAt(stack.endpoint), stack.outputs);
  expect(leftOvers(await contentsOf(deployment))).toEqual(NOTHING);
  figure(20, {
    jobs: JOBS,
    'answered before': before,
    'away for': duration(awayMs),
    attempts: jobs.reduce((sum, { attempts }) => sum + attempts, 0),
    'in all': duration(performance.now() - begun),
  });
});
