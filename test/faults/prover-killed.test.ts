import '../integration/scratch.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { admitProof, invokeProve, LARGE, outcomeOf, storeKeys } from '../stack/proof-jobs.ts';
import { proverPid, residentMb } from '../stack/prover-child.ts';
import { duration, figure } from './figure.ts';

/** More than it has before it has read the keys. */
const AT_WORK_MB = 60;
const PATIENCE = { timeout: 30_000, interval: 5 };

beforeAll(async () => {
  await storeKeys(LARGE);
  // A fresh one is small until it is at work, and is not killed before.
  await nativeProver().stop();
});
afterAll(() => nativeProver().stop());

test('7: the prover is killed in the middle of a proof: the job is tried again, and proved', async () => {
  const job = await admitProof(LARGE);
  const start = performance.now();
  const first = invokeProve(job);
  const pid = await vi.waitFor(async () => {
    const pid = await proverPid();
    expect(await residentMb(pid)).toBeGreaterThan(AT_WORK_MB);
    return pid;
  }, PATIENCE);
  process.kill(pid, 'SIGKILL');
  expect(await first).toBe('left');
  expect(await outcomeOf(job)).toMatchObject({ state: 'proving', attempts: 1, witness: expect.anything() });
  const killed = performance.now();
  expect(await invokeProve(job)).toBe('deleted');
  expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 2, witness: undefined });
  figure(7, { attempts: 2, 'until the kill': duration(killed - start), after: duration(performance.now() - killed) });
});
