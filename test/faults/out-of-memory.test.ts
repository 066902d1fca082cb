import '../integration/scratch.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BYTES_PER_MB, MAX_ATTEMPTS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { admitProof, LARGE, outcomeOf, proveToTheEnd, SMALL, storeKeys } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

/** Enough for the small proof, and not for the large one. */
const LIMIT_MB = 200;

beforeAll(async () => {
  await storeKeys(SMALL);
  await storeKeys(LARGE);
  // The one that derived the parameters has no limit.
  await nativeProver().stop();
  vi.stubEnv('NIGHTSHIFT_MEMORY_BYTES', `${LIMIT_MB * BYTES_PER_MB}`);
});
afterAll(() => nativeProver().stop());

test('8: a proof needs more memory than there is: OUT_OF_MEMORY after three attempts, and the next job is proved', async () => {
  const tooLarge = await admitProof(LARGE);
  const start = performance.now();
  await proveToTheEnd(tooLarge);
  const took = performance.now() - start;
  expect(await outcomeOf(tooLarge)).toMatchObject({
    state: 'failed',
    attempts: MAX_ATTEMPTS,
    error: { code: 'OUT_OF_MEMORY' },
    witness: undefined,
  });
  const next = await admitProof(SMALL);
  await proveToTheEnd(next);
  expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded', attempts: 1 });
  figure(8, { attempts: MAX_ATTEMPTS, limit: `${LIMIT_MB} MB`, took: duration(took) });
});
