import './scratch.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { discardFile } from '../../core/artifacts/local-files.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { getObject, putObject } from '../../core/store/objects.ts';
import { admitProof, invokeProve, LARGE, outcomeOf, SMALL, storeKeys } from '../stack/proof-jobs.ts';

let keys: CircuitArtifacts;

beforeAll(async () => {
  keys = await storeKeys(SMALL);
  await storeKeys(LARGE);
});

/** A new child: nothing is in its memory. */
beforeEach(() => nativeProver().stop());
afterAll(() => nativeProver().stop());

describe('an attempt', () => {
  test('proves, tells its timings, and leaves no witness', async () => {
    const job = await admitProof(SMALL);
    expect(await invokeProve(job)).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({
      state: 'succeeded',
      attempts: 1,
      result: expect.any(Uint8Array),
      timings: { proveMs: expect.any(Number), verifyMs: expect.any(Number) },
      witness: undefined,
    });
  });

  test('that had its lane’s time is killed and ends with TIMEOUT; the next one proves', async () => {
    vi.stubEnv('LANES', JSON.stringify({ pool: { workers: 2, capacity: 0, timeoutSeconds: 4 } }));
    const slow = await admitProof(LARGE);
    expect(await invokeProve(slow, 3700)).toBe('deleted');
    expect(await outcomeOf(slow)).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' }, witness: undefined });
    vi.unstubAllEnvs();
    const next = await admitProof(SMALL);
    await invokeProve(next);
    expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded' });
  });

  test('that fails for a reason of ours is made again soon, three times in all', async () => {
    const job = await admitProof(SMALL);
    const { prover } = keys;
    const good = (await getObject(prover.object)) as Uint8Array;
    await discardFile(prover);
    await putObject(prover.object, new Uint8Array(100));
    expect(await invokeProve(job)).toBe('left');
    expect(await outcomeOf(job)).toMatchObject({ state: 'proving', attempts: 1, witness: expect.anything() });
    expect(await invokeProve(job)).toBe('left');
    expect(await invokeProve(job)).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({
      state: 'failed',
      attempts: 3,
      error: { code: 'INTERNAL', message: expect.stringContaining('does not match its SHA-256') },
      witness: undefined,
    });
    await putObject(prover.object, good);
  });

  test('that comes good the second time succeeds', async () => {
    const job = await admitProof(SMALL);
    const { verifier } = keys;
    const good = (await getObject(verifier.object)) as Uint8Array;
    await discardFile(verifier);
    await putObject(verifier.object, new Uint8Array(100));
    expect(await invokeProve(job)).toBe('left');
    await putObject(verifier.object, good);
    expect(await invokeProve(job)).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 2, witness: undefined });
  });
});

test('all counts are given back', async () => {
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
});
