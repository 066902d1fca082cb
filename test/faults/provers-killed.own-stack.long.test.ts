/** A burst of a thousand jobs, while provers are killed by chance. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../client/index.ts';
import { MAX_ATTEMPTS, MAX_BATCH } from '../../core/limits.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { awsAt } from '../../local/aws.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import type { ProofRequest } from '../generator/proof-request.ts';
import { seeded } from '../generator/random.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { type FaultyAws, startFaultyAws } from '../stack/faulty-aws.ts';
import { startOwnStack } from '../stack/own-stack.ts';
import { terminalWrites } from '../stack/terminal-writes.ts';
import { contentsOf, type Deployment, untilNothingIsLeft } from './contents.ts';
import { duration, figure, percentile } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { callAwsAt, stackDeployment } from './stack-deployment.ts';

const CLIENTS = 20;
const JOBS_EACH = 50;
/** Submissions, and waits, of one client: for each there is a process here. */
const AT_ONCE_EACH = 2;
/** So many jobs are small ones to each that takes a second and more, by which the burst outlasts the killing. */
const LARGER_EVERY = 10;
const KILLING_MS = 5 * 60_000;
/** Long enough for most proofs to be made between two, short enough for all lanes to be hit. */
const PAUSE_MS = 2000;
const PATIENCE_MS = 30 * 60_000;
/** Half as many as are aimed at: between two proofs there may be no prover, or one that ends by itself. */
const FEWEST_KILLED = KILLING_MS / PAUSE_MS / 2;

const folder = join(STATE_ROOT, 'test-provers-killed');
/** By its name, those of this stack are told from others that run on the machine. */
const executable = join(folder, 'nightshift-prover-of-the-burst');
/** In the environment of what it starts. */
const LANE_FUNCTION = /AWS_LAMBDA_FUNCTION_NAME=\w+-Lane[a-z]+prove/;
const random = seeded('provers killed');
const dustSpend = recordedPreimage('dust-spend');

let stack: LocalStack;
let faulty: FaultyAws;
let deployment: Deployment;
let proofs: SmallProofs;
const writes = terminalWrites();

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(PROVER_EXECUTABLE, executable);
  stack = await startOwnStack({ proverExecutable: executable });
  const aws = awsAt(stack.endpoint);
  deployment = await stackDeployment(aws, stack.outputs);
  faulty = await startFaultyAws(stack.endpoint);
  faulty.behave(writes.watching((_, passOn) => passOn()));
  await callAwsAt(aws, faulty.url);
  proofs = await SmallProofs.at(stack.url);
}, PATIENCE_MS);

afterAll(async () => {
  await stack?.stop();
  await faulty?.close();
});

/** A client's nth: some take seconds, the others milliseconds. */
const requestOf = async (n: number): Promise<ProofRequest> =>
  n % LARGER_EVERY === 0 ? { keyLocation: 'midnight/dust/spend', preimage: dustSpend } : proofs.request();

/** Those of the functions that prove: many more look at requests, most of them idle. */
async function provers(): Promise<number[]> {
  // Of none there is no output, and the exit code is 1.
  const { stdout } = await promisify(execFile)('pgrep', ['-f', executable]).catch(() => ({ stdout: '' }));
  const pids = stdout.trim().split('\n').filter(Boolean).map(Number);
  const isOfLane = async (pid: number) =>
    LANE_FUNCTION.test(await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''));
  const areOfLanes = await Promise.all(pids.map(isOfLane));
  return pids.filter((_, n) => areOfLanes[n]);
}

/** Kills one after the other, until told to end. @returns how many were. */
async function killProvers(end: AbortSignal): Promise<number> {
  let killed = 0;
  while (!end.aborted) {
    await delay(PAUSE_MS, undefined, { signal: end }).catch(() => undefined);
    const pids = await provers();
    const [drawn = 0] = random(1);
    const pid = pids[drawn % pids.length];
    if (pid === undefined) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed++;
    } catch {
      // It ended by itself.
    }
  }
  return killed;
}

test('23: a thousand jobs of twenty clients, while provers are killed for five minutes: a thousand proofs', {
  timeout: PATIENCE_MS,
}, async () => {
  const over = new AbortController();
  const timeUp = AbortSignal.timeout(KILLING_MS);
  const killing = killProvers(AbortSignal.any([over.signal, timeUp]));
  const begun = performance.now();
  let givenUp = 0;
  const waits: number[] = [];

  /** All that one client asks for: submitted whatever becomes of the others, and waited for a few at a time. */
  async function answersOf(client: string) {
    const { nightshift } = proofs.seenAt(stack.url);
    const submit = (request: ProofRequest) => nightshift.submit({ ...proofs.form(request), labels: { client } });
    const submitting = pLimit(AT_ONCE_EACH);
    const waiting = pLimit(AT_ONCE_EACH);

    /** A job whose prover was killed at each of its attempts is answered so; then its client submits it anew. */
    async function provedAtLast(request: ProofRequest, submitted: Job) {
      for (let job = submitted; ; job = await submit(request)) {
        job = await nightshift.wait(job);
        if (job.state === 'succeeded') return { request, job, proof: await nightshift.result(job) };
        expect(job).toMatchObject({ state: 'failed', attempts: MAX_ATTEMPTS, error: { code: 'OUT_OF_MEMORY' } });
        givenUp++;
      }
    }

    return Promise.all(
      Array.from({ length: JOBS_EACH }, async (_, n) => {
        const request = await requestOf(n);
        const submittedAt = performance.now();
        const submitted = await submitting(() => submit(request));
        const proved = await waiting(() => provedAtLast(request, submitted));
        waits.push(performance.now() - submittedAt);
        return proved;
      }),
    );
  }

  const proved = (await Promise.all(Array.from({ length: CLIENTS }, (_, client) => answersOf(`${client}`)))).flat();
  const tookMs = performance.now() - begun;
  over.abort();
  const killed = await killing;

  expect(new Set(proved.map(({ job }) => job.id)).size).toBe(CLIENTS * JOBS_EACH);
  for (let n = 0; n < proved.length; n += MAX_BATCH) await proofs.expectProofs(proved.slice(n, n + MAX_BATCH));
  await untilNothingIsLeft(deployment);
  const jobs = (await contentsOf(deployment)).rows.filter(({ PK }) => `${PK}`.startsWith('JOB#'));
  expect(jobs).toHaveLength(CLIENTS * JOBS_EACH + givenUp);
  expect(jobs.filter(({ state }) => state === 'succeeded')).toHaveLength(CLIENTS * JOBS_EACH);
  expect(jobs.filter(({ state }) => state === 'failed')).toHaveLength(givenUp);
  expect(writes.ofJobs()).toEqual(new Map(jobs.map(({ id }) => [id, 1])));
  expect(tookMs, 'The burst was over before the killing: give it more to prove.').toBeGreaterThan(KILLING_MS);
  expect(killed).toBeGreaterThanOrEqual(FEWEST_KILLED);
  figure(23, {
    jobs: proved.length,
    'provers killed': killed,
    attempts: proved.reduce((sum, { job }) => sum + job.attempts, 0),
    'given up after three attempts, submitted anew': givenUp,
    'in all': duration(tookMs),
    'wait p50': duration(percentile(waits, 0.5)),
    'wait p99': duration(percentile(waits, 0.99)),
  });
});
