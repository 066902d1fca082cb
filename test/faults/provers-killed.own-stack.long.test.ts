/** A burst of a thousand jobs, while provers are killed by chance. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../client/index.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { awsAt } from '../../local/aws.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import { seeded } from '../generator/random.ts';
import { startOwnStack } from '../stack/own-stack.ts';
import { contentsOf, leftOvers, NOTHING } from './contents.ts';
import { duration, figure, percentile } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { stackDeployment } from './stack-deployment.ts';

const CLIENTS = 20;
const JOBS_EACH = 50;
const KILLING_MS = 5 * 60_000;
/** Long enough for most proofs to be made between two, short enough for all lanes to be hit. */
const PAUSE_MS = 2000;
const PATIENCE_MS = 30 * 60_000;
const MAX_CLAIMS = 100;

const folder = join(STATE_ROOT, 'test-provers-killed');
/** By its name, those of this stack are told from others that run on the machine. */
const executable = join(folder, 'nightshift-prover-of-the-burst');
const random = seeded('provers killed');

let stack: LocalStack;

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(PROVER_EXECUTABLE, executable);
  stack = await startOwnStack({ proverExecutable: executable });
}, PATIENCE_MS);
afterAll(() => stack?.stop());

async function provers(): Promise<number[]> {
  // Of none there is no output, and the exit code is 1.
  const { stdout } = await promisify(execFile)('pgrep', ['-f', executable]).catch(() => ({ stdout: '' }));
  return stdout.trim().split('\n').filter(Boolean).map(Number);
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
  const small = await SmallProofs.at(stack.url);
  const over = new AbortController();
  const timeUp = AbortSignal.timeout(KILLING_MS);
  const killing = killProvers(AbortSignal.any([over.signal, timeUp]));
  const begun = performance.now();
  let givenUp = 0;
  const waits: number[] = [];

  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    const atOnce = pLimit(JOBS_EACH);
    return atOnce.map(Array.from({ length: JOBS_EACH }), async () => {
      const submittedAt = performance.now();
      const proved = await provedAtLast(client);
      waits.push(performance.now() - submittedAt);
      return proved;
    });
  });

  /** A job whose prover was killed at each of its attempts is answered so; then its client submits it anew. */
  async function provedAtLast(client: number) {
    const request = await small.request();
    const nightshift = small.seenAt(stack.url).nightshift;
    for (;;) {
      const job: Job = await nightshift.wait(
        await nightshift.submit({ ...small.form(request), labels: { client: `${client}` } }),
      );
      if (job.state === 'succeeded') return { request, job, proof: await nightshift.result(job) };
      expect(job).toMatchObject({ state: 'failed', attempts: 3, error: { code: 'OUT_OF_MEMORY' } });
      givenUp++;
    }
  }

  const proved = (await Promise.all(clients)).flat();
  const tookMs = performance.now() - begun;
  over.abort();
  const killed = await killing;

  expect(new Set(proved.map(({ job }) => job.id)).size).toBe(CLIENTS * JOBS_EACH);
  for (let n = 0; n < proved.length; n += MAX_CLAIMS) await small.expectProofs(proved.slice(n, n + MAX_CLAIMS));
  const deployment = await stackDeployment(awsAt(stack.endpoint), stack.outputs);
  expect(leftOvers(await contentsOf(deployment))).toEqual(NOTHING);
  expect(killed).toBeGreaterThan(0);
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
