/** The behaviours that the reference's own tests hold it to, by number: those that need settings of their own. */
import { join } from 'node:path';
import { createProvingPayload, createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import { generateRequest, generateTransaction } from '../generator/generate.ts';
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
  afterAll(() => stack?.stop());
}

/** A request for one small proof, by endpoint. The reference's own tests ask for transactions. */
const SMALL = {
  '/prove': async () => createProvingPayload(recordedPreimage('fallible-count'), undefined, await countKeys()),
  '/prove-tx': async () => {
    const { transaction } = await generateTransaction('fallible/count');
    return createProvingTransactionPayload(transaction, new Map([['count', await countKeys()]]));
  },
};
type Endpoint = keyof typeof SMALL;
const ENDPOINTS = Object.keys(SMALL) as Endpoint[];

const countKeys = async () => zkConfigToProvingKeyMaterial(await new ContractKeys('fallible').get('count'));

const post = (endpoint: Endpoint, body: Uint8Array): Promise<Response> =>
  fetch(`${stack.url}${endpoint}`, { method: 'POST', body: Uint8Array.from(body) });

/** Begins the same proof so many times, holds all still while `look` looks around, then expects each to be made. */
async function whileProving(endpoint: Endpoint, requests: number, look: () => Promise<void>): Promise<void> {
  const body = await SMALL[endpoint]();
  const answers = Promise.all(Array.from({ length: requests }, () => post(endpoint, body)));
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

  test.each(ENDPOINTS)('13 three jobs of %s: GET /ready tells 2 processing, 1 pending', (endpoint) =>
    whileProving(endpoint, 3, () =>
      untilReady({ httpStatus: 200, status: 'ok', jobsProcessing: WORKERS, jobsPending: 1, jobCapacity: 2 }),
    ),
  );

  test.each(ENDPOINTS)(
    '14 four jobs of %s: GET /ready tells 503 busy, 2 processing, 2 pending; no fifth fits',
    (endpoint) =>
      whileProving(endpoint, 4, async () => {
        await untilReady({ httpStatus: 503, status: 'busy', jobsProcessing: WORKERS, jobsPending: 2, jobCapacity: 2 });
        const fifth = await post('/prove', await SMALL['/prove']());
        expect(fifth.status).toBe(429);
        expect(await fifth.text()).toBe('Job Queue full');
      }),
  );

  test('28 GET /fetch-params/8 answers 404 where that is switched off', async () => {
    expect((await fetch(`${stack.url}/fetch-params/8`)).status).toBe(404);
  });
});

describe('two workers, any number of jobs', () => {
  onStackOf(0);

  test('15 capacity 0: ten jobs are all proven', () =>
    whileProving('/prove', 10, () =>
      untilReady({ httpStatus: 200, status: 'ok', jobsProcessing: WORKERS, jobsPending: 8, jobCapacity: 0 }),
    ));

  test('12 GET /health answers within 5 s while fifty zswap proofs are in flight', { timeout: SLOW_MS }, async () => {
    // In tens: on two cores, fifty functions that start at once may take longer than a request may.
    for (let inFlight = 10; inFlight <= 50; inFlight += 10) {
      for (let request = 0; request < 10; request++) {
        const { preimage } = await generateRequest('midnight/zswap/output');
        // Nobody waits for the answer: what is not proven ends with the stack.
        post('/prove', createProvingPayload(preimage, undefined)).catch(() => undefined);
      }
      await untilReady({ jobsProcessing: WORKERS, jobsPending: inFlight - WORKERS }, 60_000);
    }
    const health = await fetch(`${stack.url}/health`, { signal: AbortSignal.timeout(5_000) });
    expect(health.status).toBe(200);
    expect(await ready()).toMatchObject({ jobsProcessing: WORKERS, jobsPending: 48 });
  });
});
