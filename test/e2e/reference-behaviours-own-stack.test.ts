/** The behaviours that the reference's own tests hold it to, by number: those that need settings of their own. */
import { join } from 'node:path';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import { generateRequest } from '../generator/generate.ts';
import { ContractKeys } from '../generator/keys.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { type GatedProver, gatedProver } from '../stack/gated-prover.ts';
import { startOwnStack } from '../stack/own-stack.ts';

const WORKERS = 2;
/** A second stack starts slowly beside the first, and each request that waits is a process. */
const SLOW_MS = 240_000;

let stack: LocalStack;
let prover: GatedProver;

/** Gives the tests beside it a stack whose proofs are under way, but don't end before the gate is opened. */
function onStackOf(capacity: number): void {
  beforeAll(async () => {
    prover = await gatedProver(join(STATE_ROOT, 'test-gate'));
    const pool = { workers: WORKERS, capacity, timeoutSeconds: 600 };
    stack = await startOwnStack({ pool, fetchParams: false, proverExecutable: prover.executable });
  }, SLOW_MS);
  afterAll(() => stack.stop());
}

async function smallProof(): Promise<Uint8Array> {
  const keys = zkConfigToProvingKeyMaterial(await new ContractKeys('fallible').get('count'));
  return createProvingPayload(recordedPreimage('fallible-count'), undefined, keys);
}

const post = (body: Uint8Array): Promise<Response> =>
  fetch(`${stack.url}/prove`, { method: 'POST', body: Uint8Array.from(body) });

/** Begins the same proof so many times, holds all still while `look` looks around, then expects each to be made. */
async function whileProving(requests: number, look: () => Promise<void>): Promise<void> {
  const body = await smallProof();
  const answers = Promise.all(Array.from({ length: requests }, () => post(body)));
  try {
    await look();
  } finally {
    await prover.open();
    await answers;
    await prover.close();
  }
  expect((await answers).map(({ status }) => status)).toEqual(new Array(requests).fill(200));
}

async function ready() {
  const response = await fetch(`${stack.url}/ready`);
  return { httpStatus: response.status, ...z.looseObject({}).parse(await response.json()) };
}

const untilReady = (state: object, timeout = 30_000) =>
  vi.waitFor(async () => expect(await ready()).toMatchObject(state), { timeout, interval: 200 });

describe('two workers, capacity two', () => {
  onStackOf(2);

  test('13 three jobs: GET /ready tells 2 processing, 1 pending', () =>
    whileProving(3, () =>
      untilReady({ httpStatus: 200, status: 'ok', jobsProcessing: WORKERS, jobsPending: 1, jobCapacity: 2 }),
    ));

  test('14 four jobs: GET /ready tells 503 busy, 2 processing, 2 pending; a fifth is refused', () =>
    whileProving(4, async () => {
      await untilReady({ httpStatus: 503, status: 'busy', jobsProcessing: WORKERS, jobsPending: 2, jobCapacity: 2 });
      const fifth = await post(await smallProof());
      expect(fifth.status).toBe(429);
      expect(await fifth.text()).toBe('Job Queue full');
    }));

  test('28 GET /fetch-params/8 answers 404 where that is switched off', async () => {
    expect((await fetch(`${stack.url}/fetch-params/8`)).status).toBe(404);
  });
});

describe('two workers, any number of jobs', () => {
  onStackOf(0);

  test('15 capacity 0: ten jobs are all proven', () =>
    whileProving(10, () =>
      untilReady({ httpStatus: 200, status: 'ok', jobsProcessing: WORKERS, jobsPending: 8, jobCapacity: 0 }),
    ));

  test('12 GET /health answers within 5 s while fifty zswap proofs are in flight', { timeout: SLOW_MS }, async () => {
    // In tens: on two cores, fifty functions that start at once may take longer than a request may.
    for (let inFlight = 10; inFlight <= 50; inFlight += 10) {
      for (let request = 0; request < 10; request++) {
        const { preimage } = await generateRequest('midnight/zswap/output');
        // Nobody waits for the answer: what is not proven ends with the stack.
        post(createProvingPayload(preimage, undefined)).catch(() => undefined);
      }
      await untilReady({ jobsProcessing: WORKERS, jobsPending: inFlight - WORKERS }, 60_000);
    }
    const health = await fetch(`${stack.url}/health`, { signal: AbortSignal.timeout(5_000) });
    expect(health.status).toBe(200);
    expect(await ready()).toMatchObject({ jobsProcessing: WORKERS, jobsPending: 48 });
  });
});
