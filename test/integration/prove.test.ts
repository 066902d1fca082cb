import './scratch.ts';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { discardFile } from '../../core/artifacts/local-files.ts';
import { type Job, LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { getObject, objectOf, putObject } from '../../core/store/objects.ts';
import { handler } from '../../functions/prove/index.ts';
import { admitProof, inlinedKeys, LARGE, SMALL } from '../stack/admit-proof.ts';
import { type Delivery, deliver } from '../stack/deliver.ts';

/** A new child: nothing is in its memory. */
beforeEach(() => nativeProver().stop());
afterAll(() => nativeProver().stop());

/** One invocation of prove with the job's message. */
async function invoke(job: Job, remainingMs?: number): Promise<Delivery['became']> {
  const { message, became } = await deliver(job.lane, handler, remainingMs);
  expect(message).toMatchObject({ jobId: job.id });
  return became;
}

const outcomeOf = async ({ id }: Job) => ({
  ...((await readJob(LOCAL_TENANT, id)) as Job),
  witness: await getObject(objectOf.witness(id)),
});

describe('an attempt', () => {
  test('proves, tells its timings, and leaves no witness', async () => {
    const job = await admitProof(SMALL);
    expect(await invoke(job)).toBe('deleted');
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
    expect(await invoke(slow, 3700)).toBe('deleted');
    expect(await outcomeOf(slow)).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' }, witness: undefined });
    vi.unstubAllEnvs();
    const next = await admitProof(SMALL);
    await invoke(next);
    expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded' });
  });

  test('that fails for a reason of ours is made again soon, three times in all', async () => {
    const job = await admitProof(SMALL);
    const { prover } = await inlinedKeys(SMALL);
    const good = (await getObject(prover.object)) as Uint8Array;
    await discardFile(prover);
    await putObject(prover.object, new Uint8Array(100));
    expect(await invoke(job)).toBe('left');
    expect(await outcomeOf(job)).toMatchObject({ state: 'proving', attempts: 1, witness: expect.anything() });
    expect(await invoke(job)).toBe('left');
    expect(await invoke(job)).toBe('deleted');
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
    const { verifier } = await inlinedKeys(SMALL);
    const good = (await getObject(verifier.object)) as Uint8Array;
    await discardFile(verifier);
    await putObject(verifier.object, new Uint8Array(100));
    expect(await invoke(job)).toBe('left');
    await putObject(verifier.object, good);
    expect(await invoke(job)).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 2, witness: undefined });
  });
});

test('all counts are given back', async () => {
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
});
