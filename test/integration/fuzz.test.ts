/** A short run of what `npm run fuzz` does at length. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { useStack } from '../fuzz/use-stack.ts';

await useStack(inject('awsEndpoint'), inject('outputs'));
const { startWorkers } = await import('../fuzz/lane-workers.ts');
const { MARKER, tellsMarker } = await import('../fuzz/marker.ts');
const { proversStarted } = await import('../fuzz/memory.ts');
const { recipesFor, requestOf } = await import('../fuzz/requests.ts');
const { makeSeeds } = await import('../fuzz/seeds.ts');
const { send } = await import('../fuzz/target.ts');

const seeds = await makeSeeds();
let stopWorkers: () => Promise<void>;
beforeAll(() => {
  stopWorkers = startWorkers();
});
afterAll(() => stopWorkers());

const RUNS = 200;
const PATIENCE_MS = 300_000;

const UNDAMAGED = { edits: [], fields: {}, textEdits: [], packing: 'none' as const, headers: {}, path: undefined };

test('undamaged requests go the whole way, the marked witness to its refusal', async () => {
  const outcomes: Record<string, Set<string>> = {};
  for (const [seed, { path, slow }] of seeds.entries()) {
    if (slow) continue;
    const { outcome, violation } = await send(requestOf({ ...UNDAMAGED, seed }, seeds));
    expect(violation).toBeUndefined();
    const endpoint = path.replace(/[0-9a-f]{64}/, '{id}');
    outcomes[endpoint] = (outcomes[endpoint] ?? new Set()).add(outcome);
  }
  expect(outcomes).toEqual({
    '/prove': new Set(['200 succeeded', '400 INVALID_WITNESS']),
    '/check': new Set(['200', '200 succeeded', '400 INVALID_WITNESS']),
    '/k': new Set(['200']),
    '/prove-tx': new Set(['200', '200 succeeded']),
    '/contracts/{id}/prove': new Set(['200 succeeded', '400 INVALID_WITNESS']),
    '/contracts/{id}/check': new Set(['200', '200 succeeded']),
    '/contracts/{id}/k': new Set(['200']),
    '/v1/jobs': new Set(['202 INVALID_WITNESS', '202 succeeded']),
    '/v1/verify': new Set(['200']),
    '/v1/check': new Set(['200']),
    '/v1/estimate': new Set(['200']),
    '/v1/contracts': new Set(['202']),
    '/v1/uploads': new Set(['201']),
  });
});

test(
  'damaged requests come to a proof or a 4xx that tells nothing of the witness, and the prover lives on',
  async () => {
    await fc.assert(
      fc.asyncProperty(recipesFor(seeds), async (recipe) => {
        expect((await send(requestOf(recipe, seeds))).violation).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
    expect(proversStarted()).toBe(1);
  },
  PATIENCE_MS,
);

describe('the witness is seen in an answer', () => {
  const bytes = Buffer.from(MARKER);
  const asNumber = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);

  test.each([
    MARKER.slice(5, 23),
    bytes.toString('hex'),
    bytes.toString('base64'),
    JSON.stringify([...bytes]),
    `${asNumber}`,
    asNumber.toString(16),
  ])('%s', (trace) => {
    expect(tellsMarker(`bad input: ${trace}.`)).toBe(true);
    expect(tellsMarker('bad input: Failed direct assertion')).toBe(false);
  });
});
