import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { BYTES_PER_MB } from '../../core/limits.ts';
import { ProverDiedError } from '../../core/prover/failures.ts';
import { NativeProver } from '../../core/prover/native-prover.ts';
import { PROOF_VERSIONS, ZKIR_VERSIONS } from '../../core/version.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { proverPid } from '../stack/prover-child.ts';

const prover = new NativeProver(PROVER_EXECUTABLE);
/** A plain file: the prover renames what it wrote into place, which would replace /dev/null for the whole machine. */
const directory = await mkdtemp(join(tmpdir(), 'native-prover-'));
const OUTPUT = join(directory, 'output');
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  vi.unstubAllEnvs();
  await prover.stop();
});

const PATIENCE = { timeout: 10_000 };
const slow = () => prover.ask('params', { k: 13, path: OUTPUT });

test('requests queue up and each gets its own answer', async () => {
  const asked = [['a'], ['b', 'c'], []].map((sha256) => prover.ask('holds', { sha256 }));
  expect(await Promise.all(asked)).toEqual([{ held: [] }, { held: [] }, { held: [] }]);
});

test('the prover speaks the versions that the API names', async () => {
  const { proofVersions, zkirVersions } = await prover.ask('info', {});
  expect({ proofVersions, zkirVersions }).toEqual({ proofVersions: PROOF_VERSIONS, zkirVersions: ZKIR_VERSIONS });
});

test('an error of the prover keeps its code, and the next request is answered', async () => {
  await expect(prover.ask('k', { ir: new Uint8Array(3) })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  await expect(prover.ask('info', {})).resolves.toMatchObject({ cacheBytes: 0 });
});

test('a child killed from outside, as when memory runs out, is OUT_OF_MEMORY; the next request has a new child', async () => {
  const answer = slow();
  const outcome = expect(answer).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  process.kill(await vi.waitFor(proverPid, PATIENCE), 'SIGKILL');
  await outcome;
  await expect(prover.ask('info', {})).resolves.toBeDefined();
});

test('a child that needs more memory than it may have is OUT_OF_MEMORY; the next one has what it needs', async () => {
  vi.stubEnv('NIGHTSHIFT_MEMORY_BYTES', `${100 * BYTES_PER_MB}`);
  await expect(prover.ask('params', { k: 17, path: OUTPUT, development: true })).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
  });
  await expect(prover.ask('params', { k: 5, path: OUTPUT })).resolves.toBeDefined();
});

test('a child that ends for another reason died', async () => {
  const outcome = expect(slow()).rejects.toBeInstanceOf(ProverDiedError);
  process.kill(await vi.waitFor(proverPid, PATIENCE), 'SIGABRT');
  await outcome;
});

test('a child that dies between two requests is replaced', async () => {
  await prover.ask('info', {});
  const pid = await proverPid();
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await proverPid().catch(() => undefined)).not.toBe(pid), PATIENCE);
  await expect(prover.ask('info', {})).resolves.toBeDefined();
});

test('an aborted request kills the child and is TIMEOUT, also while it still waits its turn', async () => {
  const controller = new AbortController();
  const running = prover.ask('params', { k: 13, path: OUTPUT }, controller.signal);
  const waiting = prover.ask('info', {}, controller.signal);
  const outcomes = Promise.allSettled([running, waiting]);
  await vi.waitFor(proverPid, PATIENCE);
  controller.abort();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'TIMEOUT' } });
  }
  await expect(prover.ask('info', {})).resolves.toBeDefined();
});

test('an executable that is not there is an error, not a crash', async () => {
  const nobody = new NativeProver('/nonexistent/prover');
  await expect(nobody.ask('info', {})).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(nobody.ask('info', {})).rejects.toMatchObject({ code: 'INTERNAL' });
});
